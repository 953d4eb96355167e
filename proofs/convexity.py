"""LSE((1-t) x + t y) <= (1-t) LSE(x) + t LSE(y) for n >= 1 and 0 <= t <= 1.

Source: Boyd & Vandenberghe 2004, Convex Optimization, section 3.1.5.
Idea: subtract LSE(x) and LSE(y), so that both softmaxes sum to 1; exp lies above its tangent at
the mixture, hence below its chord; add up.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, exp, lse, nat, real, vector,
)  # fmt: skip

n, t, x, y = nat("n"), real("t"), vector("x"), vector("y")


def mixed(i):
    """The mixture's entry."""
    return (1 - t) * x[i] + t * y[i]


at_x, at_y, between = lse(n, lambda i: x[i]), lse(n, lambda i: y[i]), lse(n, mixed)
chord = (1 - t) * at_x + t * at_y

CLAIM = Claim(
    words="Log-sum-exp is convex.",
    source="Boyd & Vandenberghe 2004, section 3.1.5",
    given=(1 <= n, 0 <= t, t <= 1),
    parts={"chord": between <= chord},
)
EQUALITY = (
    Equality("chord", {"n": 2, "t": Fraction(1, 2), "x": (0, 1), "y": (3, 4)}, within=1e-60),
    Equality("chord", {"n": 1, "t": Fraction(1, 3), "x": (0,), "y": (7,)}),
)
MUTANTS = (
    Mutant("strict", CLAIM.but(chord=between < chord),
           {"n": 1, "t": Fraction(1, 2), "x": (0,), "y": (0,)}),
    Mutant("concave", CLAIM.but(chord=chord <= between),
           {"n": 2, "t": Fraction(1, 2), "x": (0, 2), "y": (2, 0)}),
    Mutant("t beyond 1", CLAIM.but(given=(1 <= n, 0 <= t, t <= 2)),
           {"n": 2, "t": 2, "x": (0, 1), "y": (1, 0)}),
)  # fmt: skip


def proof(k):
    """Σ exp(mixed - chord) <= (1-t) + t = 1."""
    some = k.by(0 < n, k.assume(1 <= n))
    weight, rest = k.assume(0 <= t), k.by(0 <= 1 - t, k.assume(t <= 1))
    known = [k.positive(Sum(n, lambda i: exp(x[i])), some),
             k.positive(Sum(n, lambda i: exp(y[i])), some)]  # fmt: skip

    def chord_above(i, _):
        u, v, w = x[i] - at_x, y[i] - at_y, mixed(i) - chord
        left = k.scale(exp(w) * (1 + u - w) <= exp(u), k.exp_positive(w), k.exp_tangent(u - w))
        right = k.scale(exp(w) * (1 + v - w) <= exp(v), k.exp_positive(w), k.exp_tangent(v - w))
        left = k.scale((1 - t) * exp(w) * (1 + u - w) <= (1 - t) * exp(u), rest, left)
        right = k.scale(t * exp(w) * (1 + v - w) <= t * exp(v), weight, right)
        return k.by(exp(w) <= (1 - t) * exp(u) + t * exp(v), left, right)

    total = k.sum_increasing(k.each(n, chord_above))
    total = k.by(total.conclusion.args[0] <= 1, total, known=known)
    sums = Sum(n, lambda i: exp(mixed(i)))
    total = k.scale(sums <= exp(chord), k.exp_positive(chord), total)
    return k.close(CLAIM.given, k.by(between <= chord, k.log_increasing(
        k.positive(sums, some), total)))  # fmt: skip
