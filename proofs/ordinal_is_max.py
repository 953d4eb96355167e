"""Ordinal pooling contains max pooling (pool range 1) and average pooling (range n, equal weights).

Source: Kumar 2018, Ordinal pooling networks; Deliège et al. 2021, Ordinal pooling.
Idea: no entry exceeds x_(0), as Σ max(x_i - x_(0), 0) is 0 in sorted order, hence in any order.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Implies, Max, Mutant, Sum, as_term, descending, each, eq, index_map, max2,
    mean, nat, ordinal, vector, weights,
)  # fmt: skip
from lsetheory.proof.samples import entries, sorting

n, w, x, s = nat("n"), vector("w"), vector("x"), index_map("s")
zero = as_term(0)
EQUAL = each(n, lambda j: eq(w[j], 1 / n))
top, average = Max(n, lambda i: x[i]), mean(n, lambda i: x[i])


def pooled(m):
    """Ordinal pooling with pool range m."""
    return ordinal(m, w, s, lambda i: x[i])


CLAIM = Claim(
    words="With pool range 1 ordinal pooling is the maximum; with equal weights for all, the mean.",
    source="Kumar 2018; Deliège et al. 2021",
    given=(1 <= n, *descending(n, s, lambda i: x[i])),
    parts={
        "max": Implies(*weights(1, w), eq(pooled(1), top)),
        "mean": Implies(EQUAL, eq(pooled(n), average)),
    },
)
EQUALITY = ()  # equations
AT = {"n": 2, "w": (1, 0), "x": (0, 4), "s": (1, 0)}
MUTANTS = (
    Mutant("in any order", CLAIM.but(given=CLAIM.given[:3]), {**AT, "s": (0, 1)}),
    Mutant("an entry twice", CLAIM.but(given=(*CLAIM.given[:2], CLAIM.given[3])),
           {**AT, "s": (0, 0)}),
    Mutant("the mean for any weights", CLAIM.but(mean=eq(pooled(n), average)), AT),
    Mutant("pool range 2", CLAIM.but(max=Implies(2 <= n, *weights(2, w), eq(pooled(2), top))),
           {**AT, "w": (Fraction(1, 2),) * 2}),
)  # fmt: skip


def sample(rng):
    """The indices in order, with the weights of one of the two cases."""
    n = int(rng.integers(1, 5))
    x, one, equal = entries(rng, n), [int(j == 0) for j in range(n)], [Fraction(1, n)] * n
    return {"n": n, "w": one if rng.random() < 0.5 else equal, "x": x, "s": sorting(x)}


def proof(k):
    """The sum of max(x_i - x_(0), 0) is 0, and none of its terms is negative."""
    start, into, injective, falling = map(k.assume, CLAIM.given)
    some = k.by(0 < n, start)
    first = x[s[0]]

    excess = Sum(n, lambda i: max2(x[i] - first, zero))

    def nothing(j, here):
        """The entry at place j has no excess."""
        later = k.use(falling, 0, some, j, here, k.nat_nonnegative(j))
        most = k.largest2(k.by(x[s[j]] - first <= 0, later), k.by(zero <= 0))
        return k.equate(most, k.max2_right(x[s[j]] - first, zero))

    in_order = k.sum_equal(k.each(n, nothing))
    none = k.by(eq(excess, 0), in_order, k.sum_reindex(into, injective, excess))

    def no_larger(i, here):
        """x_i <= x_(0)."""
        signs = k.each(n, lambda i, _: k.max2_right(x[i] - first, zero))
        return k.by(x[i] <= first, k.max2_left(x[i] - first, zero), k.sum_term(signs, here), none)

    i, inside, equals = k.attained(top, some)
    most = k.by(top <= first, no_larger(i, inside), equals)
    largest = k.equate(k.max_upper(top, k.use(into, 0, some)), most)

    def one(_, total):
        """w_0 = 1."""
        return k.by(eq(pooled(1), top), largest, k.congruent(lambda t: first * t, total))

    def equal(same):
        """The sum of all entries in order is their sum."""
        terms = k.each(n, lambda j, here: k.congruent(lambda t: t * x[s[j]], k.use(same, j, here)))
        total = k.sum_reindex(into, injective, Sum(n, lambda i: x[i]))
        return k.by(eq(pooled(n), average), k.sum_equal(terms),
                    k.congruent(lambda t: t / n, total))  # fmt: skip

    return k.close(CLAIM.given, k.supposing(weights(1, w), one), k.suppose(EQUAL, equal))
