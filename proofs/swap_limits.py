"""SWAP_r(x) → max x as r → ∞, min x as r → -∞, and mean x as r → 0.

Source: Asadi & Littman 2017, section 3 (stated).
Idea: squeeze between M_r and the maximum; mirror; SWAP is continuous in r, and SWAP_0 is the mean.
"""

from lsetheory.proof import (
    INF, MINUS_INF, Claim, Max, Min, Mutant, Sum, Tends, as_term, exp, function, inv, mean, nat,
    swap, vector,
)  # fmt: skip

n, x = nat("n"), vector("x")
top, bottom = Max(n, lambda i: x[i]), Min(n, lambda i: x[i])
average = mean(n, lambda i: x[i])


def limit(point, value):
    """SWAP_r(x) → value as r → point."""
    return Tends(lambda r: swap(n, r, lambda i: x[i]), point, value)


CLAIM = Claim(
    words="SWAP tends to the maximum, the minimum and the mean as r tends to infinity, minus "
    "infinity and zero.",
    source="Asadi & Littman 2017, section 3",
    given=(1 <= n,),
    parts={
        "max": limit(INF, top),
        "min": limit(MINUS_INF, bottom),
        "mean": limit(0, average),
    },
)
EQUALITY = ()  # limits
AT = {"n": 2, "x": (0, 1)}
MUTANTS = (
    Mutant("the mean at infinity", CLAIM.but(max=limit(INF, average)), AT),
    Mutant("the maximum plus 1e-9", CLAIM.but(max=limit(INF, top + inv(10**9))), AT),
    Mutant("the maximum at minus infinity", CLAIM.but(min=limit(MINUS_INF, top)), AT),
    Mutant("the maximum at zero", CLAIM.but(mean=limit(0, top)), AT),
)  # fmt: skip


def proof(k):
    """M_r <= SWAP_r <= max x for r > 0; -x and -r; the derivative at 0."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)
    pooled_limit = k.use(k.lemma("limit_max"), start)

    def between(r):
        above, *_ = k.conjuncts(k.use(k.lemma("swap_above_pooled", r=r), start))
        _, below, *_ = k.conjuncts(k.use(k.lemma("swap_between", r=r), start))
        return k.suppose(0 < r, lambda sharp: k.both(k.use(above, sharp), below))

    constant = k.tends_constant(top, INF, "both")
    largest = k.squeeze(pooled_limit, constant, k.real(between), ())

    mirrored = k.tends_mirrored(k.use(k.put(
        k.discharge(1 <= n, largest), x=function(lambda i: -x[i])), start))  # fmt: skip
    turned = k.tends_product(k.tends_constant(as_term(-1), MINUS_INF, "both"), mirrored)
    smallest = k.restate(turned, CLAIM.parts["min"])

    zero = as_term(0)
    _, slope, _ = k.conjuncts(k.use(k.lemma("swap_is_derivative", r=zero), start))
    middle = k.tends_continuous(slope)
    at_zero = k.positive(Sum(n, lambda i: exp(zero * x[i])), some)
    return k.close(CLAIM.given, largest, smallest,
                   k.restate(middle, CLAIM.parts["mean"], some, at_zero))  # fmt: skip
