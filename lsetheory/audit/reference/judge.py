"""An independent judge: the textbook formulas in mpmath, compared with certified results.

It shares no code with the tiers: no shift by the maximum, no rational cases, another library.

With B bits, each exp, log, product, quotient and sum (of any number of terms) off by 2**-B of
itself and r x exact, every formula below is off by less than 32 n `_scale` 2**-B: shares are off by
4 * 2**-B of themselves, and what is added and subtracted is at most `_scale` in size, n times in
all. So B bits settle a result above 2**(108 - B) n `_scale` to 2**-100 of itself, and every result
to 2**-100 of the smallest subnormal where B is large enough for that. Agreement of two precisions
would prove nothing: x - log(exp(x) + t) is x at both as long as exp(x) + t is 1 at both.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from numpy.typing import NDArray

from lsetheory.audit.formats import Format
from lsetheory.audit.reference import parameters as checked
from lsetheory.audit.reference.certified import Certified
from lsetheory.audit.reference.parameters import Given
from lsetheory.audit.reference.rowwise import special

Numbers = Sequence[Any]

#: First working precision in bits: 50 decimal digits are 167.
BITS = 400
#: The judge's own error in a residual, in ulp.
SLACK = 2.0**-100


class Disagreement(AssertionError):
    """A certified result that the judge does not confirm; the message holds the witness."""


def judge(
    operation: str, x: NDArray[Any], result: Certified, which: Iterable[int], **parameters: Any
) -> int:
    """Compare the rows `which` of a certified result with mpmath; the number of results compared.

    Rows that the table of special values decides are skipped.

    Raises:
        Disagreement: a value is not the nearest float, or a residual is off by more than its bound.
    """
    rows, fmt = checked.rows(operation, x)
    given = checked.read(operation, rows, parameters)
    compared = 0
    for i in which:
        if _fixed(operation, rows[i], given):
            continue
        for j, real in enumerate(compute(operation, rows[i], given, i, fmt)):
            _compare(
                operation, rows[i], result, (i, j) if result.value.ndim == 2 else (i,), real, fmt
            )
            compared += 1
    return compared


def _fixed(operation: str, row: NDArray[Any], given: Given) -> bool:
    """Whether convention decides the row; a single finite entry is mathematics."""
    single = len(row) == 1 and bool(np.isfinite(row[0]))
    return not single and special(operation, np.copysign(1.0, given.r) * row, given) is not None


def compute(operation: str, row: NDArray[Any], given: Given, i: int, fmt: Format) -> list[Any]:
    """All results of one row, off by 2**-100 of themselves or of the smallest subnormal."""
    v = [] if given.cotangent is None else given.cotangent[i].tolist()
    values = row.tolist()
    size = len(values) * _scale(values, given, v)
    first = _at(BITS, operation, values, given, v)
    if all(abs(y) > mpmath.ldexp(size, 108 - BITS) for y in first):
        return first
    return _at(108 + mpmath.mag(size / mpf(fmt.eta)), operation, values, given, v)


def _scale(row: list[float], given: Given, v: list[float]) -> Any:
    """(1 + max |x|)(1 + max |v|) max(1, |r|, 1/|r|)."""
    rate = abs(given.r) if math.isfinite(given.r) and given.r else 1.0
    sizes = [mpf(max((abs(t) for t in one if math.isfinite(t)), default=0.0)) for one in (row, v)]
    return (1 + sizes[0]) * (1 + sizes[1]) * max(mpf(rate), 1 / mpf(rate))


def _at(bits: int, operation: str, row: list[float], given: Given, v: list[float]) -> list[Any]:
    with mpmath.workprec(bits):
        return FORMULAS[operation]([mpf(t) for t in row], given, [mpf(t) for t in v])


def _compare(
    operation: str, row: NDArray[Any], result: Certified, at: Any, real: Any, fmt: Format
) -> None:
    value, residual = float(result.value[at]), float(result.residual[at])
    expected = nearest(real, fmt)
    off = 0.0 if np.isinf(value) else _off(real, value, residual, fmt)
    tie = abs(residual) == 0.5 and off <= SLACK  # then the judge cannot tell the side
    if not (value == expected or tie) or not off <= float(result.residual_bound[at]) + SLACK:
        raise Disagreement(
            f"{operation} of {[t.hex() for t in row.tolist()]} at {at}: certified {value.hex()} "
            f"with residual {residual}, mpmath says {expected.hex()}, residual off by {off}"
        )


def _off(real: Any, value: float, residual: float, fmt: Format) -> float:
    with mpmath.workprec(2 * BITS):
        exact = (real - mpf(value)) / mpf(float(fmt.ulp(value)))
        return float(abs(exact - mpf(residual)))


def nearest(real: Any, fmt: Format) -> float:
    """An mpmath number rounded to the format, ties to even, by exact integers."""
    sign, mantissa, exponent, bits = mpmath.mpmathify(real)._mpf_  # mpf() would round to 53 bits
    if not mantissa:
        return float(real)
    if exponent + bits < fmt.emin - fmt.precision:
        return 0.0
    unit = max(exponent + bits - 1, fmt.emin) - fmt.precision + 1
    shift = exponent - unit
    units = mantissa << shift if shift >= 0 else _half_even(mantissa, -shift)
    size = np.inf if units.bit_length() + unit - 1 > fmt.emax else float(np.ldexp(units, unit))
    return -size if sign else size


def _half_even(mantissa: int, shift: int) -> int:
    down, rest = mantissa >> shift, mantissa & ((1 << shift) - 1)
    half = 1 << (shift - 1)
    return down + (rest > half or (rest == half and down & 1 == 1))


def _exps(x: Numbers, r: float) -> list[Any]:
    if r == 0:
        return [mpf(1)] * len(x)
    return [mpf(0) if t == mpmath.ninf else mpmath.exp(mpf(r) * t) for t in x]


def _lse(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    return [mpmath.log(mpmath.fsum(_exps(x, 1.0)))]


def _pooled(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    if given.r == 0:
        return [mpmath.fsum(x) / len(x)]
    if np.isinf(given.r):
        return [max(x) if given.r > 0 else min(x)]
    total = mpmath.fsum(_exps(x, given.r))
    return [mpmath.log(total / len(x) if given.form == "mean" else total) / mpf(given.r)]


def _softmax(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    if np.isinf(given.r):
        top = max(x) if given.r > 0 else min(x)
        return [mpf(t == top) / list(x).count(top) for t in x]
    e = _exps(x, given.r)
    total = mpmath.fsum(e)
    return [t / total for t in e]


def _log_softmax(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    total = _lse(x, given, v)[0]
    return [t - total for t in x]


def _dot(p: Numbers, x: Numbers) -> Any:
    return mpmath.fsum(a * b for a, b in zip(p, x, strict=True) if a)


def _swap(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    return [_dot(_softmax(x, given, v), x)]


def _swap_gradient(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    p = _softmax(x, given, v)
    if given.r == 0 or np.isinf(given.r):
        return p
    mean = _dot(p, x)
    return [a * (1 + mpf(given.r) * (t - mean)) if a else a for a, t in zip(p, x, strict=True)]


def _shares(given: Given) -> list[Any]:
    return _softmax([mpf(w) for w in given.weights], Given(len(given.weights)), [])


def _ordinal(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    return [_dot(_shares(given), sorted(x, reverse=True)[: len(given.weights)])]


def _ordinal_gradient(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    order = sorted(range(len(x)), key=lambda j: (-x[j], j))
    shares = dict(zip(order, _shares(given), strict=False))
    return [shares.get(j, mpf(0)) for j in range(len(x))]


def _softmax_gradient(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    p = _softmax(x, given, v)
    mean = _dot(p, v)
    return [a * (t - mean) for a, t in zip(p, v, strict=True)]


def _log_softmax_gradient(x: Numbers, given: Given, v: Numbers) -> list[Any]:
    total = mpmath.fsum(v)
    return [t - a * total for t, a in zip(v, _softmax(x, given, v), strict=True)]


#: operation -> its textbook formula.
FORMULAS: Mapping[str, Callable[[Numbers, Given, Numbers], list[Any]]] = {
    "logsumexp": _lse,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "logaddexp": _lse,
    "pooled_lse": _pooled,
    "swap": _swap,
    "ordinal": _ordinal,
    "logsumexp_gradient": _softmax,
    "softmax_gradient": _softmax_gradient,
    "log_softmax_gradient": _log_softmax_gradient,
    "logaddexp_gradient": _softmax,
    "pooled_lse_gradient": _softmax,
    "swap_gradient": _swap_gradient,
    "ordinal_gradient": _ordinal_gradient,
}
