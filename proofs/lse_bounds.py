"""max x <= log Σ exp x_i <= max x + log n for n >= 1; the lower bound is strict for n >= 2.

Source: folklore; Boyd & Vandenberghe 2004, Convex Optimization, section 3.1.5.
Idea: the largest term is one of the terms of the sum, and no term exceeds it; take logarithms.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, as_term, exp, log, lse, nat, vector,
)  # fmt: skip

n, x = nat("n"), vector("x")
y = lse(n, lambda i: x[i])
top = Max(n, lambda i: x[i])
terms = Sum(n, lambda i: exp(x[i]))

CLAIM = Claim(
    words="Log-sum-exp lies between the maximum and the maximum plus log n.",
    source="Boyd & Vandenberghe 2004, section 3.1.5",
    given=(1 <= n,),
    parts={"lower": top <= y, "upper": y <= top + log(n), "strict": Implies(2 <= n, top < y)},
)
EQUALITY = (
    Equality("lower", {"n": 1, "x": (3,)}),
    Equality("upper", {"n": 4, "x": (2, 2, 2, 2)}),
)
MUTANTS = (
    Mutant("a constant below log n", CLAIM.but(upper=y <= top + log(n) * Fraction(999, 1000)),
           {"n": 2, "x": (0, 0)}),
    Mutant("a lower bound above the maximum", CLAIM.but(lower=top + Fraction(1, 10**6) <= y),
           {"n": 1, "x": (0,)}),
    Mutant("strict without n >= 2", CLAIM.but(strict=top < y), {"n": 1, "x": (0,)}),
)  # fmt: skip


def proof(k):
    """Compare the largest term with the sum, from both sides, and take logarithms."""
    given = k.assume(1 <= n)
    some = k.by(0 < n, given)
    positive = k.positive(terms, some)

    every = k.each(n, lambda i, inside: k.exp_increasing(k.max_upper(top, inside)))
    most = k.by(terms <= n * exp(top), k.sum_increasing(every))
    upper = k.by(y <= top + log(n), k.log_increasing(positive, most), known=[some])

    j, inside, equals = k.attained(top, some)
    nonnegative = k.each(n, lambda i, _: k.by(0 <= exp(x[i]), k.exp_positive(x[i])))
    one = k.log_increasing(k.exp_positive(x[j]), k.sum_term(nonnegative, inside))
    lower = k.by(top <= y, one, equals)

    def strict(two):
        """Some other index adds a positive term to the largest one."""
        return k.split(
            k.zero_or_positive(j),
            lambda first: beside(as_term(1), two, k.apart(k.by(j < 1, first))),
            lambda later: beside(as_term(0), some, k.flip(k.apart(later))),
        )

    def beside(i, bound, distinct):
        pair = k.sum_pair(nonnegative, inside, k.by(i < n, bound), distinct)
        more = k.by(exp(x[j]) < terms, pair, k.exp_positive(x[i]))
        return k.by(top < y, k.log_increasing(k.exp_positive(x[j]), more), equals)

    return k.close(CLAIM.given, lower, upper, k.suppose(2 <= n, strict))
