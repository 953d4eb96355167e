"""Writes a statement of the claim language as a Rocq statement, or refuses what it cannot express.

The two languages agree on every construct: 1/0 is 0 in both, sums and maxima run over 0 <= i <
count, a natural number read as a real is `INR n`. Comparisons of two natural numbers are written in
nat, where they mean the same because `INR` keeps order and arithmetic.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from lsetheory.proof.kernel.terms import Expr, Name, is_nat

#: Which definition says that a function tends somewhere.
LIMITS = {
    ("both", "point"): "tends",
    ("above", "point"): "tends_above",
    ("below", "point"): "tends_below",
    ("both", "inf"): "tends_inf",
    ("both", "-inf"): "tends_minus_inf",
}

#: What statements are written with; a variable of such a name is renamed, never captured.
RESERVED = frozenset([
    *LIMITS.values(), "Sum", "Prop", "R", "INR", "vmax", "Rmax", "exp", "ln", "binom",
    "derivable_pt_lim", "nat", "S", "O", "C", "M", "E", "PI", "True", "False", "forall", "exists",
    "fun", "let", "in", "if", "then", "else", "match", "with", "end", "as", "at", "fix", "cofix",
    "return", "where", "Set", "Type", "SProp", "using", "for",
])  # fmt: skip

#: The order in which free variables are quantified.
KINDS = ("nat", "real", "map", "vec")

#: Names for bound variables.
LETTERS = {"nat": "ijklm", "real": "tuvsw"}

#: Loosest to tightest; an operand that binds looser than its place asks for gets parentheses.
QUANTIFIED, IMPLIES, OR, AND, RELATION, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)

#: A text and how tightly it binds.
Written = tuple[str, int]


class NotExpressible(ValueError):
    """A construct that the Rocq statements have no counterpart for."""


def to_rocq(statement: Expr) -> str:
    """A formula of the claim language, closed by quantifiers over its free variables.

    The quantifiers stand in the order naturals, reals, index maps, vectors, each by name.

    Raises:
        NotExpressible: the statement uses something that has no counterpart.
    """
    free = free_variables(statement)
    names = {name: _coq_name(name, taken=()) for name, _, _ in free}
    if len(set(names.values())) < len(free):
        raise NotExpressible(f"expected free variables with distinct names, got {free}")
    body = _Writer(names).formula(statement, ())[0]
    binders = " ".join(
        f"({' '.join(names[name] for name, _, _ in group)} : {typed})"
        for typed, group in groupby(free, lambda v: _type(v[1], v[2]))
    )
    return f"forall {binders}, {body}" if binders else body


def free_variables(statement: Expr) -> list[Name]:
    """The free variables in the order in which `to_rocq` quantifies over them."""
    return sorted(statement.free, key=lambda v: (KINDS.index(v[1]), v))


def real_text(term: Expr) -> str:
    """A closed real term."""
    return _Writer({}).real(term, ())[0]


def _type(kind: str, arity: int) -> str:
    result = {"real": "R", "vec": "R", "nat": "nat", "map": "nat"}[kind]
    return " -> ".join(["nat"] * arity + [result])


def _coq_name(name: str, taken: Iterable[str]) -> str:
    """A Rocq name for a variable: letters, digits and underscores, neither reserved nor taken."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", name)
    name = name if re.match(r"[A-Za-z]", name) else f"v{name}"
    while name in RESERVED or name in taken:
        name += "_"
    return name


class _Writer:
    """Carries the names of the free variables; `bound` lists the bound ones, innermost last."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def formula(self, node: Expr, bound: tuple[str, ...]) -> Written:
        """A formula."""
        a = node.args
        match node.op:
            case "le" | "lt" | "eq" | "ne":
                return self._relation(node, bound)
            case "false":
                return "False", ATOM
            case "and":
                return self._connective("/\\", AND, a, bound)
            case "or":
                return self._connective("\\/", OR, a, bound)
            case "implies":
                return self._connective("->", IMPLIES, a, bound)
            case "forall" | "exists":
                name = self._fresh(bound, LETTERS[a[0]])
                body = self.formula(a[1], (*bound, name))[0]
                return f"{node.op} {name} : {_type(a[0], 0)}, {body}", QUANTIFIED
            case "deriv":
                function = self._function(a[0], bound, "real")
                return f"derivable_pt_lim {function} {self._args(a[1:], bound)}", RELATION
            case "tends":
                return self._limit(a, bound), RELATION
        raise NotExpressible(f"no Rocq counterpart for the formula {node.op}")

    def _connective(
        self, sign: str, level: int, parts: Sequence[Expr], bound: tuple[str, ...]
    ) -> Written:
        # all three group to the right in Rocq
        left = _at(self.formula(parts[0], bound), level + 1)
        right = _at(self.formula(parts[1], bound), level)
        return f"{left} {sign} {right}", level

    def _relation(self, node: Expr, bound: tuple[str, ...]) -> Written:
        sign = {"le": "<=", "lt": "<", "eq": "=", "ne": "<>"}[node.op]
        if all(_index(side) for side in node.args) and not all(s.op == "num" for s in node.args):
            left, right = (_at(self.nat(side, bound), SUM) for side in node.args)
            return _in_nat(f"{left} {sign} {right}"), ATOM
        left, right = (_at(self.real(side, bound), SUM) for side in node.args)
        return f"{left} {sign} {right}", RELATION

    def _limit(self, args: tuple[Any, ...], bound: tuple[str, ...]) -> str:
        body, to, side, value = args
        name = LIMITS[side, to if isinstance(to, str) else "point"]
        points = (value,) if isinstance(to, str) else (to, value)
        return f"{name} {self._function(body, bound, 'real')} {self._args(points, bound)}"

    def real(self, node: Expr, bound: tuple[str, ...]) -> Written:
        """A term where a real number is expected."""
        a = node.args
        match node.op:
            case "num":
                return _number(a[0])
            case "var" | "bound" | "at":
                if a[1] in ("nat", "map"):
                    return f"INR {self.index(node, bound)}", POWER
                return self._variable(node, bound)
            case "add":
                return self._sum(a, bound)
            case "mul":
                return self._product(a, bound)
            case "ipow":
                return f"{_at(self.real(a[0], bound), ATOM)} ^ {a[1]}", POWER
            case "power":
                return f"{_at(self.real(a[0], bound), ATOM)} ^ {self.index(a[1], bound)}", POWER
            case "inv":
                return f"/ {_at(self.real(a[0], bound), POWER)}", SIGN
            case "exp" | "log":
                return f"{ {'exp': 'exp', 'log': 'ln'}[node.op] } {self._args(a, bound)}", POWER
            case "max2":
                return f"Rmax {self._args(a, bound)}", POWER
            case "sum" | "max":
                function = self._function(a[1], bound, "nat")
                name = {"sum": "Sum", "max": "vmax"}[node.op]
                return f"{name} {self.index(a[0], bound)} {function}", POWER
            case "binom":
                return f"INR {self.index(node, bound)}", POWER
        raise NotExpressible(f"no Rocq counterpart for the term {node.op}")

    def _sum(self, terms: Sequence[Expr], bound: tuple[str, ...]) -> Written:
        text = _at(self.real(terms[0], bound), SUM)
        for term in terms[1:]:
            negated = _negated(term)
            sign, part = (
                ("+", self.real(term, bound))
                if negated is None
                else ("-", self._factors(negated, bound))
            )
            text += f" {sign} {_at(part, PRODUCT)}"
        return text, SUM if len(terms) > 1 else PRODUCT

    def _product(self, factors: Sequence[Expr], bound: tuple[str, ...]) -> Written:
        negated = _negated_factors(factors)
        if negated is not None:
            return f"- {_at(self._factors(negated, bound), SIGN)}", SIGN
        return self._factors(factors, bound)

    def _factors(self, factors: Sequence[Expr], bound: tuple[str, ...]) -> Written:
        if len(factors) == 1:
            return self.real(factors[0], bound)
        text = _at(self.real(factors[0], bound), PRODUCT)
        for factor in factors[1:]:
            divisor = factor.args[0] if factor.op == "inv" else None
            text += (
                f" * {_at(self.real(factor, bound), POWER)}"
                if divisor is None
                else (f" / {_at(self.real(divisor, bound), POWER)}")
            )
        return text, PRODUCT

    def index(self, node: Expr, bound: tuple[str, ...]) -> str:
        """A natural number as an argument, marked where it would else be read as real."""
        text, level = self.nat(node, bound)
        if text.isdecimal():
            return f"{text}%nat"
        if level == ATOM:
            return text
        return _in_nat(text) if level < POWER or re.search(r"(?<!\w)\d", text) else f"({text})"

    def nat(self, node: Expr, bound: tuple[str, ...]) -> Written:
        """A term where a natural number is expected, as it is written within a scope mark."""
        a = node.args
        match node.op:
            case "num":
                return f"{a[0].numerator}", ATOM
            case "var" | "bound" | "at":
                return self._variable(node, bound)
            case "add" | "mul":
                sign, level = (" + ", SUM) if node.op == "add" else (" * ", PRODUCT)
                parts = [_at(self.nat(part, bound), level + (k > 0)) for k, part in enumerate(a)]
                return sign.join(parts), level
            case "ipow":
                return f"{_at(self.nat(a[0], bound), ATOM)} ^ {a[1]}", POWER
            case "binom":
                return f"binom {' '.join(self.index(part, bound) for part in a)}", POWER
        raise NotExpressible(f"no Rocq counterpart for the natural number {node.op}")

    def _variable(self, node: Expr, bound: tuple[str, ...]) -> Written:
        if node.op == "bound":
            return bound[-1 - node.args[0]], ATOM
        name = self.names[node.args[0]]
        if node.op == "var":
            return name, ATOM
        return f"{name} {' '.join(self.index(i, bound) for i in node.args[2:])}", POWER

    def _function(self, body: Expr, bound: tuple[str, ...], kind: str) -> str:
        name = self._fresh(bound, LETTERS[kind])
        return f"(fun {name} : {_type(kind, 0)} => {self.real(body, (*bound, name))[0]})"

    def _args(self, args: Sequence[Expr], bound: tuple[str, ...]) -> str:
        return " ".join(_at(self.real(arg, bound), ATOM) for arg in args)

    def _fresh(self, bound: tuple[str, ...], letters: str) -> str:
        taken = {*bound, *self.names.values()}
        free = [letter for letter in letters if letter not in taken]
        return free[0] if free else _coq_name(letters[0], taken)


def _at(written: Written, level: int) -> str:
    text, own = written
    return text if own >= level else f"({text})"


def _in_nat(text: str) -> str:
    # one scope mark outside speaks for everything inside
    return f"({text.replace('%nat', '')})%nat"


def _number(q: Fraction) -> Written:
    size = f"{abs(q.numerator)}" if q.denominator == 1 else f"{abs(q.numerator)} / {q.denominator}"
    if q < 0:
        return f"- ({size})", SIGN
    return size, ATOM if q.denominator == 1 else PRODUCT


def _index(node: Expr) -> bool:
    """Whether a term can be written in nat."""
    if node.op in ("num", "var", "bound", "at"):
        return is_nat(node)
    parts = node.args[:1] if node.op == "ipow" else node.args
    return node.op in ("add", "mul", "ipow", "binom") and all(_index(p) for p in parts)


def _negated(term: Expr) -> Sequence[Expr] | None:
    return _negated_factors(term.args) if term.op == "mul" else None


def _negated_factors(factors: Sequence[Expr]) -> Sequence[Expr] | None:
    """The other factors of (-1) · a · b, else None."""
    first = factors[0]
    minus = len(factors) > 1 and first.op == "num" and first.args[0] == -1
    return factors[1:] if minus else None
