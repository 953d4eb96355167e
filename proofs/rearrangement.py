"""Σ_j w_j x_{p(j)} <= Σ_j w_j x_(j) for weights w_0 >= w_1 >= ... >= 0 and any order p.

Source: Hardy, Littlewood & Pólya 1934, Inequalities, theorem 368.
Idea: the first m entries in sorted order have the largest sum, for each m; sum by parts.
"""

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, as_term, descending, each, eq, index_map, max2, nat,
    ordinal, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, sorting

n, m, w, x = nat("n"), nat("m"), vector("w"), vector("x")
s, p, zero = index_map("s"), index_map("p"), as_term(0)
sorted_value, other_value = (ordinal(m, w, q, lambda i: x[i]) for q in (s, p))
ORDER = descending(n, p, lambda i: x[i])[:2]
FALLING = (
    each(m, lambda j: 0 <= w[j]),
    each(m, lambda i: each(m, lambda j: Implies(i <= j, w[j] <= w[i]))),
)

CLAIM = Claim(
    words="No order of the entries gives nonincreasing weights a larger sum than the sorted order.",
    source="Hardy, Littlewood & Pólya 1934, theorem 368",
    given=(m <= n, *FALLING, *descending(n, s, lambda i: x[i]), *ORDER),
    parts={"largest": other_value <= sorted_value},
)
AT = {"n": 3, "m": 2, "w": (2, 1), "x": (5, 7, 1), "s": (1, 0, 2), "p": (0, 1, 2)}
EQUALITY = (
    Equality("largest", {**AT, "p": (1, 0, 2)}),
    Equality("largest", {**AT, "x": (2, 2, 2)}),
)
MUTANTS = (
    Mutant("weights that grow", CLAIM.but(given=(m <= n, FALLING[0], *CLAIM.given[3:])),
           {**AT, "w": (1, 2)}),
    Mutant("negative weights", CLAIM.but(given=(m <= n, FALLING[1], *CLAIM.given[3:])),
           {**AT, "w": (-1, -1), "p": (0, 2, 1)}),
    Mutant("one entry twice", CLAIM.but(given=CLAIM.given[:7]), {**AT, "p": (1, 1, 1)}),
    Mutant("s in any order", CLAIM.but(given=(*CLAIM.given[:5], *ORDER)), {**AT, "s": (2, 0, 1)}),
)  # fmt: skip


def sample(rng):
    """Falling weights and the indices in order."""
    n = int(rng.integers(1, 5))
    m = int(rng.integers(1, n + 1))
    x, w = entries(rng, n), sorted(rng.integers(0, 9, size=m).tolist(), reverse=True)
    return {"n": n, "m": m, "w": w, "x": x, "s": sorting(x), "p": rng.permutation(n).tolist()}


def proof(k):
    """Σ w_i gain_i >= w_j (gain_0 + ... + gain_j) >= 0, the sum up to j, by induction on j."""
    kept, signs, falls, into, injective, falling, into_p, injective_p = map(k.assume, CLAIM.given)

    def gain(i):
        """What the sorted order has more at place i."""
        return x[s[i]] - x[p[i]]

    def lead(j):
        """gain_0 + ... + gain_j."""
        return Sum(j + 1, gain)

    def leads(j, here):
        """0 <= lead_j, by the sum of what entries are above c = x_(j)."""
        c = x[s[j]]
        excess = Sum(n, lambda i: max2(x[i] - c, zero))
        rest, parted = k.open(k.nat_difference(k.nat_next(here)))

        def split(q):
            """The excess, in the order q, over the first j + 1 places and over the others."""

            def over(i):
                return max2(x[q[i]] - c, zero)

            whole = k.congruent(lambda count: Sum(count, over), parted)
            return k.chain(whole, k.sum_split(Sum(j + 1 + rest, over), j + 1, rest))

        def own(i, i_here):
            """max(x_(i) - c, 0) = x_(i) - c for i <= j."""
            inside = k.by(i < n, i_here, k.nat_next(here))
            above = k.use(falling, i, inside, j, here, k.by(i <= j, k.nat_next(i_here)))
            gap = x[s[i]] - c
            return k.largest2(k.by(gap <= gap), k.by(zero <= gap, above))

        def none(i, i_here):
            """max(x_(j+1+i) - c, 0) = 0."""
            later = k.by(j + 1 + i < n, i_here, parted)
            after = k.by(j <= j + 1 + i, k.nat_nonnegative(i))
            below = k.use(falling, j, here, j + 1 + i, later, after)
            return k.largest2(k.by(x[s[j + 1 + i]] - c <= 0, below), k.by(zero <= 0))

        return k.by(
            0 <= lead(j),
            split(s),
            split(p),
            k.sum_reindex(into, injective, excess),
            k.sum_reindex(into_p, injective_p, excess),
            k.sum_increasing(k.each(j + 1, own)),
            k.sum_increasing(k.each(rest, none)),
            k.sum_increasing(k.each(j + 1, lambda i, _: k.max2_left(x[p[i]] - c, zero))),
            k.sum_increasing(k.each(rest, lambda i, _: k.max2_right(x[p[j + 1 + i]] - c, zero))),
        )

    def goal(j):
        """w_j lead_j <= w_0 gain_0 + ... + w_j gain_j."""
        return w[j] * lead(j) <= Sum(j + 1, lambda i: w[i] * gain(i))

    def step(j):
        """w_{j+1} <= w_j, and no lead is negative."""

        def following(before, here):
            inside = k.by(j < m, here)
            fall = k.use(falls, j, inside, j + 1, here, k.by(j <= j + 1))
            ahead = leads(j, k.by(j < n, inside, kept))
            return k.by(goal(j + 1), k.multiply(ahead, fall), k.use(before, inside))

        return k.supposing((Implies(j < m, goal(j)), j + 1 < m), following)

    gains = k.induction(k.suppose(0 < m, lambda _: k.by(goal(zero))), k.nat(step))
    whole = CLAIM.parts["largest"]

    def recounted(equation):
        """Both sums over another count of places."""
        return (k.congruent(lambda count, q=q: ordinal(count, w, q, lambda i: x[i]), equation)
                for q in (s, p))  # fmt: skip

    def some(positive):
        """m = j + 1."""
        j, counted = k.open(k.nat_difference(k.nat_next(positive)))
        same = k.by(eq(m, j + 1), counted)
        here = k.by(j < m, same)
        last = k.multiply(k.use(signs, j, here), leads(j, k.by(j < n, here, kept)))
        return k.by(whole, last, k.use(gains, j, here), *recounted(same))

    def none(empty):
        return k.by(whole, *recounted(empty))

    return k.close(CLAIM.given, k.split(k.zero_or_positive(m), none, some))
