"""Rigorous values of terms: balls of python-flint's arb that are sure to hold the real number.

It shares no code with the normal form, so what one gets wrong the other can notice.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import comb
from typing import Any

import flint

from lsetheory.proof.terms import Term, opened
from lsetheory.proof.terms import term as make_term

#: Where free variables get their values: a number, or a sequence (or function) of numbers.
Point = Mapping[str, Any]
#: Bits tried one after the other until a comparison is decided.
PRECISIONS = (64, 256, 1024, 4096)


class Undefined(ValueError):
    """A term has no value here: a division by what may be zero, a log of what may be <= 0."""


def compare(op: str, a: Term, b: Term, point: Point | None = None) -> bool:
    """Whether a < b, a <= b or a ≠ b for sure; False says nothing.

    Raises:
        Undefined: at no precision do both sides have a value.
    """
    failure: Undefined | None = None
    for bits in PRECISIONS:
        try:
            gap = enclose(b, point or {}, bits) - enclose(a, point or {}, bits)
            failure = None
        except Undefined as error:
            failure = error
            continue
        decided = {"lt": gap > 0, "le": gap >= 0, "ne": gap > 0 or gap < 0}[op]
        if decided or gap < 0:
            return bool(decided)
    if failure is not None:
        raise failure
    return False


def enclose(t: Term, point: Point, bits: int = 128) -> Any:
    """A ball (flint.arb) that holds the value of `t` at `point`, worked out with `bits` bits.

    Raises:
        Undefined: a denominator's ball holds 0, or the ball of a log's argument a number <= 0.
        KeyError: `point` lacks a variable.
    """
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        return _enclose(t, point)
    finally:
        flint.ctx.prec = before


def number(value: Any) -> Any:
    """An exact number (int, Fraction, float) as a ball."""
    if isinstance(value, Fraction):
        return flint.arb(flint.fmpq(value.numerator, value.denominator))
    return value if isinstance(value, flint.arb) else flint.arb(value)


def _enclose(t: Term, point: Point) -> Any:
    a = t.args
    match t.op:
        case "num":
            return number(a[0])
        case "var":
            return number(point[a[0]])
        case "at":
            return number(_entry(point[a[0]], [index(i, point) for i in a[2:]]))
        case "add":
            return sum((_enclose(x, point) for x in a[1:]), start=_enclose(a[0], point))
        case "mul":
            return _product([_enclose(x, point) for x in a])
        case "ipow":
            return _enclose(a[0], point) ** a[1]
        case "inv":
            return _inverse(_enclose(a[0], point))
        case "exp":
            return _enclose(a[0], point).exp()
        case "log":
            return _logarithm(_enclose(a[0], point))
        case "sum":
            return sum(_each(t, point), start=flint.arb(0))
        case "max":
            return _largest(_each(t, point))
        case "max2":
            return _enclose(a[0], point).max(_enclose(a[1], point))
        case "power":
            return _enclose(a[0], point) ** index(a[1], point)
        case "binom":
            return flint.arb(comb(index(a[0], point), index(a[1], point)))
    raise Undefined(f"{t!r} is no closed term")


def index(t: Term, point: Point) -> int:
    """The value of a natural term, exactly."""
    ball = _enclose(t, point) if t.op != "num" else flint.arb(int(t.args[0]))
    whole = ball.unique_fmpz()
    if whole is None:
        raise Undefined(f"{t!r} is not known exactly")
    return int(whole)


def _entry(values: Any, indices: list[int]) -> Any:
    if callable(values):
        return values(*indices)
    for i in indices:
        values = values[i]
    return values


def _each(t: Term, point: Point) -> list[Any]:
    count = index(t.args[0], point)
    numerals = (make_term("num", Fraction(i)) for i in range(count))
    return [_enclose(opened(t.args[1], i), point) for i in numerals]


def _product(factors: list[Any]) -> Any:
    out = factors[0]
    for f in factors[1:]:
        out = out * f
    return out


def _largest(values: list[Any]) -> Any:
    if not values:
        raise Undefined("the maximum of no numbers")
    out = values[0]
    for v in values[1:]:
        out = out.max(v)
    return out


def _inverse(x: Any) -> Any:
    if x.contains(0):
        raise Undefined("1/x where x may be 0")
    return 1 / x


def _logarithm(x: Any) -> Any:
    if not x > 0:
        raise Undefined("log x where x may be <= 0")
    return x.log()


