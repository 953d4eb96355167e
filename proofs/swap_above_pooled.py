"""M_r(x) <= SWAP_r(x) <= M_r(x) + log(n)/r for n >= 1 and r > 0; the order turns for r < 0.

Source: here; the gap is (log n - H(softmax(r x)))/r by swap_entropy.
Idea: an entropy is at most log n; the gap is that of M_r to the maximum, which SWAP cannot exceed.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, entropy, exp, function, log, nat, pooled, real,
    softmax, swap, vector,
)  # fmt: skip

n, r, x = nat("n"), real("r"), vector("x")
y, smooth = swap(n, r, lambda i: x[i]), pooled(n, r, lambda i: x[i])


def weight(i):
    """softmax(r x)_i."""
    return softmax(n, lambda j: r * x[j], i)


CLAIM = Claim(
    words="SWAP lies above the pooled value for r > 0 and below it for r < 0, by at most log n "
    "over the size of r.",
    source="here",
    given=(1 <= n,),
    parts={
        "above": Implies(0 < r, smooth <= y),
        "gap": Implies(0 < r, y <= smooth + log(n) / r),
        "below": Implies(r < 0, y <= smooth),
        "gap below": Implies(r < 0, smooth + log(n) / r <= y),
    },
)
EQUAL, FAR = {"n": 2, "r": 2, "x": (0, 0)}, {"n": 2, "r": 100, "x": (2, 1)}
EQUALITY = (
    Equality("above", EQUAL),
    Equality("gap", {"n": 1, "r": 2, "x": (5,)}),
    Equality("gap", FAR, within=1e-40),
    Equality("below", {**EQUAL, "r": -2}),
    Equality("gap below", {**FAR, "r": -100}, within=1e-40),
)
MUTANTS = (
    Mutant("a gap below log(n)/r", CLAIM.but(gap=Implies(
        0 < r, y <= smooth + log(n) / r * Fraction(999, 1000))), FAR),
    Mutant("strictly above", CLAIM.but(above=Implies(0 < r, smooth < y)), EQUAL),
    Mutant("any sign of r", CLAIM.but(above=smooth <= y), {**FAR, "r": -1}),
)  # fmt: skip


def proof(k):
    """H <= log n is gibbs_duality at the vector 0; the gap is pooled_bounds with swap_between."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)
    positive = k.positive(Sum(n, lambda i: exp(r * x[i])), some)
    seen = k.each(n, lambda i, _: k.by(0 <= weight(i), k.positive(weight(i), positive)))
    flat = k.first(k.use(
        k.lemma("gibbs_duality", p=function(weight), x=function(lambda i: 0)),
        start, seen, k.equal(Sum(n, weight), 1 + 0 * r, positive)))  # fmt: skip
    uniform = k.by(entropy(n, weight) <= log(n), flat)
    total = k.first(k.use(k.lemma("swap_entropy"), start))

    def above(sharp):
        times_r = k.by(r * smooth <= r * y, total, uniform, known=[some, sharp, positive])
        return k.scale(smooth <= y, k.positive_inverse(sharp), times_r, sharp)

    def gap(sharp):
        lower = k.first(k.use(k.lemma("pooled_bounds"), start, sharp))
        below = k.conjuncts(k.use(k.lemma("swap_between"), start))[1]
        return k.by(y <= smooth + log(n) / r, lower, below)

    parts = k.suppose(0 < r, above), k.suppose(0 < r, gap)
    mirror = k.put(k.close(CLAIM.given, *parts), r=-r, x=function(lambda i: -x[i]))

    def turned(part):
        goal = CLAIM.parts[part].args[1]
        th = k.conjuncts(k.use(mirror, start))[part == "gap below"]
        return k.suppose(r < 0, lambda low: k.restate(k.use(th, low), goal, positive))

    return k.close(CLAIM.given, *parts, turned("below"), turned("gap below"))
