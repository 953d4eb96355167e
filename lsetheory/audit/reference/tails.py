"""The double-double tier of log-softmax where one entry dominates: log1p of what the others add.

Near -0 the largest entry's result needs relative accuracy that log(1 + t) has not. With t the sum
of the other shares over the largest one, each off by E = 2**-82.8 + n 2**-90 of itself
(`faithful.shares`), t is off by 2 E + 2**-96 of itself, above 2**-880 underflow included. For t <
2**-9,

    log1p(t) = t (1 + t (-1/2 + t (1/3 - t g))),  g = 1/4 - t/5 + ... - t^5/9,

where truncation is below t**9/10 < 2**-84 of the result, g in float64 costs 3 * 2**-53 t**3 <
2**-78.4, and the rest double-double, below 2**-98. Subtracted from d = x - m, exact:

    |error| <= (2 E + 2**-78) log1p(t) + 2**-101 |result|.

Rows with another t are left to others. The bound is raised by a 16th for its own rounding.
"""

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful import shares
from lsetheory.faithful.doubledouble import DD
from lsetheory.faithful.precise import HUGE, Enclosed, by_blocks, shifted

Float64 = NDArray[np.float64]

_THIRD = (1 / 3, 2.0**-54 / 3)


def log_softmax(x: Float64) -> Enclosed:
    """x_i - log(sum exp(x)) of the rows of x (rows, n); an infinite error where none dominates."""
    return by_blocks(_log_softmax, x, x.shape)


def _log_softmax(block: Float64, axis: int) -> Enclosed:
    p = shares.softmax_block(block, axis, 1.0)
    place = np.argmax(block, axis=axis, keepdims=True)
    largest = DD(*(np.take_along_axis(part, place, axis=axis) for part in (p.high, p.low)))
    for part in (p.high, p.low):
        np.put_along_axis(part, place, 0.0, axis=axis)
    t = dd.divide(dd.total(DD(p.high, p.low), axis), largest)
    log = log1p(t)
    _, d = shifted(block, axis, 1.0, np.inf)
    s = dd.add(d, DD(-log.high, -log.low))
    n = block.shape[axis]
    error = (4.0 * dd.sum_error(n) + 2.0**-78) * log.high + 2.0**-101 * np.abs(s.high)
    gone = block == -np.inf
    usual = (t.high > 2.0**-880) & (t.high < 2.0**-9) & (n <= 2**20)
    usual = usual & np.isfinite(p.error) & ((block >= -HUGE) | gone)
    high, low = np.where(gone, -np.inf, s.high), np.where(gone, 0.0, s.low)
    return Enclosed(high, low, np.where(usual, np.where(gone, 0.0, 1.0625 * error), np.inf))


def log1p(t: DD) -> DD:
    """log(1 + t) for t in [0, 2**-9]."""
    u = t.high
    g = 0.25 - u * (0.2 - u * (1 / 6 - u * (1 / 7 - u * (0.125 - u / 9))))
    inner = dd.add(DD(np.full_like(u, _THIRD[0]), np.full_like(u, _THIRD[1])), DD(-u * g, 0.0 * u))
    inner = dd.add(dd.multiply(t, inner), DD(np.full_like(u, -0.5), np.zeros_like(u)))
    inner = dd.add(dd.multiply(t, inner), DD(np.ones_like(u), np.zeros_like(u)))
    return dd.multiply(t, inner)
