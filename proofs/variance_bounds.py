"""0 <= Var_p(h) <= (b - a)²/4 for weights p and a <= h <= b; 0 < Var_p(h) if p sees two values.

Source: Popoviciu 1935 (the upper bound).
Idea: Var is the average of (h_i - E h)²; averaging (b - h_i)(h_i - a) >= 0 bounds it above.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, each, eq, expectation, nat, real, variance, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, probabilities

n, i, j, a, b = nat("n"), nat("i"), nat("j"), real("a"), real("b")
p, h = vector("p"), vector("h")
average = expectation(n, lambda i: p[i], lambda i: h[i])
spread = variance(n, lambda i: p[i], lambda i: h[i])


def inside(bound):
    """The upper bound, for values of h between a and b."""
    return Implies(each(n, lambda i: a <= h[i]), each(n, lambda i: h[i] <= b), spread <= bound)


CLAIM = Claim(
    words="A variance is at least 0, and at most a quarter of the squared range.",
    source="Popoviciu 1935",
    given=(each(n, lambda i: 0 <= p[i]), eq(Sum(n, lambda i: p[i]), 1)),
    parts={
        "lower": 0 <= spread,
        "upper": inside((b - a) ** 2 / 4),
        "strict": Implies(i < n, j < n, 0 < p[i], 0 < p[j], h[i] < h[j], 0 < spread),
    },
)
HALVES = {"n": 2, "i": 0, "j": 1, "a": 0, "b": 3, "p": (Fraction(1, 2),) * 2, "h": (0, 3)}
EQUALITY = (Equality("upper", HALVES), Equality("lower", {**HALVES, "h": (2, 2)}))
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(upper=inside((b - a) ** 2 * Fraction(249, 1000))),
           HALVES),
    Mutant("strict for one value", CLAIM.but(lower=0 < spread), {**HALVES, "h": (2, 2)}),
    Mutant("weights of any sign", CLAIM.but(given=CLAIM.given[1:]), {**HALVES, "p": (2, -1)}),
    Mutant("weights of any sum", CLAIM.but(given=CLAIM.given[:1]), {**HALVES, "p": (1, 1)}),
)  # fmt: skip


def sample(rng):
    """Weights that sum to 1, and bounds that often hold."""
    n = int(rng.integers(1, 5))
    h = entries(rng, n)
    return {"n": n, "i": int(rng.integers(n)), "j": int(rng.integers(n)), "h": h,
            "a": min(h), "b": max(h), "p": probabilities(rng, n)}  # fmt: skip


def proof(k):
    """Expand both averages; the weights sum to 1."""
    seen, total = map(k.assume, CLAIM.given)
    one = k.congruent(lambda s: average**2 * s, total)

    def squared(i, here):
        """0 <= p_i (h_i - E h)²."""
        gap = h[i] - average
        return k.scale(0 <= p[i] * gap**2, k.use(seen, i, here), k.square(gap))

    squares = k.each(n, squared)
    lower = k.by(0 <= spread, k.sum_increasing(squares), one)

    def upper(low, high):
        def product(i, here):
            """0 <= p_i (b - h_i) (h_i - a)."""
            above = k.by(0 <= h[i] - a, k.use(low, i, here))
            below = k.by(0 <= b - h[i], k.use(high, i, here))
            both = k.scale(0 <= (b - h[i]) * (h[i] - a), below, above)
            return k.scale(0 <= p[i] * (b - h[i]) * (h[i] - a), k.use(seen, i, here), both)

        products = k.sum_increasing(k.each(n, product))
        ends = k.congruent(lambda s: a * b * s, total)
        middle = k.square(average - (a + b) / 2)
        return k.by(spread <= (b - a) ** 2 / 4, products, ends, middle)

    def strict(i_here, j_here, i_seen, j_seen, rises):
        """One of h_i and h_j is not the average."""

        def away(at, here, seen, apart):
            term = k.scale(0 < p[at] * (h[at] - average) ** 2, seen, k.positive_square(apart))
            return k.by(0 < spread, k.sum_increasing_strict(squares, here, term), one)

        def from_i(apart):
            return away(i, i_here, i_seen, apart)

        return k.split(
            k.trichotomy(average, h[i]),
            lambda less: from_i(k.apart(less)),
            lambda same: away(j, j_here, j_seen, k.apart(k.by(average < h[j], same, rises))),
            lambda more: from_i(k.flip(k.apart(more))))  # fmt: skip

    bounds = each(n, lambda i: a <= h[i]), each(n, lambda i: h[i] <= b)
    two_values = (i < n, j < n, 0 < p[i], 0 < p[j], h[i] < h[j])
    return k.close(CLAIM.given, lower, k.supposing(bounds, upper), k.supposing(two_values, strict))
