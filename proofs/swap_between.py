"""min x <= SWAP_r(x) <= max x for n >= 1 and every real r; strictly between where entries differ.

Source: folklore for the Boltzmann operator; Littman 1996, Asadi & Littman 2017, section 3.
Idea: SWAP is an average of the entries with positive weights; -x and -r give the other side.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Min, Mutant, Sum, exp, function, nat, real, swap, vector,
)  # fmt: skip

n, i, j, r, x = nat("n"), nat("i"), nat("j"), real("r"), vector("x")
y = swap(n, r, lambda i: x[i])
top, bottom = Max(n, lambda i: x[i]), Min(n, lambda i: x[i])
weights = Sum(n, lambda i: exp(r * x[i]))
DIFFER = (i < n, j < n, x[i] < x[j])

CLAIM = Claim(
    words="SWAP lies between the minimum and the maximum, strictly unless all entries are equal.",
    source="Asadi & Littman 2017, section 3",
    given=(1 <= n,),
    parts={
        "lower": bottom <= y,
        "upper": y <= top,
        "above": Implies(*DIFFER, bottom < y),
        "below": Implies(*DIFFER, y < top),
    },
)
EQUAL = {"n": 3, "i": 0, "j": 0, "r": 2, "x": (5, 5, 5)}
EQUALITY = (Equality("lower", EQUAL), Equality("upper", EQUAL))
MUTANTS = (
    Mutant("an upper bound below the maximum", CLAIM.but(upper=y <= top - Fraction(1, 10**9)),
           EQUAL),
    Mutant("strict for equal entries", CLAIM.but(lower=bottom < y),
           {**EQUAL, "x": (0, 0, 0)}),
    Mutant("above the first entry", CLAIM.but(lower=x[0] <= y), {**EQUAL, "x": (1, 0, 0)}),
)  # fmt: skip


def proof(k):
    """Compare the weighted sum with the largest entry, term by term; mirror for the smallest."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)
    total = k.positive(weights, some)

    def term(i, here):
        """x_i exp(r x_i) <= max x · exp(r x_i)."""
        return k.scale(x[i] * exp(r * x[i]) <= top * exp(r * x[i]),
                       k.exp_positive(r * x[i]), k.max_upper(top, here))  # fmt: skip

    terms = k.each(n, term)
    upper = k.scale(y <= top, k.positive_inverse(total), k.sum_increasing(terms), total)

    def below(i_here, j_here, rises):
        less = k.chain(rises, k.max_upper(top, j_here))
        less = k.scale(x[i] * exp(r * x[i]) < top * exp(r * x[i]), k.exp_positive(r * x[i]), less)
        less = k.sum_increasing_strict(terms, i_here, less)
        return k.scale(y < top, k.positive_inverse(total), less, total)

    strict = k.supposing(DIFFER, below)
    mirror = k.put(k.close(CLAIM.given, upper, strict), r=-r, x=function(lambda i: -x[i]))
    upper_, strict_ = k.conjuncts(k.use(mirror, start))
    lower = k.restate(upper_, bottom <= y, total)

    def above(i_here, j_here, rises):
        swapped = k.put(strict_, i=j, j=i)
        return k.restate(k.use(swapped, j_here, i_here, k.by(-x[j] < -x[i], rises)), bottom < y)

    return k.close(CLAIM.given, lower, upper, k.supposing(DIFFER, above), strict)
