"""exp(-k/1024) as unevaluated sums of two doubles, made by integer arithmetic on first use."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

#: Arguments are reduced to the nearest multiple of 2**-STEP.
STEP = 10
#: Arguments below -DEPTH are treated as -DEPTH: exp(-64) < 2**-92.3.
DEPTH = 64

_BITS = 256


class ExpTable(NamedTuple):
    """Rows k = 0 .. DEPTH * 2**STEP; exp(-k / 2**STEP) = high + low, low rounded."""

    high: Float64
    #: high rounded to 26 significant bits, so that its product with 27 bits is exact
    head: Float64
    #: high - head, exact
    tail: Float64
    low: Float64


@cache
def exp_table() -> ExpTable:
    """The table; about 65,000 rows of 4 doubles.

    Fixed point with 256 bits: each step multiplies by exp(-2**-10) and truncates, so row k is off
    by less than (k + 1) 2**-255, and the smallest row is above 2**-93: relative error 2**-146.
    """
    step, one = _exp_minus_step(), 1 << _BITS
    exact, high, low = one, [], []
    for _ in range(DEPTH * 2**STEP + 1):
        head = exact / one
        high.append(head)
        low.append((exact - _fixed(head)) / one)
        exact = exact * step >> _BITS
    highs, lows = np.array(high), np.array(low)
    heads = _leading(highs, 26)
    return ExpTable(highs, heads, highs - heads, lows)


def _exp_minus_step() -> int:
    """exp(-2**-STEP) by its Taylor series, alternating, in fixed point."""
    total, term, k = 0, 1 << _BITS, 0
    while term:
        total += term if k % 2 == 0 else -term
        k += 1
        term = (term >> STEP) // k
    return total


def _fixed(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return (numerator << _BITS) // denominator


def _leading(values: Float64, bits: int) -> Float64:
    mantissa, exponent = np.frexp(values)
    leading: Float64 = np.ldexp(np.rint(np.ldexp(mantissa, bits)), exponent - bits)
    return leading
