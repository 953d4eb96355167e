"""The table of special values of the reference, and the public exact_logsumexp."""

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
])  # fmt: skip
def test_exact_logsumexp_names_bad_input(x, axis, message):
    with pytest.raises(InputError, match=message):
        lsetheory.exact_logsumexp(x, axis)
