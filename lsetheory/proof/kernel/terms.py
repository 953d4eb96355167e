"""The language of claims: real terms, formulas and binders as immutable interned trees.

Every node is `op(args)`; the table `OPS` says what an op's arguments are. Bound variables are
de Bruijn numbers and free variables are names, so substitution cannot capture. A variable has a
kind: "real", "nat" (0, 1, 2, ...), and for functions of indices "vec" (real-valued) or "map"
(nat-valued). Nothing else is known of a variable: every assumption is a hypothesis.

Conventions: a sum or maximum runs over the indices 0 <= i < count; 1/0 is 0 as in Rocq and Lean,
log of a nonpositive number is an unspecified real, and no rule says anything about either.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from lsetheory.proof.kernel.signature import (
    FORMULAS,
    FUNCTION_KINDS,
    INFINITIES,
    KINDS,
    OPS,
    SIDES,
    TERMS,
    sorts_of,
)

#: A free variable: its name, kind and, for functions, how many indices it takes.
Name = tuple[str, str, int]


class IllFormed(ValueError):
    """A term or formula that the language does not have."""


class Expr:
    """A node; two nodes built alike are the same object, so `is`, `==` and `hash` agree."""

    __slots__ = ("_key", "args", "free", "loose", "op")
    op: str
    args: tuple[Any, ...]
    free: frozenset[Name]  #: the free variables
    loose: int  #: how many enclosing binders the node still needs; 0 means closed
    _key: str | None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("terms and formulas cannot be changed")

    def __reduce__(self) -> Any:
        return make, (self.op, *self.args)

    def __repr__(self) -> str:
        from lsetheory.proof.show import text

        return text(self)

    def key(self) -> str:
        """A text that orders nodes the same way in every process."""
        known = self._key
        if known is None:
            parts = (a.key() if isinstance(a, Expr) else str(a) for a in self.args)
            known = f"{self.op}({','.join(parts)})"
            object.__setattr__(self, "_key", known)
        return known


class Term(Expr):
    """A real number written down; the Python operators build larger ones."""

    __slots__ = ()

    def __add__(self, other: "Term | Fraction | int") -> "Term":
        return add(self, other)

    def __radd__(self, other: "Fraction | int") -> "Term":
        return add(other, self)

    def __neg__(self) -> "Term":
        return mul(-1, self)

    def __sub__(self, other: "Term | Fraction | int") -> "Term":
        return add(self, mul(-1, other))

    def __rsub__(self, other: "Fraction | int") -> "Term":
        return add(other, -self)

    def __mul__(self, other: "Term | Fraction | int") -> "Term":
        return mul(self, other)

    def __rmul__(self, other: "Fraction | int") -> "Term":
        return mul(other, self)

    def __truediv__(self, other: "Term | Fraction | int") -> "Term":
        return mul(self, inv(other))

    def __rtruediv__(self, other: "Fraction | int") -> "Term":
        return mul(other, inv(self))

    def __pow__(self, exponent: int) -> "Term":
        return term("ipow", self, exponent) if exponent >= 0 else inv(self**-exponent)

    def __le__(self, other: "Term | Fraction | int") -> "Formula":
        return formula("le", self, as_term(other))

    def __lt__(self, other: "Term | Fraction | int") -> "Formula":
        return formula("lt", self, as_term(other))

    def __ge__(self, other: "Term | Fraction | int") -> "Formula":
        return formula("le", as_term(other), self)

    def __gt__(self, other: "Term | Fraction | int") -> "Formula":
        return formula("lt", as_term(other), self)


class Formula(Expr):
    """A statement about real numbers."""

    __slots__ = ()

    def __bool__(self) -> bool:
        # 0 <= t <= 1 would silently drop its first half
        raise IllFormed("a formula is no bool: write And(0 <= t, t <= 1), not 0 <= t <= 1")


class Lambda(Expr):
    """A function of an index, to be put in place of a "vec" or "map" variable."""

    __slots__ = ()


_interned: dict[tuple[Any, ...], Expr] = {}


def make(op: str, *args: Any) -> Expr:
    """The node `op(args)`.

    Raises:
        IllFormed: an unknown op, or an argument that is not of the sort `OPS` asks for.
    """
    key = (op, *((type(a), a) for a in args))
    try:
        known = _interned.get(key)
    except TypeError:
        raise IllFormed(f"{op}: expected hashable arguments, got {args!r}") from None
    return known if known is not None else _interned.setdefault(key, _build(op, args))


def _build(op: str, args: tuple[Any, ...]) -> Expr:
    if op not in OPS:
        raise IllFormed(f"expected one of the ops {', '.join(OPS)}, got {op!r}")
    sorts = sorts_of(OPS[op], len(args))
    if len(sorts) != len(args):
        raise IllFormed(f"{op}: expected {len(OPS[op])} arguments, got {len(args)}")
    for sort, arg in zip(sorts, args, strict=True):
        if not _fits(sort, arg, args):
            raise IllFormed(f"{op}: expected an argument of sort {sort}, got {arg!r}")
    node = object.__new__(Term if op in TERMS else Formula if op in FORMULAS else Lambda)
    children = [(sort, a) for sort, a in zip(sorts, args, strict=True) if isinstance(a, Expr)]
    free = frozenset[Name]().union(*(a.free for _, a in children))
    loose = max((max(a.loose - ("." in sort), 0) for sort, a in children), default=0)
    if op in ("var", "at"):
        free |= {(args[0], args[1], len(args) - 2)}
    for name, value in (("op", op), ("args", args), ("free", free), ("_key", None),
                        ("loose", args[0] + 1 if op == "bound" else loose)):  # fmt: skip
        object.__setattr__(node, name, value)
    return node


def _fits(sort: str, arg: Any, args: tuple[Any, ...]) -> bool:
    match sort:
        case "q":
            return type(arg) is Fraction
        case "i":
            return type(arg) is int and arg >= 0
        case "s":
            return type(arg) is str and arg != ""
        case "kind":
            return arg in KINDS
        case "fkind":
            return arg in FUNCTION_KINDS
        case "side":
            # an infinite point is reached from one side only
            return arg in SIDES and (isinstance(args[1], Term) or arg == "both")
        case "point":
            return isinstance(arg, Term) or arg in INFINITIES
        case "R":
            return isinstance(arg, Term)
        case "N":
            return isinstance(arg, Term) and is_nat(arg)
        case "P":
            return isinstance(arg, Formula)
        case "R.R":
            return isinstance(arg, Term) and _binds(arg, "real")
        case "N.R":
            return isinstance(arg, Term) and _binds(arg, "nat")
        case "N.L":
            return isinstance(arg, Term | Lambda) and _binds(arg, "nat")
        case "K.P":
            return isinstance(arg, Formula) and _binds(arg, args[0])
    raise IllFormed(f"unknown sort {sort!r}")


def _binds(body: Expr, kind: str) -> bool:
    """Whether the outermost loose variable of `body`, wherever it occurs, has this kind."""
    return all(k == kind for k in _bound_kinds(body, 0))


def _bound_kinds(node: Expr, depth: int) -> Iterator[str]:
    if node.loose <= depth:
        return
    if node.op == "bound" and node.args[0] == depth:
        yield node.args[1]
    for inner, child in children(node):
        yield from _bound_kinds(child, depth + inner)


def children(node: Expr) -> Iterator[tuple[int, Expr]]:
    """Each argument that is a node, with 1 where it stands under this node's binder, else 0."""
    sorts = sorts_of(OPS[node.op], len(node.args))
    for sort, arg in zip(sorts, node.args, strict=True):
        if isinstance(arg, Expr):
            yield int("." in sort), arg


def is_nat(t: Expr) -> bool:
    """Whether a term is a natural number by its form alone."""
    match t.op:
        case "num":
            return bool(t.args[0].denominator == 1 and t.args[0] >= 0)
        case "var" | "bound" | "at":
            return t.args[1] in ("nat", "map")
        case "add" | "mul":
            return all(is_nat(a) for a in t.args)
        case "ipow":
            return is_nat(t.args[0])
        case "sum":
            return is_nat(t.args[1])
        case "power":
            return is_nat(t.args[0])
    return t.op == "binom"


def rebuild(node: Expr, change: Callable[[Expr, int], Expr]) -> Expr:
    """The node with `change(child, 1 if under its binder else 0)` applied to each child."""
    sorts = sorts_of(OPS[node.op], len(node.args))
    return make(node.op, *(change(a, int("." in s)) if isinstance(a, Expr) else a
                           for s, a in zip(sorts, node.args, strict=True)))  # fmt: skip


def term(op: str, *args: Any) -> Term:
    """`make`, for terms."""
    node = make(op, *args)
    if not isinstance(node, Term):
        raise IllFormed(f"expected a term, got {node!r}")
    return node


def formula(op: str, *args: Any) -> Formula:
    """`make`, for formulas."""
    node = make(op, *args)
    if not isinstance(node, Formula):
        raise IllFormed(f"expected a formula, got {node!r}")
    return node


def as_term(value: "Term | Fraction | int") -> Term:
    """A number as a term; a term as it is. Floats are refused: they are not what they look like."""
    if isinstance(value, Term):
        return value
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return term("num", Fraction(value))
    raise IllFormed(f"expected a term, an int or a Fraction, got {value!r}")


def add(*terms: "Term | Fraction | int") -> Term:
    """a + b + ..."""
    return term("add", *(as_term(t) for t in terms))


def mul(*terms: "Term | Fraction | int") -> Term:
    """a · b · ..."""
    return term("mul", *(as_term(t) for t in terms))


def inv(t: "Term | Fraction | int") -> Term:
    """1/t."""
    return term("inv", as_term(t))
