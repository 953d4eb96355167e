"""SWAP_r(x) <= SWAP_s(x) for r <= s, over all of R; strictly where r < s and entries differ.

Source: folklore (the mean of an exponential family grows with its parameter).
Idea: the slope of SWAP in r is a variance, which is nonnegative; the mean value theorem.
"""

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, eq, exp, function, mean, nat, real, swap, vector,
)  # fmt: skip

n, i, j, r, s, x = nat("n"), nat("i"), nat("j"), real("r"), real("s"), vector("x")
low, high = (swap(n, t, lambda i: x[i]) for t in (r, s))
DIFFER = (i < n, j < n, x[i] < x[j])

CLAIM = Claim(
    words="SWAP does not fall as r rises, and rises unless all entries are equal.",
    source="folklore",
    given=(1 <= n,),
    parts={
        "weak": Implies(r <= s, low <= high),
        "strict": Implies(r < s, *DIFFER, low < high),
        "at zero": eq(swap(n, 0, lambda i: x[i]), mean(n, lambda i: x[i])),
    },
)
AT = {"n": 2, "i": 0, "j": 1, "r": 1, "s": 2, "x": (0, 1)}
EQUALITY = (Equality("weak", {**AT, "x": (4, 4)}), Equality("weak", {**AT, "s": 1}))
MUTANTS = (
    Mutant("falls", CLAIM.but(weak=Implies(r <= s, high <= low)), AT),
    Mutant("without r <= s", CLAIM.but(weak=low <= high), {**AT, "s": -1}),
    Mutant("strict for equal entries", CLAIM.but(strict=Implies(r < s, low < high)),
           {**AT, "x": (0, 0)}),
)  # fmt: skip


def proof(k):
    """Both signs of the variance under softmax(t x), for t between r and s."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)
    _, slope, _ = k.conjuncts(k.use(k.lemma("swap_is_derivative"), start))

    def rises(order, *differ):
        """SWAP_r <= SWAP_s, or < where entries differ, from the variance under softmax(t x)."""

        def sign(t, *_):
            hessian = k.lemma("hessian_psd", x=function(lambda i: t * x[i]),
                              h=function(lambda i: x[i]))  # fmt: skip
            _, weak, strict = k.conjuncts(k.use(hessian, start))
            return k.use(strict, *differ) if differ else weak

        along = k.on_interval(r, s, lambda t, *_: k.put(slope, r=t))
        return k.grows(order, along, k.on_interval(r, s, sign))

    def weak(order):
        return k.split(
            k.below_or_equal(order),
            rises,
            lambda same: k.by(low <= high, k.congruent(
                lambda t: swap(n, t, lambda i: x[i]), same)))  # fmt: skip

    zero = k.positive(Sum(n, lambda i: exp(0 * x[i])), some)
    return k.close(
        CLAIM.given,
        k.suppose(r <= s, weak),
        k.supposing((r < s, *DIFFER), rises),
        k.equal(swap(n, 0, lambda i: x[i]), mean(n, lambda i: x[i]), some, zero),
    )
