"""Gradients against mpmath derivatives at 50 digits, and free of NaN, in torch and in jax."""

import math

import mpmath
import numpy as np
import pytest

from lsetheory import pooling

RATES = (1.0, -2.0, 30.0, 1e-3, 1e-8, 1e-300, -1e-300, 0.0)
ROWS = ([0.3, -1.2, 2.5, 0.1], [1.0, 1.5, 1.25, 0.5], [5.0, 5.25, -40.0, 4.0])
WEIGHTS = [0.4, -0.3, 0.2, 0.1]


def operators(exact, r, n):
    """Name -> (operator, the same in exact arithmetic)."""
    table = {
        "lse": (lambda x: pooling.lse(x, r), lambda *x: exact.lse(x, r, "sum")),
        "mean form": (
            lambda x: pooling.lse(x, r, form="mean"),
            lambda *x: exact.lse(x, r, "mean"),
        ),
        "swap": (lambda x: pooling.swap(x, r), lambda *x: exact.swap(x, r)),
        "softmax": (lambda x: pooling.softmax(x, r)[..., 0], lambda *x: exact.shares(x, r)[0]),
        "ordinal": (
            lambda x: pooling.ordinal(x, WEIGHTS[:n], n),
            lambda *x: exact.ordinal(x, WEIGHTS[:n], n),
        ),
        "mean": (pooling.mean, lambda *x: exact.lse(x, 0, "mean")),
        "max": (pooling.max, lambda *x: exact.lse(x, math.inf, "mean")),
    }
    return {name: pair for name, pair in table.items() if r or name != "lse"}


def derivatives(f, row):
    """Partial derivatives of f at a row, to 50 digits after whatever tiny rates cancel."""
    point = tuple(mpmath.mpf(a) for a in row)
    axes = [tuple(int(i == j) for i in range(len(row))) for j in range(len(row))]
    return [float(mpmath.diff(f, point, axis)) for axis in axes]


@pytest.mark.parametrize("r", RATES)
def test_gradients_along_an_axis(differentiable, exact, gradients_of, r):
    # 50 digits, and as many again as the difference quotient in 1/r cancels.
    digits = 50 + (2 * int(-math.log10(abs(r))) if 0 < abs(r) < 1 else 0)
    table, x = operators(exact, r, 4), np.asarray(ROWS)
    got = gradients_of(differentiable, [computed for computed, _ in table.values()], x)
    for (name, (_, exactly)), gradients in zip(table.items(), got, strict=True):
        for row, gradient in zip(ROWS, gradients, strict=True):
            with mpmath.workdps(digits):
                expected = derivatives(exactly, row)
            rtol = 2e-15 * (1 + abs(r) * np.ptp(row))
            np.testing.assert_allclose(gradient, expected, rtol=rtol, atol=2e-15, err_msg=name)


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("r", [1.0, -2.0, 1e-300])
def test_gradients_of_pooling(differentiable, exact, gradient_of, r, padding):
    """Each output weighted differently, so that no window can stand in for another."""
    row = np.asarray([0.3, -1.2, 2.5, 0.1, 0.9, -0.4, 1.1])
    n = (len(row) + 2 * padding - 3) // 2 + 1
    factors = np.arange(1.0, n + 1)
    table = {
        "lse": ({"r": r}, lambda x: exact.lse(x, r, "sum")),
        "swap": ({"r": r}, lambda x: exact.swap(x, r)),
        "mean": ({}, lambda x: exact.lse(x, 0, "mean")),
        "max": ({}, max),
        "ordinal": (
            {"weights": WEIGHTS[:2], "pool_range": 2},
            lambda x: exact.ordinal(x, WEIGHTS[:2], 2),
        ),
    }
    starts = range(-padding, len(row) + padding - 2, 2)
    for name, (parameters, exactly) in table.items():

        def whole(*x, exactly=exactly):
            windows = [x[max(0, s) : s + 3] for s in starts]
            return mpmath.fsum(k * exactly(w) for k, w in zip(factors, windows, strict=True))

        def pooled(x, name=name, parameters=parameters):
            y = pooling.pool(x, name, (3,), stride=2, padding=padding, **parameters)
            return y * differentiable.array(factors)

        with mpmath.workdps(50 if abs(r) > 1e-9 else 650):
            expected = derivatives(whole, row)
        got = gradient_of(differentiable, pooled, row)
        np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("r", [1.0, -1.0, 1e-300, 1e30, 0.0, math.inf, -math.inf])
def test_gradients_have_no_nan(differentiable, gradients_of, r):
    inf = math.inf
    rows = np.asarray([[-inf, -inf, -inf], [inf, 0.0, -inf], [-inf, 1.0, 2.0], [inf, inf, 1.0],
                       [1.0, 1.0, 1.0], [0.0, 0.0, -1.0], [1.7e308, -1.7e308, 0.0]])  # fmt: skip
    table = [
        lambda x: pooling.lse(x, r, form="mean"),
        lambda x: pooling.swap(x, r),
        lambda x: pooling.softmax(x, r)[..., 0],
        pooling.max,
        lambda x: pooling.pool(x, "max", (3,), stride=1, padding=1),
        lambda x: pooling.pool(x, "swap", (3,), stride=1, padding=1, r=r),
        lambda x: pooling.pool(x, "lse", (3,), form="mean", r=r),
    ]
    if r:
        table += [lambda x: pooling.lse(x, r), lambda x: pooling.pool(x, "lse", (2,), 1, 1, r=r)]
    for got in gradients_of(differentiable, table, rows):
        np.testing.assert_array_equal(np.isnan(got), np.zeros_like(got, dtype=bool))


@pytest.mark.parametrize("r", [1.0, -1.0])
def test_a_nan_reaches_every_gradient_of_its_row_and_no_other(differentiable, gradients_of, r):
    rows = np.asarray([[1.0, math.nan, 2.0], [math.nan, -math.inf, math.inf], [1.0, 2.0, 3.0]])
    table = [
        lambda x: pooling.lse(x, r),
        lambda x: pooling.lse(x, r, form="mean"),
        lambda x: pooling.swap(x, r),
        lambda x: pooling.softmax(x, r)[..., 0],
        lambda x: pooling.pool(x, "lse", (3,), r=r),
    ]
    for got in gradients_of(differentiable, table, rows):
        assert np.isnan(got[:2]).all()
        assert np.isfinite(got[2]).all()


def test_gradient_of_lse_is_softmax(differentiable, gradient_of):
    rows = np.asarray([[-math.inf, 1.0, 2.0], [3.0, 3.0, 3.0], [-1e308, 1e308, 0.0]])
    for r in (1.0, -0.5, 1e300, 1e-300, math.inf, -math.inf):
        x = math.copysign(1, r) * rows
        got = gradient_of(differentiable, lambda a, r=r: pooling.lse(a, r), x)
        shares = differentiable.numpy(pooling.softmax(differentiable.array(x), r))
        np.testing.assert_allclose(got, shares, rtol=1e-15)


@pytest.mark.parametrize("form", ["sum", "mean"])
def test_a_small_share_keeps_its_digits(differentiable, gradient_of, form):
    got = gradient_of(differentiable, lambda x: pooling.lse(x, form=form), np.asarray([0.0, -40.0]))
    np.testing.assert_allclose(got, [1.0, math.exp(-40)], rtol=1e-14)


def test_gradient_is_zero_where_the_answer_is_infinite(differentiable, gradient_of):
    for row in ([-math.inf, -math.inf], [math.inf, 0.0]):
        for operator in (pooling.lse, pooling.swap, pooling.max):
            got = gradient_of(differentiable, operator, np.asarray(row))
            np.testing.assert_array_equal(got, [0.0, 0.0])


def test_ties_share_the_gradient_of_max(differentiable, gradient_of):
    x = np.asarray([2.0, 2.0, 2.0, 1.0])
    share = [1 / 3, 1 / 3, 1 / 3, 0.0]
    for operator in (pooling.max, lambda a: pooling.pool(a, "max", (4,))):
        np.testing.assert_allclose(gradient_of(differentiable, operator, x), share, rtol=1e-15)


#: Close to infinite, infinite for long rows alone, and next to the smallest normal number.
EDGES = (2.0**124, 2.0**118, 2.0**110, 0.75 * 2.0**-126, 0.75 * 2.0**-128)


@pytest.mark.parametrize("r", EDGES)
@pytest.mark.parametrize("ties", [1, 3, 1023])
def test_gradients_at_the_edges_of_r(differentiable, gradients_of, r, ties):
    """In float32, where jax makes 1/r or a share of it 0 soon."""
    n = ties + 1
    table = [lambda x: pooling.lse(x, r, form="mean"), lambda x: pooling.swap(x, r)]
    if r > 1:
        table.append(lambda x: pooling.lse(x, r))
        table.append(lambda x: pooling.pool(x, "lse", (n,), r=r))
    row = np.asarray([0.0] * ties + [-1.0], dtype=np.float32)
    share = [1 / ties] * ties + [0.0] if r > 1 else [1 / n] * n
    for got in gradients_of(differentiable, table, row):
        np.testing.assert_allclose(got, share, rtol=1e-5)


def test_gradients_where_r_is_infinite_or_zero_follow_max_and_mean(differentiable, gradients_of):
    rows = np.asarray([[1.0, math.nan, 2.0], [1.0, math.inf, 2.0]])
    hard = [lambda x: pooling.lse(x, math.inf), lambda x: pooling.swap(x, math.inf), pooling.max]
    even = [lambda x: pooling.lse(x, 0, form="mean"), lambda x: pooling.swap(x, 0), pooling.mean]
    shares = [lambda x, r=r: pooling.softmax(x, r)[..., 0] for r in (0, math.inf)]
    for got in gradients_of(differentiable, hard, rows):
        np.testing.assert_array_equal(got, np.zeros((2, 3)))
    for got in gradients_of(differentiable, even, rows):
        np.testing.assert_allclose(got, np.full((2, 3), 1 / 3), rtol=1e-15)
    for got in gradients_of(differentiable, shares, rows):
        np.testing.assert_array_equal(got, [[0.0, math.nan, 0.0], [0.0, 0.0, 0.0]])


def test_weights_of_ordinal_pooling_have_a_gradient(differentiable, exact, gradient_of):
    x = np.asarray([0.3, -1.2, 2.5, 0.1])
    weights = np.asarray(WEIGHTS[:3])
    array = differentiable.array(x)
    with mpmath.workdps(50):
        expected = derivatives(lambda *w: exact.ordinal([mpmath.mpf(a) for a in x], w, 3), weights)
    for operator in (
        lambda w: pooling.ordinal(array, w, 3),
        lambda w: pooling.pool(array, "ordinal", (4,), weights=w, pool_range=3),
    ):
        got = gradient_of(differentiable, operator, weights)
        np.testing.assert_allclose(got, expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["lse", "swap", "mean"])
def test_second_derivatives_in_torch(name):
    torch = pytest.importorskip("torch", reason="torch is an optional library")
    x = torch.randn(2, 6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    x.requires_grad_()

    def pooled(a):
        return pooling.pool(a, name, (3, 2), stride=2, padding=1)

    np.testing.assert_equal(torch.autograd.gradcheck(pooled, x), True)
    np.testing.assert_equal(torch.autograd.gradgradcheck(pooled, x), True)


def test_second_derivatives_at_ties(differentiable):
    """The Hessian of the mean form at equal elements is r (diag(p) - p p^T)."""
    n, r = 3, 0.7
    expected = r * (np.eye(n) / n - 1 / n**2)

    def operator(x):
        return pooling.lse(x, r, form="mean")

    if differentiable.name == "torch":
        import torch

        got = torch.autograd.functional.hessian(operator, torch.zeros(n, dtype=torch.float64))
    else:
        import jax

        got = jax.hessian(operator)(differentiable.array(np.zeros(n)))
    np.testing.assert_allclose(differentiable.numpy(got), expected, atol=1e-16)


#: Kernels for which windows stream, and one that is the whole of its axes.
KERNELS = ((3, 2), (8, 7))


@pytest.fixture
def torch_image():
    torch = pytest.importorskip("torch", reason="torch is an optional library")
    generator = torch.Generator().manual_seed(5)
    return torch, torch.randn(2, 8, 7, dtype=torch.float64, generator=generator)


# torch's own forward-mode derivatives still go through torch.jit.script
@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", ["lse", "swap", "mean", "max"])
def test_transforms_of_torch(torch_image, name, kernel):
    torch, x = torch_image

    def pooled(a):
        return pooling.pool(a, name, kernel)

    def total(a):
        return pooled(a).square().sum()

    gradient = torch.autograd.functional.jacobian(total, x)
    jacobian = torch.autograd.functional.jacobian(pooled, x)
    hessian = torch.autograd.functional.hessian(total, x)
    each = torch.stack([torch.autograd.functional.jacobian(total, a) for a in x])
    forward = (jacobian * x).sum((-3, -2, -1))
    for got, expected in (
        (torch.func.grad(total)(x), gradient),
        (torch.func.jacrev(pooled)(x), jacobian),
        (torch.func.hessian(total)(x), hessian),
        (torch.func.vmap(torch.func.grad(total))(x), each),
        (torch.func.jvp(pooled, (x,), (x,))[1], forward),
    ):
        np.testing.assert_allclose(got.numpy(), expected.numpy(), rtol=1e-12, atol=1e-13)
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x.clone().requires_grad_(), x)
        tangent = torch.autograd.forward_ad.unpack_dual(pooled(dual)).tangent
        np.testing.assert_allclose(tangent.detach().numpy(), forward.numpy(), rtol=1e-12)


@pytest.mark.parametrize("mode", ["no_grad", "inference_mode"])
def test_slopes_are_computed_for_a_gradient_alone(torch_image, monkeypatch, mode):
    torch, x = torch_image
    expected = pooling.pool(x, "lse", (3, 2)).numpy()
    x.requires_grad_()
    with getattr(torch, mode)():
        monkeypatch.setattr("torch.autograd.grad", lambda *args, **kwargs: pytest.fail("slopes"))
        y = pooling.pool(x, "lse", (3, 2))
    np.testing.assert_equal(y.requires_grad, False)
    np.testing.assert_array_equal(y.numpy(), expected)
    with pytest.raises(pytest.fail.Exception, match="slopes"):
        pooling.pool(x, "lse", (3, 2))
