"""r SWAP_r(x) + H(softmax(r x)) = log Σ exp(r x_i), and M_r(x) = SWAP_r(x) + (H - log n)/r, r ≠ 0.

Source: Gibbs 1902 (free energy = energy - temperature · entropy); Asadi & Littman 2017, section 5.
Idea: this is where gibbs_duality attains its maximum, written for r x.
"""

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, entropy, eq, exp, log, lse, nat, ne, pooled, real, softmax, swap,
    vector,
)  # fmt: skip

n, r, x = nat("n"), real("r"), vector("x")
y, smooth = swap(n, r, lambda i: x[i]), pooled(n, r, lambda i: x[i])
total = lse(n, lambda i: r * x[i])
spread = entropy(n, lambda i: softmax(n, lambda j: r * x[j], i))


def gap(value):
    """M_r(x) = SWAP_r(x) + value, for r ≠ 0."""
    return Implies(ne(r, 0), eq(smooth, y + value))


CLAIM = Claim(
    words="SWAP and the pooled value differ by the entropy of the weights less log n, over r.",
    source="Asadi & Littman 2017, section 5",
    given=(1 <= n,),
    parts={"total": eq(r * y + spread, total), "pooled": gap((spread - log(n)) / r)},
)
EQUALITY = ()  # equations
AT = {"n": 2, "r": 2, "x": (0, 1)}
MUTANTS = (
    Mutant("without entropy", CLAIM.but(total=eq(r * y, total)), AT),
    Mutant("without log n", CLAIM.but(pooled=gap(spread / r)), AT),
    Mutant("the entropy taken away", CLAIM.but(total=eq(r * y - spread, total)), AT),
)  # fmt: skip


def proof(k):
    """Take logarithms of the weights; split log((1/n) Σ) for the pooled value."""
    some = k.by(0 < n, k.assume(1 <= n))
    positive = k.positive(Sum(n, lambda i: exp(r * x[i])), some)
    whole = k.equal(r * y + spread, total, positive)
    return k.close(CLAIM.given, whole, k.suppose(ne(r, 0), lambda apart: k.equal(
        smooth, y + (spread - log(n)) / r, some, positive, apart)))  # fmt: skip
