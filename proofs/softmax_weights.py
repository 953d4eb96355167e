"""softmax(x) is a probability vector for n >= 1: positive entries that sum to 1.

Source: Boltzmann 1868; Bridle 1990 for the name.
Idea: each entry is its exponential over the sum of all.
"""

from fractions import Fraction

from lsetheory.proof import Claim, Mutant, Sum, as_term, each, eq, exp, nat, softmax, vector

n, x = nat("n"), vector("x")


def weight(i):
    """softmax(x)_i."""
    return softmax(n, lambda j: x[j], i)


CLAIM = Claim(
    words="Softmax gives every entry a positive weight, and the weights sum to one.",
    source="Bridle 1990",
    given=(1 <= n,),
    parts={
        "nonnegative": each(n, lambda i: 0 <= weight(i)),
        "total": eq(Sum(n, weight), 1),
        "positive": each(n, lambda i: 0 < weight(i)),
    },
)
EQUALITY = ()  # strict comparisons and an equation
MUTANTS = (
    Mutant("at least 1/100", CLAIM.but(positive=each(n, lambda i: Fraction(1, 100) < weight(i))),
           {"n": 2, "x": (0, 9)}),
    Mutant("no entry at all", CLAIM.but(given=()), {"n": 0, "x": ()}),
)  # fmt: skip


def proof(k):
    """A positive number over a positive sum; the sum over itself."""
    some = k.positive(Sum(n, lambda i: exp(x[i])), k.by(0 < n, k.assume(1 <= n)))
    positive = k.each(n, lambda i, _: k.positive(weight(i), some))
    nonnegative = k.each(n, lambda i, here: k.by(0 <= weight(i), k.use(positive, i, here)))
    return k.close(CLAIM.given, nonnegative, k.equal(Sum(n, weight), as_term(1), some), positive)
