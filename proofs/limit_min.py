"""M_r(x) → min x as r → -∞, for n >= 1.

Source: Pinheiro & Collobert 2015, section 4 (the limit of the maximum, mirrored).
Idea: M_r(x) = -M_{-r}(-x), and min x = -max(-x).
"""

from lsetheory.proof import (
    MINUS_INF, Claim, Min, Mutant, Tends, as_term, function, inv, mean, nat, pooled, vector,
)  # fmt: skip

n, x = nat("n"), vector("x")
bottom = Min(n, lambda i: x[i])


def limit(value):
    """M_r(x) → value as r → -∞."""
    return Tends(lambda r: pooled(n, r, lambda i: x[i]), MINUS_INF, value)


CLAIM = Claim(
    words="As r tends to minus infinity the pooled value tends to the minimum.",
    source="Pinheiro & Collobert 2015, section 4",
    given=(1 <= n,),
    parts={"limit": limit(bottom)},
)
EQUALITY = ()  # an equation between limits
MUTANTS = (
    Mutant("the mean", CLAIM.but(limit=limit(mean(n, lambda i: x[i]))), {"n": 2, "x": (0, 1)}),
    Mutant("the minimum plus 1e-9", CLAIM.but(limit=limit(bottom + inv(10**9))),
           {"n": 2, "x": (0, 1)}),
)  # fmt: skip


def proof(k):
    """Mirror limit_max for -x, and turn its sign."""
    some = k.assume(1 <= n)
    largest = k.use(k.lemma("limit_max", x=function(lambda i: -x[i])), some)
    minus = k.tends_constant(as_term(-1), MINUS_INF, "both")
    turned = k.tends_product(minus, k.tends_mirrored(largest))
    return k.close(CLAIM.given, k.restate(turned, CLAIM.parts["limit"]))
