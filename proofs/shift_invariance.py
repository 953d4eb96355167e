"""LSE(x) = c + LSE(x - c) for every c, c = max x among them; softmax does not see c at all.

Source: folklore (the log-sum-exp trick); Blanchard, Higham & Higham 2021, the shifted formulas.
Idea: exp(x_i - c) = exp(-c) exp(x_i), and the factor moves out of the sum and of the logarithm.
"""

from lsetheory.proof import (
    Claim, Max, Mutant, Sum, each, eq, exp, lse, nat, real, softmax, vector,
)  # fmt: skip

n, c, x = nat("n"), real("c"), vector("x")
y = lse(n, lambda i: x[i])
top = Max(n, lambda i: x[i])


def shifted(by):
    """by + LSE(x - by)."""
    return by + lse(n, lambda i: x[i] - by)


CLAIM = Claim(
    words="Any number, the maximum say, may be subtracted before and added after log-sum-exp.",
    source="Blanchard, Higham & Higham 2021, the shifted formulas",
    given=(1 <= n,),
    parts={
        "any": eq(y, shifted(c)),
        "largest": eq(y, shifted(top)),
        "softmax": each(n, lambda i: eq(softmax(n, lambda j: x[j] - c, i),
                                        softmax(n, lambda j: x[j], i))),
    },
)  # fmt: skip
EQUALITY = ()  # equations, which hold everywhere
MUTANTS = (
    Mutant("the shift not added back", CLAIM.but(any=eq(y, shifted(c) - c)),
           {"n": 2, "c": 1, "x": (0, 1)}),
    Mutant("added twice", CLAIM.but(largest=eq(y, shifted(top) + top)), {"n": 2, "c": 0,
                                                                         "x": (0, 1)}),
    Mutant("softmax of 2x", CLAIM.but(softmax=each(n, lambda i: eq(
        softmax(n, lambda j: 2 * x[j] - c, i), softmax(n, lambda j: x[j], i)))),
           {"n": 2, "c": 0, "x": (0, 1)}),
)  # fmt: skip


def proof(k):
    """The normal form moves exp(-c) out of the sum; the sum is positive, so its log splits."""
    some = k.by(0 < n, k.assume(1 <= n))
    positive = k.positive(Sum(n, lambda i: exp(x[i])), some)
    same = k.each(n, lambda i, _: k.equal(
        softmax(n, lambda j: x[j] - c, i), softmax(n, lambda j: x[j], i), positive))  # fmt: skip
    return k.close(CLAIM.given, k.equal(y, shifted(c), positive),
                   k.equal(y, shifted(top), positive), same)  # fmt: skip
