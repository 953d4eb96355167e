"""Theorems and the rules of logic: a `Theorem` is `hypotheses ⊢ conclusion` and comes from a rule.

The rules on numbers are in rules_real, rules_sum and rules_analysis; `RULES` holds all of them by
name. A theorem remembers its rule and arguments, so it is the root of its own proof graph. Python
cannot stop a forged object: what counts is `replay`, which runs the rules again in a fresh process.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from types import UnionType
from typing import Any, ParamSpec, Union, get_args, get_origin, get_type_hints

from lsetheory.proof.normal import NOTHING, Facts, facts_from, vanishes
from lsetheory.proof.terms import (
    Expr,
    Formula,
    IllFormed,
    Lambda,
    Name,
    Term,
    closed_over,
    formula,
    is_nat,
    opened,
    substitute,
    unused,
)

Hypotheses = frozenset[Formula]
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


# Logic.


@rule
def assume(f: Formula) -> Sequent:
    """f ⊢ f."""
    return frozenset({f}), f


@rule
def discharge(f: Formula, th: Theorem) -> Sequent:
    """From Γ, f ⊢ g infer Γ ⊢ f → g."""
    return th.hypotheses - {f}, formula("implies", f, th.conclusion)


@rule
def apply(implication: Theorem, th: Theorem) -> Sequent:
    """From f → g and f infer g."""
    f, g = parts(implication.conclusion, "implies")
    demand(th.conclusion is f, repr(f), th.conclusion)
    return hypotheses(implication, th), g


@rule
def both(left: Theorem, right: Theorem) -> Sequent:
    """From f and g infer f ∧ g."""
    return hypotheses(left, right), formula("and", left.conclusion, right.conclusion)


@rule
def first(th: Theorem) -> Sequent:
    """From f ∧ g infer f."""
    return th.hypotheses, parts(th.conclusion, "and")[0]


@rule
def second(th: Theorem) -> Sequent:
    """From f ∧ g infer g."""
    return th.hypotheses, parts(th.conclusion, "and")[1]


@rule
def either_left(th: Theorem, other: Formula) -> Sequent:
    """From f infer f ∨ other."""
    return th.hypotheses, formula("or", th.conclusion, other)


@rule
def either_right(other: Formula, th: Theorem) -> Sequent:
    """From f infer other ∨ f."""
    return th.hypotheses, formula("or", other, th.conclusion)


@rule
def cases(disjunction: Theorem, left: Theorem, right: Theorem) -> Sequent:
    """From f ∨ g, and h under f, and h under g, infer h."""
    f, g = parts(disjunction.conclusion, "or")
    demand(left.conclusion is right.conclusion, "one conclusion from both cases", right.conclusion)
    remaining = (left.hypotheses - {f}) | (right.hypotheses - {g})
    return disjunction.hypotheses | remaining, left.conclusion


@rule
def absurd(th: Theorem, f: Formula) -> Sequent:
    """From false infer anything."""
    parts(th.conclusion, "false")
    return th.hypotheses, f


@rule
def generalise(th: Theorem, variable: Term) -> Sequent:
    """From f infer ∀ variable. f, if no hypothesis speaks of the variable."""
    demand(variable.op == "var", "a variable", variable)
    for h in th.hypotheses:
        demand(h.free.isdisjoint(variable.free), f"no hypothesis about {variable!r}", h)
    body = closed_over(th.conclusion, variable)
    return th.hypotheses, formula("forall", variable.args[1], body)


@rule
def specialise(th: Theorem, value: Term) -> Sequent:
    """From ∀ t. f(t) infer f(value)."""
    kind, body = parts(th.conclusion, "forall")
    demand(kind == "real" or is_nat(value), "a natural number", value)
    return th.hypotheses, opened(body, value)


@rule
def witness(th: Theorem, claim: Formula, value: Term) -> Sequent:
    """From f(value) infer ∃ t. f(t), the claim."""
    kind, body = parts(claim, "exists")
    demand(kind == "real" or is_nat(value), "a natural number", value)
    demand(opened(body, value) is th.conclusion, repr(opened(body, value)), th.conclusion)
    return th.hypotheses, claim


@rule
def choose(existence: Theorem, variable: Term, th: Theorem) -> Sequent:
    """From ∃ t. f(t), and g under f(variable), infer g; nothing else may speak of the variable."""
    kind, body = parts(existence.conclusion, "exists")
    demand(variable.op == "var" and variable.args[1] == kind, f"a {kind} variable", variable)
    rest = th.hypotheses - {opened(body, variable)}
    for f in (th.conclusion, existence.conclusion, *rest):
        demand(f.free.isdisjoint(variable.free), f"nothing said about {variable!r}", f)
    return existence.hypotheses | rest, th.conclusion


@rule
def instantiate(th: Theorem, values: tuple[tuple[str, str, int, Term | Lambda], ...]) -> Sequent:
    """Put values in place of free variables, in hypotheses and conclusion alike."""
    mapping = {(name, kind, arity): value for name, kind, arity, value in values}
    new = frozenset(substitute(h, mapping) for h in th.hypotheses)
    return new, substitute(th.conclusion, mapping)


@rule
def rewrite(equation: Theorem, th: Theorem, pattern: Formula, hole: Term) -> Sequent:
    """From a = b and pattern(a) infer pattern(b); `hole` is the variable of the pattern."""
    a, b = parts(equation.conclusion, "eq")
    demand(hole.op == "var", "a variable", hole)
    (name,) = hole.free
    demand(substitute(pattern, {name: a}) is th.conclusion, f"{pattern!r} at {a!r}", th.conclusion)
    return hypotheses(equation, th), substitute(pattern, {name: b})


@rule
def restate(th: Theorem, f: Formula, *known: Theorem) -> Sequent:
    """From g infer f, if they are the same up to normal form; `known` may cancel and split logs."""
    demand(same(th.conclusion, f, facts(*known)), f"something equal to {th.conclusion!r}", f)
    return hypotheses(th, *known), f
