"""LSE and M_r do not depend on the order of the entries.

Source: folklore; Pinheiro & Collobert 2015 pool a set of positions.
Idea: a permutation only reorders the terms of the sum.
"""

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, each, eq, exp, index_map, inv, log, lse, nat, pooled, real, vector,
)  # fmt: skip

n, r, x, p = nat("n"), real("r"), vector("x"), index_map("p")


def reordered(i):
    """Entry p(i)."""
    return x[p[i]]


CLAIM = Claim(
    words="Log-sum-exp and the pooled value are the same for every order of the entries.",
    source="folklore",
    given=(
        each(n, lambda i: p[i] < n),
        each(n, lambda i: each(n, lambda j: Implies(eq(p[i], p[j]), eq(i, j)))),
    ),
    parts={
        "lse": eq(lse(n, reordered), lse(n, lambda i: x[i])),
        "pooled": eq(pooled(n, r, reordered), pooled(n, r, lambda i: x[i])),
    },
)
EQUALITY = ()  # equations, which hold everywhere

CONSTANT = {"n": 2, "r": 1, "x": (0, 1), "p": lambda i: 0}
OUTSIDE = {"n": 2, "r": 1, "x": (0, 1, 5), "p": lambda i: i + 1}
MUTANTS = (
    Mutant("one entry repeated", CLAIM.but(given=CLAIM.given[:1]), CONSTANT),
    Mutant("an entry from outside", CLAIM.but(given=CLAIM.given[1:]), OUTSIDE),
)


def proof(k):
    """Reindex both sums."""
    into, injective = map(k.assume, CLAIM.given)

    plain = k.sum_reindex(into, injective, Sum(n, lambda i: exp(x[i])))
    sharp = k.sum_reindex(into, injective, Sum(n, lambda i: exp(r * x[i])))
    return k.close(CLAIM.given, k.congruent(log, plain),
                   k.congruent(lambda total: inv(r) * log(inv(n) * total), sharp))  # fmt: skip
