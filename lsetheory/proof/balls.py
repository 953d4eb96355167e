"""Rigorous values of terms: balls of python-flint's arb that are sure to hold the real number."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import flint

from lsetheory.proof.evaluate import Arithmetic, Point, Undefined, compiled
from lsetheory.proof.terms import Expr, Term

__all__ = ["PRECISIONS", "Undefined", "compare", "enclose", "precision", "slope"]

#: Bits tried one after the other until a comparison is decided.
PRECISIONS = (64, 256, 1024, 4096)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with this many bits, inside the `with` block only."""
    before = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = before


def number(q: Any) -> Any:
    """An exact number (int, Fraction, float), or a closed term's value, as a ball."""
    if type(q) is float or type(q) is int:
        return flint.arb(q)
    if isinstance(q, Fraction):
        return flint.arb(flint.fmpq(q.numerator, q.denominator))
    if isinstance(q, Term):
        return compiled(q, BALLS)({}, ())
    return q if isinstance(q, flint.arb | flint.arb_series) else flint.arb(q)


def _inverse(x: Any) -> Any:
    if x.contains(0):
        raise Undefined("1/x where x may be 0")
    return 1 / x


def _logarithm(x: Any) -> Any:
    if not x > 0:
        raise Undefined("log x where x may be <= 0")
    return x.log()


BALLS = Arithmetic(number, lambda x: x.exp(), _logarithm, _inverse, lambda x, y: x.max(y))


def enclose(t: Expr, point: Point, bits: int = 128, bound: tuple[Any, ...] = ()) -> Any:
    """A ball (flint.arb) that holds the value of `t` at `point`, worked out with `bits` bits.

    Raises:
        Undefined: a denominator's ball holds 0, or the ball of a log's argument a number <= 0.
        KeyError: `point` lacks a variable.
    """
    with precision(bits):
        return compiled(t, BALLS)(point, bound)


def compare(
    op: str, a: Expr, b: Expr, point: Point | None = None, bound: tuple[Any, ...] = (),
    precisions: tuple[int, ...] = PRECISIONS,
) -> bool | None:  # fmt: skip
    """Whether a < b ("lt"), a <= b ("le"), a = b or a ≠ b: True, False, or None for undecided.

    Raises:
        Undefined: at the highest precision a side has no value.
    """
    for bits in precisions:
        try:
            gap = enclose(b, point or {}, bits, bound) - enclose(a, point or {}, bits, bound)
        except Undefined:
            if bits == precisions[-1]:
                raise
            continue
        verdict = _verdict(op, gap)
        if verdict is not None:
            return verdict
    return None


def _verdict(op: str, gap: Any) -> bool | None:
    """What the sign of b - a says, if the ball leaves it in no doubt."""
    positive, negative, zero = gap > 0, gap < 0, gap == 0
    yes, no = {
        "lt": (positive, gap <= 0),
        "le": (gap >= 0, negative),
        "eq": (zero, positive or negative),
        "ne": (positive or negative, zero),
    }[op]
    return True if yes else False if no else None


def _series(q: Any) -> Any:
    return q if isinstance(q, flint.arb_series) else number(q)


def _series_inverse(x: Any) -> Any:
    _inverse(_leading(x))
    return 1 / x


def _series_logarithm(x: Any) -> Any:
    _logarithm(_leading(x))
    return x.log()


def _leading(x: Any) -> Any:
    return x[0] if isinstance(x, flint.arb_series) else x


def _no_larger(x: Any, y: Any) -> Any:
    if isinstance(x, flint.arb_series) or isinstance(y, flint.arb_series):
        raise Undefined("the slope of a maximum")
    return x.max(y)


SERIES = Arithmetic(_series, lambda x: x.exp(), _series_logarithm, _series_inverse, _no_larger)


def slope(body: Expr, at: Any, point: Point, bits: int, bound: tuple[Any, ...] = ()) -> Any:
    """A ball for the derivative of a body in its bound variable, by truncated Taylor series."""
    cap = flint.ctx.cap
    try:
        flint.ctx.cap = 2
        with precision(bits):
            out = compiled(body, SERIES)(point, (*bound, flint.arb_series([number(at), 1], 2)))
        return out[1] if isinstance(out, flint.arb_series) else flint.arb(0)
    finally:
        flint.ctx.cap = cap
