"""|softmax(x)_i - softmax(y)_i| <= d/2 if |x_j - y_j| <= d for all j.

Source: Nair 2025 (arXiv 2510.23012), the maximum norm.
Idea: from y to x the entry changes at the rate p_i (h_i - Σ p_j h_j), at most 2 p_i (1 - p_i) d.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, absolute, as_term, each, exp, expectation, function, nat, real,
    softmax, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries

n, i, d, x, y = nat("n"), nat("i"), real("d"), vector("x"), vector("y")


def change(j):
    """The move of an entry."""
    return x[j] - y[j]


def on_the_way(t):
    """softmax(y + t (x - y))."""
    return lambda i: softmax(n, lambda j: y[j] + t * change(j), i)


move = softmax(n, lambda j: x[j], i) - softmax(n, lambda j: y[j], i)

CLAIM = Claim(
    words="An entry of softmax moves by at most half of the largest move of its input.",
    source="Nair 2025 (arXiv 2510.23012)",
    given=(i < n, each(n, lambda j: absolute(change(j)) <= d)),
    parts={"bound": absolute(move) <= d / 2},
)
SMALL = Fraction(1, 1024)
AT = {"n": 2, "i": 0, "d": SMALL, "x": (SMALL, 0), "y": (0, SMALL)}
EQUALITY = (Equality("bound", AT, within=1e-6),)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(bound=absolute(move) <= d * Fraction(499, 1000)), AT),
    Mutant("its own move alone", CLAIM.but(given=(i < n, absolute(change(i)) <= d)),
           {**AT, "d": 0, "x": (0, 5), "y": (0, 0)}),
)  # fmt: skip


def sample(rng):
    """d is the largest move, or a little more."""
    n = int(rng.integers(1, 5))
    x, y = entries(rng, n, 30.0), entries(rng, n, 30.0)
    d = max(abs(a - b) for a, b in zip(x, y, strict=True)) * (1 + 1e-12)
    return {"n": n, "i": int(rng.integers(n)), "d": d, "x": x, "y": y}


def proof(k):
    """t d/2 less the entry, or plus it, at y + t (x - y) does not fall from t = 0 to t = 1."""
    here, bounds = map(k.assume, CLAIM.given)
    start = k.by(1 <= n, k.nat_next(k.by(0 < n, here, k.nat_nonnegative(i))))
    some, zero, one = k.by(0 < n, start), as_term(0), as_term(1)

    def within(j, j_here):
        """x_j - y_j <= d and -(x_j - y_j) <= d."""
        return k.within(k.use(bounds, j, j_here))

    def climbs(sign):
        """sign (softmax(x)_i - softmax(y)_i) <= d/2."""

        def left(t):
            return t * d / 2 - sign * on_the_way(t)(i)

        def rate(t):
            p = on_the_way(t)
            return d / 2 - sign * p(i) * (change(i) - expectation(n, p, change))

        def positive(t):
            return k.positive(Sum(n, lambda j: exp(y[j] + t * change(j))), some)

        def slope(t, low, high):
            return k.derivative(left, t, positive(t), value=rate(t))

        def above(t, low, high):
            """The entry's own term of Σ p_j (2 d - sign (h_i - h_j)) bounds the rate."""
            p, known = on_the_way(t), [positive(t)]
            path = function(lambda j: y[j] + t * change(j))
            seen = k.first(k.use(k.lemma("softmax_weights", x=path), start))

            def term(j, j_here):
                room = 2 * d - sign * (change(i) - change(j))
                gap = k.by(0 <= room, *within(i, here), *within(j, j_here))
                return k.scale(0 <= p(j) * room, k.use(seen, j, j_here), gap)

            drift = k.by(sign * (change(i) - expectation(n, p, change)) <= 2 * d * (1 - p(i)),
                         k.sum_term(k.each(n, term), here), known=known)  # fmt: skip
            drift = k.multiply(k.use(seen, i, here), drift)
            size = k.by(0 <= d, *within(i, here))
            return k.by(0 <= rate(t), drift, k.multiply(size, k.square(1 - 2 * p(i))))

        grown = k.grows(k.by(zero < one), k.on_interval(zero, one, slope),
                        k.on_interval(zero, one, above))  # fmt: skip
        return k.by(sign * move <= d / 2, grown)

    return k.close(
        CLAIM.given, k.largest2(k.by(move <= d / 2, climbs(1)), k.by(-move <= d / 2, climbs(-1)))
    )  # fmt: skip)
