"""M_r(x) → max x as r → ∞, for n >= 1.

Source: Pinheiro & Collobert 2015, section 4 (stated).
Idea: squeeze between max x - log(n)/r and max x.
"""

from lsetheory.proof import (
    INF, Claim, Max, Mutant, Tends, inv, log, mean, nat, pooled, vector,
)  # fmt: skip

n, x = nat("n"), vector("x")
top = Max(n, lambda i: x[i])


def limit(value):
    """M_r(x) → value as r → ∞."""
    return Tends(lambda r: pooled(n, r, lambda i: x[i]), INF, value)


CLAIM = Claim(
    words="As r tends to infinity the pooled value tends to the maximum.",
    source="Pinheiro & Collobert 2015, section 4",
    given=(1 <= n,),
    parts={"limit": limit(top)},
)
EQUALITY = ()
MUTANTS = (
    Mutant("the mean", CLAIM.but(limit=limit(mean(n, lambda i: x[i]))), {"n": 2, "x": (0, 1)}),
    Mutant("the maximum plus 1e-9", CLAIM.but(limit=limit(top + inv(10**9))),
           {"n": 2, "x": (0, 1)}),
)  # fmt: skip


def proof(k):
    """The bounds of pooled_bounds close in on the maximum."""
    some = k.assume(1 <= n)
    low = k.tends(lambda r: top - log(n) / r, INF)
    low = k.restate(low, Tends(lambda r: top - log(n) / r, INF, top))
    high = k.tends(lambda r: top, INF)

    def between(r):
        bounds = k.put(k.lemma("pooled_bounds"), r=r)
        return k.suppose(0 < r, lambda sharp: k.use(bounds, some, sharp))

    return k.close(CLAIM.given, k.squeeze(low, high, k.real(between), ()))
