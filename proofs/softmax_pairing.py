"""Σ g_i (softmax(x)_i - softmax(y)_i) <= Σ (u_i + v_i)/2, if |g_i (x_j - y_j)| <= u_i + v_j.

Source: here; it gives the Lipschitz constant 1/2 of Nair 2025 (arXiv 2510.23012) in every norm.
Idea: from y to x the pairing changes at the rate Cov_p(g, x - y), p softmax on the way.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, absolute, as_term, each, exp, expectation, function, nat,
    softmax, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries

n, g, x, y, u, v = nat("n"), *map(vector, "gxyuv")
total = Sum(n, lambda i: u[i] + v[i])


def change(i):
    """Where y moves to."""
    return x[i] - y[i]


def on_the_way(t):
    """softmax(y + t (x - y))."""
    return lambda i: softmax(n, lambda j: y[j] + t * change(j), i)


def at(z):
    """softmax(z)."""
    return lambda i: softmax(n, lambda j: z[j], i)


pairing = Sum(n, lambda i: g[i] * (at(x)(i) - at(y)(i)))

CLAIM = Claim(
    words="A weighted change of softmax is at most half of what bounds the products of entries.",
    source="here; the constant as in Nair 2025 (arXiv 2510.23012)",
    given=(1 <= n, each(n, lambda i: each(n, lambda j: absolute(g[i] * change(j)) <= u[i] + v[j]))),
    parts={"bound": pairing <= total / 2},
)
SMALL = Fraction(1, 1024)
AT = {"n": 2, "g": (1, -1), "x": (SMALL, 0), "y": (0, SMALL), "u": (0, 0), "v": (SMALL, SMALL)}
EQUALITY = (Equality("bound", AT, within=1e-6),)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(bound=pairing <= total * Fraction(499, 1000)), AT),
    Mutant("only the diagonal", CLAIM.but(given=(1 <= n, each(
        n, lambda i: absolute(g[i] * change(i)) <= u[i] + v[i]))),
           {**AT, "g": (1, 0), "x": (0, 0), "y": (0, 9), "v": (0, 0)}),
)  # fmt: skip


def sample(rng):
    """g of size 1 or so, v as large as the change of the entries."""
    n = int(rng.integers(1, 5))
    x, y = entries(rng, n, 30.0), entries(rng, n, 30.0)
    g = rng.uniform(-1, 1, size=n).tolist()
    v = [abs(a - b) * (1 + 1e-9) for a, b in zip(x, y, strict=True)]
    return {"n": n, "g": g, "x": x, "y": y, "u": [0] * n, "v": v}


def proof(k):
    """t (Σ u + v)/2 less the pairing at y + t (x - y) does not fall from t = 0 to t = 1."""
    start, bounds = map(k.assume, CLAIM.given)
    some, zero, one = k.by(0 < n, start), as_term(0), as_term(1)

    def left(t):
        return t * total / 2 - expectation(n, on_the_way(t), lambda i: g[i])

    def rate(t):
        p = on_the_way(t)
        both = expectation(n, p, lambda i: g[i] * change(i))
        return total / 2 - (both - expectation(n, p, lambda i: g[i]) * expectation(n, p, change))

    def slope(t, low, high):
        positive = k.positive(Sum(n, lambda i: exp(y[i] + t * change(i))), some)
        return k.derivative(left, t, positive, value=rate(t))

    def sign(t, low, high):
        path = function(lambda i: y[i] + t * change(i))
        seen, one, _ = k.conjuncts(k.use(k.lemma("softmax_weights", x=path), start))
        covariance = k.lemma("covariance_bound", p=function(on_the_way(t)), h=function(change))
        return k.by(0 <= rate(t), k.use(covariance, seen, one, bounds))

    grown = k.grows(k.by(zero < one), k.on_interval(zero, one, slope),
                    k.on_interval(zero, one, sign))  # fmt: skip
    return k.close(CLAIM.given, k.by(pairing <= total / 2, grown))
