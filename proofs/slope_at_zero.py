"""(M_r(x) - mean x)/r → Var(x)/2 as r → 0, for n >= 1.

Source: folklore (the second cumulant); Pinheiro & Collobert 2015, section 4 for the limit itself.
Idea: the remainder of cumulants, divided by r².
"""

from lsetheory.proof import Claim, Mutant, Tends, as_term, nat, ne, pooled, vector
from lsetheory.proofs.cumulants import kappa1, kappa2, kappa3, width

n, x = nat("n"), vector("x")


def limit(value):
    """(M_r(x) - mean x)/r → value as r → 0."""
    return Tends(lambda r: (pooled(n, r, lambda i: x[i]) - kappa1) / r, 0, value)


CLAIM = Claim(
    words="Near r = 0 the pooled value leaves the mean at the rate of half the variance.",
    source="folklore",
    given=(1 <= n,),
    parts={"limit": limit(kappa2 / 2)},
)
EQUALITY = ()  # an equation between limits
MUTANTS = (
    Mutant("the variance itself", CLAIM.but(limit=limit(kappa2)), {"n": 2, "x": (0, 1)}),
    Mutant("no change", CLAIM.but(limit=limit(as_term(0))), {"n": 2, "x": (0, 1)}),
)


def proof(k):
    """Squeeze between what the remainder allows on either side."""
    start, zero = k.assume(1 <= n), as_term(0)

    def near(t, sign):
        return kappa2 / 2 + t * kappa3 / 6 + sign * width**4 * t**2 / 192

    def bound(sign):
        """The bound tends to κ2/2, by continuity."""
        th = k.tends_continuous(k.derivative(lambda t: near(t, sign), zero))
        return k.restate(th, Tends(lambda t: near(t, sign), 0, kappa2 / 2))

    def between(t):
        remainder = k.conjuncts(k.use(k.lemma("cumulants", r=t), start))[-1]
        quotient = (pooled(n, t, lambda i: x[i]) - kappa1) / t

        def divided(apart):
            size = k.positive_inverse(k.positive_square(apart))
            above, below = k.within(remainder)
            return k.both(k.scale(near(t, -1) <= quotient, size, below, apart),
                          k.scale(quotient <= near(t, 1), size, above, apart))  # fmt: skip

        return k.suppose(ne(t, 0), divided)

    return k.close(CLAIM.given, k.squeeze(bound(-1), bound(1), k.real(between), ()))
