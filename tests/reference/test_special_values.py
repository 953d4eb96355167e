"""The table of special values of the reference, and the public exact_logsumexp."""

from itertools import product

import numpy as np
import pytest

import lsetheory
from lsetheory.audit import formats, reference
from lsetheory.errors import InputError

NAN, INF = np.nan, np.inf
ROWS = np.array([[NAN, INF, 0.0], [INF, -INF, 0.0], [-INF, -INF, -INF], [-INF, 0.0, 0.0]])
NOTHING = [NAN] * 3

TABLE = {
    "logsumexp": [NAN, INF, -INF, np.log(2)],
    "swap": [NAN, INF, -INF, 0.0],
    "ordinal": [NAN, NAN, -INF, -INF],
    "softmax": [NOTHING, NOTHING, NOTHING, [0.0, 0.5, 0.5]],
    "log_softmax": [NOTHING, NOTHING, NOTHING, [-INF, -np.log(2), -np.log(2)]],
    "logsumexp_gradient": [NOTHING, NOTHING, NOTHING, [0.0, 0.5, 0.5]],
    "softmax_gradient": [NOTHING, NOTHING, NOTHING, [0.0, 0.0, 0.0]],
    "log_softmax_gradient": [NOTHING, NOTHING, NOTHING, [1.0, -0.5, -0.5]],
    "swap_gradient": [NOTHING, NOTHING, NOTHING, [0.0, 0.5, 0.5]],
    "ordinal_gradient": [NOTHING, [1 / 3] * 3, [1 / 3] * 3, [1 / 3] * 3],
}


@pytest.mark.parametrize("dtype", formats.FORMATS)
@pytest.mark.parametrize("operation", TABLE)
def test_table(operation, dtype):
    fmt = formats.of(dtype)
    result = reference.OPERATIONS[operation](fmt.store(ROWS))
    expected = fmt.nearest(np.array(TABLE[operation]))
    np.testing.assert_array_equal(result.value.astype(np.float64), expected)
    assert (np.isnan(result.residual) == np.isnan(expected)).all()


def test_rows_of_one_entry_are_themselves():
    x = np.array([[-0.0], [NAN], [INF], [-INF], [5e-324], [-1e308]])
    for result in (reference.logsumexp(x), reference.pooled_lse(x, r=-2.0), reference.swap(x)):
        np.testing.assert_array_equal(result.value, x[:, 0])
        assert np.signbit(result.value[0])


def test_empty_rows():
    x = np.zeros((2, 0))
    assert reference.logsumexp(x).value.tolist() == [-INF, -INF]
    assert np.isnan(reference.pooled_lse(x, form="mean").value).all()
    assert np.isnan(reference.swap(x).value).all()
    assert reference.softmax(x).value.shape == (2, 0)


def test_overflow_rounds_to_infinity():
    x = np.full((1, 4), formats.of("float16").largest, np.float16)
    tall = reference.pooled_lse(x, r=1e-5)
    assert tall.value[0] == INF
    assert tall.residual[0] == 0
    assert reference.pooled_lse(-x, r=-1e-5).value[0] == -INF


def test_exact_logsumexp_takes_any_axis():
    x = np.random.default_rng(0).standard_normal((3, 4, 5))
    for axis in (-1, 0, 1):
        rows = np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])
        got = lsetheory.exact_logsumexp(x, axis=axis)
        assert got.shape == tuple(np.delete(x.shape, axis))
        np.testing.assert_array_equal(got.ravel(), reference.logsumexp(rows).value)


@pytest.mark.parametrize(("x", "axis", "message"), [
    (np.zeros(3, int), -1, "got int64"), (np.zeros(3), 1, "expected an axis of 1"),
    (np.array(1.0), -1, r"expected x of at least one axis, got a number; pass \[x\]"),
    (np.ma.masked_array([1.0, 2.0], [True, False]), -1, "without a mask.*; pass x.filled"),
])  # fmt: skip
def test_exact_logsumexp_names_bad_input(x, axis, message):
    with pytest.raises(InputError, match=message):
        lsetheory.exact_logsumexp(x, axis)


@pytest.mark.parametrize("axis", [True, 0.0, None, (0, 1)])
def test_exact_logsumexp_takes_integer_axes_only(axis):
    with pytest.raises(TypeError, match="expected one axis, an integer, got"):
        lsetheory.exact_logsumexp(np.zeros((2, 2)), axis)


def test_exact_logsumexp_of_the_other_byte_order():
    x = np.array([1.0, 2.5], np.dtype(np.float32).newbyteorder())
    got = lsetheory.exact_logsumexp(x)
    assert got.dtype == np.float32
    assert got == lsetheory.exact_logsumexp(x.astype(np.float32))


def plainly(operation, x, r=1.0, form="sum", weights=None):
    """The docstring of `operations` once more, in plain float64, for one row of a few numbers."""
    nothing = np.full(x.shape, NAN) if operation in VECTORS else NAN
    if np.isnan(x).any():
        return nothing
    if operation.startswith("ordinal"):
        p = np.exp(weights) / np.exp(weights).sum()
        order = np.argsort(-x, kind="stable")[: len(p)]
        return p @ x[order] if operation == "ordinal" else p @ np.eye(len(x))[order]
    if r == 0:
        return np.full(x.shape, 1 / len(x)) if operation in VECTORS else x.mean()
    z = np.copysign(1.0, r) * x
    if INF in z or (z == -INF).all():
        return nothing if operation in VECTORS else r * z.max()
    if np.isinf(r):
        tops = z == z.max()
        return tops / tops.sum() if operation in VECTORS else x[tops][0]
    p = np.exp(r * x) / np.exp(r * x).sum()
    logs, here = np.log(np.exp(r * x).sum()), p > 0
    swap, ones = p[here] @ x[here], np.where(here, 1 + r * (np.where(here, x, 0)), 0)
    return {
        "logsumexp": logs, "swap": swap, "softmax": p, "log_softmax": x - logs,
        "pooled_lse": (logs - np.log(len(x)) * (form == "mean")) / r,
        "softmax_gradient": 0 * p, "log_softmax_gradient": 1 - p * len(x),
        "swap_gradient": p * (ones - r * swap),
    }.get(operation, p)  # fmt: skip


VECTORS = [name for name in reference.OPERATIONS if "gradient" in name or "softmax" in name]
PLACED = [
    *[(name, {}) for name in ("logsumexp", "softmax", "log_softmax", "logaddexp",
                              "logsumexp_gradient", "softmax_gradient", "log_softmax_gradient",
                              "logaddexp_gradient")],
    *[(name, {"r": r}) for r in (1.0, -2.0, INF, -INF)
      for name in ("pooled_lse", "pooled_lse_gradient", "swap", "swap_gradient")],
    *[("pooled_lse", {"r": r, "form": "mean"}) for r in (1.0, 0.0)],
    *[("swap", {"r": 0.0}), ("swap_gradient", {"r": 0.0})],
    *[(name, {"weights": w}) for w in ([0.0, 0.5, -0.5], [0.0, 0.0], [0.0])
      for name in ("ordinal", "ordinal_gradient")],
]  # fmt: skip


@pytest.mark.parametrize("dtype", formats.FORMATS)
@pytest.mark.parametrize(("operation", "parameters"), PLACED, ids=str)
def test_nan_and_infinities_in_every_place(operation, parameters, dtype):
    """All rows of three (two for logaddexp) out of NaN, both infinities and two numbers."""
    n, fmt = 2 if "logaddexp" in operation else 3, formats.of(dtype)
    x = np.array(list(product([NAN, INF, -INF, 0.5, -2.0], repeat=n)))
    got = reference.OPERATIONS[operation](fmt.store(x), **parameters).value.astype(np.float64)
    name = operation.replace("logaddexp", "logsumexp")
    with np.errstate(invalid="ignore"):
        expected = np.array([plainly(name, row, **parameters) for row in x])
    np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))
    np.testing.assert_allclose(got, expected, rtol=2 * fmt.u, atol=4 * fmt.u)


@pytest.mark.parametrize("n", [3, 70])  # both layouts of blocks
@pytest.mark.parametrize("bad", [NAN, -INF])
def test_what_ordinal_drops(n, bad):
    """NaN counts even where it is dropped, the smallest entry does not, be it -inf."""
    x = np.random.default_rng(3).standard_normal((n, n))
    y = np.where(np.eye(n) > 0, bad, x)
    got = reference.ordinal(y, weights=[0.0]).value
    np.testing.assert_array_equal(got, np.full(n, NAN) if np.isnan(bad) else y.max(axis=1))
