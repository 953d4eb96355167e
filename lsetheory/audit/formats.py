"""The four floating-point formats under study, and the grid each of them lays on the real line.

Values of every format are held as float64, which contains them all, so one set of vectorised
helpers serves the four. The model is IEEE 754's: precision p, exponents emin..emax, subnormals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import DTypeLike, NDArray

from lsetheory.errors import InputError

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Format:
    """One binary floating-point format."""

    name: str
    #: significant bits, the hidden one included
    precision: int
    #: exponent of the smallest normal number, 2**emin
    emin: int
    #: exponent of the largest binade, [2**emax, 2**(emax+1))
    emax: int

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype (bfloat16 is ml_dtypes')."""
        return np.dtype(ml_dtypes.bfloat16 if self.name == "bfloat16" else self.name)

    @property
    def u(self) -> float:
        """Unit roundoff 2**-p: the largest relative error of one rounding to nearest."""
        return 2.0**-self.precision

    @property
    def eta(self) -> float:
        """Smallest positive subnormal."""
        return math.ldexp(1.0, self.emin - self.precision + 1)

    @property
    def tiny(self) -> float:
        """Smallest positive normal number."""
        return math.ldexp(1.0, self.emin)

    @property
    def largest(self) -> float:
        """Largest finite number, (2 - 2u) 2**emax."""
        return math.ldexp(2.0 - 2.0 * self.u, self.emax)

    @cached_property
    def exp_overflow(self) -> float:
        """log(largest): exp of anything above it (by an ulp or so) is +inf; 88.7 in float32."""
        return math.log(self.largest)

    @cached_property
    def exp_subnormal(self) -> float:
        """log(tiny): below it exp is subnormal and loses bits; -87.3 in float32."""
        return self.emin * math.log(2.0)

    @cached_property
    def exp_underflow(self) -> float:
        """log(eta): below it, by log 2, exp rounds to zero; -103 in float32."""
        return (self.emin - self.precision + 1) * math.log(2.0)

    def ulp(self, value: Any) -> Float64:
        """Distance from |value| to the next larger number of the format; eta for subnormals.

        One unit a binade: at a power of two the gap below is half of it. The largest finite
        number has the unit of its binade; infinities and NaN have the unit NaN.
        """
        size = np.asarray(value, dtype=np.float64)
        exponent = np.frexp(size)[1].astype(np.int64) - 1
        exponent = np.where(size == 0.0, self.emin, np.maximum(exponent, self.emin))
        unit = np.ldexp(1.0, exponent - self.precision + 1)
        return np.where(np.isfinite(size), unit, np.nan)

    def unit(self, value: float) -> float:
        """`ulp` of one finite number, as a Python float (twenty times faster than an array)."""
        exponent = math.frexp(value)[1] - 1 if value else self.emin
        return math.ldexp(1.0, max(exponent, self.emin) - self.precision + 1)

    def nearest(self, value: Any) -> Float64:
        """`value` (float64) rounded to the format, ties to even, overflow to infinity, as float64.

        Exact scaling, `rint`, exact scaling: one rounding. (Casting float64 to bfloat16 may round
        twice.) Zeros keep their sign.
        """
        real = np.asarray(value, dtype=np.float64)
        if self.precision == 53:
            return real.copy()
        with np.errstate(invalid="ignore", over="ignore"):
            unit = np.where(np.isfinite(real), self.ulp(real), 1.0)
            rounded = np.rint(real / unit) * unit
        return np.where(np.abs(rounded) > self.largest, np.copysign(np.inf, real), rounded)

    def nearest_fraction(self, value: Fraction) -> tuple[float, float]:
        """The rational `value` rounded to the format, and what is left over, in ulp(result).

        The leftover of a result that overflowed to infinity is 0.
        """
        unit = self._unit(value)
        result = Fraction(round(value / unit)) * unit
        if abs(result) > self.largest:
            return math.copysign(math.inf, result), 0.0
        return float(result), float((value - result) / self._unit(result))

    def _unit(self, value: Fraction) -> Fraction:
        size = max(abs(value), Fraction(2) ** self.emin)
        exponent = size.numerator.bit_length() - size.denominator.bit_length()
        if size < Fraction(2) ** exponent:
            exponent -= 1
        return Fraction(2) ** (exponent - self.precision + 1)

    def store(self, value: Float64) -> NDArray[Any]:
        """Cast float64 values that already lie on the format's grid to its dtype (exact)."""
        return value.astype(self.dtype)


#: name -> format.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        f.name: f
        for f in (
            Format("float16", 11, -14, 15),
            Format("bfloat16", 8, -126, 127),
            Format("float32", 24, -126, 127),
            Format("float64", 53, -1022, 1023),
        )
    }
)


def of(dtype: DTypeLike | str) -> Format:
    """The format of a dtype or of a name such as "bfloat16".

    Raises:
        InputError: it is none of the four.
    """
    name = "bfloat16" if dtype == "bfloat16" else np.dtype(dtype).name
    if name not in FORMATS:
        raise InputError(f"dtype: expected one of {', '.join(FORMATS)}, got {name}; convert first")
    return FORMATS[name]
