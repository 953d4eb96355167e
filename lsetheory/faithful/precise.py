"""The double-double tier: rows that the fast tier could not bound, with error bounds near 2**-82.

y = m + log(S)/r, S = sum exp(r (x - m)), m the largest entry; mean form divides S by n. x - m is
exact as a sum of two doubles (Knuth); r times it is exact up to 2**-104 of it, which in exp(r (x -
m)) counts at most 2**-104 max(t exp(-t)) < 2**-105. Below -64 arguments are cut, see
`doubledouble`; what the clipping of low parts changes was cut already. Adding m, log n and the
division by r are double-double operations, each off by less than 2**-102 of its result. With the
errors there of the sum, of its logarithm and, in the mean form, of log n:

    |error of y| <= (2**-83.8 + n 2**-91 + k 2**-83.9)/r + 2**-101 ((|log S| + log n)/r + |y|),

k = 2 in the mean form, else 1.

Parts that are not normalised (`dd.log`) lose no more than 2**-93 of 1 where they are added or
divided, which the room in 2**-83.9 holds.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful.doubledouble import DD
from lsetheory.faithful.layout import blocks
from lsetheory.faithful.tables import DEPTH

Float64 = NDArray[np.float64]

#: Entries below -HUGE count as -HUGE, which is still far below any largest entry that is admitted.
HUGE = 2.0**900


class Enclosed(NamedTuple):
    """y = high + low, off by at most error; each (rows,), or (rows, n) with a result an entry."""

    high: Float64
    low: Float64
    error: Float64


def lse(x: Float64, r: float = 1.0, mean: bool = False) -> Enclosed:
    """log(sum exp(r x))/r, r > 0, or of the mean, of the rows of x (rows, n), n >= 1.

    Rows with a NaN, with a largest entry not in (-2**899, 2**899), and r outside (2**-800, 2**800),
    get an infinite error.
    """
    return by_blocks(lambda block, axis: _lse(block, axis, r, mean), x, x.shape[:1])


def by_blocks(
    work: Callable[..., Enclosed], x: Float64, shape: tuple[int, ...], *others: Float64
) -> Enclosed:
    """The results of `work` on all blocks of x, as arrays of `shape`: (rows,) or (rows, n).

    `work` takes a block, the axis of its rows, and the same block of each of `others`.
    """
    result = Enclosed(*(np.empty(shape) for _ in range(3)))
    with np.errstate(all="ignore"):
        for part, block, axis in blocks(x):
            more = (other[part].T if axis == 0 else other[part] for other in others)
            for whole, piece in zip(result, work(block, axis, *more), strict=True):
                whole[part] = (piece.T if axis == 0 else piece).reshape(whole[part].shape)
    return result


def shifted(block: Float64, axis: int, r: float, depth: float) -> tuple[Float64, DD]:
    """The largest entries m, and r (x - m) cut at -depth, with low parts to match."""
    x = np.maximum(block, -HUGE, out=np.empty(block.shape))
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    a, b = dd.two_sum(x, -top)
    if r != 1.0:
        a, b = cut(DD(a, b), 2.0 * depth / r)
        p = dd.two_product(a, np.full_like(a, r))
        a, b = dd.fast_two_sum(p.high, p.low + b * r)
    return top, cut(DD(a, b), depth)


def cut(d: DD, depth: float) -> DD:
    """Numbers below -depth as -depth; their low parts, which may be huge, no larger than theirs."""
    return DD(np.maximum(d.high, -depth), np.clip(d.low, -depth * 2.0**-53, depth * 2.0**-53))


def _lse(block: Float64, axis: int, r: float, mean: bool) -> Enclosed:
    n = block.shape[axis]
    top, d = shifted(block, axis, r, float(DEPTH))
    log = dd.log(dd.sum_exp(d.high, d.low, axis))
    size = np.abs(log.high) / r
    if mean:
        count = dd.log(DD(np.array(float(n)), np.array(0.0)))
        difference = dd.two_sum(log.high, -count.high)
        log = DD(difference.high, difference.low + (log.low - count.low))
    if r != 1.0:
        log = dd.divide(log, DD(np.full_like(size, r), np.zeros_like(size)))
    s = dd.two_sum(top, log.high)
    high, low = dd.fast_two_sum(s.high, s.low + log.low)
    error = (dd.sum_error(n) + (1.0 + mean) * dd.LOG_ERROR) / r
    error = error + 2.0**-101 * (size + np.log(n) / r + np.abs(high))
    return Enclosed(high, low, np.where(usual(top, r) & ~np.isnan(low), error, np.inf))


def usual(top: Float64, r: float) -> NDArray[np.bool_]:
    """Which rows are within the bounds' assumptions."""
    return (np.abs(top) < HUGE / 2.0) & (2.0**-800 < r < 2.0**800)
