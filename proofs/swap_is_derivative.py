"""SWAP_r(x) is the slope of log Σ exp(r x_i) in r; that of SWAP is Var_p(x) with p = softmax(r x).

Source: folklore (cumulants of an exponential family); Asadi & Littman 2017.
Idea: the rules of calculus; the sum of exponentials is positive.
"""

from lsetheory.proof import (
    Claim, Deriv, Mutant, Sum, as_term, exp, expectation, lse, mean, nat, real, softmax, swap,
    variance, vector,
)  # fmt: skip

n, r, x, h = nat("n"), real("r"), vector("x"), vector("h")


def weight(i):
    """softmax(r x)_i."""
    return softmax(n, lambda j: r * x[j], i)


def slope(value):
    """d/dr log Σ exp(r x_i) is this value."""
    return Deriv(lambda s: lse(n, lambda i: s * x[i]), r, value)


def second(value):
    """d/dr SWAP_r(x) is this value."""
    return Deriv(lambda s: swap(n, s, lambda i: x[i]), r, value)


def gradient(value):
    """d/ds SWAP_r(x + s h) at 0 is this value."""
    return Deriv(lambda s: swap(n, r, lambda i: x[i] + s * h[i]), 0, value)


y = swap(n, r, lambda i: x[i])

CLAIM = Claim(
    words="SWAP is the slope of log-sum-exp in r, a variance is the slope of SWAP in r, and entry "
    "i has the partial derivative p_i (1 + r (x_i - SWAP)).",
    source="Asadi & Littman 2017",
    given=(1 <= n,),
    parts={
        "first": slope(y),
        "second": second(variance(n, weight, lambda i: x[i])),
        "gradient": gradient(Sum(n, lambda i: weight(i) * (1 + r * (x[i] - y)) * h[i])),
    },
)
EQUALITY = ()  # equations
AT = {"n": 2, "r": 2, "x": (0, 1), "h": (1, 0)}
MUTANTS = (
    Mutant("the mean", CLAIM.but(first=slope(mean(n, lambda i: x[i]))), AT),
    Mutant("the second moment", CLAIM.but(second=second(
        expectation(n, weight, lambda i: x[i] ** 2))), AT),
    Mutant("softmax for gradient", CLAIM.but(gradient=gradient(
        expectation(n, weight, lambda i: h[i]))), AT),
)  # fmt: skip


def proof(k):
    """Differentiate three times."""
    some = k.by(0 < n, k.assume(1 <= n))
    positive = k.positive(Sum(n, lambda i: exp(r * x[i])), some)

    slopes = (
        k.derivative(lambda s: lse(n, lambda i: s * x[i]), r, positive),
        k.derivative(lambda s: swap(n, s, lambda i: x[i]), r, positive),
        k.derivative(lambda s: swap(n, r, lambda i: x[i] + s * h[i]), as_term(0), positive),
    )
    pairs = zip(slopes, CLAIM.parts.values(), strict=True)
    return k.close(CLAIM.given, *(k.restate(th, part, positive) for th, part in pairs))
