"""Ordinal pooling does not depend on the order that ties are sorted in.

Source: here; what makes order statistics well defined.
Idea: ordinal_nonexpansive with y = x, where no entry moves.
"""

from lsetheory.proof import (
    Claim, Max, Mutant, absolute, descending, each, eq, function, index_map, nat, ordinal, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, sorting

n, m, w, x, s, t = nat("n"), nat("m"), vector("w"), vector("x"), index_map("s"), index_map("t")
SORTED = tuple(f for order in (s, t) for f in descending(n, order, lambda i: x[i]))

CLAIM = Claim(
    words="Two ways to sort a vector give the same sorted entries and the same ordinal pooling.",
    source="here",
    given=(m <= n, *SORTED),
    parts={
        "entry": each(n, lambda j: eq(x[s[j]], x[t[j]])),
        "value": eq(*(ordinal(m, w, order, lambda i: x[i]) for order in (s, t))),
    },
)
EQUALITY = ()  # equations
AT = {"n": 3, "m": 1, "w": (1,), "x": (0, 4, 4), "s": (1, 2, 0), "t": (2, 1, 0)}
MUTANTS = (
    Mutant("the same order", CLAIM.but(entry=each(n, lambda j: eq(s[j], t[j]))), AT),
    Mutant("t in any order", CLAIM.but(given=CLAIM.given[:6]), {**AT, "t": (0, 1, 2)}),
    Mutant("weights beyond the entries", CLAIM.but(given=SORTED),
           {**AT, "n": 1, "m": 2, "w": (0, 1), "s": (0, 1), "t": (0, 2), "x": (1, 2, 3)}),
)  # fmt: skip


def sample(rng):
    """A vector with ties, sorted in two ways."""
    n = int(rng.integers(1, 5))
    x = [float(v) for v in rng.choice(entries(rng, 3), size=n)]
    backwards = [n - 1 - i for i in sorting(x[::-1])]
    return {"n": n, "m": int(rng.integers(n + 1)), "w": entries(rng, n), "x": x, "s": sorting(x),
            "t": backwards}  # fmt: skip


def proof(k):
    """The largest move of an entry is 0; equal terms have equal sums."""
    kept, *order = map(k.assume, CLAIM.given)
    near = k.first(k.use(k.lemma("ordinal_nonexpansive", y=function(lambda i: x[i])), *order))
    moves = Max(n, lambda i: absolute(x[i] - x[i]))

    def same(j, here):
        """|x_{s(j)} - x_{t(j)}| <= max |0| = 0."""
        i, _, equals = k.attained(moves, k.by(0 < n, here, k.nat_nonnegative(j)))
        still = k.by(x[i] - x[i] <= 0)
        none = k.by(moves <= 0, equals, k.largest2(still, still))
        apart, one, other = k.use(near, j, here), x[s[j]], x[t[j]]
        up = k.by(one <= other, k.max2_left(one - other, other - one), apart, none)
        return k.equate(up, k.by(
            other <= one, k.max2_right(one - other, other - one), apart, none))  # fmt: skip

    entries = k.each(n, same)
    terms = k.each(m, lambda j, here: k.congruent(
        lambda v: w[j] * v, k.use(entries, j, k.by(j < n, here, kept))))  # fmt: skip
    return k.close(CLAIM.given, entries, k.sum_equal(terms))
