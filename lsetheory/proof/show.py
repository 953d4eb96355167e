"""Terms and formulas as plain text: infix, bound variables named i, j, k and t, s, u by depth."""

from fractions import Fraction
from itertools import chain
from itertools import count as counting
from typing import Any

from lsetheory.proof.kernel.binders import opened
from lsetheory.proof.kernel.terms import Expr, term

#: op -> how it is written; relations and connectives are infix.
INFIX = {"le": "≤", "lt": "<", "eq": "=", "ne": "≠", "and": "∧", "or": "∨", "implies": "→"}
INDEX_NAMES = ("i", "j", "k", "l", "p", "q")
REAL_NAMES = ("t", "s", "u", "v", "w")


def text(node: Expr) -> str:
    """The node in one line of text."""
    return _text(node, 0)


def _text(node: Expr, level: int) -> str:
    """`level` tells how tightly what is around binds: 0 formula, 1 +, 2 product, 3 1/, 4 ^."""
    a = node.args
    match node.op:
        case "num":
            return _bracket(str(a[0]), a[0] < 0 or a[0].denominator > 1, level > 1)
        case "var":
            return str(a[0])
        case "bound":
            return f"_{a[0]}"
        case "at":
            return f"{a[0]}[{', '.join(_text(i, 0) for i in a[2:])}]"
        case "add":
            return _bracket(_sum(a), True, level > 1)
        case "mul" if smallest := minimum(node):
            name, body = smallest
            shown = f"min[{name}<{_text(a[1].args[0], 1)}] {_text(body, 2)}"
            return _bracket(shown, True, level > 1)
        case "mul":
            return _bracket(_product(a), True, level > 2)
        case "ipow":
            return _bracket(f"{_text(a[0], 4)}^{a[1]}", True, level > 3)
        case "power":
            return _bracket(f"{_text(a[0], 4)}^{_text(a[1], 4)}", True, level > 3)
        case "inv":
            return _bracket(f"1/{_text(a[0], 3)}", True, level > 2)
        case "exp" | "log":
            return f"{node.op}({_text(a[0], 0)})"
        case "max2" | "binom":
            return f"{'max' if node.op == 'max2' else 'C'}({_text(a[0], 0)}, {_text(a[1], 0)})"
        case "sum" | "max":
            name, body = opened_body(a[1], "nat", node)
            word = "Σ" if node.op == "sum" else "max"
            return _bracket(f"{word}[{name}<{_text(a[0], 1)}] {_text(body, 2)}", True, level > 1)
        case "forall" | "exists":
            name, body = opened_body(a[1], a[0], node)
            sort = "" if a[0] == "real" else "∈ℕ"
            return f"({'∀' if node.op == 'forall' else '∃'}{name}{sort}. {_text(body, 0)})"
        case "deriv":
            name, body = opened_body(a[0], "real", node)
            return f"d/d{name}[{_text(body, 0)}] at {_text(a[1], 0)} = {_text(a[2], 0)}"
        case "tends":
            name, body = opened_body(a[0], "real", node)
            point = a[1] if isinstance(a[1], str) else _text(a[1], 0)
            side = {"both": "", "above": "⁺", "below": "⁻"}[a[2]]
            return f"lim[{name}→{point}{side}] {_text(body, 2)} = {_text(a[3], 0)}"
        case "lam":
            name, body = opened_body(a[0], "nat", node)
            return f"({name} ↦ {_text(body, 0)})"
        case "false":
            return "false"
    relation = node.op in ("le", "lt", "eq", "ne")
    sides = f" {INFIX[node.op]} ".join(_text(x, 0 if relation else 1) for x in a)
    return _bracket(sides, not relation, level > 0)


def _bracket(inner: str, compound: bool, tight: bool) -> str:
    return f"({inner})" if compound and tight else inner


def _sum(parts: tuple[Any, ...]) -> str:
    out = _text(parts[0], 1)
    for part in parts[1:]:
        shown = _text(part, 1)
        out += f" - {shown[1:]}" if shown.startswith("-") else f" + {shown}"
    return out


def _product(parts: tuple[Any, ...]) -> str:
    if len(parts) > 1 and parts[0].op == "num" and parts[0].args[0] == Fraction(-1):
        return "-" + " ".join(_text(p, 2) for p in parts[1:])
    return " ".join(_text(p, 2) for p in parts)


def minimum(node: Expr) -> tuple[str, Any] | None:
    """Variable and body of a minimum, which the language has as -max(-body); None for others."""
    minus = term("num", Fraction(-1))
    if node.op != "mul" or len(node.args) != 2 or node.args[0] != minus or node.args[1].op != "max":
        return None
    name, body = opened_body(node.args[1].args[1], "nat", node.args[1])
    if body.op != "mul" or body.args[0] != minus:
        return None
    rest = body.args[1:]
    return name, rest[0] if len(rest) == 1 else term("mul", *rest)


def opened_body(body: Expr, kind: str, binder: Expr) -> tuple[str, Any]:
    """A name for a binder's variable that nothing in the binder has, and the body with it."""
    names = INDEX_NAMES if kind == "nat" else REAL_NAMES
    taken = {name for name, _, _ in binder.free}
    more = (f"{names[0]}{number}" for number in counting(1))
    name = next(n for n in chain(names, more) if n not in taken)
    return name, opened(body, term("var", name, kind))
