"""The rounding test of `tiers` as a compiled loop (import needs numba)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful.loops import as_float, bits, plain

Float64 = NDArray[np.float64]
Rows = NDArray[np.intp]

_LANES = 64
_RINT = 1.5 * 2.0**52
_FRACTION = 2**52 - 1
#: Units below this are not dealt with: no bound of tiers 0 and 1 is that small.
_SMALLEST_UNIT = -1000


@plain
def unit_exponent(value: float, precision: int, emin: int) -> int:
    """log2 of the ulp of a number, in a format."""
    return int(max(((bits(value) >> 52) & 2047) - 1023, emin) - precision + 1)


@plain
def tested(
    high: float, low: float, error: float, precision: int, emin: int, good: float
) -> tuple[float, float, float, bool]:
    """high + low, off by at most error: rounded, residual, its bound, and whether that is certain.

    Up to overflow of the format; powers of two scale without error.
    """
    e = unit_exponent(high, precision, emin)
    known = e > _SMALLEST_UNIT
    value = high
    if precision < 53:
        value = ((high * as_float((1023 - e) << 52) + _RINT) - _RINT) * as_float((1023 + e) << 52)
    per_unit = as_float((1023 - unit_exponent(value, precision, emin)) << 52)
    residual = ((high - value) + low) * per_unit
    bound = error * per_unit + 2.0**-50
    power = (bits(value) & _FRACTION) == 0 and abs(value) > 2.0**emin
    limit = 0.25 if power and residual * value < 0 else 0.5
    certain = known and abs(residual) + bound < limit and bound <= good
    return value + 0.0, residual, bound, certain


@plain
def accept(
    y: tuple[Float64, Float64, Float64], rows: Rows, limits: tuple[int, int, float, float],
    found: tuple[Float64, Float64, Float64], tiers: NDArray[Any], tier: int, left: Rows,
) -> int:  # fmt: skip
    """Write what passes the test into `found`; the other rows into `left`.

    Args:
        y: high, low and error of the rows `rows`.
        limits: the format's precision, emin and largest number; the largest bound accepted.
        found: value, residual and bound of all rows.
        tiers: where the number `tier` is written.
        left: room for the other rows.

    Returns:
        How many others there are.
    """
    precision, emin, largest, good = limits
    work, fine = np.empty((3, _LANES)), np.empty(_LANES, np.bool_)
    others = 0
    for start in range(0, rows.size, _LANES):
        many = min(_LANES, rows.size - start)
        for w in range(many):
            v, residual, bound, certain = tested(
                y[0][start + w], y[1][start + w], y[2][start + w], precision, emin, good
            )
            work[0, w], work[1, w], work[2, w] = v, residual, bound
            fine[w] = certain and abs(v) <= largest
        for w in range(many):
            row = rows[start + w]
            if fine[w]:
                found[0][row], found[1][row], found[2][row] = work[0, w], work[1, w], work[2, w]
                tiers[row] = tier
            else:
                left[others] = row
                others += 1
    return others
