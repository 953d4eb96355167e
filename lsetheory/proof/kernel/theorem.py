"""Theorems: a `Theorem` is `hypotheses ⊢ conclusion` and comes from a rule.

The rules are in the files rules_*; `RULES` holds them by name. A theorem remembers its rule and
arguments, so it is the root of its own proof graph. Python cannot stop a forged object: what counts
is `replay`, which runs the rules again in a fresh process.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from types import UnionType
from typing import Any, ParamSpec, Union, get_args, get_origin, get_type_hints

from lsetheory.proof.kernel.binders import opened, unused
from lsetheory.proof.kernel.equality import facts_from, vanishes
from lsetheory.proof.kernel.polynomial import NOTHING, Facts
from lsetheory.proof.kernel.terms import Expr, Formula, IllFormed, Name, Term

Hypotheses = frozenset[Formula]
NO_HYPOTHESES: Hypotheses = frozenset()
Sequent = tuple[Hypotheses, Formula]
P = ParamSpec("P")


class Refused(ValueError):
    """A rule does not apply: the rule, what it expected, what it got."""


_TOKEN = object()


class Theorem:
    """`hypotheses ⊢ conclusion`, for all values of the free variables; made by rules only."""

    __slots__ = ("args", "conclusion", "hypotheses", "rule")

    def __init__(self, token: object, sequent: Sequent, rule: str, args: tuple[Any, ...]) -> None:
        if token is not _TOKEN:
            raise Refused("a theorem comes from a rule, not from its constructor")
        self.hypotheses, self.conclusion = sequent
        self.rule, self.args = rule, args

    def __repr__(self) -> str:
        left = ", ".join(sorted(map(repr, self.hypotheses)))
        return f"{left} ⊢ {self.conclusion!r}".lstrip()


RULES: dict[str, Callable[..., Theorem]] = {}


def rule(function: Callable[P, Sequent]) -> Callable[P, Theorem]:
    """Make a rule: its arguments are checked against its annotations, its result is a theorem."""
    hints = get_type_hints(function)
    parameters = list(signature(function).parameters.values())

    @wraps(function)
    def applied(*args: P.args, **kwargs: P.kwargs) -> Theorem:
        if kwargs:
            raise Refused(f"{function.__name__}: expected positional arguments only")
        _check_arguments(function.__name__, parameters, hints, args)
        try:
            hypotheses, conclusion = function(*args, **kwargs)
            _check_sequent(hypotheses, conclusion)
        except (IllFormed, Refused) as error:
            raise Refused(f"{function.__name__}: {error}") from None
        return Theorem(_TOKEN, (hypotheses, conclusion), function.__name__, args)

    RULES[function.__name__] = applied
    return applied


def _check_arguments(
    name: str, parameters: list[Parameter], hints: dict[str, Any], args: tuple[Any, ...]
) -> None:
    starred = bool(parameters) and parameters[-1].kind is Parameter.VAR_POSITIONAL
    rest = parameters[-1] if starred else None
    fixed = parameters[:-1] if rest else parameters
    if len(args) < len(fixed) or (len(args) > len(fixed) and rest is None):
        raise Refused(f"{name}: expected {len(fixed)} arguments, got {len(args)}")
    named = [p.name for p in fixed] + [rest.name if rest else ""] * (len(args) - len(fixed))
    for label, arg in zip(named, args, strict=True):
        if not _is_a(arg, hints[label]):
            raise Refused(f"{name}: expected {label} to be {hints[label]}, got {arg!r}")


def _is_a(value: object, hint: Any) -> bool:
    """Whether a value has a type of the few forms rules use; terms and formulas must be closed."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(_is_a(value, h) for h in get_args(hint))
    if origin is tuple:
        inner = get_args(hint)
        if not isinstance(value, tuple):
            return False
        if len(inner) == 2 and inner[1] is Ellipsis:
            return all(_is_a(v, inner[0]) for v in value)
        return len(value) == len(inner) and all(map(_is_a, value, inner))
    if isinstance(value, Expr) and value.loose:
        return False
    return type(value) is hint if hint in (int, str) else isinstance(value, hint)


def _check_sequent(hypotheses: Hypotheses, conclusion: Formula) -> None:
    kinds: dict[str, Name] = {}
    for part in (*hypotheses, conclusion):
        if not isinstance(part, Formula) or part.loose:
            raise Refused(f"expected a closed formula, got {part!r}")
        for name in part.free:
            if kinds.setdefault(name[0], name) != name:
                raise Refused(f"expected one kind for {name[0]}, got {kinds[name[0]]} and {name}")


# What rules use to say what they need.


def hypotheses(*theorems: Theorem) -> Hypotheses:
    """What all of the theorems assume together."""
    return Hypotheses().union(*(t.hypotheses for t in theorems))


def demand(holds: bool, expected: str, got: object) -> None:
    """Refuse unless a side condition holds."""
    if not holds:
        raise Refused(f"expected {expected}, got {got!r}")


def parts(f: Formula, *ops: str) -> tuple[Any, ...]:
    """The arguments of a formula of one of the given forms."""
    demand(f.op in ops, f"a formula of the form {' or '.join(ops)}", f)
    return f.args


def facts(*theorems: Theorem) -> Facts:
    """What theorems a < b and a ≠ b say to the normal form: b - a positive, nonzero."""
    gaps = [(t.conclusion.op, t.conclusion.args[1] - t.conclusion.args[0])
            for t in theorems if t.conclusion.op in ("lt", "ne")]  # fmt: skip
    return facts_from([g for op, g in gaps if op == "lt"], [g for op, g in gaps if op == "ne"])


def same(f: Formula, g: Formula, known: Facts = NOTHING) -> bool:
    """Whether two formulas say the same up to the normal form of their terms."""
    if f is g:
        return True
    if f.op != g.op:
        return False
    a, b = f.args, g.args
    match f.op:
        case "le" | "lt" | "eq" | "ne":
            here, there = a[1] - a[0], b[1] - b[0]
            turned = f.op in ("eq", "ne") and vanishes(here + there, known)
            return turned or vanishes(here - there, known)
        case "and" | "or" | "implies":
            return same(a[0], b[0], known) and same(a[1], b[1], known)
        case "forall" | "exists":
            variable = unused(a[0], f, g, *known.positive, *known.nonzero)
            return a[0] == b[0] and same(opened(a[1], variable), opened(b[1], variable), known)
        case "deriv" | "tends":
            variable = unused("real", f, g, *known.positive, *known.nonzero)
            bodies = vanishes(opened(a[0], variable) - opened(b[0], variable), known)
            return bodies and all(map(lambda s, t: _alike(s, t, known), a[1:], b[1:]))
    return False


def _alike(s: Any, t: Any, known: Facts) -> bool:
    return vanishes(s - t, known) if isinstance(s, Term) and isinstance(t, Term) else s == t
