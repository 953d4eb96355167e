"""Whether a formula holds at a point, decided by ball arithmetic: True, False, or None for unsure.

It knows nothing of the kernel: a quantifier over indices is run through, a derivative is compared
with a Taylor coefficient. Of limits nothing is sure: they are watched on the way to their point,
and one counts as false where the distance to it stands still or grows all along, which is evidence.
"""

import operator
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
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
#: The way to a limit's point, or to infinity, as powers of two; and the least share by which the
#: distance to a limit must shrink at one of the steps. For 1/log(log t) it is 1/9 or more at each.
WAY, SHRINKS = (50, 100, 200, 400), 2**-20


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
    naturals = _naturals(f)
    try:
        if naturals is not None:
            return EXACTLY[f.op](*(side(point, bound) for side in naturals))
        return compare(f.op, f.args[0], f.args[1], point, bound, BITS)
    except Undefined:
        return None


@lru_cache(maxsize=10_000)
def _naturals(f: Expr) -> list[Index] | None:
    """The two sides of a comparison of natural numbers as functions with exact values."""
    return [compiled_index(t) for t in f.args] if all(map(is_nat, f.args)) else None


def _quantified(f: Expr, point: Point, bound: Bound) -> Truth:
    values = indices(f, point, bound)
    exhaustive = values is not None
    # an index that was taken from its range need not be asked whether it is in it
    body = f.args[1].args[1] if exhaustive else f.args[1]
    tried = values if values is not None else PROBES if f.args[0] == "real" else range(5)
    found = [truth(body, point, (*bound, v)) for v in tried]
    verdict = every(found) if f.op == "forall" else _not(every(map(_not, found)))
    settled = verdict is (f.op == "exists")
    return verdict if exhaustive or settled else None


def indices(f: Expr, point: Point, bound: Bound) -> range | None:
    """All indices that a quantifier runs over; None unless it says i < n → ..., i < n and ...."""
    kind, body = f.args
    if kind != "nat" or body.op != ("implies" if f.op == "forall" else "and"):
        return None
    inside = body.args[0]
    if inside.op != "lt" or inside.args[0].op != "bound" or not is_nat(inside.args[1]):
        return None
    # the variable itself, and not one of a quantifier around it
    if inside.args[0].args[0] != 0:
        return None
    return range(compiled_index(inside.args[1])(point, (*bound, 0)))


def _has_slope(f: Expr, point: Point, bound: Bound, bits: int = 200) -> Truth:
    """False where the Taylor coefficient is surely another number; equality is never sure."""
    body, at, claimed = f.args
    try:
        there = enclose(at, point, bits, bound)
        gap = slope(body, there, point, bits, bound) - enclose(claimed, point, bits, bound)
    except Undefined:
        return None
    return None if gap.contains(0) else False


def _has_limit(f: Expr, point: Point, bound: Bound, bits: int = 1000) -> Truth:
    """False where the distance to the claimed limit does not shrink on the way to the point."""
    body, to, side, claimed = f.args
    try:
        limit = enclose(claimed, point, bits, bound)
        for way in _ways(to, side, point, bound, bits):
            gaps = [abs(enclose(body, point, bits, (*bound, t)) - limit) for t in way]
            if all(after > before * (1 - SHRINKS) for before, after in pairwise(gaps)):
                return False
    except Undefined:
        return None
    return None


def _ways(to: Expr | str, side: str, point: Point, bound: Bound, bits: int) -> list[list[Any]]:
    if isinstance(to, str):
        return [[(1 if to == "inf" else -1) * 2**k for k in WAY]]
    there = enclose(to, point, bits, bound)
    signs = {"both": (1, -1), "above": (1,), "below": (-1,)}[side]
    return [[there + number(Fraction(s, 2**k)) for k in WAY] for s in signs]
