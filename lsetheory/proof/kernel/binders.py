"""Opening, closing and filling the binders of terms and formulas, without capture."""

from collections.abc import Mapping
from itertools import count as counting
from typing import Any

from lsetheory.proof.kernel.terms import Expr, IllFormed, Name, Term, is_nat, make, rebuild, term


def opened(body: Expr, value: Term) -> Any:
    """`body` with its outermost loose variable replaced by the closed term `value`."""
    if value.loose:
        raise IllFormed(f"expected a closed term, got one with a loose variable: {value!r}")

    def go(node: Expr, depth: int) -> Expr:
        if node.loose <= depth:
            return node
        if node.op == "bound":
            if node.args[1] == "nat" and not is_nat(value):
                raise IllFormed(f"expected a natural number for an index, got {value!r}")
            return value if node.args[0] == depth else node
        return rebuild(node, lambda child, inner: go(child, depth + inner))

    return go(body, 0)


def closed_over(node: Expr, variable: Term) -> Any:
    """`node` with the free `variable` made its outermost loose variable; undoes `opened`."""
    name, kind = variable.args

    def go(part: Expr, depth: int) -> Expr:
        if (name, kind, 0) not in part.free:
            return part
        if part is variable:
            return make("bound", depth, kind)
        return rebuild(part, lambda child, inner: go(child, depth + inner))

    return go(node, 0)


def substitute(node: Expr, values: Mapping[Name, Expr]) -> Any:
    """`node` with free variables replaced: a term for a variable, a `Lambda` for a function.

    Raises:
        IllFormed: a value is not closed, or not of the variable's kind.
    """
    for name, value in values.items():
        _check_value(name, value)

    def go(part: Expr) -> Expr:
        if part.free.isdisjoint(values):
            return part
        new = rebuild(part, lambda child, inner: go(child))
        value = values.get((part.args[0], part.args[1], len(part.args) - 2)) \
            if part.op in ("var", "at") else None  # fmt: skip
        return new if value is None else _applied(value, new.args[2:])

    return go(node)


def _check_value(name: Name, value: Expr) -> None:
    label, kind, arity = name
    body, depth = value, 0
    while body.op == "lam":
        body, depth = body.args[0], depth + 1
    if value.loose or depth != arity or not isinstance(body, Term):
        raise IllFormed(f"{label}: expected a closed value of {arity} indices, got {value!r}")
    if kind in ("nat", "map") and not is_nat(body):
        raise IllFormed(f"{label}: expected a natural number, got {value!r}")


def _applied(value: Expr, indices: tuple[Term, ...]) -> Expr:
    """`value(indices)`; indices may be loose, which `opened` would refuse, so lift by hand."""
    for index in indices:
        value = _beta(value.args[0], index)
    return value


def _beta(body: Expr, value: Term) -> Expr:
    def lift(node: Expr, by: int, depth: int) -> Expr:
        if node.loose <= depth:
            return node
        if node.op == "bound":
            return make("bound", node.args[0] + by, node.args[1])
        return rebuild(node, lambda child, inner: lift(child, by, depth + inner))

    def go(node: Expr, depth: int) -> Expr:
        if node.loose <= depth:
            return node
        if node.op == "bound":
            above = node.args[0] > depth
            return make("bound", node.args[0] - 1, node.args[1]) if above else (
                lift(value, depth, 0) if node.args[0] == depth else node)  # fmt: skip
        return rebuild(node, lambda child, inner: go(child, depth + inner))

    return go(body, 0)


_numbers = counting()


def fresh(kind: str) -> Term:
    """A variable whose name nothing else has; meant to be bound before anyone sees it."""
    return term("var", f"%{next(_numbers)}", kind)


def unused(kind: str, *nodes: Expr) -> Term:
    """A variable that is free in none of `nodes`; the same in every process."""
    taken = {name for node in nodes for name, _, _ in node.free}
    return term("var", next(f"#{i}" for i in counting() if f"#{i}" not in taken), kind)
