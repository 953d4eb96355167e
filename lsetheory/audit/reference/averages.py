"""The double-double tier of weighted sums: swap, ordinal, and gradients that subtract an average.

Shares p of a row come from `faithful.shares`, each off by e(p) <= E p + 2**-1070 (the last only
below 2**-900), E = `_relative(n)` - 2**-97. Averages are taken of differences z to the largest
entry, A = sum_j p_j z_j, so that a common offset costs nothing and constant rows give exact zeros.
z is exact as a sum of two doubles (r z to 2**-103); a double-double product is off by 2**-102 of
itself or 2**-1070; log2(n) <= 13 levels of additions by 2**-103 of the sizes added. Hence

    |error of A| <= (E + 2**-97) sum_j p_j |z_j| + floor.

The floor is what underflows. Shares given as 0 are below 2**-1139: with z = r (x - m) < -790 they
count below 2**-1129 each, otherwise 2**-1139 |z|; shares below 2**-900 lose 2**-1070 |z|, |z| < 790
where z = r (x - m), and 2**-1070 in the product.

- swap: y = m + A, z = x - m: the error of A (floor n 2**-1058 (1 + 1/r)) and 2**-101 |y|.
- ordinal: the same with z taken from the largest entry in order, p from the weights.
- gradient of swap: p_i f_i, f_i = 1 + z_i - A, z = r (x - m), off by 2**-101 (1 + |z_i| + |A|) and
  the error of A. A share given as 0 stands for a result below 2**-1139 (791 + n) < 2**-1126.
- gradient of softmax: p_i f_i, f_i = z_i - A, z = v - v_top, v the cotangent.
- gradient of log_softmax: v_i - p_i T, T = sum_j v_j off by 2**-97 sum |v|.

Products p_i f_i add |f_i| e(p_i) + 2**-102 |p_i f_i| and 2**-1060 (1 + |f_i|) for what underflows:
of the product, whichever factor is small, of e(p_i), and of the bound itself, whose factors may
underflow too. That leaves float64 results below 2**-988 to arb, except those that are 0 because
every f_i or v_i is. The bounds hold for cotangents of any size: where their differences, or the
sum of their sizes, reach 2**899, they are infinite, and so for largest entries of that size. All
are raised by a 16th, which covers their own rounding.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful import shares
from lsetheory.faithful.doubledouble import DD
from lsetheory.faithful.precise import HUGE, Enclosed, by_blocks, shifted

Float64 = NDArray[np.float64]

#: Longest row: 13 levels of additions, and shares given as 0 stay below 2**-52 of any subnormal.
LONGEST = 2**13
#: What underflow may take from a product, as a part of 1 + |factor|.
_LOST = 2.0**-1060
_SLACK = 1.0625


class _Average(NamedTuple):
    value: DD
    error: Float64


def swap(x: Float64, r: float = 1.0) -> Enclosed:
    """sum_i p_i x_i, p = softmax(r x), r > 0, of the rows of x (rows, n)."""
    return by_blocks(lambda block, axis: _swap(block, axis, r), x, x.shape[:1])


def swap_gradient(x: Float64, r: float = 1.0) -> Enclosed:
    """p_i (1 + r (x_i - swap)), (rows, n)."""
    return by_blocks(lambda block, axis: _swap_gradient(block, axis, r), x, x.shape)


def ordinal(x: Float64, weights: tuple[float, ...]) -> Enclosed:
    """The softmax of the weights against the largest entries in descending order."""
    p = shares.softmax(np.array([weights]))
    negated = np.sort(-x, axis=1)
    kept = -negated[:, : len(weights)]
    kept[np.isnan(negated[:, -1])] = np.nan  # NaN sorts last, but counts wherever it stands
    return by_blocks(lambda block, axis: _ordinal(block, axis, p), kept, x.shape[:1])


def softmax_gradient(x: Float64, v: Float64) -> Enclosed:
    """p_i (v_i - sum_j p_j v_j), (rows, n)."""
    return by_blocks(_softmax_gradient, x, x.shape, v)


def log_softmax_gradient(x: Float64, v: Float64) -> Enclosed:
    """v_i - p_i sum_j v_j, (rows, n)."""
    return by_blocks(_log_softmax_gradient, x, x.shape, v)


def _swap(block: Float64, axis: int, r: float) -> Enclosed:
    p = shares.softmax_block(block, axis, r)
    x = np.maximum(block, -HUGE)
    top = np.max(x, axis=axis, keepdims=True)
    z = dd.two_sum(np.where(p.high > 0.0, x, top), -top)
    n = block.shape[axis]
    return _from(top, _average(p, z, axis, n * 2.0**-1058 * (1.0 + 1.0 / r)))


def _ordinal(block: Float64, axis: int, p: Enclosed) -> Enclosed:
    shape = (-1, 1) if axis == 0 else (1, -1)
    top = np.take(block, [0], axis=axis)
    z = dd.two_sum(block, -top)
    floor = 2.0**-1066 * (block.shape[axis] + np.abs(z.high).sum(axis=axis, keepdims=True))
    return _from(top, _average(Enclosed(*(part.reshape(shape) for part in p)), z, axis, floor))


def _from(top: Float64, average: _Average) -> Enclosed:
    """top + A."""
    s = dd.two_sum(top, average.value.high)
    high, low = dd.fast_two_sum(s.high, s.low + average.value.low)
    error = average.error + 2.0**-101 * np.abs(high)
    return _enclosed(high, low, np.where(np.abs(top) < HUGE / 2.0, error, np.inf))


def _swap_gradient(block: Float64, axis: int, r: float) -> Enclosed:
    p = shares.softmax_block(block, axis, r)
    _, z = shifted(block, axis, r, 790.0)
    mean = _average(p, z, axis, block.shape[axis] * 2.0**-1058)
    one = DD(np.ones_like(mean.error), np.zeros_like(mean.error))
    f = dd.add(dd.add(one, _minus(mean.value)), z)
    size = 1.0 + np.abs(z.high) + np.abs(mean.value.high)
    return _times(p, f, mean.error + 2.0**-101 * size, 0.0)


def _softmax_gradient(block: Float64, axis: int, v: Float64) -> Enclosed:
    p = shares.softmax_block(block, axis, 1.0)
    place = np.argmax(block, axis=axis, keepdims=True)
    z = dd.two_sum(v, -np.take_along_axis(v, place, axis=axis))
    most = np.abs(z.high).max(axis=axis, keepdims=True)
    floor = np.where(most > 0.0, block.shape[axis] * 2.0**-1066 * (1.0 + most), 0.0)
    mean = _average(p, z, axis, floor)
    f = dd.add(z, _minus(mean.value))
    error = mean.error + 2.0**-101 * (np.abs(z.high) + np.abs(mean.value.high))
    error = np.where(most < HUGE / 2.0, error, np.inf)
    return _times(p, f, error, np.where(most < 2.0**10, 0.0, np.inf))


def _log_softmax_gradient(block: Float64, axis: int, v: Float64) -> Enclosed:
    p = shares.softmax_block(block, axis, 1.0)
    total = dd.total(DD(v, np.zeros_like(v)), axis)
    size = np.abs(v).sum(axis=axis, keepdims=True)
    q = dd.multiply(DD(p.high, p.low), total)
    s = dd.add(DD(v, np.zeros_like(v)), _minus(q))
    error = np.abs(total.high) * (p.error + 2.0**-101 * p.high) + 2.0**-97 * p.high * size
    error = error + 2.0**-101 * (np.abs(v) + np.abs(q.high))
    error = error + np.where(size > 0.0, _LOST * (1.0 + size), 0.0)
    return _enclosed(s.high, s.low, np.where(size < HUGE / 2.0, error, np.inf))


def _average(p: Enclosed, z: DD, axis: int, floor: Float64 | float) -> _Average:
    terms = dd.multiply(DD(p.high, p.low), z)
    size = np.abs(terms.high).sum(axis=axis, keepdims=True)
    n = z.high.shape[axis]
    bad = (p.error == np.inf).any(axis=axis, keepdims=True) | (n > LONGEST)
    error = np.where(bad, np.inf, _relative(n) * size + floor)
    return _Average(dd.total(terms, axis), error)


def _relative(n: int) -> float:
    return 2.0 * dd.sum_error(n) + 2.0**-97


def _times(p: Enclosed, f: DD, error: Float64, lost: Float64 | float) -> Enclosed:
    """p f, where f is off by `error`; where p is given as 0 the result 0 is off by `lost`."""
    product = dd.multiply(DD(p.high, p.low), f)
    size = np.abs(f.high)
    off = p.high * error + size * (p.error + 2.0**-101 * p.high)
    off = off + np.where(error > 0.0, _LOST * (1.0 + size), 0.0)
    off = np.where(np.isfinite(error) & np.isfinite(p.error), off, np.inf)
    nothing = (p.high == 0.0) & (p.error == 0.0) & np.isfinite(error)
    high, low = (np.where(nothing, 0.0, part) for part in product)
    return _enclosed(high, low, np.where(nothing, lost, off))


def _enclosed(high: Float64, low: Float64, error: Float64) -> Enclosed:
    return Enclosed(high, low, np.where(np.isfinite(low), _SLACK * error, np.inf))


def _minus(a: DD) -> DD:
    return DD(-a.high, -a.low)
