"""The second evaluator: mpmath at 50 digits, which shares no arithmetic with the balls."""

from fractions import Fraction
from typing import Any

import mpmath

from lsetheory.proof.kernel.evaluate import Arithmetic, Point, Undefined, compiled
from lsetheory.proof.kernel.terms import Formula, Term

#: A violation smaller than this, relative to the sides, is put down to rounding.
SLACK = mpmath.mpf(10) ** -30


def _number(q: Any) -> Any:
    if isinstance(q, Term):
        return compiled(q, MPMATH)({}, ())
    return mpmath.mpf(q.numerator) / q.denominator if isinstance(q, Fraction) else mpmath.mpf(q)


def _inverse(x: Any) -> Any:
    if x == 0:
        raise Undefined("1/0")
    return 1 / x


def _logarithm(x: Any) -> Any:
    if x <= 0:
        raise Undefined("log x for x <= 0")
    return mpmath.log(x)


MPMATH = Arithmetic(_number, mpmath.exp, _logarithm, _inverse, max)


def violated(f: Formula, point: Point, digits: int = 50) -> bool:
    """Whether a comparison fails by more than rounding; other formulas are not looked at."""
    if f.op not in ("le", "lt", "eq"):
        return False
    with mpmath.workdps(digits):
        try:
            a, b = (compiled(t, MPMATH)(point, ()) for t in f.args)
        except Undefined:
            return False
        slack = SLACK * (1 + abs(a) + abs(b))
        return bool(a - b > slack or (f.op == "eq" and b - a > slack))
