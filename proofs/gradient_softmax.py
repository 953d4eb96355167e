"""The gradient of LSE is softmax, that of M_r is softmax(r x): positive weights that sum to 1.

Source: folklore; Boyd & Vandenberghe 2004, section 3.1.5; Pinheiro & Collobert 2015, section 4.
Idea: differentiate along the line x + s h, for every direction h.
"""

from lsetheory.proof import (
    Claim, Deriv, Implies, Mutant, Sum, as_term, each, eq, exp, expectation, lse, mean, nat, ne,
    pooled, real, softmax, vector,
)  # fmt: skip

n, r, x, h = nat("n"), real("r"), vector("x"), vector("h")


def weight(i):
    """softmax(x)_i."""
    return softmax(n, lambda j: x[j], i)


def sharper(i):
    """softmax(r x)_i."""
    return softmax(n, lambda j: r * x[j], i)


def slope(value):
    """d/ds LSE(x + s h) at 0 is this value."""
    return Deriv(lambda s: lse(n, lambda i: x[i] + s * h[i]), 0, value)


def pooled_slope(value):
    """d/ds M_r(x + s h) at 0 is this value."""
    return Implies(ne(r, 0), Deriv(lambda s: pooled(n, r, lambda i: x[i] + s * h[i]), 0, value))


CLAIM = Claim(
    words="The gradient of log-sum-exp is softmax, of which every entry is positive.",
    source="Boyd & Vandenberghe 2004, section 3.1.5; Pinheiro & Collobert 2015, section 4",
    given=(1 <= n,),
    parts={
        "lse": slope(expectation(n, weight, lambda i: h[i])),
        "pooled": pooled_slope(expectation(n, sharper, lambda i: h[i])),
        "positive": each(n, lambda i: 0 < weight(i)),
        "total": eq(Sum(n, weight), 1),
    },
)
EQUALITY = ()  # equations, and a strict comparison

AT = {"n": 2, "r": 2, "x": (0, 1), "h": (1, 0)}
MUTANTS = (
    Mutant("the same weight for all", CLAIM.but(lse=slope(mean(n, lambda i: h[i]))), AT),
    Mutant("weights at r = 1", CLAIM.but(pooled=pooled_slope(
        expectation(n, weight, lambda i: h[i]))), AT),
    Mutant("r times", CLAIM.but(pooled=pooled_slope(
        r * expectation(n, sharper, lambda i: h[i]))), AT),
    Mutant("at least 1/100", CLAIM.but(positive=each(n, lambda i: as_term(1) / 100 < weight(i))),
           {**AT, "x": (0, 9)}),
)  # fmt: skip


def proof(k):
    """The rules of calculus; the sums of exponentials are positive."""
    zero, some = as_term(0), k.by(0 < n, k.assume(1 <= n))
    plain = k.positive(Sum(n, lambda i: exp(x[i])), some)
    sharp = k.positive(Sum(n, lambda i: exp(r * x[i])), some)
    first = k.derivative(lambda s: lse(n, lambda i: x[i] + s * h[i]), zero, plain)

    def second(apart):
        th = k.derivative(lambda s: pooled(n, r, lambda i: x[i] + s * h[i]), zero, some, sharp)
        return k.restate(th, CLAIM.parts["pooled"].args[1], some, sharp, apart)

    return k.close(
        CLAIM.given,
        k.restate(first, CLAIM.parts["lse"], plain),
        k.suppose(ne(r, 0), second),
        k.each(n, lambda i, _: k.positive(weight(i), plain)),
        k.equal(Sum(n, weight), as_term(1), plain),
    )
