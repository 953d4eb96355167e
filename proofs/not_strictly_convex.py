"""LSE is linear along the diagonal: at x and x + c the chord inequality is an equality.

Source: folklore; Boyd & Vandenberghe 2004, section 3.1.5 (convex; the Hessian annihilates 1).
Idea: a mixture of x and x + c is x + t c, and LSE(x + t c) = LSE(x) + t c.
"""

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, each, eq, exp, lse, nat, ne, real, vector,
)  # fmt: skip

n, t, c, x = nat("n"), real("t"), real("c"), vector("x")


def moved(i):
    """The other end, parallel to the diagonal."""
    return x[i] + c


def mixed(i):
    """The mixture's entry."""
    return (1 - t) * x[i] + t * moved(i)


between = lse(n, mixed)
chord = (1 - t) * lse(n, lambda i: x[i]) + t * lse(n, moved)

CLAIM = Claim(
    words="Log-sum-exp is not strictly convex: it is linear along the diagonal.",
    source="Boyd & Vandenberghe 2004, section 3.1.5",
    given=(1 <= n,),
    parts={"flat": eq(between, chord),
           "distinct": Implies(ne(c, 0), each(n, lambda i: ne(x[i], moved(i))))},
)  # fmt: skip
EQUALITY = ()  # an equation, which holds everywhere

AT = {"n": 2, "t": 2, "c": 1, "x": (0, 1)}
MUTANTS = (
    Mutant("above the chord", CLAIM.but(flat=chord + c / 1000 <= between), AT),
    Mutant("another direction", CLAIM.but(flat=eq(
        lse(n, lambda i: x[i] + t * i), (1 - t) * lse(n, lambda i: x[i])
        + t * lse(n, lambda i: x[i] + i))), AT),
)  # fmt: skip


def proof(k):
    """exp(t c) moves out of the sum, and so does exp c."""
    some = k.by(0 < n, k.assume(1 <= n))
    flat = k.equal(between, chord, k.positive(Sum(n, lambda i: exp(x[i])), some))
    distinct = k.suppose(ne(c, 0), lambda apart: k.each(
        n, lambda i, _: k.restate(apart, ne(x[i], moved(i)))))  # fmt: skip
    return k.close(CLAIM.given, flat, distinct)
