"""log(sum exp) of float64 rows in double-double arithmetic, with its error bound.

Every rounding is accounted for; libm is trusted for nothing (np.log only gives a starting value
that is checked). u = 2**-53; all magnitudes below are absolute unless said otherwise.

**exp(d)**, d = a + b with a in [-64, 0], |b| <= 2**-44 (Gappa: `precise_exp.g` of tests/faithful):

1. k/1024 is the multiple of 2**-10 nearest to a, by adding and subtracting 1.5 * 2**42; r = a -
   k/1024 is exact: it is a multiple of ulp(a) and |r| <= 2**-11 (for k = 0, r = a).
2. exp(k/1024) = G + g from the table, |g| <= u G, relative error 2**-105; G = G1 + G2 exactly, G1
   of 26 bits, |G2| <= 2**-26 G.
3. w = expm1(r + b) = r + r^2/2 + c + b + b w + b^2/2, c = r^3 (1/6 + r/24 + r^2/120 + r^3/720).
   Truncation |r|^7/5040 < 2**-89.2, b^2/2 <= 2**-89. r = s + t, s on the grid 2**-36: s^2/2 is
   exact (50 bits). q = c + t (s + t/2) + b + b (w0 + c) has |q| < 2**-35.57 and is off by 5 u c <
   2**-86.2 and its last addition, 2**-88.5.
4. w = w1 + w2, w1 = r + s^2/2 rounded to the grid 2**-37: at most 2**26 + 2**14 units, 27 bits.
   (r - w1) + s^2/2, below 2**-37.9, is exact, or for |r| < 2**-21 off by 2**-90; w2 = that + q,
   |w2| < 2**-35.3, one more rounding 2**-88.3.
5. exp(d) = G + G1 w1 + lo: G1 w1 is exact (53 bits); lo = G2 w1 + G w2 + (g + g w0), |lo| <
   2**-34.9 G, neglecting g c < 2**-88.5 G; its products are off by 2**-90 G and 2**-88.3 G, its
   two sums by 2**-87.9 G each.

Together less than 2**-84.5 exp(d); stated as EXP_ERROR = 2**-84.

**The sum.** T = (G + G1 w1) rounded to the grid 2**-40 by adding and subtracting 1.5 * 2**12; up
to 4096 of them sum exactly. L = ((G - T) + G1 w1) + lo, |L| < 2**-34.9, off by less than 2**-87.8
exp(d) + 2**-92. L is split again at the grid 2**-75 (sums of 4096 exact); what is left, below
2**-76 each, sums with an error below n^2 2**-129. Arguments below -64 are read as -64: off by at
most exp(-64) < 2**-92.3 each. Hence S has the relative error SUM_ERROR(n) = 2**-83.8 + n 2**-91,
as S >= 1.

**The logarithm.** For any l near log S, log S = l + log1p(z), z = S exp(-l) - 1; with |z| <= 2**-40
(checked; else NaN is returned), z - z^2/2 is off by 2**-121, and z itself by 2**-84.5 through exp
and by four roundings of 2**-87.9: together LOG_ERROR = 2**-83.9.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful.tables import DEPTH, STEP, exp_table

Float64 = NDArray[np.float64]

EXP_ERROR = 2.0**-84
LOG_ERROR = 2.0**-83.9
#: Longest run of terms whose gridded parts sum exactly.
RUN = 4096

_ROUND_STEP = 1.5 * 2.0 ** (52 - STEP)
_ROUND_STEP_BITS = int(np.float64(_ROUND_STEP).view(np.int64))
_GRID_36 = 1.5 * 2.0**16
_GRID_37 = 1.5 * 2.0**15
_GRID_40 = 1.5 * 2.0**12
_GRID_75 = 1.5 * 2.0**-23
_SPLITTER = 2.0**27 + 1.0


class DD(NamedTuple):
    """An unevaluated sum, |low| <= ulp(high)/2."""

    high: Float64
    low: Float64


def two_sum(a: Float64, b: Float64) -> DD:
    """a + b exactly (Knuth): 6 operations, no condition on the sizes, no overflow."""
    s = a + b
    c = s - a
    return DD(s, (a - (s - c)) + (b - c))


def fast_two_sum(a: Float64, b: Float64) -> DD:
    """a + b exactly, for |a| >= |b| or a = 0 (Dekker)."""
    s = a + b
    return DD(s, b - (s - a))


def two_product(a: Float64, b: Float64) -> DD:
    """a b exactly for |a|, |b| < 2**996, up to underflow of the low part (Veltkamp, Dekker)."""
    p = a * b
    a1, a2 = _halves(a)
    b1, b2 = _halves(b)
    return DD(p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2)


def _halves(a: Float64) -> tuple[Float64, Float64]:
    c = a * _SPLITTER
    high = c - (c - a)
    return high, a - high


def exp_pieces(a: Float64, b: Float64) -> tuple[Float64, Float64, Float64]:
    """exp(a + b) as G + p + lo (see above): G and p exact, lo carries the error.

    Args:
        a: in [-64, 0].
        b: the low part, |b| <= 2**-44.
    """
    table = exp_table()
    t = a + _ROUND_STEP
    k = np.subtract(_ROUND_STEP_BITS, t.view(np.int64))
    r = a - (t - _ROUND_STEP)
    s = (r + _GRID_36) - _GRID_36
    half_square = 0.5 * s * s
    w0 = r + half_square
    rest = r - s
    c = (r * r) * (r * (((r * (1 / 720) + 1 / 120) * r + 1 / 24) * r + 1 / 6))
    q = c + (rest * (s + 0.5 * rest) + (b + b * (w0 + c)))
    w1 = (w0 + _GRID_37) - _GRID_37
    w2 = ((r - w1) + half_square) + q
    high, head, tail, low = (np.take(column, k, mode="clip") for column in table)
    return high, head * w1, (tail * w1 + high * w2) + (low + low * w0)


def sum_error(n: int) -> float:
    """Relative error bound of `sum_exp`."""
    return float(2.0**-83.8 + n * 2.0**-91)


def sum_exp(a: Float64, b: Float64, axis: int) -> DD:
    """sum exp(a + b) along `axis` (kept, with length 1); the largest a must be 0."""
    whole: DD | None = None
    for start in range(0, a.shape[axis], RUN):
        run = (slice(None),) * axis + (slice(start, start + RUN),)
        part = _sum_run(a[run], b[run], axis)
        whole = part if whole is None else add(whole, part)
    if whole is None:
        raise ValueError("sum_exp: expected at least one term, got none")
    return whole


def _sum_run(a: Float64, b: Float64, axis: int) -> DD:
    high, product, lo = exp_pieces(a, b)
    t = ((high + product) + _GRID_40) - _GRID_40
    rest = ((high - t) + product) + lo
    u = (rest + _GRID_75) - _GRID_75
    coarse, fine, dust = (np.add.reduce(v, axis=axis, keepdims=True) for v in (t, u, rest - u))
    s = fast_two_sum(coarse, fine)
    return fast_two_sum(s.high, s.low + dust)


def add(a: DD, b: DD) -> DD:
    """a + b, off by 2**-103 (|a| + |b|)."""
    s = two_sum(a.high, b.high)
    return fast_two_sum(s.high, s.low + (a.low + b.low))


def total(t: DD, axis: int) -> DD:
    """The sum along `axis` (kept, with length 1), the first half added to the last.

    Off by ceil(log2 n) 2**-103 times the sum of the sizes.
    """
    high, low = (np.moveaxis(part, axis, 0) for part in t)
    while len(high) > 1:
        half, rest = len(high) // 2, slice(len(high) // 2, -(len(high) // 2))
        s = add(DD(high[:half], low[:half]), DD(high[-half:], low[-half:]))
        high = np.concatenate([s.high, high[rest]])
        low = np.concatenate([s.low, low[rest]])
    return DD(np.moveaxis(high, 0, axis), np.moveaxis(low, 0, axis))


def divide(a: DD, b: DD) -> DD:
    """a / b, relative error 2**-101, for quotients and divisors in [2**-900, 2**900]."""
    q = a.high / b.high
    p = two_product(q, b.high)
    return fast_two_sum(q, (((a.high - p.high) - p.low) + (a.low - q * b.low)) / b.high)


def multiply(a: DD, b: DD) -> DD:
    """a b, relative error 2**-102, plus 2**-1070 where the low part underflows."""
    p = two_product(a.high, b.high)
    return fast_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high))


def log(s: DD) -> DD:
    """log of s in [1, 2**92], off by at most LOG_ERROR + u^2 |log s|; not normalised.

    NaN where np.log was off by more than 2**-40, which would be no logarithm at all.
    """
    start = np.minimum(np.log(s.high), float(DEPTH))
    high, product, lo = exp_pieces(-start, np.zeros_like(start))
    e = fast_two_sum(high, product)
    p = two_product(s.high, e.high)
    z = (p.high - 1.0) + (p.low + (s.high * (e.low + lo) + s.low * e.high))
    z = np.where(np.abs(z) <= 2.0**-40, z, np.nan)
    return DD(start, z - 0.5 * z * z)
