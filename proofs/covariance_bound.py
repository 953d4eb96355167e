"""Cov_p(g, h) <= Σ (u_i + v_i)/2 for weights p, if |g_i h_j| <= u_i + v_j for all i and j.

It bounds the pairing of diag(p) - p pᵀ with g and h in every norm at once: u and v say how.

Source: here; the constant 1/2 is that of Nair 2025 (arXiv 2510.23012).
Idea: Σ_ij p_i p_j (u_i + v_j + g_i h_j) is at least its diagonal; and 2 p_i (1 - p_i) <= 1/2.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, absolute, each, eq, expectation, nat, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, probabilities

n, p, g, h, u, v = nat("n"), *map(vector, "pghuv")


def average(f):
    """Σ p_i f_i."""
    return expectation(n, lambda i: p[i], f)


covariance = average(lambda i: g[i] * h[i]) - average(lambda i: g[i]) * average(lambda i: h[i])
total = Sum(n, lambda i: u[i] + v[i])

CLAIM = Claim(
    words="A covariance is at most half of what bounds the products of the entries.",
    source="here; the constant as in Nair 2025 (arXiv 2510.23012)",
    given=(
        each(n, lambda i: 0 <= p[i]),
        eq(Sum(n, lambda i: p[i]), 1),
        each(n, lambda i: each(n, lambda j: absolute(g[i] * h[j]) <= u[i] + v[j])),
    ),
    parts={"bound": covariance <= total / 2},
)
HALF = (Fraction(1, 2),) * 2
AT = {"n": 2, "p": HALF, "g": (1, -1), "h": (1, -1), "u": HALF, "v": HALF}
EQUALITY = (Equality("bound", AT),)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(bound=covariance <= total * Fraction(499, 1000)), AT),
    Mutant("weights of any sum", CLAIM.but(given=(CLAIM.given[0], CLAIM.given[2])),
           {**AT, "p": (1, 1)}),
    Mutant("signed products", CLAIM.but(given=(*CLAIM.given[:2], each(n, lambda i: each(
        n, lambda j: g[i] * h[j] <= u[i] + v[j])))),
           {**AT, "g": (1, 0), "h": (0, -1), "u": (0, 0), "v": (0, 0)}),
)  # fmt: skip


def sample(rng):
    """u and v that just bound the products, Young's way."""
    n = int(rng.integers(1, 5))
    g, h = entries(rng, n, 30.0), entries(rng, n, 30.0)
    c = float(rng.choice([0.1, 1.0, 10.0]))
    u, v = [c * a * a * (0.5 + 1e-9) for a in g], [b * b / c * (0.5 + 1e-9) for b in h]
    return {"n": n, "p": probabilities(rng, n), "g": g, "h": h, "u": u, "v": v}


def proof(k):
    """Bound Σ p g Σ p h by a double sum's diagonal, then compare entry by entry."""
    seen, one, bounds = map(k.assume, CLAIM.given)

    def pair(i, j, i_here, j_here):
        """g_i h_j <= u_i + v_j and -g_i h_j <= u_i + v_j."""
        return k.within(k.use(bounds, i, i_here, j, j_here))

    def row(i, i_here):
        """The diagonal term of row i is at most the whole row."""

        def term(j, j_here):
            _, low = pair(i, j, i_here, j_here)
            weight = k.multiply(k.use(seen, i, i_here), k.use(seen, j, j_here))
            return k.scale(0 <= p[i] * p[j] * (u[i] + v[j] + g[i] * h[j]), weight, low)

        return k.sum_term(k.each(n, term), i_here)

    rows = k.sum_increasing(k.each(n, row))

    def entry(i, here):
        """What is left of entry i: p (1 - p) (w - g h) + w (1 - 2 p)²/2, where w = u + v."""
        high, low = pair(i, i, here, here)
        weight = u[i] + v[i]
        rest = k.by(0 <= 1 - p[i], k.sum_term(seen, here), one)
        product = k.scale(0 <= p[i] * (1 - p[i]), k.use(seen, i, here), rest)
        first = k.multiply(product, k.by(0 <= weight - g[i] * h[i], high))
        second = k.multiply(k.by(0 <= weight, high, low), k.square(1 - 2 * p[i]))
        left = p[i] * g[i] * h[i] + p[i] * weight - p[i] ** 2 * (weight + g[i] * h[i])
        return k.by(left <= weight / 2, first, second)

    halves = k.sum_increasing(k.each(n, entry))
    u_one, v_one = (k.congruent(lambda t, w=w: average(lambda i: w[i]) * t, one) for w in (u, v))
    return k.close(CLAIM.given, k.by(covariance <= total / 2, rows, halves, u_one, v_one))
