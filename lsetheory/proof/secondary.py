"""The second evaluator: mpmath at 50 digits, which shares no arithmetic with the balls."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import mpmath

from lsetheory.proof.kernel.evaluate import Arithmetic, Point, Undefined, compiled
from lsetheory.proof.kernel.terms import Expr, Term
from lsetheory.proof.truth import Bound, Truth, indices, truth

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


def violated(f: Expr, point: Point, bound: Bound = (), digits: int = 50) -> Truth:
    """Whether a comparison fails by more than rounding; None where there was none to look at.

    It is looked for behind hypotheses that hold for sure, as balls tell, and at each index.
    """
    match f.op:
        case "le" | "lt" | "eq":
            return _fails(f, point, bound, digits)
        case "and":
            return _any(violated(g, point, bound, digits) for g in f.args)
        case "implies" if truth(f.args[0], point, bound):
            return violated(f.args[1], point, bound, digits)
        case "forall" if (values := indices(f, point, bound)) is not None:
            body = f.args[1].args[1]
            return _any(violated(body, point, (*bound, i), digits) for i in values)
    return None


def _any(found: Iterable[Truth]) -> Truth:
    """True if one is, else False if one is, else None."""
    return max(found, key=[None, False, True].index, default=None)


def _fails(f: Expr, point: Point, bound: Bound, digits: int) -> Truth:
    with mpmath.workdps(digits):
        try:
            a, b = (compiled(t, MPMATH)(point, bound) for t in f.args)
        except Undefined:
            return None
        slack = SLACK * (1 + abs(a) + abs(b))
        return bool(a - b > slack or (f.op == "eq" and b - a > slack))
