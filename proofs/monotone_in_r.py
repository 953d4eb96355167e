"""M_r(x) <= M_s(x) for r <= s, over all of R: mean x stands for M_0(x), to which M_r tends.

Source: folklore (power means); Pinheiro & Collobert 2015, section 4; Asadi & Littman 2017.
Idea: K(r) = LSE(r x) - log n is convex and 0 at 0, so K(r)/r grows; the mean separates the signs.
"""

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, exp, function, mean, nat, ne, pooled, real, vector,
)  # fmt: skip

n, r, s, x = nat("n"), real("r"), real("s"), vector("x")
low, high = (pooled(n, t, lambda i: x[i]) for t in (r, s))
middle = mean(n, lambda i: x[i])

CLAIM = Claim(
    words="The pooled value does not fall as r rises, from minus infinity to infinity.",
    source="Pinheiro & Collobert 2015, section 4",
    given=(1 <= n,),
    parts={
        "apart": Implies(ne(r, 0), ne(s, 0), r <= s, low <= high),
        "up to zero": Implies(r < 0, low <= middle),
        "from zero": Implies(0 < s, middle <= high),
    },
)
EQUALITY = (
    Equality("apart", {"n": 2, "r": 2, "s": 2, "x": (0, 1)}),
    Equality("apart", {"n": 2, "r": -1, "s": 1, "x": (4, 4)}),
)
MUTANTS = (
    Mutant("falls", CLAIM.but(apart=Implies(ne(r, 0), ne(s, 0), r <= s, high <= low)),
           {"n": 2, "r": 1, "s": 2, "x": (0, 1)}),
    Mutant("without r <= s", CLAIM.but(apart=Implies(ne(r, 0), ne(s, 0), low <= high)),
           {"n": 2, "r": 1, "s": -1, "x": (0, 1)}),
    Mutant("reversed for r < 0", CLAIM.but(**{"up to zero": Implies(r < 0, middle <= low)}),
           {"n": 2, "r": -1, "s": 1, "x": (0, 1)}),
)  # fmt: skip


def proof(k):
    """Convexity where 0 < r; its mirror image where s < 0; the mean where r < 0 < s."""
    some = k.assume(1 <= n)
    count = k.by(0 < n, some)
    around = k.lemma("mean_below")
    up_to_zero = k.second(k.use(around, some))
    from_zero = k.first(k.use(k.put(around, r=s), some))

    def convex(below, order):
        """r x is the mixture of 0 and s x with weight r/s on s x."""
        above = k.chain(below, order)
        known = [
            count,
            below,
            above,
            *(k.positive(Sum(n, lambda i, t=t: exp(t * x[i])), count) for t in (r, s)),
        ]
        chord = k.use(
            k.lemma("convexity", t=r / s, x=function(lambda i: 0), y=function(lambda i: s * x[i])),
            some, k.by(0 <= r / s, k.positive(r / s, below, above)),
            k.scale(r / s <= 1, k.positive_inverse(above), order, above))  # fmt: skip
        return k.scale(low <= high, k.positive_inverse(below), chord, *known)

    same_sign = k.supposing((0 < r, r <= s), convex)
    mirrored = k.put(k.discharge(1 <= n, same_sign), r=-s, s=-r, x=function(lambda i: -x[i]))

    def any_sign(r_apart, s_apart, order):
        return k.split(
            k.sides(s_apart),
            lambda s_below: k.restate(
                k.use(mirrored, some, s_below, k.by(-s <= -r, order)), low <= high),
            lambda s_above: k.split(
                k.sides(r_apart),
                lambda r_below: k.chain(k.use(up_to_zero, r_below), k.use(from_zero, s_above)),
                lambda r_above: k.use(same_sign, r_above, order)))  # fmt: skip

    apart = k.supposing((ne(r, 0), ne(s, 0), r <= s), any_sign)
    return k.close(CLAIM.given, apart, up_to_zero, from_zero)
