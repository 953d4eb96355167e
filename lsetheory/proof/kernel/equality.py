"""Equality by algebra, up to what is known to be positive or nonzero; what the rules ask."""

from collections.abc import Iterable
from fractions import Fraction

from lsetheory.proof.kernel.normal import poly
from lsetheory.proof.kernel.polynomial import (
    NOTHING,
    ONE,
    UNIT,
    Factors,
    Facts,
    Poly,
    content,
    plus,
    times,
    unsigned,
    whole_power,
)
from lsetheory.proof.kernel.terms import Term, term


def facts_from(positive: Iterable[Term], nonzero: Iterable[Term]) -> Facts:
    """Facts about the canonical cores of terms that are proved > 0 and ≠ 0."""
    facts = NOTHING
    for t in positive:
        scale, (factors, _), core = content(poly(t, facts))
        bases = (a.args[0] if a.op == "inv" else a for a, _ in factors)
        unknown = [a for a in bases if not facts.is_positive(a)]
        known = set[Term]()
        if scale > 0 and not unknown:
            known = {core} - {ONE}
        if scale > 0 and core is ONE and [k for _, k in factors] == [1] * len(factors) \
                and len(unknown) == 1:  # fmt: skip
            known = {unknown[0]}
        facts = Facts(facts.positive | known, facts.nonzero | _factors(factors, core))
    for t in nonzero:
        _, (factors, _), core = content(poly(t, facts))
        facts = Facts(facts.positive, facts.nonzero | _factors(factors, core))
    return facts


def _factors(factors: Factors, core: Term) -> set[Term]:
    """What a nonzero product is made of: each factor is nonzero, and so is what it inverts."""
    bases = {a.args[0] if a.op == "inv" else a for a, _ in factors}
    return bases | ({unsigned(core)[1]} - {ONE})


def constant(t: Term, facts: Facts = NOTHING) -> Fraction | None:
    """The number that `t` is by algebra, if it is one."""
    p = poly(t, facts)
    return p.get(UNIT, Fraction(0)) if set(p) <= {UNIT} else None


def vanishes(t: Term, facts: Facts = NOTHING) -> bool:
    """Whether `t` is 0 by algebra, denominators known to be nonzero cleared."""
    p = poly(t, facts)
    while p:
        denominators = {a.args[0] for (factors, _) in p for a, _ in factors if a.op == "inv"}
        known = sorted((d for d in denominators if facts.is_nonzero(d)), key=Term.key)
        if not known:
            return False
        p = _cleared(p, known[0], facts)
    return True


def _cleared(p: Poly, d: Term, facts: Facts) -> Poly:
    """d^k p with the 1/d multiplied out, k the largest exponent of 1/d."""
    over = term("inv", d)
    top = max(dict(factors).get(over, 0) for factors, _ in p)
    out: Poly = {}
    for (factors, expo), c in p.items():
        left = top - dict(factors).get(over, 0)
        rest: Poly = {(tuple(f for f in factors if f[0] is not over), expo): c}
        out = plus(out, times(rest, whole_power(poly(d, facts), left, facts), facts))
    return out
