"""The language of claims: real terms, formulas and binders as immutable interned trees.

Every node is `op(args)`; the table `OPS` says what an op's arguments are. Bound variables are
de Bruijn numbers and free variables are names, so substitution cannot capture. A variable has a
kind: "real", "nat" (0, 1, 2, ...), and for functions of indices "vec" (real-valued) or "map"
(nat-valued). Nothing else is known of a variable: every assumption is a hypothesis.

Conventions: a sum or maximum runs over the indices 0 <= i < count; 1/0 is 0 as in Rocq and Lean,
log of a nonpositive number is an unspecified real, and no rule says anything about either.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import count as counting
from typing import Any

#: op -> the sorts of its arguments, one letter or word each:
#: R real term, N nat term, P formula, "R.R" a body that binds a real, "N.R" one that binds a nat,
#: "K.P" a formula that binds a variable of the kind given first; q rational, s string, i integer.
TERMS = {
    "num": ("q",),
    "var": ("s", "kind"),
    "bound": ("i", "kind"),
    "at": ("s", "fkind", "N*"),
    "add": ("R*",),
    "mul": ("R*",),
    "ipow": ("R", "i"),
    "inv": ("R",),
    "exp": ("R",),
    "log": ("R",),
    "sum": ("N", "N.R"),
    "max": ("N", "N.R"),
    "max2": ("R", "R"),
    "power": ("R", "N"),
    "binom": ("N", "N"),
}
FORMULAS = {
    "le": ("R", "R"),
    "lt": ("R", "R"),
    "eq": ("R", "R"),
    "ne": ("R", "R"),
    "false": (),
    "and": ("P", "P"),
    "or": ("P", "P"),
    "implies": ("P", "P"),
    "forall": ("kind", "K.P"),
    "exists": ("kind", "K.P"),
    "deriv": ("R.R", "R", "R"),
    "tends": ("R.R", "point", "side", "R"),
}
LAMBDAS = {"lam": ("N.L",)}
OPS: dict[str, tuple[str, ...]] = {**TERMS, **FORMULAS, **LAMBDAS}

KINDS = ("real", "nat")
FUNCTION_KINDS = ("vec", "map")
SIDES = ("both", "above", "below")
INFINITIES = ("inf", "-inf")

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
    sorts = _sorts(OPS[op], len(args))
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


def _sorts(sorts: tuple[str, ...], length: int) -> tuple[str, ...]:
    if sorts and sorts[-1].endswith("*"):
        return sorts[:-1] + (sorts[-1][:-1],) * max(length - len(sorts) + 1, 1)
    return sorts


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
    sorts = _sorts(OPS[node.op], len(node.args))
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
    sorts = _sorts(OPS[node.op], len(node.args))
    return make(node.op, *(change(a, int("." in s)) if isinstance(a, Expr) else a
                           for s, a in zip(sorts, node.args, strict=True)))  # fmt: skip


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


_numbers = counting()


def fresh(kind: str) -> Term:
    """A variable whose name nothing else has; meant to be bound before anyone sees it."""
    return term("var", f"%{next(_numbers)}", kind)


def unused(kind: str, *nodes: Expr) -> Term:
    """A variable that is free in none of `nodes`; the same in every process."""
    taken = {name for node in nodes for name, _, _ in node.free}
    return term("var", next(f"#{i}" for i in counting() if f"#{i}" not in taken), kind)
