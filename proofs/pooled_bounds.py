"""max x - log(n)/r <= M_r(x) <= max x for n >= 1 and r > 0.

Source: Pinheiro & Collobert 2015 (the pooling); the bounds are the log-sum-exp bounds for r x.
Idea: Σ exp(r x_i) lies between its largest term and n times it; take logarithms, divide by r.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Max, Mutant, Sum, eq, exp, inv, log, nat, pooled, real, vector,
)  # fmt: skip

n, r, x = nat("n"), real("r"), vector("x")
top = Max(n, lambda i: x[i])
y = pooled(n, r, lambda i: x[i])
terms = Sum(n, lambda i: exp(r * x[i]))

CLAIM = Claim(
    words="The pooled value lies below the maximum, by at most log(n)/r.",
    source="Pinheiro & Collobert 2015, with Boyd & Vandenberghe 2004, section 3.1.5",
    given=(1 <= n, 0 < r),
    parts={"lower": top - log(n) / r <= y, "upper": y <= top},
)
EQUALITY = (
    Equality("upper", {"n": 3, "r": 2, "x": (5, 5, 5)}),
    Equality("lower", {"n": 1, "r": 2, "x": (5,)}),
    Equality("lower", {"n": 2, "r": 40, "x": (5, 0)}, within=1e-17),
)
MUTANTS = (
    Mutant("a gap below log(n)/r", CLAIM.but(lower=top - log(n) / r * Fraction(9, 10) <= y),
           {"n": 2, "r": 8, "x": (1, 0)}),
    Mutant("an upper bound below the maximum", CLAIM.but(upper=y <= top - Fraction(1, 10**9)),
           {"n": 2, "r": 1, "x": (1, 1)}),
    Mutant("any sign of r", CLAIM.but(given=(1 <= n, eq(r, -1))), {"n": 2, "r": -1, "x": (1, 0)}),
)  # fmt: skip


def proof(k):
    """Bound the sum by its largest term, take the logarithm, divide by r."""
    sharp = k.assume(0 < r)
    some = k.by(0 < n, k.assume(1 <= n))
    known = [some, sharp]
    average = k.positive(inv(n) * terms, some)
    rate = k.positive_inverse(sharp)

    def below(i, inside):
        scaled = k.scale(r * x[i] <= r * top, sharp, k.max_upper(top, inside))
        return k.exp_increasing(scaled)

    most = k.sum_increasing(k.each(n, below))
    most = k.scale(inv(n) * terms <= exp(r * top), k.positive_inverse(some), most, some)
    upper = k.scale(y <= top, rate, k.log_increasing(average, most), *known)

    j, inside, equals = k.attained(top, some)
    nonnegative = k.each(n, lambda i, _: k.by(0 <= exp(r * x[i]), k.exp_positive(r * x[i])))
    least = k.log_increasing(k.exp_positive(r * x[j]), k.sum_term(nonnegative, inside))
    least = k.scale(
        x[j] - log(n) / r <= y, rate, least, *known, k.positive(terms, some)
    )  # log(terms/n) splits
    lower = k.by(top - log(n) / r <= y, least, equals)
    return k.close(CLAIM.given, lower, upper)
