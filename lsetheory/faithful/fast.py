"""The fast tier: log(sum exp) of blocks in plain float64, each row with an error bound.

u = 2**-53. A block holds rows along `axis`; results keep that axis with length 1. A row whose
largest entry m is not finite has the result m (NaN, +inf, or -inf for rows of -inf), exactly.

**float32 and shorter** (`narrow`), d = r (x - m) <= 0, S = sum exp(d), y = m + log(S)/r, r > 0.
Entries of 24 bits: the difference, the product and the sum each round once, exp and log are
trusted to 4 ulp (8u relative). As t exp(-t) <= 1/e, the rounding of d adds 2u (n-1)/e to S, and S
>= 1:

    |error of S| / S <= 8u + 0.74 (n-1) u + (n-1) u + n 2**-1074,   |error of log S| <= that + 8u
    log S.

The division and the last addition round once each, the mean form's division by n once more in S;
|log S|, |log(S/n)| <= log n:

    |error of y| <= u ((2 n + 20 + 12 log n) / r + 2 |y|).

**float64** (`wide`, r = 1). k(x)/1024 is the multiple of 2**-10 nearest to x, exactly, by adding
and subtracting 1.5 * 2**42 (|x| < 2**40); so is the remainder |s| <= 2**-11. With i = k(m) - k(x)
>= 0, exp(x - k(m)/1024) = exp(-i/1024) exp(s) = H + l: the table gives exp(-i/1024) = H + h, H on
the grid 2**-40, |h| <= 2**-41, and l = h + (H + h) p, p = s + s^2/2 + s^3/6 + s^4/24:

- truncation |s|^5/120 < 2**-61.9 = 2**-8.9 u; roundings of p, H + h, their product and the sum
  with h: u (2 + 1 + 1) 2**-11 + u 2**-11. Together less than 2**-7.7 u of the term, plus 2**-94
  for the rounding of h.
- runs of RUN = 4096: the H of a run sum exactly, l, |l| < 2**-10.9 of the term (or 2**-41), with
  an error below RUN u of the sum of their sizes in any order; the n 2**-41 in them, 2**-5 u in
  all, is part of what 2**-10.8 below has over 2**-10.9. The sums of H, cut at the grid
  2**-14, add exactly, and so do the rests; the sums of l add an error below n/RUN + 1 u of the
  sizes. Terms cut at exp(-64) < 2**-92.3 add n 2**-92.3.
- S in [0.999, 2**24.1]: with j = round(1024 log S), z = S exp(-j/1024) - 1, |z| < 2**-10.8
  (checked, else NaN), is an exact product of 27 and 26 bits less 1, plus terms below 2**-10.8:
  off by less than 2.3e-19; log1p(z) by its series to z^5: truncation 2**-67, rounding 1.6e-19
  (both `wide_log.g` of tests/faithful). Together 2**-8.1 u.
- y = (k(m) + j)/1024 + log1p(z): exact first part, one rounding.

Before that last rounding the error is below `wide_error`(n) = u (2**-6.8 + (min(n, RUN) + n/RUN +
1) 2**-10.8). Rows with |m| > 2**39 or n > LONGEST get an infinite bound.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful.doubledouble import RUN, two_sum
from lsetheory.faithful.layout import BLOCK
from lsetheory.faithful.tables import STEP, exp_table

Float64 = NDArray[np.float64]

U = 2.0**-53
#: Longest row of the wide tier.
LONGEST = 2**24

_ROUND = 1.5 * 2.0 ** (52 - STEP)
_ROUND_BITS = int(np.float64(_ROUND).view(np.int64))
_GRID_40 = 1.5 * 2.0**12
_GRID_14 = 1.5 * 2.0**38
_LOWEST = -(2.0**40)


class Bounded(NamedTuple):
    """Results and how far, at most, the exact ones are from them before the last rounding."""

    value: Float64
    error: Float64


def narrow(block: NDArray[np.generic], axis: int, r: float = 1.0, mean: bool = False) -> Bounded:
    """log(sum exp(r x))/r, or of the mean, for entries of at most 24 bits."""
    x = block.astype(np.float64, order="C")
    n = x.shape[axis]
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    finite = np.isfinite(top)
    ordinary = bool(finite.all())
    x -= top if ordinary else np.where(finite, top, 0.0)
    if r != 1.0:
        x *= r
    np.exp(x, out=x)
    total = np.add.reduce(x, axis=axis, keepdims=True)
    log = np.log(total / n if mean else total)
    if r != 1.0:
        log /= r
    y = top + log
    constant = (2.0 * n + 20.0 + 12.0 * np.log(n)) / r
    error = U * (constant + 2.0 * np.abs(y))
    if ordinary:
        return Bounded(y, error)
    return Bounded(np.where(finite, y, top), np.where(finite, error, 0.0))


def wide_error(n: int) -> float:
    """Error of `wide` before its last rounding."""
    return float(U * (2.0**-6.8 + (min(n, RUN) + n / RUN + 1.0) * 2.0**-10.8))


def wide(block: Float64, axis: int) -> Bounded:
    """log(sum exp(x)) for float64 entries."""
    x = np.maximum(block, _LOWEST, out=np.empty(block.shape))
    n = x.shape[axis]
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    y = joined(top, *_sums(x, _index(top), axis))
    usual = (np.abs(top) <= 2.0**39) & (n <= LONGEST)
    error = np.where(usual, wide_error(n), np.inf)
    if usual.all():
        return Bounded(y, error)
    fixed = np.isnan(top) | (top == np.inf)
    return Bounded(np.where(fixed, top, y), np.where(fixed, 0.0, error))


def _sums(x: Float64, top: NDArray[np.int64], axis: int) -> tuple[Float64, Float64]:
    """The sum of exp(x - k(top)/1024) along `axis`, as a total and a small rest; x is used up."""
    n = x.shape[axis]
    if n <= RUN:
        total, rest = (np.add.reduce(v, axis=axis, keepdims=True) for v in _terms(x, top))
        return total, rest
    spans = []
    for start in range(0, n, BLOCK):
        span = x[(slice(None),) * axis + (slice(start, start + BLOCK),)]
        runs = np.arange(0, span.shape[axis], RUN)
        spans.append([np.add.reduceat(v, runs, axis=axis) for v in _terms(span, top)])
    coarse, fine = (np.concatenate(v, axis=axis) for v in zip(*spans, strict=True))
    high = (coarse + _GRID_14) - _GRID_14
    total, rest = two_sum(*(v.sum(axis=axis, keepdims=True) for v in (high, coarse - high)))
    return total, rest + fine.sum(axis=axis, keepdims=True)


def joined(top: Float64, total: Float64, rest: Float64) -> Float64:
    """k(top)/1024 + log(total + rest)."""
    j, log1p = _log(total, rest)
    y: Float64 = ((_index(top) - _ROUND_BITS) + j) * 2.0**-STEP + log1p
    return y


def _index(x: Float64) -> NDArray[np.int64]:
    """k(x) plus a constant: the bits of x + 1.5 * 2**42."""
    return (x + _ROUND).view(np.int64)


@cache
def gridded() -> tuple[Float64, Float64]:
    """exp(-i/1024) = H + h for i = 0, 1, ...: on the grid 2**-40, and the rest."""
    table = exp_table()
    grid = (table.high + _GRID_40) - _GRID_40
    return grid, (table.high - grid) + table.low


def _terms(x: Float64, top: NDArray[np.int64]) -> tuple[Float64, Float64]:
    """exp(x - k(top)/1024) as gridded part and rest; x is used up."""
    t = x + _ROUND
    i = np.subtract(top, t.view(np.int64))
    t -= _ROUND
    s = np.subtract(x, t, out=x)
    p = s * (1 / 24)
    p += 1 / 6
    p *= s
    p += 0.5
    p *= s
    p += 1.0
    p *= s
    grid, rest = (np.take(column, i, mode="clip") for column in gridded())
    p *= np.add(grid, rest, out=t)
    p += rest
    return grid, p


@cache
def headed() -> tuple[Float64, Float64]:
    """exp(-i/1024) as its leading 26 bits and the rest."""
    table = exp_table()
    return table.head, table.tail + table.low


def _log(total: Float64, rest: Float64) -> tuple[Float64, Float64]:
    """log(total + rest) as j/1024 + the second result."""
    j = np.maximum(np.rint(np.log(total + rest) * 2.0**STEP), 0.0)
    head, tail = (np.take(column, j.astype(np.int64), mode="clip") for column in headed())
    shift = total * 2.0**26
    front = (total + shift) - shift
    z = (front * head - 1.0) + (front * tail + ((total - front) + rest) * (head + tail))
    z[np.abs(z) >= 2.0**-10.8] = np.nan
    return j, z - z * z * (0.5 - z * (1 / 3 - z * (0.25 - z * 0.2)))
