"""Bad input: what was expected, what was got and what to pass, in one line."""

import math

import numpy as np
import pytest

from lsetheory import pooling
from lsetheory.errors import InputError

X = np.arange(12.0).reshape(3, 4)

#: Call, exception, words of the message.
BAD = (
    (lambda: pooling.lse([1.0, 2.0]), TypeError, "x: expected an array"),
    (lambda: pooling.lse(np.arange(3)), TypeError, "x: expected an array of float16"),
    (lambda: pooling.lse(X + 1j), TypeError, "got complex128"),
    (lambda: pooling.swap(np.ma.masked_less(X, 5)), TypeError, "x: expected an array without a"),
    (
        lambda: pooling.ordinal(X, np.ma.masked_less(X[0], 2), 4),
        TypeError,
        "weights: expected an array without a mask",
    ),
    (lambda: pooling.ordinal(X, [[0.0, 1.0]], 2), TypeError, "weights: expected a list of numbers"),
    (lambda: pooling.ordinal(X, ["a", "b"], 2), TypeError, "weights: expected a list of numbers"),
    (lambda: pooling.lse(X, "1"), TypeError, "r: expected a real number, got str"),
    (lambda: pooling.lse(X, math.nan), InputError, "r: expected a real number or an infinity"),
    (lambda: pooling.lse(X, 10**400), InputError, "r: expected a number that a float can hold"),
    (lambda: pooling.lse(X, 0), InputError, "r: expected r != 0 with form='sum'"),
    (lambda: pooling.lse(X, form="log"), InputError, "form: expected 'sum' or 'mean', got 'log'"),
    (lambda: pooling.lse(X, axis=2), InputError, "axis: expected an integer from -2 to 1"),
    (lambda: pooling.lse(X, axis=1.5), TypeError, "axis: expected an integer, got 1.5"),
    (lambda: pooling.mean(X, axis=True), TypeError, "axis: expected an integer, got True"),
    (lambda: pooling.max(np.zeros((3, 0))), InputError, "axis: expected at least one element"),
    (lambda: pooling.swap(X, math.nan), InputError, "got nan"),
    (lambda: pooling.softmax(X, math.nan), InputError, "got nan"),
    (
        lambda: pooling.ordinal(X, [0.0] * 5, 5),
        InputError,
        "pool_range: expected an integer from 1",
    ),
    (lambda: pooling.ordinal(X, [], 0), InputError, "pool_range: expected an integer from 1 to"),
    (lambda: pooling.ordinal(X, [0.0], 1.0), TypeError, "pool_range: expected an integer"),
    (lambda: pooling.ordinal(X, [0.0], 2), InputError, "weights: expected pool_range = 2 logits"),
    (lambda: pooling.ordinal(X, np.arange(2), 2), TypeError, "weights: expected an array of"),
    (lambda: pooling.ordinal(X, [0.0, math.nan], 2), InputError, "weights: expected finite logits"),
    (lambda: pooling.ordinal(X, [0.0, 10**5000], 2), InputError, "got one that no float can hold"),
    (lambda: pooling.max(np.asarray(1.0)), InputError, "x: expected an array with an axis"),
    (lambda: pooling.lse(X, np.asarray(1.0)), TypeError, "r: expected a real number, got ndarray"),
    (lambda: pooling.pool(X, "sum", (2,)), InputError, "operator: expected a function or one of"),
    (lambda: pooling.pool(X, "max", 2), TypeError, "kernel: expected a tuple"),
    (lambda: pooling.pool(X, "max", ()), InputError, "kernel: expected sizes for the last 1, 2"),
    (lambda: pooling.pool(X, "max", (1,) * 4), InputError, "kernel: expected sizes for the last"),
    (lambda: pooling.pool(X, "max", (2,) * 3), InputError, "kernel: expected at most one size"),
    (lambda: pooling.pool(X, "max", (0,)), InputError, "kernel: expected at least 1, got 0"),
    (lambda: pooling.pool(X, "max", (2.0,)), TypeError, "kernel: expected an integer, got 2.0"),
    (lambda: pooling.pool(X, "max", (5,)), InputError, "of at most the padded length 4, got 5"),
    (lambda: pooling.pool(X, "max", (3,), dilation=2), InputError, "padded length 4, got 5"),
    (lambda: pooling.pool(X, "max", (2,), 0), InputError, "stride: expected at least 1, got 0"),
    (lambda: pooling.pool(X, "max", (2,), (1, 1)), InputError, "stride: expected an int or 1 of"),
    (lambda: pooling.pool(X, "max", (2,), 1.0), TypeError, "stride: expected an integer"),
    (lambda: pooling.pool(X, "max", (2,), padding=-1), InputError, "padding: expected at least 0"),
    (lambda: pooling.pool(X, "max", (2,), padding=2), InputError, "padding: expected at most half"),
    (lambda: pooling.pool(X, "max", (2,), dilation=0), InputError, "dilation: expected at least 1"),
    (
        lambda: pooling.pool(X[:, :1], "max", (2,), padding=2, dilation=3),
        InputError,
        "padding: expected an element of x in every window",
    ),
    (lambda: pooling.pool(X, "max", (2,), r=1), TypeError, "parameters of 'max': expected none"),
    (lambda: pooling.pool(X, "ordinal", (2,)), TypeError, "expected weights, pool_range, got none"),
    (lambda: pooling.pool(X, "lse", (2,), r=math.nan), InputError, "r: expected a real number"),
    (lambda: pooling.pool(X, "lse", (2,), r=0), InputError, "pass form='mean'"),
    (lambda: pooling.pool(np.arange(4), "max", (2,)), TypeError, "got int64"),
    (
        lambda: pooling.pool(X, "ordinal", (2,), weights=[0.0] * 3, pool_range=3),
        InputError,
        "pool_range: expected an integer from 1 to the 2 elements pooled, got 3",
    ),
)


@pytest.mark.parametrize(("call", "error", "words"), BAD, ids=[words for *_, words in BAD])
def test_bad_input_is_refused_in_one_line(call, error, words):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    for part in (words, "expected", "got", "pass" if "convert" not in message else "convert"):
        np.testing.assert_equal(part in message, True, f"{part!r} not in {message!r}")
    np.testing.assert_equal("\n" not in message, True)


def test_weights_of_another_library_are_refused():
    torch = pytest.importorskip("torch", reason="torch is an optional library")
    with pytest.raises(TypeError, match="weights: expected an array of x's library"):
        pooling.ordinal(X, torch.zeros(2), 2)
