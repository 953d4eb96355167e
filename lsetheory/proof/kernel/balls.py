"""Rigorous values of terms: balls of python-flint's arb that are sure to hold the real number."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import flint

from lsetheory.proof.kernel.evaluate import Arithmetic, Point, Undefined, compiled
from lsetheory.proof.kernel.terms import Expr, Term

__all__ = ["PRECISIONS", "Undefined", "compare", "enclose", "precision", "slope"]

#: Bits tried one after the other until a comparison is decided.
PRECISIONS = (64, 256, 1024, 4096)


_arb = flint.arb


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
    kind = type(q)
    if kind is _arb:
        return q
    if kind is float or kind is int:
        return _arb(q)
    if isinstance(q, Fraction):
        return flint.arb(flint.fmpq(q.numerator, q.denominator))
    if isinstance(q, Term):
        return compiled(q, BALLS)({}, ())
    return q if isinstance(q, flint.arb_series) else flint.arb(q)


def _inverse(x: Any) -> Any:
    if x.contains(0):
        raise Undefined("1/x where x may be 0")
    return 1 / x


def _logarithm(x: Any) -> Any:
    if not x > 0:
        raise Undefined("log x where x may be <= 0")
    return x.log()


def _bits() -> int:
    return int(flint.ctx.prec)


BALLS = Arithmetic(number, lambda x: x.exp(), _logarithm, _inverse, lambda x, y: x.max(y), _bits)


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
    left, right, at = compiled(a, BALLS), compiled(b, BALLS), point or {}
    before = flint.ctx.prec
    try:
        for bits in precisions:
            flint.ctx.prec = bits
            try:
                verdict = _verdict(op, right(at, bound) - left(at, bound))
            except Undefined:
                if bits == precisions[-1]:
                    raise
                continue
            if verdict is not None:
                return verdict
    finally:
        flint.ctx.prec = before
    return None


#: What b - a must be for sure, for the comparison to hold, and for it not to.
_SIGNS: dict[str, tuple[Callable[[Any], bool], Callable[[Any], bool]]] = {
    "lt": (lambda gap: gap > 0, lambda gap: gap <= 0),
    "le": (lambda gap: gap >= 0, lambda gap: gap < 0),
    "eq": (lambda gap: gap == 0, lambda gap: gap > 0 or gap < 0),
    "ne": (lambda gap: gap > 0 or gap < 0, lambda gap: gap == 0),
}


def _verdict(op: str, gap: Any) -> bool | None:
    """What the sign of b - a says, if the ball leaves it in no doubt."""
    yes, no = _SIGNS[op]
    return True if yes(gap) else False if no(gap) else None


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


SERIES = Arithmetic(
    _series, lambda x: x.exp(), _series_logarithm, _series_inverse, _no_larger, _bits
)


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
