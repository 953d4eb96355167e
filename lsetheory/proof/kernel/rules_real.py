"""Rules on real numbers: equality by algebra, order, exp and log, the larger of two, balls."""

from fractions import Fraction

from lsetheory.proof.kernel.balls import compare
from lsetheory.proof.kernel.equality import constant, vanishes
from lsetheory.proof.kernel.evaluate import Undefined
from lsetheory.proof.kernel.terms import Formula, Term, as_term, formula, term
from lsetheory.proof.kernel.theorem import (
    NO_HYPOTHESES,
    Refused,
    Sequent,
    Theorem,
    demand,
    facts,
    hypotheses,
    parts,
    rule,
)


@rule
def equal(a: Term, b: Term, *known: Theorem) -> Sequent:
    """a = b by the normal form; theorems s < t and s ≠ t say what may be cancelled."""
    demand(vanishes(a - b, facts(*known)), f"a term equal to {a!r}", b)
    return hypotheses(*known), formula("eq", a, b)


@rule
def combine(
    goal: Formula,
    multipliers: tuple[Term, ...],
    premises: tuple[Theorem, ...],
    signs: tuple[Theorem | None, ...],
    known: tuple[Theorem, ...],
) -> Sequent:
    """A combination of inequalities: goal's right - left = Σ multiplier·(right - left).

    A multiplier of an inequality is a number >= 0, or `signs` holds a theorem that it is >= 0. For
    a strict goal some strict premise needs a multiplier > 0; an equation takes any multiplier. A
    positive number may be left over on the right.
    """
    left, right = parts(goal, "le", "lt", "eq")
    demand(len(multipliers) == len(premises) == len(signs), "lists of one length", multipliers)
    gap, strict = right - left, False
    for multiplier, premise, sign in zip(multipliers, premises, signs, strict=True):
        a, b = parts(premise.conclusion, "le", "lt", "eq")
        if premise.conclusion.op != "eq":
            demand(goal.op != "eq", "equations only, to prove an equation", premise.conclusion)
            positive = _sign(multiplier, sign, known)
            strict |= positive and premise.conclusion.op == "lt"
        gap = gap - multiplier * (b - a)
    left_over = Fraction(0) if vanishes(gap, facts(*known)) else constant(gap, facts(*known))
    if left_over is None or left_over < 0 or (left_over > 0 and goal.op == "eq"):
        raise Refused(f"expected a combination that gives {goal!r}, got {gap!r} too little")
    demand(goal.op != "lt" or strict or left_over > 0, "a strict premise for", goal)
    used = [s for s in signs if s is not None]
    return hypotheses(*premises, *used, *known), goal


def _sign(multiplier: Term, sign: Theorem | None, known: tuple[Theorem, ...]) -> bool:
    """Whether a multiplier is > 0; refuse it unless it is >= 0."""
    if sign is None:
        value = constant(multiplier)
        demand(value is not None and value >= 0, "a multiplier >= 0 or a proof of it", multiplier)
        return bool(value)
    a, b = parts(sign.conclusion, "le", "lt")
    right = vanishes(b - a - multiplier, facts(*known))
    demand(right, f"the sign of {multiplier!r}", sign.conclusion)
    return sign.conclusion.op == "lt"


@rule
def square(t: Term) -> Sequent:
    """0 <= t²."""
    return NO_HYPOTHESES, formula("le", as_term(0), t**2)


@rule
def positive_square(apart: Theorem) -> Sequent:
    """From a ≠ b infer 0 < (b - a)²."""
    a, b = parts(apart.conclusion, "ne")
    return apart.hypotheses, formula("lt", as_term(0), (b - a) ** 2)


@rule
def positive_inverse(th: Theorem) -> Sequent:
    """From 0 < t infer 0 < 1/t."""
    zero, t = parts(th.conclusion, "lt")
    demand(zero is as_term(0), "0 < t", th.conclusion)
    return th.hypotheses, formula("lt", zero, term("inv", t))


@rule
def trichotomy(a: Term, b: Term) -> Sequent:
    """a < b, or a = b, or b < a."""
    rest = formula("or", formula("eq", a, b), formula("lt", b, a))
    return NO_HYPOTHESES, formula("or", formula("lt", a, b), rest)


@rule
def antisymmetry(th: Theorem, reverse: Theorem) -> Sequent:
    """From a <= b and b <= a infer a = b."""
    a, b = parts(th.conclusion, "le")
    demand(reverse.conclusion is formula("le", b, a), f"{b!r} ≤ {a!r}", reverse.conclusion)
    return hypotheses(th, reverse), formula("eq", a, b)


@rule
def apart(th: Theorem) -> Sequent:
    """From a < b infer a ≠ b."""
    return th.hypotheses, formula("ne", *parts(th.conclusion, "lt"))


@rule
def sides(th: Theorem) -> Sequent:
    """From a ≠ b infer a < b or b < a."""
    a, b = parts(th.conclusion, "ne")
    return th.hypotheses, formula("or", formula("lt", a, b), formula("lt", b, a))


@rule
def contradiction(th: Theorem) -> Sequent:
    """From s < t, s ≠ t or s <= t where t - s is a number of the wrong sign, infer false."""
    a, b = parts(th.conclusion, "lt", "le", "eq", "ne")
    gap = constant(b - a)
    demand(gap is not None, "sides that differ by a number", th.conclusion)
    if gap is not None:
        wrong = {"lt": gap <= 0, "le": gap < 0, "eq": gap != 0, "ne": gap == 0}
        demand(wrong[th.conclusion.op], "something false", th.conclusion)
    return th.hypotheses, formula("false")


@rule
def exp_positive(t: Term) -> Sequent:
    """0 < exp t."""
    return NO_HYPOTHESES, formula("lt", as_term(0), term("exp", t))


@rule
def exp_tangent(t: Term) -> Sequent:
    """1 + t <= exp t, the tangent at 0."""
    return NO_HYPOTHESES, formula("le", 1 + t, term("exp", t))


@rule
def exp_tangent_strict(th: Theorem) -> Sequent:
    """From a ≠ b infer 1 + (b - a) < exp(b - a)."""
    a, b = parts(th.conclusion, "ne")
    return th.hypotheses, formula("lt", 1 + (b - a), term("exp", b - a))


@rule
def exp_increasing(th: Theorem) -> Sequent:
    """From a <= b infer exp a <= exp b; strict from strict."""
    a, b = parts(th.conclusion, "le", "lt")
    return th.hypotheses, formula(th.conclusion.op, term("exp", a), term("exp", b))


@rule
def log_increasing(positive: Theorem, th: Theorem) -> Sequent:
    """From 0 < a and a <= b infer log a <= log b; strict from strict."""
    a, b = parts(th.conclusion, "le", "lt")
    demand(positive.conclusion is formula("lt", as_term(0), a), f"0 < {a!r}", positive.conclusion)
    return hypotheses(positive, th), formula(th.conclusion.op, term("log", a), term("log", b))


@rule
def exp_log(positive: Theorem) -> Sequent:
    """From 0 < t infer exp(log t) = t."""
    zero, t = parts(positive.conclusion, "lt")
    demand(zero is as_term(0), "0 < t", positive.conclusion)
    return positive.hypotheses, formula("eq", term("exp", term("log", t)), t)


@rule
def max2_left(a: Term, b: Term) -> Sequent:
    """a <= max(a, b)."""
    return NO_HYPOTHESES, formula("le", a, term("max2", a, b))


@rule
def max2_right(a: Term, b: Term) -> Sequent:
    """b <= max(a, b)."""
    return NO_HYPOTHESES, formula("le", b, term("max2", a, b))


@rule
def max2_attained(a: Term, b: Term) -> Sequent:
    """max(a, b) = a or max(a, b) = b."""
    m = term("max2", a, b)
    return NO_HYPOTHESES, formula("or", formula("eq", m, a), formula("eq", m, b))


@rule
def ball(f: Formula) -> Sequent:
    """A comparison a < b, a <= b or a ≠ b of variable-free terms, by ball arithmetic."""
    a, b = parts(f, "lt", "le", "ne")
    demand(not f.free, "terms without variables", f)
    try:
        holds = compare(f.op, a, b) is True
    except Undefined as error:
        holds = False
        demand(False, f"terms that have a value ({error})", f)
    demand(holds, "a comparison that ball arithmetic decides", f)
    return NO_HYPOTHESES, f
