"""max x - SWAP_r(x) <= W((n-1)/e)/r for n >= 1 and r > 0, attained; W is Lambert's function.

W enters by its equation w exp w = (n-1)/e; the bound holds for every w with w exp w >= (n-1)/e.

Source: here.
Idea: with D = r (max x - x_i), the tangent line of exp at D = 1 + w bounds (D - w) exp(-D) by
exp(-1-w), which for the largest entry, where D = 0, is -w; add up over the n-1 others.
"""

import math
from fractions import Fraction

from scipy.special import lambertw

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, as_term, each, eq, exp, nat, ne, real, swap, vector,
)  # fmt: skip

n, j, r, w, x = nat("n"), nat("j"), real("r"), real("w"), vector("x")
weights = Sum(n, lambda i: exp(r * x[i]))
y, top = swap(n, r, lambda i: x[i]), Max(n, lambda i: x[i])
lambert, share, ceiling = w * exp(w), (n - 1) * exp(-1), exp(-1 - w)
ONE_ABOVE = (j < n, each(n, lambda i: Implies(ne(i, j), eq(x[i], x[j] - (1 + w) / r))))

CLAIM = Claim(
    words="SWAP falls short of the maximum by at most W((n-1)/e)/r, which one largest entry and "
    "n-1 equal ones at distance (1+W)/r attain.",
    source="here",
    given=(1 <= n, 0 < r, share <= lambert),
    parts={
        "gap": top - y <= w / r,
        "attained": Implies(eq(lambert, share), *ONE_ABOVE, eq(top - y, w / r)),
    },
)
W2 = Fraction(27846454276107379510935873902298015543947748861976, 10**50)  # W(1/e), rounded up
TWO = {"n": 2, "j": 0, "r": 2, "w": W2, "x": (0, -(1 + W2) / 2)}
ALONE = {"n": 1, "j": 0, "r": 3, "w": 0, "x": (0,)}
EQUALITY = (Equality("gap", ALONE), Equality("gap", TWO, within=1e-45))
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(gap=top - y <= w / r * Fraction(999, 1000)), TWO),
    Mutant("any w", CLAIM.but(given=CLAIM.given[:2]), {**TWO, "w": 0}),
    Mutant("one entry fewer", CLAIM.but(given=(1 <= n, 0 < r, (n - 2) * exp(-1) <= lambert)),
           {**TWO, "w": Fraction(1, 10)}),
    Mutant("attained nearer", CLAIM.but(attained=Implies(
        ONE_ABOVE[0], each(n, lambda i: Implies(ne(i, j), eq(x[i], x[j] - 1 / r))),
        eq(top - y, w / r))), {**TWO, "x": (0, Fraction(-1, 2))}),
)  # fmt: skip


def sample(rng):
    """A w that is large enough for n, often hardly."""
    n = int(rng.integers(1, 6))
    w = math.nextafter(float(lambertw((n - 1) / math.e).real), 9) + float(rng.choice([0, 1e-9, 1]))
    x = float(rng.choice([1e-7, 1, 30])) * rng.standard_normal(n)
    return {"n": n, "j": 0, "r": abs(float(rng.standard_normal())), "w": w, "x": x.tolist()}


def proof(k):
    """Σ (D_i - w) exp(-D_i) <= (n-1) exp(-1-w) - w <= 0, times exp(r max x)."""
    start, sharp, enough = map(k.assume, CLAIM.given)
    some = k.by(0 < n, start)
    positive = k.positive(weights, some)
    first, inside, equals = k.attained(top, some)

    def room(i):
        """exp(-1-w) - (D_i - w) exp(-D_i)."""
        drop = r * (top - x[i])
        return ceiling - (drop - w) * exp(-drop)

    def term(i, _):
        drop = r * (top - x[i])
        return k.scale(0 <= room(i), k.exp_positive(-drop), k.exp_tangent(drop - w - 1))

    at_top = k.congruent(lambda t: (r * (t - x[first]) - w) * exp(-r * (t - x[first])), equals)
    one = k.sum_term(k.each(n, term), inside)
    few = k.scale((n - 1) * ceiling - w <= 0, k.exp_positive(-w), enough)
    whole = k.by(0 <= Sum(n, lambda i: room(i) - ceiling), one, at_top, few)
    factor = k.positive(exp(r * top) / r / weights, sharp, positive)
    gap = k.scale(top - y <= w / r, factor, whole, sharp, positive)

    spare = k.scale(0 <= share, k.exp_positive(as_term(-1)), start)
    sign = k.scale(0 <= w, k.exp_positive(-w), k.chain(spare, enough))
    step = k.scale(0 <= (1 + w) / r, k.positive_inverse(sharp), k.by(0 <= 1 + w, sign))

    def attained(exactly, here, others):
        """x_j is the largest entry, and lies w/r above SWAP."""

        def lower(apart):
            return k.by(top <= x[j], k.use(others, first, inside, apart), equals, step)

        most = k.split(
            k.trichotomy(first, j),
            lambda less: lower(k.apart(less)),
            lambda same: k.by(top <= x[j], k.congruent(lambda m: x[m], same), equals),
            lambda more: lower(k.flip(k.apart(more))))  # fmt: skip
        largest = k.equate(most, k.max_upper(top, here))
        reached = below_one(k, sharp, positive, exactly, here, others)
        return k.by(eq(top - y, w / r), largest, reached)

    return k.close(CLAIM.given, gap, k.supposing((eq(lambert, share), *ONE_ABOVE), attained))


def below_one(k, sharp, positive, exactly, here, others):
    """x_j - SWAP = w/r: (x_j - w/r - x_i) exp(r (x_i - x_j)) sums to -w/r + (n-1) exp(-1-w)/r."""
    own, low = x[j], x[j] - (1 + w) / r

    def balance(t):
        return (own - w / r - t) * exp(r * (t - own))

    def other(i, i_here):
        return k.suppose(ne(i, j), lambda apart: k.by(
            eq(balance(x[i]) - balance(low), 0),
            k.congruent(balance, k.use(others, i, i_here, apart))))  # fmt: skip

    share = k.scale(eq(w / r, (n - 1) * ceiling / r), k.positive(exp(-w) / r, sharp), exactly)
    single = k.sum_single(k.each(n, other), here)
    zero = k.by(eq(Sum(n, lambda i: balance(x[i])), 0), single, share, known=[sharp])
    factor = k.positive(exp(r * own) / weights, positive)
    return k.scale(eq(own - y, w / r), factor, zero, sharp, positive)
