"""min x <= Σ_j w_j x_(j) <= max x: ordinal pooling with nonnegative weights that sum to 1.

Source: Kumar 2018, Ordinal pooling networks; Deliège, Istasse, Kumar, De Vleeschouwer & Van
Droogenbroeck 2021, Ordinal pooling.
Idea: each entry lies between the two, and so does every average of entries.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Max, Min, Mutant, descending, index_map, nat, ordinal, vector, weights,
)  # fmt: skip
from lsetheory.proof.samples import entries, probabilities, sorting

n, m, w, x, s = nat("n"), nat("m"), vector("w"), vector("x"), index_map("s")
y = ordinal(m, w, s, lambda i: x[i])
top, bottom = Max(n, lambda i: x[i]), Min(n, lambda i: x[i])

CLAIM = Claim(
    words="Ordinal pooling lies between the minimum and the maximum.",
    source="Kumar 2018; Deliège et al. 2021",
    given=(1 <= m, m <= n, *weights(m, w), *descending(n, s, lambda i: x[i])),
    parts={"lower": bottom <= y, "upper": y <= top},
)
HALF = Fraction(1, 2)
AT = {"n": 3, "m": 2, "w": (HALF, HALF), "x": (0, 4, 4), "s": (2, 1, 0)}
EQUALITY = (
    Equality("upper", AT),
    Equality("lower", {**AT, "x": (4, 4, 4)}),
    Equality("lower", {**AT, "m": 3, "w": (0, 0, 1)}),
)
MUTANTS = (
    Mutant("an upper bound below the maximum", CLAIM.but(upper=y <= top - Fraction(1, 10**9)), AT),
    Mutant("weights of any sum", CLAIM.but(given=(1 <= m, m <= n, CLAIM.given[2])),
           {**AT, "w": (1, 1)}),
    Mutant("weights of any sign", CLAIM.but(given=(1 <= m, m <= n, *CLAIM.given[3:])),
           {**AT, "m": 3, "w": (1, 1, -1)}),
    Mutant("a range beyond the entries", CLAIM.but(given=(1 <= m, *CLAIM.given[2:])),
           {**AT, "n": 1, "x": (0, 4), "s": (0, 1)}),
)  # fmt: skip


def sample(rng):
    """Weights that sum to 1 exactly, and the indices in order."""
    n = int(rng.integers(1, 5))
    m = int(rng.integers(1, n + 1))
    x = entries(rng, n)
    return {"n": n, "m": m, "w": probabilities(rng, m), "x": x, "s": sorting(x)}


def proof(k):
    """Average x_i <= max x and -x_i <= -min x with the weights."""
    _, kept, signs, total, into, *_ = map(k.assume, CLAIM.given)

    def average(largest):
        """Σ w_j f(s_j) <= max f."""

        def term(j, here):
            inside = k.use(into, j, k.by(j < n, here, kept))
            return k.multiply(k.use(signs, j, here), k.max_upper(largest, inside))

        return k.sum_increasing(k.each(m, term)), k.congruent(lambda t: largest * t, total)

    upper = k.by(y <= top, *average(top))
    lower = k.by(bottom <= y, *average(Max(n, lambda i: -x[i])))
    return k.close(CLAIM.given, lower, upper)
