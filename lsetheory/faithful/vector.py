"""softmax and log_softmax of numpy arrays with less than one ulp of error in every entry.

float32 goes through float64 first, u = 2**-53, d = r (x - m), with exp and log trusted to 4 ulp
(`fast` has the details): exp(d)/S is off by u (2 n + 20 + 2 |d|) of itself, where |d| < 120 unless
the result is far below the smallest subnormal, and so is faithful for n up to 2**24; d - log S is
off by u (2 n + 20 + 12 log n + 2 |d|), which decides, row by row, whether double-double takes
over. float64 starts in double-double (`shares`). Rows with an entry that leaves open are settled
in arb.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from lsetheory.faithful import balls, shape, shares
from lsetheory.faithful.fast import U
from lsetheory.faithful.layout import blocks
from lsetheory.faithful.lse import decided
from lsetheory.faithful.precise import Enclosed

Float64 = NDArray[np.float64]

#: Longest row whose float32 softmax needs no second look.
LONGEST = 2**24


def softmax(x: NDArray[Any], axis: int = -1, r: float = 1.0) -> NDArray[Any]:
    """exp(r x_i) / sum exp(r x) along an axis, faithfully rounded.

    Args:
        x: float32 or float64, any shape, memory layout and byte order.
        axis: the axis that sums to 1.
        r: inverse temperature, any finite number but 0, taken as float64.

    Returns:
        An array of x's dtype, in native byte order, and shape; every entry is off by less than one
        ulp, subnormal ones included. NaN or +inf in a row, or a row of -inf, gives NaN in the whole
        row (r > 0); other -inf give 0. For r < 0, softmax(-x, r=-r).

    Raises:
        InputError: another dtype, an axis out of range, r = 0 or not finite.
    """
    array, r = shape.checked("softmax", x, axis), shape.checked_rate("softmax", r)
    flat = shape.rows(array, axis)
    return shape.restored(_softmax(-flat if r < 0 else flat, abs(r)), array, axis)


def log_softmax(x: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """x_i - log(sum exp(x)) along an axis, faithfully rounded.

    Like `softmax`; -inf beside finite entries gives -inf.
    """
    array = shape.checked("log_softmax", x, axis)
    return shape.restored(_log_softmax(shape.rows(array, axis)), array, axis)


def _softmax(x: NDArray[Any], r: float) -> NDArray[Any]:
    if x.shape[1] == 0:
        return x.copy()
    if x.dtype == np.float32 and x.shape[1] <= LONGEST:
        return _narrow(x, r)[0]
    y = shares.softmax(x.astype(np.float64, copy=False), r)
    return _finish(x, np.arange(len(x)), y, np.empty_like(x), (partial(balls.softmax, r=r), 0.0))


def _log_softmax(x: NDArray[Any]) -> NDArray[Any]:
    if x.shape[1] == 0:
        return x.copy()
    left = np.arange(len(x))
    result = np.empty(x.shape, x.dtype)
    if x.dtype == np.float32:
        result, fine = _narrow(x, None)
        left = np.flatnonzero(~fine)
    y = shares.log_softmax(x[left].astype(np.float64))
    return _finish(x, left, y, result, (balls.log_softmax, -np.inf))


def _narrow(x: NDArray[Any], r: float | None) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """softmax of float32 rows, or log-softmax for r = None, and which rows are faithful."""
    result, fine = np.empty(x.shape, x.dtype), np.ones(len(x), bool)
    with np.errstate(all="ignore"):
        for part, block, axis in blocks(x):
            d = block.astype(np.float64, order="C")
            n = d.shape[axis]
            d -= np.maximum.reduce(d, axis=axis, keepdims=True, initial=-np.inf)
            e = np.exp(d if r is None else r * d)
            total = np.add.reduce(e, axis=axis, keepdims=True)
            y = d - np.log(total) if r is None else e / total
            result[part] = y.T if axis == 0 else y
            if r is None:
                error = U * (2.0 * n + 20.0 + 12.0 * np.log(max(n, 1)) + 2.0 * np.abs(d))
                open_ = ~(decided(y, error, x.dtype) | ~np.isfinite(y))
                fine[part] = ~open_.any(axis=axis)
    return result, fine


def _finish(
    x: NDArray[Any],
    left: NDArray[np.intp],
    y: Enclosed,
    result: NDArray[Any],
    last: tuple[Callable[[balls.Row], list[arb]], float],
) -> NDArray[Any]:
    """Write what double-double decided of the rows `left`; settle the others in arb.

    `last` is the enclosure and what stands where the row has -inf.
    """
    special = ~np.isfinite(np.max(x[left], axis=1, initial=-np.inf))
    with np.errstate(all="ignore"):
        result[left] = np.where(special[:, None], np.nan, y.high)
        fine = decided(y.high, y.error, x.dtype).all(axis=1) | special
        for i in left[~fine]:
            here = x[i] > -np.inf
            result[i] = last[1]
            result[i, here] = balls.floats(partial(last[0], x[i][here].tolist()))
    return result
