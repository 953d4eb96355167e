"""A certified result, and the rounding test that turns an enclosure into one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import NDArray

from lsetheory.audit.formats import Format

PIPELINE, DOUBLE_DOUBLE, ARB = 0, 1, 2


@dataclass(frozen=True)
class Certified:
    """Correctly rounded results with what rounding left over; four arrays of one shape."""

    #: the exact result rounded to nearest, ties to even, in the dtype of the input
    value: NDArray[Any]
    #: (exact - value) / ulp(value), float64; 0 where value is infinite, NaN where it is NaN
    residual: NDArray[np.float64]
    #: the residual is wrong by at most this
    residual_bound: NDArray[np.float64]
    #: what settled it: 0 float64 pipeline, 1 double-double, 2 arb or exact
    tier: NDArray[np.uint8]

    @classmethod
    def blank(cls, shape: tuple[int, ...], fmt: Format) -> "Certified":
        """All NaN, to be filled in."""
        nan = np.full(shape, np.nan)
        return cls(fmt.store(nan), nan, np.zeros(shape), np.full(shape, ARB, np.uint8))

    def put(self, where: Any, value: Any, residual: Any = 0.0, bound: Any = 0.0) -> None:
        """Write entries that arb or exact arithmetic settled."""
        self.value[where] = value
        self.residual[where] = residual
        self.residual_bound[where] = bound
        self.tier[where] = ARB


@dataclass(frozen=True)
class Rounded:
    """One number's part of a `Certified`."""

    value: float
    residual: float
    bound: float = 0.0


def exact(value: Fraction, fmt: Format) -> Rounded:
    """Round a rational."""
    return Rounded(*fmt.nearest_fraction(value), bound=2.0**-53)


def settle(ball: arb, fmt: Format, digits: int = 30) -> Rounded | None:
    """Round the real number inside `ball`, or None where the ball is too wide to tell.

    A candidate v is accepted only if the ball lies strictly between the midpoints v makes with
    its two neighbours, so how the candidate was found needs no trust. The gap below a power of
    two is half the gap above: there the residual must exceed -1/4. Beyond the midpoint of the
    largest number and the next one the exponent range would allow, the result is infinite.

    Args:
        ball: an enclosure; its precision context must be in force.
        fmt: the format to round to.
        digits: the residual must come out to 2**-digits.
    """
    value = _candidate(float(ball.mid()), fmt)
    for _ in range(3):
        unit = fmt.unit(value)
        residual = (ball - arb(value)) / arb(unit)
        if not residual.rad() < 2.0**-digits:
            return None
        low, high = _midpoints(value, unit, fmt)
        if residual > low and residual < high:
            return _rounded(value, residual, fmt)
        if not (residual < low or residual > high):
            return None
        value += unit * (high * 2 if residual > high else low * 2)
        if abs(value) > fmt.largest:
            return Rounded(math.copysign(math.inf, value), 0.0)
    return None


def _candidate(real: float, fmt: Format) -> float:
    if abs(real) >= fmt.largest:
        return math.copysign(fmt.largest, real)
    unit = fmt.unit(real)
    return real if fmt.precision == 53 else round(real / unit) * unit


def beside(ball: arb, fmt: Format, side: Callable[[Fraction], int]) -> Rounded:
    """Round a number closer to a midpoint m than 2**-4000; side(m) is the sign of it less m."""
    m = _middle(ball)
    nudged = m + side(m) * Fraction(fmt.eta) / 2**60
    return Rounded(*fmt.nearest_fraction(nudged), 2.0**-53)


def _middle(ball: arb) -> Fraction:
    mantissa, exponent = ball.mid().man_exp()
    # Far beyond 53 bits, the middle of a thin ball around a midpoint is that midpoint.
    scaled = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    bits = 200 - (abs(scaled.numerator).bit_length() - scaled.denominator.bit_length())
    return Fraction(round(scaled * Fraction(2) ** bits), 1) / Fraction(2) ** bits


def _midpoints(value: float, unit: float, fmt: Format) -> tuple[float, float]:
    """How far the rounding interval of `value` reaches below and above it, in units."""
    inner = 0.25 if abs(value) > fmt.tiny and abs(math.frexp(value)[0]) == 0.5 else 0.5
    return (-inner, 0.5) if value > 0 else (-0.5, inner)


def _rounded(value: float, residual: arb, fmt: Format) -> Rounded:
    middle = float(residual.mid())
    bound = float(residual.rad()) * (1.0 + 2.0**-40) + 2.0**-53
    return Rounded(value + 0.0, middle, bound)
