"""mean x <= M_r(x) for r > 0 and M_r(x) <= mean x for r < 0, for n >= 1.

Source: Jensen 1906; Asadi & Littman 2017 for mellowmax.
Idea: average the tangent line 1 + u <= exp u at u = r x_i - log((1/n) Σ exp(r x_j)).
"""

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, exp, function, inv, log, mean, nat, pooled, real,
    vector,
)  # fmt: skip

n, r, x = nat("n"), real("r"), vector("x")
average = mean(n, lambda i: x[i])
y = pooled(n, r, lambda i: x[i])

CLAIM = Claim(
    words="The pooled value lies above the mean for r > 0 and below it for r < 0.",
    source="Jensen 1906; Asadi & Littman 2017",
    given=(1 <= n,),
    parts={"above": Implies(0 < r, average <= y), "below": Implies(r < 0, y <= average)},
)
EQUALITY = (
    Equality("above", {"n": 3, "r": 2, "x": (5, 5, 5)}),
    Equality("below", {"n": 3, "r": -2, "x": (5, 5, 5)}),
)
MUTANTS = (
    Mutant("any sign of r", CLAIM.but(above=average <= y), {"n": 2, "r": -1, "x": (0, 1)}),
    Mutant("reversed for r < 0", CLAIM.but(below=Implies(r < 0, average <= y)),
           {"n": 2, "r": -1, "x": (0, 1)}),
    Mutant("the sum", CLAIM.but(above=Implies(0 < r, Sum(n, lambda i: x[i]) <= y)),
           {"n": 2, "r": 1, "x": (1, 1)}),
)  # fmt: skip


def proof(k):
    """Average the tangent lines, divide by r; what r > 0 says of -x and -r is r < 0."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)
    inside = inv(n) * Sum(n, lambda i: exp(r * x[i]))
    known = [some, k.positive(inside, some)]
    tangents = k.sum_increasing(k.each(n, lambda i, _: k.exp_tangent(r * x[i] - log(inside))))
    below = k.scale(r * average <= log(inside), k.positive_inverse(some), tangents, *known)

    sharp = k.suppose(0 < r, lambda above: k.scale(
        average <= y, k.positive_inverse(above), below, above))  # fmt: skip
    mirrored = k.put(k.discharge(1 <= n, sharp), r=-r, x=function(lambda i: -x[i]))
    blunt = k.suppose(r < 0, lambda low: k.restate(k.use(mirrored, start, low), y <= average))
    return k.close(CLAIM.given, sharp, blunt)
