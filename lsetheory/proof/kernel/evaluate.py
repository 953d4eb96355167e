"""Values of terms at a point, in any arithmetic: floats, numpy arrays, mpmath, balls, series.

A term is compiled once to nested Python functions of (point, bound variables) and then costs a few
calls a node. This shares no code with the normal form, so what one gets wrong the other notices.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np

from lsetheory.proof.kernel.terms import Expr, Term

#: Where free variables get their values: a number, nested sequences of numbers, or a function of
#: indices. For a map, a sequence or a function of ints.
Point = Mapping[str, Any]
#: A compiled term: (point, values of the bound variables, innermost last) -> value.
Compiled = Callable[[Point, tuple[Any, ...]], Any]
Index = Callable[[Point, tuple[Any, ...]], int]
Number = Fraction | int | float


class Undefined(ValueError):
    """A term has no value here: a division by what may be zero, a log of what may be <= 0."""


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """The operations a term needs beyond + and *."""

    number: Callable[[Any], Any]
    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    inv: Callable[[Any], Any]
    larger: Callable[[Any, Any], Any]
    precision: Callable[[], int] = lambda: 0  #: of the values made now, where it can vary


class Memory(dict[str, Any]):
    """A point that must not change, and keeps the values of sums and maxima worked out there."""

    def __init__(self, point: Point) -> None:
        super().__init__(point)
        self.known: dict[tuple[Expr, Arithmetic, int], Any] = {}


def _remembered(t: Expr, ops: Arithmetic, work: Compiled) -> Compiled:
    """`work`, done once a `Memory` where the term has no variable bound outside it."""
    if t.loose:
        return work

    def go(p: Point, b: tuple[Any, ...]) -> Any:
        if type(p) is not Memory:
            return work(p, b)
        key = (t, ops, ops.precision())
        if key not in p.known:
            p.known[key] = work(p, b)
        return p.known[key]

    return go


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
            return _constant(a[0], ops)
        case "var":
            name, number = a[0], ops.number
            return lambda p, b: number(p[name])
        case "bound":
            place, number = -1 - a[0], ops.number
            return lambda p, b: number(b[place])
        case "at":
            return _read(a[0], [compiled_index(i) for i in a[2:]], ops.number)
        case "add":
            return _added([compiled(u, ops) for u in a])
        case "mul":
            return _multiplied([compiled(u, ops) for u in a])
        case "ipow":
            return _powered(compiled(a[0], ops), lambda p, b: int(a[1]), ops)
        case "power":
            return _powered(compiled(a[0], ops), compiled_index(a[1]), ops)
        case "inv" | "exp" | "log":
            return _applied({"inv": ops.inv, "exp": ops.exp, "log": ops.log}[t.op],
                            compiled(a[0], ops))  # fmt: skip
        case "max2":
            left, right, larger = compiled(a[0], ops), compiled(a[1], ops), ops.larger
            return lambda p, b: larger(left(p, b), right(p, b))
        case "sum":
            return _remembered(t, ops, _over_indices(a, ops, operator.add, start=0))
        case "max":
            return _remembered(t, ops, _over_indices(a, ops, ops.larger))
        case "binom":
            n, k = (compiled_index(u) for u in a)
            return lambda p, b: ops.number(comb(n(p, b), k(p, b)))
    raise Undefined(f"{t!r} is no term")


@lru_cache(maxsize=20_000)
def compiled_index(t: Expr) -> Index:
    """A natural term as a function with an exact int as its value."""
    if t.op == "var":
        name = t.args[0]
        return lambda p, b: int(p[name])
    if t.op == "bound":
        place = -1 - t.args[0]
        return lambda p, b: int(b[place])
    if t.op == "at":
        return _read(t.args[0], [compiled_index(i) for i in t.args[2:]], int)
    exact = compiled(t, EXACT)
    return lambda p, b: int(exact(p, b))


def _refuse(x: Any) -> Any:
    raise Undefined("a natural number has no exp, log or inverse in it")


EXACT = Arithmetic(number=lambda q: q, exp=_refuse, log=_refuse, inv=_refuse, larger=max)


def _constant(q: Fraction, ops: Arithmetic) -> Compiled:
    if q.denominator == 1 and abs(q) <= 2**24:  # exact at any precision
        whole = ops.number(int(q))
        return lambda p, b: whole
    return lambda p, b: ops.number(q)


def _read(name: str, indices: Sequence[Index], number: Callable[[Any], Any]) -> Compiled:
    first, rest = indices[0], indices[1:]

    def go(p: Point, b: tuple[Any, ...]) -> Any:
        values, index = p[name], first(p, b)
        if callable(values):
            return number(values(index, *[i(p, b) for i in rest]))
        values = values[index]
        for i in rest:
            values = values[i(p, b)]
        return number(values)

    return go


def _applied(function: Callable[[Any], Any], inner: Compiled) -> Compiled:
    return lambda p, b: function(inner(p, b))


def _added(parts: Sequence[Compiled]) -> Compiled:
    left, right = parts[0] if len(parts) < 3 else _added(parts[:-1]), parts[-1]
    return left if len(parts) == 1 else lambda p, b: left(p, b) + right(p, b)


def _multiplied(parts: Sequence[Compiled]) -> Compiled:
    left, right = parts[0] if len(parts) < 3 else _multiplied(parts[:-1]), parts[-1]
    return left if len(parts) == 1 else lambda p, b: left(p, b) * right(p, b)


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
