"""Claims as sympy expressions: printed, and their derivatives derived anew beside the proofs.

Nothing here decides a verdict. Sympy differentiates where it is safe to: on expressions written
out for a concrete n, without a Sum or an Indexed, whose derivatives it gets wrong in silence.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from lsetheory.proof.claim import Claim
from lsetheory.proof.kernel.binders import opened, unused
from lsetheory.proof.kernel.terms import Formula, Term

#: Sizes the derivatives are written out at: every natural variable of a claim takes this value.
SIZE = 3
#: Digits to which a derivative of sympy's must agree with the claimed one.
DIGITS = 30

RELATIONS = {"le": sympy.Le, "lt": sympy.Lt, "eq": sympy.Eq, "ne": sympy.Ne}


def expression(t: Term, sizes: Mapping[str, int], indices: tuple[Any, ...] = ()) -> Any:
    """A term as a sympy expression.

    Args:
        t: the term.
        sizes: values of natural variables; a sum of known length is written out, an entry with
            known indices is a symbol of its own.
        indices: what the enclosing binders stand for, the innermost first.
    """

    def go(part: Term) -> Any:
        return expression(part, sizes, indices)

    a = t.args
    match t.op:
        case "num":
            return sympy.Rational(a[0].numerator, a[0].denominator)
        case "var":
            natural = a[1] == "nat"
            known = sizes.get(a[0]) if natural else None
            return _symbol(a[0], natural) if known is None else sympy.Integer(known)
        case "bound":
            return indices[a[0]]
        case "at":
            return _entry(a[0], [go(i) for i in a[2:]])
        case "ipow":
            return go(a[0]) ** a[1]
        case "inv":
            return 1 / go(a[0])
        case "sum" | "max":
            return _indexed(t, sizes, indices)
    heads = {"add": sympy.Add, "mul": sympy.Mul, "exp": sympy.exp, "log": sympy.log,
             "max2": sympy.Max, "power": sympy.Pow, "binom": sympy.binomial}  # fmt: skip
    return heads[t.op](*(go(part) for part in a))


def _symbol(name: str, natural: bool) -> Any:
    if natural:
        return sympy.Symbol(name, integer=True, nonnegative=True)
    return sympy.Symbol(name, real=True)


def _entry(name: str, indices: list[Any]) -> Any:
    if all(index.is_Integer for index in indices):
        return _symbol("_".join([name, *map(str, indices)]), natural=False)
    return sympy.IndexedBase(name, real=True)[tuple(indices)]


def _indexed(t: Term, sizes: Mapping[str, int], indices: tuple[Any, ...]) -> Any:
    count, body = expression(t.args[0], sizes, indices), t.args[1]
    if count.is_Integer:
        each = [expression(body, sizes, (sympy.Integer(i), *indices)) for i in range(count)]
        return (sympy.Add if t.op == "sum" else sympy.Max)(*each)
    i = sympy.Symbol("ijkl"[len(indices)], integer=True, nonnegative=True)
    inner = expression(body, sizes, (i, *indices))
    if t.op == "sum":
        return sympy.Sum(inner, (i, 0, count - 1))
    return sympy.Function("max")(inner)


def statement(f: Formula) -> str | None:
    """A comparison as sympy prints it, over several lines; None for other formulas."""
    if f.op not in RELATIONS or any(a.op == "lam" for a in f.args):
        return None
    left, right = (expression(side, {}) for side in f.args)
    return str(sympy.pretty(RELATIONS[f.op](left, right, evaluate=False), use_unicode=True))


def derivatives(claim: Claim) -> list[dict[str, Any]]:
    """Every derivative a claim speaks of, derived by sympy for n = SIZE.

    Returns:
        Rows {part, derivative, agrees}: what sympy derives, and whether its value at a rational
        point agrees with the claimed one to DIGITS digits. Derivatives whose index conditions do
        not fit n = SIZE, or whose functions sympy cannot write out, are left out.
    """
    found = []
    for part, f in claim.parts.items():
        for body, at, value in _derivatives_in(f):
            row = _compared(body, at, value)
            if row is not None:
                found.append({"part": part, **row})
    return found


def _derivatives_in(f: Formula) -> Iterator[tuple[Term, Term, Term]]:
    """The derivatives stated in a formula, its quantified variables made free."""
    if f.op == "deriv":
        yield f.args
    elif f.op in ("and", "or"):
        yield from _derivatives_in(f.args[0])
        yield from _derivatives_in(f.args[1])
    elif f.op == "implies":
        yield from _derivatives_in(f.args[1])
    elif f.op == "forall":
        yield from _derivatives_in(opened(f.args[1], unused(f.args[0], f)))


def _compared(body: Term, at: Term, value: Term) -> dict[str, Any] | None:
    naturals = {name for part in (body, at, value) for name, kind, _ in part.free if kind == "nat"}
    # an index, named #0, #1, ... when its quantifier was opened, must lie below n
    sizes = {name: 0 if name.startswith("#") else SIZE for name in naturals}
    t = unused("real", body, at, value)
    x = expression(t, sizes)
    try:
        slope = sympy.diff(expression(opened(body, t), sizes), x)
        point = expression(at, sizes)
        claimed = expression(value, sizes)
    except (KeyError, TypeError, ValueError):
        return None
    if slope.atoms(sympy.Derivative) or slope.has(sympy.Indexed, sympy.Heaviside):
        return None
    return {
        "derivative": str(slope.xreplace({x: point})),
        "agrees": _agree(slope, claimed, x, point),
    }


def _agree(slope: Any, claimed: Any, x: Any, point: Any) -> bool:
    """Whether two expressions have one value where the symbols are distinct rationals."""
    symbols = sorted(
        (slope.free_symbols | claimed.free_symbols | point.free_symbols) - {x}, key=str
    )
    values = {s: sympy.Rational(2 * i + 3, 7) for i, s in enumerate(symbols)}
    here = slope.xreplace({x: point}).xreplace(values)
    there = claimed.xreplace(values)
    return bool(
        abs(sympy.N(here - there, DIGITS, maxn=400)) < sympy.Rational(1, 10 ** (DIGITS - 5))
    )
