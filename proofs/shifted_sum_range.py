"""1 <= Σ exp(x_i - max x) <= n for n >= 1, and no term exceeds 1: the shifted form cannot overflow.

Source: folklore; Blanchard, Higham & Higham 2021, section 1.
Idea: every exponent is at most 0, and the largest entry's is 0.
"""

from lsetheory.proof import Claim, Equality, Max, Mutant, Sum, each, eq, exp, nat, vector

n, x = nat("n"), vector("x")
top = Max(n, lambda i: x[i])
shifted = Sum(n, lambda i: exp(x[i] - top))

CLAIM = Claim(
    words="With the maximum subtracted the exponentials lie in (0, 1] and their sum in [1, n].",
    source="Blanchard, Higham & Higham 2021, section 1",
    given=(1 <= n,),
    parts={
        "terms": each(n, lambda i: exp(x[i] - top) <= 1),
        "lower": 1 <= shifted,
        "upper": shifted <= n,
    },
)
EQUALITY = (
    Equality("lower", {"n": 1, "x": (700,)}),
    Equality("upper", {"n": 3, "x": (-4, -4, -4)}),
)
MUTANTS = (
    Mutant("below n", CLAIM.but(upper=shifted < n), {"n": 2, "x": (1, 1)}),
    Mutant("above 1", CLAIM.but(lower=1 < shifted), {"n": 1, "x": (1,)}),
    Mutant("without the shift", CLAIM.but(upper=Sum(n, lambda i: exp(x[i])) <= n),
           {"n": 1, "x": (1,)}),
    Mutant("no entry at all", CLAIM.but(given=(eq(n, 0),)), {"n": 0, "x": ()}),
)  # fmt: skip


def proof(k):
    """Bound every term by 1; the largest entry's term is 1."""
    some = k.by(0 < n, k.assume(1 <= n))
    below = k.each(n, lambda i, inside: k.by(
        exp(x[i] - top) <= 1,
        k.exp_increasing(k.by(x[i] - top <= 0, k.max_upper(top, inside)))))  # fmt: skip
    upper = k.by(shifted <= n, k.sum_increasing(below))

    j, inside, equals = k.attained(top, some)
    positive = k.each(n, lambda i, _: k.exp_positive(x[i] - top))
    one = k.exp_increasing(k.by(0 <= x[j] - top, equals))
    lower = k.by(1 <= shifted, one, k.sum_term(positive, inside))
    return k.close(CLAIM.given, below, lower, upper)
