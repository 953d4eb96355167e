"""The double-double tier: rows that the fast tier could not bound, with error bounds near 2**-82.

y = m + log(S)/r, S = sum exp(r (x - m)), m the largest entry; mean form divides S by n. x - m is exact
as a sum of two doubles (Knuth); r times it is exact up to 2**-104 of it, which in exp(r (x - m)) counts
at most 2**-104 max(t exp(-t)) < 2**-105. Below -64 arguments are cut, see `doubledouble`; what the
clipping of low parts changes was cut already. Adding m,
log n and the division by r are double-double operations, each off by less than 2**-102 of its
result. With the errors of the sum and the logarithm there:

    |error of y| <= (2**-82.8 + n 2**-91)/r + 2**-101 (|log S|/r + log(n)/r + |y|).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful.doubledouble import DD
from lsetheory.faithful.layout import blocks
from lsetheory.faithful.tables import DEPTH

Float64 = NDArray[np.float64]

#: Sizes beyond which products of entries, or r, could overflow or lose their low parts.
HUGE = 2.0**900


class Enclosed(NamedTuple):
    """y = high + low, off by at most error; (rows,) each."""

    high: Float64
    low: Float64
    error: Float64


def lse(x: Float64, r: float = 1.0, mean: bool = False) -> Enclosed:
    """log(sum exp(r x))/r, r > 0, or of the mean, of the rows of x (rows, n), n >= 1.

    Rows with a NaN, with a largest entry not in (-2**900, 2**900), and r outside (2**-900, 2**900),
    get an infinite error.
    """
    result = Enclosed(*(np.empty(len(x)) for _ in range(3)))
    for part, block, axis in blocks(x):
        for whole, piece in zip(result, _block(block, axis, r, mean), strict=True):
            whole[part] = piece.ravel()
    return result


def shifted(block: Float64, axis: int, r: float) -> tuple[Float64, DD]:
    """The largest entries m and r (x - m), cut at -64."""
    x = np.maximum(block, -HUGE, out=np.empty(block.shape))
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    a, b = dd.two_sum(x, -top)
    if r != 1.0:
        np.maximum(a, -2.0 * DEPTH / r, out=a)
        np.clip(b, -(2.0**-46) / r, 2.0**-46 / r, out=b)
        p = dd.two_product(a, np.full_like(a, r))
        a, b = dd.fast_two_sum(p.high, p.low + b * r)
    return top, DD(np.maximum(a, -float(DEPTH)), np.clip(b, -(2.0**-47), 2.0**-47))


def _block(block: Float64, axis: int, r: float, mean: bool) -> Enclosed:
    n = block.shape[axis]
    with np.errstate(invalid="ignore", over="ignore"):
        top, d = shifted(block, axis, r)
        log = dd.log(dd.sum_exp(d.high, d.low, axis))
        size = np.abs(log.high) / r
        if mean:
            count = dd.log(DD(np.array(float(n)), np.array(0.0)))
            difference = dd.two_sum(log.high, -count.high)
            log = DD(difference.high, difference.low + (log.low - count.low))
        if r != 1.0:
            log = _divided(log, r)
        s = dd.two_sum(top, log.high)
        high, low = dd.fast_two_sum(s.high, s.low + log.low)
        error = (2.0**-82.8 + n * 2.0**-91) / r
        error = error + 2.0**-101 * (size + np.log(n) / r + np.abs(high))
        usual = (np.abs(top) < HUGE) & (1 / HUGE < r < HUGE) & ~np.isnan(low)
    return Enclosed(high, low, np.where(usual, error, np.inf))


def _divided(a: DD, r: float) -> DD:
    """a / r, relative error 2**-102."""
    q = a.high / r
    p = dd.two_product(q, np.full_like(q, r))
    return dd.fast_two_sum(q, ((a.high - p.high) - p.low + a.low) / r)
