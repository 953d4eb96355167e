"""-(b - a)⁴/8 <= μ4 - 3 μ2² <= (b - a)⁴/12 for weights p and a <= h <= b; the lower is attained.

Source: here; μ2 and μ4 are the central moments, μ4 - 3 μ2² the fourth cumulant (Thiele 1889).
Idea: μ2² <= μ4 <= (b - a)² μ2 and μ2 <= (b - a)²/4, by Popoviciu; then a square is left over.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, each, eq, expectation, function, nat, real, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, probabilities

n, a, b, p, h = nat("n"), real("a"), real("b"), vector("p"), vector("h")
average = expectation(n, lambda i: p[i], lambda i: h[i])


def squared(i):
    """The squared deviation of entry i."""
    return (h[i] - average) ** 2


mu2, mu4 = (expectation(n, lambda i: p[i], f) for f in (squared, lambda i: squared(i) ** 2))
kappa4 = mu4 - 3 * mu2**2

CLAIM = Claim(
    words="The fourth cumulant lies between -1/8 and 1/12 of the fourth power of the range.",
    source="here",
    given=(
        each(n, lambda i: 0 <= p[i]),
        eq(Sum(n, lambda i: p[i]), 1),
        each(n, lambda i: a <= h[i]),
        each(n, lambda i: h[i] <= b),
    ),
    parts={"lower": -((b - a) ** 4) / 8 <= kappa4, "upper": kappa4 <= (b - a) ** 4 / 12},
)
HALVES = {"n": 2, "a": 0, "b": 2, "p": (Fraction(1, 2),) * 2, "h": (0, 2)}
SKEW = {**HALVES, "p": (Fraction(7, 8), Fraction(1, 8))}
EQUALITY = (
    Equality("lower", HALVES),
    Equality("upper", {"n": 1, "a": 2, "b": 2, "p": (1,), "h": (2,)}),
)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(lower=-((b - a) ** 4) * Fraction(124, 1000) <= kappa4),
           HALVES),
    Mutant("never positive", CLAIM.but(upper=kappa4 <= 0), SKEW),
    Mutant("weights of any sum", CLAIM.but(given=(CLAIM.given[0], *CLAIM.given[2:])),
           {**HALVES, "p": (1, 1)}),
)  # fmt: skip


def sample(rng):
    """Weights that sum to 1, and the bounds that hold."""
    n = int(rng.integers(1, 5))
    h = entries(rng, n)
    return {"n": n, "h": h, "a": min(h), "b": max(h), "p": probabilities(rng, n)}


def proof(k):
    """Bound μ4 by μ2 and μ2 by the range."""
    seen, total, low, high = map(k.assume, CLAIM.given)
    spread = k.use(k.lemma("variance_bounds"), seen, total)
    one = k.congruent(lambda s: average**2 * s, total)
    narrow = k.by(mu2 <= (b - a) ** 2 / 4, k.use(k.first(k.second(spread)), low, high), one)
    wide = k.by(0 <= mu2, k.first(spread), one)
    least = k.first(k.use(k.lemma("variance_bounds", h=function(squared)), seen, total))

    def weighted(nonnegative):
        """Σ p_i f_i >= 0 from f_i >= 0."""

        def term(i, here):
            return k.multiply(k.use(seen, i, here), nonnegative(i, here))

        return k.sum_increasing(k.each(n, term))

    above = weighted(lambda i, here: k.by(0 <= h[i] - a, k.use(low, i, here)))
    below = weighted(lambda i, here: k.by(0 <= b - h[i], k.use(high, i, here)))
    above = k.by(a <= average, above, k.congruent(lambda s: a * s, total))
    below = k.by(average <= b, below, k.congruent(lambda s: b * s, total))

    def term(i, here):
        """0 <= (h_i - m)² ((b - a)² - (h_i - m)²)."""
        gap = h[i] - average
        left = k.by(0 <= b - a - gap, k.use(high, i, here), k.use(low, i, here), above, below)
        right = k.by(0 <= b - a + gap, k.use(high, i, here), k.use(low, i, here), above, below)
        return k.multiply(k.square(gap), k.multiply(left, right))

    most = k.by(mu4 <= (b - a) ** 2 * mu2, weighted(term))
    quarter = (b - a) ** 2 / 4
    room = k.multiply(k.by(0 <= quarter - mu2, narrow), k.by(0 <= quarter + mu2, narrow, wide))
    lower = k.by(CLAIM.parts["lower"], least, room)
    upper = k.by(CLAIM.parts["upper"], most, k.square(mu2 - (b - a) ** 2 / 6))
    return k.close(CLAIM.given, lower, upper)
