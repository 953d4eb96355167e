"""LSE(x + c) = LSE(x) + c for n >= 1, and M_r(x + c) = M_r(x) + c for r ≠ 0.

Source: folklore; Asadi & Littman 2017 for mellowmax.
Idea: exp(r (x_i + c)) = exp(r c) exp(r x_i); the log of the factor is r c.
"""

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, eq, exp, lse, nat, ne, pooled, real, vector,
)  # fmt: skip

n, r, c, x = nat("n"), real("r"), real("c"), vector("x")


def moved(i):
    """The translated entry."""
    return x[i] + c


at_x, at_moved = lse(n, lambda i: x[i]), lse(n, moved)
pooled_x, pooled_moved = pooled(n, r, lambda i: x[i]), pooled(n, r, moved)

CLAIM = Claim(
    words="Adding a number to every entry adds it to log-sum-exp and to the pooled value.",
    source="Asadi & Littman 2017",
    given=(1 <= n,),
    parts={"lse": eq(at_moved, at_x + c),
           "pooled": Implies(ne(r, 0), eq(pooled_moved, pooled_x + c))},
)  # fmt: skip
EQUALITY = ()  # equations, which hold everywhere
MUTANTS = (
    Mutant("c counted r times", CLAIM.but(pooled=Implies(ne(r, 0), eq(
        pooled_moved, pooled_x + r * c))), {"n": 2, "r": 2, "c": 1, "x": (0, 1)}),
    Mutant("c counted n times", CLAIM.but(lse=eq(at_moved, at_x + n * c)),
           {"n": 2, "r": 1, "c": 1, "x": (0, 1)}),
    Mutant("the other sign", CLAIM.but(lse=eq(at_moved, at_x - c)),
           {"n": 1, "r": 1, "c": 1, "x": (0,)}),
)  # fmt: skip


def proof(k):
    """The normal form moves the factor out; the sums are positive, so their logs split."""
    some = k.by(0 < n, k.assume(1 <= n))
    plain = k.positive(Sum(n, lambda i: exp(x[i])), some)
    sharp = k.positive(Sum(n, lambda i: exp(r * x[i])), some)
    scaled = k.suppose(ne(r, 0), lambda apart: k.equal(
        pooled_moved, pooled_x + c, some, apart, sharp))  # fmt: skip
    return k.close(CLAIM.given, k.equal(at_moved, at_x + c, plain), scaled)
