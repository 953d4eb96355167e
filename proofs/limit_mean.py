"""M_r(x) → mean x as r → 0, from both sides, for n >= 1.

Source: Pinheiro & Collobert 2015, section 4 (stated); Asadi & Littman 2017 for mellowmax.
Idea: M_r is the difference quotient at 0 of K(r) = log((1/n) Σ exp(r x_i)), and K'(0) = mean x.
"""

from lsetheory.proof import (
    Claim, Max, Mutant, Sum, Tends, as_term, exp, inv, log, mean, nat, pooled, vector,
)  # fmt: skip

n, x = nat("n"), vector("x")
average = mean(n, lambda i: x[i])


def cumulants(r):
    """K(r)."""
    return log(inv(n) * Sum(n, lambda i: exp(r * x[i])))


def limit(value):
    """M_r(x) → value as r → 0."""
    return Tends(lambda r: pooled(n, r, lambda i: x[i]), 0, value)


CLAIM = Claim(
    words="As r tends to 0 the pooled value tends to the mean.",
    source="Pinheiro & Collobert 2015, section 4",
    given=(1 <= n,),
    parts={"limit": limit(average)},
)
EQUALITY = ()
MUTANTS = (
    Mutant("the maximum instead of the mean", CLAIM.but(limit=limit(Max(n, lambda i: x[i]))),
           {"n": 2, "x": (0, 1)}),
    Mutant("the sum instead of the mean", CLAIM.but(limit=limit(Sum(n, lambda i: x[i]))),
           {"n": 2, "x": (0, 1)}),
    Mutant("the mean plus 1e-9", CLAIM.but(limit=limit(average + inv(10**9))),
           {"n": 2, "x": (0, 1)}),
)  # fmt: skip


def proof(k):
    """Differentiate K at 0 and read the difference quotient."""
    zero = as_term(0)
    some = k.by(0 < n, k.assume(1 <= n))
    inside = inv(n) * Sum(n, lambda i: exp(zero * x[i]))
    slope = k.derivative(cumulants, zero, some, k.positive(inside, some))
    quotient = k.tends_quotient(slope)
    return k.close(CLAIM.given, k.restate(quotient, CLAIM.parts["limit"], some))
