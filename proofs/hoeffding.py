"""M_r(x) - mean x <= r (max x - min x)²/8 for r > 0, and the mirror image for r < 0; n >= 1.

The constant 1/8 is best possible: for x = (0, 1) the quotient tends to it as r → 0.

Source: Hoeffding 1963, Journal of the ASA 58, proof of theorem 2 (Hoeffding's lemma).
Idea: K''(r) = Var_p(x) <= (max - min)²/4 (Popoviciu); integrate twice from 0, K'(0) = mean.
"""

from fractions import Fraction
from functools import partial

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Min, Mutant, Tends, as_term, function, mean, nat,
    pooled, real, vector,
)  # fmt: skip
from lsetheory.proofs.cumulants import K, K1, K2, sum_positive, tilted

n, r, x = nat("n"), real("r"), vector("x")
low, high = Min(n, lambda i: x[i]), Max(n, lambda i: x[i])
squared = (high - low) ** 2
average = mean(n, lambda i: x[i])
y = pooled(n, r, lambda i: x[i])


def tight(constant):
    """For x = (0, 1), n = 2, where max - min = 1: (M_r(x) - mean x)/r → constant as r → 0."""
    two = as_term(2)
    gap = lambda r: pooled(two, r, lambda i: i) - mean(two, lambda i: i)  # noqa: E731
    return Tends(lambda r: gap(r) / r, 0, constant)


CLAIM = Claim(
    words="The pooled value is within r (max - min)²/8 of the mean.",
    source="Hoeffding 1963, proof of theorem 2",
    given=(1 <= n,),
    parts={
        "above": Implies(0 < r, y - average <= r * squared / 8),
        "below": Implies(r < 0, average - y <= -r * squared / 8),
        "tight": tight(as_term(1) / 8),
    },
)
AT = {"n": 2, "r": 1, "x": (0, 1)}
EQUALITY = (
    Equality("above", {**AT, "x": (5, 5)}),
    Equality("above", {**AT, "r": Fraction(1, 1000)}, within=1e-6),
    Equality("below", {**AT, "r": Fraction(-1, 1000)}, within=1e-6),
)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(above=Implies(
        0 < r, y - average <= r * squared * Fraction(1249, 10_000))),
           {**AT, "r": Fraction(1, 1000)}),
    Mutant("without the square", CLAIM.but(above=Implies(
        0 < r, y - average <= r * (high - low) / 8)), {**AT, "x": (0, 4)}),
    Mutant("any sign of r", CLAIM.but(below=average - y <= -r * squared / 8), {**AT, "r": 3}),
    Mutant("a smaller limit", CLAIM.but(tight=tight(as_term(1) / 9)), AT),
)  # fmt: skip


def proof(k):
    """Two integrations of Popoviciu's bound from 0; tightness is slope_at_zero at (0, 1)."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)

    known = partial(sum_positive, k, some)

    ladder = (
        lambda t: t**2 * squared / 8 + t * average - K(t),
        lambda t: t * squared / 4 + average - K1(t),
        lambda t: squared / 4 - K2(t),
    )

    def top(t):
        """Popoviciu's bound under softmax(t x)."""
        nonnegative, total, _ = k.conjuncts(
            k.use(k.lemma("softmax_weights", x=function(lambda i: t * x[i])), start)
        )
        variance = k.lemma("variance_bounds", p=function(tilted(t)), h=function(lambda i: x[i]),
                           a=low, b=high)  # fmt: skip
        within = k.use(
            k.first(k.second(k.use(variance, nonnegative, total))),
            k.each(n, lambda i, here: k.min_lower(low <= x[i], here)),
            k.each(n, lambda i, here: k.max_upper(high, here)))  # fmt: skip
        return k.by(0 <= ladder[-1](t), within, known=known(t))

    above = k.real(lambda t: k.suppose(0 <= t, lambda _: top(t)))
    above = k.integrate(ladder, known, above)
    forward = k.suppose(0 < r, lambda sharp: k.scale(
        y - average <= r * squared / 8, k.positive_inverse(sharp),
        k.use(above, r, k.by(0 <= r, sharp)), sharp))  # fmt: skip
    mirrored = k.put(k.discharge(1 <= n, forward), r=-r, x=function(lambda i: -x[i]))
    backward = k.suppose(r < 0, lambda blunt: k.restate(
        k.use(mirrored, start, blunt), average - y <= -r * squared / 8))  # fmt: skip
    limit = k.use(k.lemma("slope_at_zero", n=2, x=function(lambda i: i)), k.by(as_term(1) <= 2))
    return k.close(CLAIM.given, forward, backward, k.restate(limit, CLAIM.parts["tight"]))
