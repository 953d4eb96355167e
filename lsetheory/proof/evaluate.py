"""Values of terms at a point, in any arithmetic: floats, numpy arrays, mpmath, balls, series.

A term is compiled once to nested Python functions of (point, bound variables) and then costs a few
calls a node. This shares no code with the normal form, so what one gets wrong the other notices.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from lsetheory.proof.terms import Expr, Term

#: Where free variables get their values: a number, nested sequences of numbers, or a function of
#: indices. For a map, a sequence or a function of ints.
Point = Mapping[str, Any]
#: A compiled term: (point, values of the bound variables, innermost last) -> value.
Compiled = Callable[[Point, tuple[Any, ...]], Any]
Number = Fraction | int | float


class Undefined(ValueError):
    """A term has no value here: a division by what may be zero, a log of what may be <= 0."""


@dataclass(frozen=True)
class Arithmetic:
    """The operations a term needs beyond + and *."""

    number: Callable[[Any], Any]
    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    inv: Callable[[Any], Any]
    larger: Callable[[Any, Any], Any]


FLOATS = Arithmetic(
    number=lambda q: np.asarray(q, dtype=float) if not isinstance(q, Fraction) else float(q),
    exp=np.exp, log=np.log, inv=lambda x: 1.0 / x, larger=np.maximum,
)  # fmt: skip


def value(t: Term, point: Point) -> Any:
    """The value of a term in double precision; numpy arrays in `point` are broadcast.

    Args:
        t: a closed term, say `CLAIM.parts["upper"].args[1]`.
        point: variable -> number or array, or sequence of those for a vector.
    """
    return compiled(t, FLOATS)(point, ())


@lru_cache(maxsize=20_000)
def compiled(t: Expr, ops: Arithmetic) -> Compiled:
    """A term as a function of a point and the values of its bound variables."""
    a = t.args
    match t.op:
        case "num":
            constant = a[0]
            return lambda p, b: ops.number(constant)
        case "var":
            return lambda p, b: ops.number(p[a[0]])
        case "bound":
            return lambda p, b: ops.number(b[-1 - a[0]])
        case "at":
            indices = [compiled_index(i) for i in a[2:]]
            return lambda p, b: ops.number(_entry(p[a[0]], [i(p, b) for i in indices]))
        case "add":
            return _folded([compiled(u, ops) for u in a], lambda x, y: x + y)
        case "mul":
            return _folded([compiled(u, ops) for u in a], lambda x, y: x * y)
        case "ipow":
            return _powered(compiled(a[0], ops), lambda p, b: int(a[1]), ops)
        case "power":
            return _powered(compiled(a[0], ops), compiled_index(a[1]), ops)
        case "inv" | "exp" | "log":
            return _applied({"inv": ops.inv, "exp": ops.exp, "log": ops.log}[t.op],
                            compiled(a[0], ops))  # fmt: skip
        case "max2":
            return _folded([compiled(u, ops) for u in a], ops.larger)
        case "sum":
            return _over_indices(a, ops, lambda x, y: x + y, start=0)
        case "max":
            return _over_indices(a, ops, ops.larger)
        case "binom":
            n, k = (compiled_index(u) for u in a)
            return lambda p, b: ops.number(comb(n(p, b), k(p, b)))
    raise Undefined(f"{t!r} is no term")


@lru_cache(maxsize=20_000)
def compiled_index(t: Expr) -> Callable[[Point, tuple[Any, ...]], int]:
    """A natural term as a function with an exact int as its value."""
    a = t.args
    if t.op == "var":
        return lambda p, b: int(p[a[0]])
    if t.op == "bound":
        return lambda p, b: int(b[-1 - a[0]])
    exact = compiled(t, EXACT)
    return lambda p, b: int(exact(p, b))


def _refuse(x: Any) -> Any:
    raise Undefined("a natural number has no exp, log or inverse in it")


EXACT = Arithmetic(number=lambda q: q, exp=_refuse, log=_refuse, inv=_refuse, larger=max)


def _entry(values: Any, indices: Sequence[int]) -> Any:
    if callable(values):
        return values(*indices)
    for i in indices:
        values = values[i]
    return values


def _applied(function: Callable[[Any], Any], inner: Compiled) -> Compiled:
    return lambda p, b: function(inner(p, b))


def _folded(parts: Sequence[Compiled], join: Callable[[Any, Any], Any]) -> Compiled:
    def go(p: Point, b: tuple[Any, ...]) -> Any:
        out = parts[0](p, b)
        for part in parts[1:]:
            out = join(out, part(p, b))
        return out

    return go


def _powered(
    base: Compiled, exponent: Callable[[Point, tuple[Any, ...]], int], ops: Arithmetic
) -> Compiled:
    def go(p: Point, b: tuple[Any, ...]) -> Any:
        k = exponent(p, b)
        return base(p, b) ** k if k else ops.number(1)

    return go


def _over_indices(
    a: tuple[Any, ...], ops: Arithmetic, join: Callable[[Any, Any], Any], start: int | None = None
) -> Compiled:
    count, body = compiled_index(a[0]), compiled(a[1], ops)

    def go(p: Point, b: tuple[Any, ...]) -> Any:
        values = [body(p, (*b, i)) for i in range(count(p, b))]
        if start is None and not values:
            raise Undefined("the maximum of no numbers")
        out = ops.number(start) if start is not None else values.pop()
        for v in values:
            out = join(out, v)
        return out

    return go
