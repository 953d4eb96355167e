"""Rules on derivatives and limits of functions of a real variable."""

from typing import Any

from lsetheory.proof.kernel.binders import closed_over, opened, substitute, unused
from lsetheory.proof.kernel.equality import constant
from lsetheory.proof.kernel.polynomial import Facts
from lsetheory.proof.kernel.terms import Formula, Term, add, as_term, formula, inv, mul, term
from lsetheory.proof.kernel.theorem import (
    NO_HYPOTHESES,
    Sequent,
    Theorem,
    demand,
    facts,
    hypotheses,
    parts,
    rule,
    same,
)

ZERO = as_term(0)


@rule
def differentiate(body: Term, variable: Term, at: Term, *known: Theorem) -> Sequent:
    """d/dvariable body at a point, by the rules of calculus.

    Every log and 1/u on the way asks for 0 < u or u ≠ 0 at the point: literally positive, or one of
    `known`. A maximum of something that varies has no derivative here.
    """
    demand(variable.op == "var" and variable.args[1] == "real", "a real variable", variable)
    needs: list[Formula] = []
    value = substitute(_slope(body, variable, needs), {_name(variable): at})
    for need in needs:
        need_here = substitute(need, {_name(variable): at})
        demand(_met(need_here, known), f"a proof of {need_here!r}", known)
    return hypotheses(*known), formula("deriv", closed_over(body, variable), at, value)


def _name(variable: Term) -> tuple[str, str, int]:
    (name,) = variable.free
    return name


def _met(need: Formula, known: tuple[Theorem, ...]) -> bool:
    if any(same(need, th.conclusion) for th in known):
        return True
    if need.op == "forall":
        return False
    t = need.args[1]
    return _evidently(t, facts(*known), positive=need.op == "lt")


def _evidently(t: Term, known: Facts, positive: bool) -> bool:
    """Whether the normal form shows that t·(1/t) = 1, or that exp(log t) = t, so that t > 0."""
    number = constant(t, known)
    if number is not None:
        return number > 0 or (number != 0 and not positive)
    if positive:
        return constant(term("exp", term("log", t)) * inv(t), known) == 1
    return constant(t * inv(t), known) == 1


def _slope(t: Term, x: Term, needs: list[Formula]) -> Term:
    """The derivative of a term with respect to the variable x; conditions go to `needs`."""
    if t.free.isdisjoint(x.free):
        return ZERO
    a = t.args
    match t.op:
        case "var":
            return as_term(1)
        case "add":
            return add(*(_slope(u, x, needs) for u in a))
        case "mul":
            varying = [i for i, u in enumerate(a) if not u.free.isdisjoint(x.free)]
            return add(*(mul(*a[:i], _slope(a[i], x, needs), *a[i + 1 :]) for i in varying))
        case "ipow":
            return a[1] * a[0] ** (a[1] - 1) * _slope(a[0], x, needs) if a[1] else ZERO
        case "inv":
            needs.append(formula("ne", ZERO, a[0]))
            return -_slope(a[0], x, needs) * inv(a[0]) ** 2
        case "exp":
            return t * _slope(a[0], x, needs)
        case "log":
            needs.append(formula("lt", ZERO, a[0]))
            return _slope(a[0], x, needs) * inv(a[0])
        case "sum":
            return _slope_of_sum(t, x, needs)
    demand(False, f"a function that is differentiable in {x!r} by its form", t)
    return ZERO


def _slope_of_sum(t: Term, x: Term, needs: list[Formula]) -> Term:
    i = unused("nat", t)
    inner: list[Formula] = []
    slope = _slope(opened(t.args[1], i), x, inner)
    inside = formula("lt", i, t.args[0])
    for need in inner:
        bounded = _for_all(formula("implies", inside, need), i)
        needs.append(need if need.free.isdisjoint(i.free) else bounded)
    return term("sum", t.args[0], closed_over(slope, i))


def _for_all(f: Formula, variable: Term) -> Formula:
    return formula("forall", variable.args[1], closed_over(f, variable))


@rule
def mean_value(order: Theorem, derivative: Theorem) -> Sequent:
    """From a < b and ∀t. a <= t → t <= b → f'(t) = g(t) infer f(b) - f(a) = g(c)(b - a).

    There is such a c with a < c and c < b.
    """
    a, b = parts(order.conclusion, "lt")
    kind, body = parts(derivative.conclusion, "forall")
    demand(kind == "real", "a derivative at every real number", derivative.conclusion)
    t = unused("real", order.conclusion, derivative.conclusion)
    above, rest = parts(opened(body, t), "implies")
    below, slope = parts(rest, "implies")
    range_ = (formula("le", a, t), formula("le", t, b))
    demand((above, below) == range_, f"{range_}", derivative.conclusion)
    f, at, g = parts(slope, "deriv")
    demand(at is t and t.free.isdisjoint(f.free), "the derivative of one function at t", slope)
    change = formula("eq", opened(f, b) - opened(f, a), g * (b - a))
    found = formula("and", formula("lt", a, t), formula("and", formula("lt", t, b), change))
    exists = formula("exists", "real", closed_over(found, t))
    return hypotheses(order, derivative), exists


@rule
def tends_continuous(derivative: Theorem) -> Sequent:
    """What is differentiable is continuous: from f'(a) = d infer f(t) → f(a) as t → a."""
    f, a, _ = parts(derivative.conclusion, "deriv")
    return derivative.hypotheses, formula("tends", f, a, "both", opened(f, a))


@rule
def tends_quotient(derivative: Theorem) -> Sequent:
    """From f'(a) = d infer (f(t) - f(a))/(t - a) → d as t → a."""
    f, a, d = parts(derivative.conclusion, "deriv")
    t = unused("real", derivative.conclusion)
    quotient = (opened(f, t) - opened(f, a)) * inv(t - a)
    return derivative.hypotheses, formula("tends", closed_over(quotient, t), a, "both", d)


@rule
def tends_inverse(point: str) -> Sequent:
    """1/t → 0 as t → inf or -inf."""
    t = unused("real")
    demand(point in ("inf", "-inf"), "inf or -inf", point)
    return NO_HYPOTHESES, formula("tends", closed_over(inv(t), t), point, "both", ZERO)


@rule
def tends_constant(value: Term, point: Term | str, side: str) -> Sequent:
    """A constant tends to itself, wherever."""
    return NO_HYPOTHESES, formula("tends", value, point, side, value)


@rule
def tends_sum(left: Theorem, right: Theorem) -> Sequent:
    """From f → L and g → M at one point infer f + g → L + M."""
    f, g, a, b, place = _two_limits(left, right)
    return hypotheses(left, right), formula("tends", f + g, *place, a + b)


@rule
def tends_product(left: Theorem, right: Theorem) -> Sequent:
    """From f → L and g → M at one point infer f g → L M."""
    f, g, a, b, place = _two_limits(left, right)
    return hypotheses(left, right), formula("tends", f * g, *place, a * b)


def _two_limits(left: Theorem, right: Theorem) -> tuple[Term, Term, Term, Term, tuple[Any, str]]:
    f, point, side, a = parts(left.conclusion, "tends")
    g, other, other_side, b = parts(right.conclusion, "tends")
    demand((other, other_side) == (point, side), f"a limit at {point!r}", right.conclusion)
    return f, g, a, b, (point, side)


@rule
def tends_composed(inner: Theorem, derivative: Theorem) -> Sequent:
    """From f → L and g differentiable at L infer g(f(t)) → g(L)."""
    f, point, side, limit = parts(inner.conclusion, "tends")
    g, at, _ = parts(derivative.conclusion, "deriv")
    demand(at is limit, f"a derivative at {limit!r}", derivative.conclusion)
    t = unused("real", inner.conclusion, derivative.conclusion)
    body = closed_over(opened(g, opened(f, t)), t)
    value = opened(g, limit)
    return hypotheses(inner, derivative), formula("tends", body, point, side, value)


@rule
def tends_mirrored(th: Theorem) -> Sequent:
    """From f(t) → L as t → inf infer f(-t) → L as t → -inf, and the reverse."""
    f, point, side, limit = parts(th.conclusion, "tends")
    demand(point in ("inf", "-inf"), "a limit at infinity", th.conclusion)
    t = unused("real", th.conclusion)
    other = "-inf" if point == "inf" else "inf"
    return th.hypotheses, formula("tends", closed_over(opened(f, -t), t), other, side, limit)


@rule
def tends_one_side(th: Theorem, side: str) -> Sequent:
    """From a two-sided limit at a finite point infer the one from above or below."""
    f, point, both, limit = parts(th.conclusion, "tends")
    demand(both == "both" and isinstance(point, Term), "a two-sided finite limit", th.conclusion)
    return th.hypotheses, formula("tends", f, point, side, limit)


@rule
def tends_both_sides(above: Theorem, below: Theorem) -> Sequent:
    """From equal limits from above and below infer the two-sided limit."""
    f, point, side, limit = parts(above.conclusion, "tends")
    demand(side == "above", "a limit from above", above.conclusion)
    other = formula("tends", f, point, "below", limit)
    demand(below.conclusion is other, repr(other), below.conclusion)
    return hypotheses(above, below), formula("tends", f, point, "both", limit)


@rule
def squeeze(
    lower: Theorem, upper: Theorem, between: Theorem, window: tuple[Theorem, ...]
) -> Sequent:
    """From l → L, h → L and l(t) <= g(t) <= h(t) near the point infer g → L.

    `between` is ∀t. conditions → l(t) <= g(t) ∧ g(t) <= h(t), where the conditions say "near":
    low < t (from above: a < t), then t < high (from below: t < a), then t ≠ a (both sides).
    `window` holds low < a and a < high, where those occur; at infinity one free bound and no proof.
    """
    low, high, a, b, (point, side) = _two_limits(lower, upper)
    demand(a is b, f"two limits {a!r}", upper.conclusion)
    kind, body = parts(between.conclusion, "forall")
    demand(kind == "real", "bounds at every real t", between.conclusion)
    others = (lower.conclusion, upper.conclusion, *(w.conclusion for w in window))
    t = unused("real", between.conclusion, *others)
    claim = opened(body, t)
    conditions = []
    while claim.op == "implies":
        conditions.append(claim.args[0])
        claim = claim.args[1]
    _check_near(conditions, t, point, side, [w.conclusion for w in window])
    below, above = parts(claim, "and")
    g = parts(below, "le")[1]
    demand(below is formula("le", opened(low, t), g), f"{opened(low, t)!r} ≤ g(t)", below)
    demand(above is formula("le", g, opened(high, t)), f"g(t) ≤ {opened(high, t)!r}", above)
    goal = formula("tends", closed_over(g, t), point, side, a)
    return hypotheses(lower, upper, between, *window), goal


def _check_near(
    conditions: list[Formula], t: Term, point: Term | str, side: str, window: list[Formula]
) -> None:
    """Refuse conditions on t that could fail arbitrarily close to the point on that side."""
    allowed = []
    for f in conditions:
        at_infinity = _is_ray(f, t, point)
        own_side = isinstance(point, Term) and f is (
            formula("lt", point, t) if side == "above" else formula("lt", t, point))  # fmt: skip
        off = isinstance(point, Term) and f is formula("ne", t, point)
        bound = isinstance(point, Term) and any(f is _moved(w, t, point) for w in window)
        allowed.append(at_infinity or (own_side and side != "both") or off or bound)
    demand(all(allowed), f"conditions that hold near {point!r} ({side})", conditions)


def _is_ray(f: Formula, t: Term, point: Term | str) -> bool:
    """M < t near infinity, t < M near minus infinity."""
    if f.op != "lt" or isinstance(point, Term):
        return False
    bound, variable = f.args if point == "inf" else reversed(f.args)
    return variable is t and t.free.isdisjoint(bound.free)


def _moved(w: Formula, t: Term, point: Term) -> Formula | None:
    """The condition low < t for a proof of low < point; t < high for one of point < high."""
    if w.op != "lt":
        return None
    if w.args[1] is point:
        return formula("lt", w.args[0], t)
    return formula("lt", t, w.args[1]) if w.args[0] is point else None
