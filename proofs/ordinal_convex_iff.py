"""Ordinal pooling is convex if and only if its weights do not increase: w_0 >= w_1 >= ....

Source: here; the sufficient half is that of ordered weighted averages (Yager 1988).
Idea: with falling weights it is the largest of linear functions (rearrangement). Conversely let y
be x with the entries at the places j and j + 1 exchanged: both pool to the same value, and t of the
way from x to y ordinal pooling has gained t (w_{j+1} - w_j) (x_(j) - x_(j+1)).
"""

from fractions import Fraction

from lsetheory.proof import Claim, Equality, Implies, Mutant, each, function, weights
from lsetheory.proof.samples import entries, probabilities, sorting
from lsetheory.proofs import ordinal_exchange
from lsetheory.proofs.ordinal_exchange import (
    EXCHANGED, SORTED, a, at_x, at_y, b, between, c, drop, j, m, n, t, w, x, y,
)  # fmt: skip

chord = between <= (1 - t) * at_x + t * at_y
NONINCREASING = each(m, lambda i: each(m, lambda j: Implies(i <= j, w[j] <= w[i])))
FLAT = (*EXCHANGED, 0 < drop, 0 < t, 2 * t <= 1, chord)

CLAIM = Claim(
    words="Ordinal pooling with nonincreasing weights is convex; if it is convex between x and x "
    "with two unequal neighbours in sorted order exchanged, their weights do not increase.",
    source="here; Yager 1988 for ordered weighted averages",
    given=(m <= n, *weights(m, w), 0 <= t, t <= 1, *SORTED),
    parts={"if": Implies(NONINCREASING, chord), "only if": Implies(*FLAT, w[j + 1] <= w[j])},
)
HALF = Fraction(1, 2)
AT = {"n": 2, "m": 2, "j": 0, "t": HALF, "w": (1, 0), "x": (1, 0), "y": (0, 1), "a": (0, 1),
      "b": (1, 0), "c": (0, 1), "q": (1, 0)}  # fmt: skip
EQUALITY = (
    Equality("if", {**AT, "w": (HALF, HALF)}),
    Equality("only if", {**AT, "w": (HALF, HALF)}),
)
MUTANTS = (
    Mutant("convex for growing weights", CLAIM.but(**{"if": chord}), {**AT, "w": (0, 1)}),
    Mutant("t beyond 1", CLAIM.but(given=(*CLAIM.given[:4], t <= 2, *SORTED)),
           {**AT, "t": 2, "c": (1, 0)}),
    Mutant("strictly falling weights", CLAIM.but(**{"only if": Implies(
        *FLAT, w[j + 1] < w[j])}), {**AT, "w": (HALF, HALF)}),
    Mutant("equal neighbours", CLAIM.but(**{"only if": Implies(
        *EXCHANGED, 0 < t, 2 * t <= 1, chord, w[j + 1] <= w[j])}),
        {**AT, "w": (0, 1), "x": (1, 1), "y": (1, 1)}),
    Mutant("t = 0", CLAIM.but(**{"only if": Implies(
        *EXCHANGED, 0 < drop, 2 * t <= 1, chord, w[j + 1] <= w[j])}),
        {**AT, "w": (0, 1), "t": 0}),
)  # fmt: skip


def sample(rng):
    """An exchange or two vectors, and weights that sum to 1 exactly, falling half the time."""
    point = ordinal_exchange.sample(rng)
    w = probabilities(rng, point["m"])
    point["w"] = sorted(w, reverse=True) if rng.random() < 0.5 else w
    if rng.random() < 0.5:
        return point
    y, t = entries(rng, point["n"]), Fraction(int(rng.integers(0, 9)), 8)
    c = sorting(ordinal_exchange.mixture(t, point["x"], y))
    return {**point, "y": y, "t": t, "b": sorting(y), "c": c}


def proof(k):
    """The rearrangement inequality in the mixture's order; both sums over the places j, j + 1."""
    kept, signs, _, low, high, *orders = map(k.assume, CLAIM.given)

    def convex(falls):
        def most(v, order, ordered):
            """Σ w v in the mixture's order is at most the sorted sum."""
            lemma = k.lemma("rearrangement", x=function(lambda i: v[i]),
                            s=function(lambda i: order[i]), p=function(lambda i: c[i]))  # fmt: skip
            return k.use(lemma, kept, signs, falls, *ordered, *orders[6:8])

        first = k.multiply(k.by(0 <= 1 - t, high), most(x, a, orders[:3]))
        return k.by(chord, first, k.multiply(low, most(y, b, orders[3:6])))

    def only_if(*facts):
        """The chord is flat, so there is no gain; divide it by t (x_(j) - x_(j+1))."""
        *exchanged, falls, some, near, below = facts
        exchange = k.lemma("ordinal_exchange")
        same, gain = k.conjuncts(k.use(exchange, kept, low, near, *orders, *exchanged))
        flat = k.by(t * (w[j + 1] - w[j]) * drop <= 0, below, gain,
                    k.congruent(lambda u: t * u, same))  # fmt: skip
        factor = k.positive_inverse(k.positive(t * drop, some, falls))
        return k.scale(w[j + 1] <= w[j], factor, flat, some, falls)

    return k.close(CLAIM.given, k.suppose(NONINCREASING, convex), k.supposing(FLAT, only_if))
