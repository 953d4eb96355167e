"""Values of the operators along an axis against exact arithmetic, for every kind of r and row."""

import math

import mpmath
import numpy as np
import pytest

from lsetheory import pooling

RATES = (1.0, -1.0, 0.5, 30.0, 1e-3, -1e-10, 1e-300, -1e-300, 5e-324, 1e300, -1e300, 1.7e308, 0.0,
         math.inf, -math.inf)  # fmt: skip

_RNG = np.random.default_rng(1)
ROWS = {
    "one": [0.3],
    "ordinary": [1.0, 2.0, 3.5, -1.0],
    "equal": [0.1, 0.1, 0.1],
    "small beside zero": [0.0, -40.0],
    "cancels": [-0.7, -0.7, -50.0],
    "far": [0.0, -1000.0, 1000.0],
    "offset": 1e6 + _RNG.normal(size=9),
    "tiny": [1e-30, 2e-30, -1e-30],
    "log-probabilities": [-1.0, -30.0, -20.0, -2.0],
}
#: Too long to run everywhere.
LONG = {"many": _RNG.normal(size=300), "one far below many": [0.0] * 200 + [-2.0]}
#: In multiples of the largest number.
LARGEST = {
    "both ends": [1.0, -1.0],
    "high": [1.0, 1.0, 0.5],
    "low": [-1.0] * 9 + [0.0],
    "apart": [1e-10, -1.0, 0.7],
}
OPERATORS = {
    "lse": (lambda x, r: pooling.lse(x, r), lambda e, x, r: e.lse(x, r, "sum")),
    "mellowmax": (
        lambda x, r: pooling.lse(x, r, form="mean"),
        lambda e, x, r: e.lse(x, r, "mean"),
    ),
    "swap": (lambda x, r: pooling.swap(x, r), lambda e, x, r: e.swap(x, r)),
}


def rows(dtype, length=8):
    """Every row, repeated to one length: one array, so that libraries that compile do so once."""
    top = float(np.finfo(dtype).max)
    table = [*ROWS.values(), *(top * np.asarray(row) for row in LARGEST.values())]
    return np.stack([np.resize(np.asarray(row), length) for row in table]).astype(dtype)


def check(exact, name, computed, x, r, dtype):
    """Within a few roundings of |y| + |c| + sum p|x| (c the extreme); overflow where it must."""
    limits = np.finfo(dtype)
    x = [mpmath.mpf(float(a)) for a in x]
    y = OPERATORS[name][1](exact, x, r)
    if abs(y) > mpmath.mpf(float(limits.max)) * (1 + float(limits.eps)):
        np.testing.assert_equal(computed, math.copysign(math.inf, y))
        return
    weights = [float(abs(y) == abs(a)) for a in x] if math.isinf(r) else exact.shares(x, r)
    size = (
        abs(y)
        + abs(max(x) if r > 0 else min(x))
        + mpmath.fsum(p * abs(a) for p, a in zip(weights, x, strict=True))
    )
    if name == "swap" and math.isfinite(r):  # its own condition: dp_i = p_i r (x_i - y) dx_i
        size += mpmath.fsum(
            p * abs(r) * abs(a - y) * abs(a) for p, a in zip(weights, x, strict=True)
        )
    slack = 8 * float(limits.eps) * size + 8 * float(limits.smallest_normal)
    if not abs(float(computed) - y) <= slack:
        raise AssertionError(f"{name}({x[:4]}..., r={r}) = {computed}, exactly {float(y)}")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("r", RATES)
@pytest.mark.parametrize("name", OPERATORS)
def test_values_are_exact_to_rounding(library, exact, name, r, dtype):
    if name == "lse" and r == 0:
        return
    x = rows(dtype)
    y = library.numpy(OPERATORS[name][0](library.array(x), r))
    np.testing.assert_equal(y.dtype, np.dtype(dtype))
    for row, value in zip(x, y, strict=True):
        check(exact, name, value, row, r, dtype)


@pytest.mark.parametrize("r", [1.0, -1.0, 1e-3, 1e-300, 30.0])
@pytest.mark.parametrize("name", OPERATORS)
def test_long_rows(exact, name, r):
    for row in LONG.values():
        x = np.asarray(row)
        check(exact, name, OPERATORS[name][0](x, r), x, r, np.float64)
    one = np.asarray([0.3])
    np.testing.assert_array_equal(OPERATORS[name][0](one, r), 0.3)


def test_the_check_refutes_a_wrong_value(exact):
    x = np.asarray([1.0, 2.0])
    for wrong in (math.log(math.exp(1) + math.exp(2)) * (1 + 1e-14), math.inf, math.nan):
        with pytest.raises(AssertionError):
            check(exact, "lse", wrong, x, 1.0, np.float64)


@pytest.mark.parametrize("name", OPERATORS)
def test_subnormals_keep_their_digits(exact, name):
    """Not in jax, whose compiler flushes them."""
    x = np.asarray([3e-310, 1e-310, 2e-320, 0.0])
    for r in (1.0, -2.0, 1e-3):
        y = OPERATORS[name][1](exact, [mpmath.mpf(a) for a in x], r)
        np.testing.assert_allclose(OPERATORS[name][0](x, r), float(y), rtol=4e-16, atol=20 * 5e-324)


@pytest.mark.parametrize("name", OPERATORS)
def test_small_normal_numbers_keep_their_digits(library, exact, name):
    """In jax too, where a number below the smallest normal one is 0."""
    row = np.linspace(1, 2, 64, dtype=np.float32) * np.float32(1e-36)
    slack = 2 * float(np.finfo(np.float32).smallest_normal)
    for r in (1.0, -3.0, 1e-20):
        y = OPERATORS[name][1](exact, [mpmath.mpf(float(a)) for a in row], r)
        for got in (
            OPERATORS[name][0](library.array(row), r),
            OPERATORS[name][0](library.array(np.stack([row, -row])), r)[0],
        ):
            np.testing.assert_allclose(library.numpy(got), float(y), rtol=2e-6, atol=slack)


def test_mean_loses_at_most_4n_smallest_normal_numbers(library):
    row = np.linspace(1, 2, 64, dtype=np.float32) * np.float32(1e-36)
    slack = 4 * 64 * float(np.finfo(np.float32).smallest_normal)
    y = library.numpy(pooling.mean(library.array(row)))
    np.testing.assert_allclose(y, 1.5e-36, rtol=0, atol=slack if library.name == "jax" else 1e-42)


@pytest.mark.parametrize("r", [0.75 * 2.0**-126, -0.75 * 2.0**-126, 2.0**-126, 0.75 * 2.0**-128])
@pytest.mark.parametrize("form", ["sum", "mean"])
def test_rates_next_to_the_smallest_normal_number(library, exact, form, r):
    """No factor of r that is handed to a library is subnormal."""
    row = np.asarray([1, 2], dtype=np.float32)
    y = exact.lse([mpmath.mpf(1), mpmath.mpf(2)], r, form)
    got = library.numpy(pooling.lse(library.array(row), r, form=form))
    np.testing.assert_allclose(got, np.float32(y), rtol=3e-7)


@pytest.mark.parametrize("r", RATES)
def test_softmax_is_exact_to_rounding(library, exact, r):
    x = rows(np.float64)
    shares = library.numpy(pooling.softmax(library.array(x), r))
    np.testing.assert_allclose(shares.sum(axis=-1), np.ones(len(x)), rtol=1e-14)
    for row, p in zip(x, shares, strict=True):
        if math.isfinite(r):
            expected = np.asarray(exact.shares([mpmath.mpf(float(a)) for a in row], r), float)
            np.testing.assert_allclose(p, expected, rtol=800 * 2.3e-16, atol=1e-307)


def test_ordinal_is_exact_to_rounding(library, exact):
    x = rows(np.float64)
    for kept in (1, 2, 8):
        weights = np.linspace(1, -1, kept)
        values = library.numpy(pooling.ordinal(library.array(x), library.array(weights), kept))
        for row, y in zip(x, values, strict=True):
            expected = float(exact.ordinal([mpmath.mpf(float(a)) for a in row], weights, kept))
            size = np.abs(row).max()
            np.testing.assert_equal(abs(y / 16 - expected / 16) <= 1e-15 / 16 * size, True)


def test_ordinal_takes_weights_as_a_list(library):
    x = library.array(np.asarray([[1.0, 5.0, 3.0]]))
    y = pooling.ordinal(x, [0.0, 0.0], 2)
    np.testing.assert_array_equal(library.numpy(y), [4.0])


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_axis(library, axis):
    x = np.random.default_rng(2).normal(size=(3, 4, 5))
    expected = np.log(np.exp(x).sum(axis=axis))
    array = library.array(x)
    np.testing.assert_allclose(library.numpy(pooling.lse(array, axis=axis)), expected, rtol=1e-14)
    np.testing.assert_array_equal(library.numpy(pooling.max(array, axis)), x.max(axis=axis))
    np.testing.assert_allclose(
        library.numpy(pooling.mean(array, axis)), x.mean(axis=axis), rtol=1e-13
    )
    tops = library.numpy(pooling.ordinal(array, [0.0], 1, axis=axis))
    np.testing.assert_array_equal(tops, x.max(axis=axis))
    shares = library.numpy(pooling.softmax(array, axis=axis))
    np.testing.assert_allclose(shares.sum(axis=axis), np.ones_like(expected), rtol=1e-14)


INF, NAN = math.inf, math.nan
#: Row -> (lse and swap with r > 0, with r < 0, mean, max), as the package's docstring lists them.
SPECIAL = (
    ([NAN, 1.0], (NAN, NAN, NAN, NAN)),
    ([NAN, INF, -INF], (NAN, NAN, NAN, NAN)),
    ([INF, 1.0], (INF, 1.0, INF, INF)),
    ([-INF, 1.0], (1.0, -INF, -INF, 1.0)),
    ([INF, -INF], (INF, -INF, NAN, INF)),
    ([INF, 2.0, -INF], (INF, -INF, NAN, INF)),
    ([-INF, -INF], (-INF, -INF, -INF, -INF)),
    ([INF, INF], (INF, INF, INF, INF)),
)


@pytest.mark.parametrize("r", [1e-300, 0.5, 1.0, 1e300, INF])
@pytest.mark.parametrize(("row", "answers"), SPECIAL, ids=str)
def test_special_values_are_the_documented_ones(library, row, answers, r):
    x = library.array(np.asarray(row))
    above, below, average, largest = answers

    def same(y, expected):
        np.testing.assert_array_equal(library.numpy(y), expected)

    same(pooling.lse(x, r), above)
    same(pooling.lse(x, -r), below)
    same(pooling.swap(x, r), above)
    same(pooling.swap(x, -r), below)
    same(pooling.mean(x), average)
    same(pooling.swap(x, 0), average)
    same(pooling.lse(x, 0, form="mean"), average)
    same(pooling.ordinal(x, [0.0] * len(row), len(row)), average)
    same(pooling.max(x), largest)
    counted = 1 / r * math.log(len(row)) if math.isfinite(above) else 0.0
    mean_form = library.numpy(pooling.lse(x, r, form="mean"))
    np.testing.assert_allclose(mean_form, above - counted, rtol=1e-15)


@pytest.mark.parametrize("r", [0.5, 1e300, INF])
def test_softmax_shares_equally_among_infinite_ties(library, r):
    table = (
        ([INF, 1.0, INF], [0.5, 0.0, 0.5]),
        ([-INF, -INF], [0.5, 0.5]),
        ([-INF, 1.0], [0.0, 1.0]),
        ([NAN, 1.0], [NAN, NAN]),
    )
    for row, expected in table:
        p = library.numpy(pooling.softmax(library.array(np.asarray(row)), r))
        np.testing.assert_array_equal(p, expected)
    p = pooling.softmax(library.array(np.asarray([-INF, 1.0])), 0)
    np.testing.assert_array_equal(library.numpy(p), [0.5, 0.5])


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_half_precision_is_rounded_once(name):
    torch = pytest.importorskip("torch", reason="torch is an optional library")
    x = torch.randn(64, 9, generator=torch.Generator().manual_seed(0)).to(getattr(torch, name))
    for operator in (pooling.lse, pooling.swap, pooling.mean, pooling.max, pooling.softmax):
        y = operator(x)
        np.testing.assert_equal(y.dtype == x.dtype, True)
        np.testing.assert_equal(torch.equal(y, operator(x.float()).to(x.dtype)), True)
    y = pooling.pool(x, "lse", (3,), stride=2, padding=1)
    np.testing.assert_equal(
        torch.equal(y, pooling.pool(x.float(), "lse", (3,), 2, 1).to(x.dtype)), True
    )
    x.requires_grad_()
    pooling.pool(x, "swap", (3,), stride=2, padding=1).sum().backward()
    np.testing.assert_equal(x.grad.dtype == x.dtype and bool(torch.isfinite(x.grad).all()), True)
