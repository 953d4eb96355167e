"""Whether a formula holds at a point, decided by ball arithmetic: True, False, or None for unsure.

It knows nothing of the kernel: a quantifier over indices is run through, a derivative is compared
with a Taylor coefficient, a limit is watched along a sequence that goes to its point.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lsetheory.proof.kernel.balls import compare, enclose, number, slope
from lsetheory.proof.kernel.evaluate import Index, Point, Undefined, compiled_index
from lsetheory.proof.kernel.terms import Expr, is_nat

#: How natural numbers are compared.
EXACTLY: dict[str, Callable[[int, int], bool]] = {
    "le": operator.le, "lt": operator.lt, "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
Bound = tuple[Any, ...]
Truth = bool | None
#: Bits for a comparison: mostly enough, and once more where it was not.
BITS = (80, 400)
#: Values tried for a real variable that a formula itself quantifies.
PROBES = (0, 1, -1, Fraction(1, 3), Fraction(-7, 2), 40)
#: How near a limit's point is gone, and how far to infinity, as powers of two.
NEAR, FAR = (100, 200), (100, 200)


def truth(f: Expr, point: Point, bound: Bound = ()) -> Truth:
    """Whether a formula holds at a point, as far as balls can tell."""
    a = f.args
    match f.op:
        case "le" | "lt" | "eq" | "ne":
            return _compared(f, point, bound)
        case "and":
            return every(truth(g, point, bound) for g in a)
        case "or":
            return _not(every(_not(truth(g, point, bound)) for g in a))
        case "implies":
            hypothesis = truth(a[0], point, bound)
            conclusion = truth(a[1], point, bound) if hypothesis is not False else True
            return conclusion if hypothesis or conclusion else None
        case "forall" | "exists":
            return _quantified(f, point, bound)
        case "deriv":
            return _has_slope(f, point, bound)
        case "tends":
            return _has_limit(f, point, bound)
    return False if f.op == "false" else None


def every(parts: Iterable[Truth]) -> Truth:
    """False if one is, else None if one is, else True."""
    out: Truth = True
    for t in parts:
        if t is False:
            return False
        out = None if t is None else out
    return out


def _not(t: Truth) -> Truth:
    return None if t is None else not t


def _compared(f: Expr, point: Point, bound: Bound) -> Truth:
    indices = _indices(f)
    try:
        if indices is not None:
            return EXACTLY[f.op](*(index(point, bound) for index in indices))
        return compare(f.op, f.args[0], f.args[1], point, bound, BITS)
    except Undefined:
        return None


@lru_cache(maxsize=10_000)
def _indices(f: Expr) -> list[Index] | None:
    """The two sides of a comparison of natural numbers as functions with exact values."""
    return [compiled_index(t) for t in f.args] if all(map(is_nat, f.args)) else None


def _quantified(f: Expr, point: Point, bound: Bound) -> Truth:
    values, exhaustive = _range(f, point, bound)
    # an index that was taken from its range need not be asked whether it is in it
    body = f.args[1].args[1] if exhaustive else f.args[1]
    found = [truth(body, point, (*bound, v)) for v in values]
    verdict = every(found) if f.op == "forall" else _not(every(map(_not, found)))
    settled = verdict is (f.op == "exists")
    return verdict if exhaustive or settled else None


def _range(f: Expr, point: Point, bound: Bound) -> tuple[Sequence[Any], bool]:
    """The values of a quantified variable to try, and whether that is all of them."""
    kind, body = f.args
    inside = body.args[0] if body.op in ("implies", "and") else body
    indexed = kind == "nat" and inside is not body and inside.op == "lt"
    indexed = indexed and body.op == ("implies" if f.op == "forall" else "and")
    if indexed and inside.args[0].op == "bound" and inside.args[0].args[0] == 0:
        return range(compiled_index(inside.args[1])(point, (*bound, 0))), True
    return (PROBES if kind == "real" else range(5)), False


def _has_slope(f: Expr, point: Point, bound: Bound, bits: int = 200) -> Truth:
    """False where the Taylor coefficient is surely another number; equality is never sure."""
    body, at, claimed = f.args
    try:
        there = enclose(at, point, bits, bound)
        gap = slope(body, there, point, bits, bound) - enclose(claimed, point, bits, bound)
    except Undefined:
        return None
    return None if gap.contains(0) else False


def _has_limit(f: Expr, point: Point, bound: Bound, bits: int = 700) -> Truth:
    """False where the distance to the claimed limit stops shrinking on the way to the point."""
    body, to, side, claimed = f.args
    try:
        limit = enclose(claimed, point, bits, bound)
        for way in _ways(to, side, point, bound, bits):
            gaps = [abs(enclose(body, point, bits, (*bound, t)) - limit) for t in way]
            if gaps[-1] > gaps[-2] / 2 and gaps[-1] > 0:
                return False
    except Undefined:
        return None
    return None


def _ways(to: Expr | str, side: str, point: Point, bound: Bound, bits: int) -> list[list[Any]]:
    if isinstance(to, str):
        return [[(1 if to == "inf" else -1) * 2**k for k in FAR]]
    there = enclose(to, point, bits, bound)
    signs = {"both": (1, -1), "above": (1,), "below": (-1,)}[side]
    return [[there + number(Fraction(s, 2**k)) for k in NEAR] for s in signs]
