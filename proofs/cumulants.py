"""K(r) = log((1/n) Σ exp(r x_i)) has the derivatives mean, variance, third central moment.

They are taken under softmax(r x), for n >= 1 and all real r. At r = 0 they are the cumulants of x:
|K(r) - κ1 r - κ2 r²/2 - κ3 r³/6| <= (max x - min x)⁴ r⁴/192.

Source: Thiele 1889 (cumulants); the remainder bound: here.
Idea: the fourth cumulant lies within (max - min)⁴/8; integrate four times from 0.
"""

from fractions import Fraction
from functools import partial
from itertools import pairwise

from lsetheory.proof import (
    Claim, Deriv, Equality, Max, Min, Mutant, Sum, absolute, as_term, exp, expectation, function,
    inv, log, mean, nat, real, softmax, swap, vector,
)  # fmt: skip

n, r, x = nat("n"), real("r"), vector("x")
low, high = Min(n, lambda i: x[i]), Max(n, lambda i: x[i])
width = high - low


def K(r):
    """The cumulant generating function of x, uniform weights."""
    return log(inv(n) * Sum(n, lambda i: exp(r * x[i])))


def tilted(r):
    """softmax(r x), the exponentially tilted weights."""
    return lambda i: softmax(n, lambda j: r * x[j], i)


def K1(r):
    """K'."""
    return swap(n, r, lambda i: x[i])


def moment(r, order):
    """Central moment under softmax(r x)."""
    return expectation(n, tilted(r), lambda i: (x[i] - K1(r)) ** order)


def K2(r):
    """K''."""
    return moment(r, 2)


def K3(r):
    """K'''."""
    return moment(r, 3)


def K4(r):
    """K''''."""
    return moment(r, 4) - 3 * moment(r, 2) ** 2


kappa1 = mean(n, lambda i: x[i])
kappa2, kappa3 = (mean(n, lambda i, m=m: (x[i] - kappa1) ** m) for m in (2, 3))


def error(r):
    """What three cumulants leave of K."""
    return K(r) - r * kappa1 - r**2 * kappa2 / 2 - r**3 * kappa3 / 6


bound = width**4 * r**4 / 192

CLAIM = Claim(
    words="Mean, variance and third central moment expand K, with an error of fourth order.",
    source="Thiele 1889; the remainder bound: here",
    given=(1 <= n,),
    parts={
        "first": Deriv(K, r, K1(r)),
        "second": Deriv(K1, r, K2(r)),
        "third": Deriv(K2, r, K3(r)),
        "remainder": absolute(error(r)) <= bound,
    },
)
AT = {"n": 2, "r": 1, "x": (0, 1)}
EQUALITY = (
    Equality("remainder", {"n": 3, "r": 2, "x": (5, 5, 5)}),
    Equality("remainder", {**AT, "r": Fraction(1, 1000)}, within=1e-6),
)
MUTANTS = (
    Mutant("the mean for all r", CLAIM.but(first=Deriv(K, r, kappa1)), AT),
    Mutant("a smaller constant", CLAIM.but(remainder=absolute(error(r)) <= width**4 * r**4 / 193),
           {**AT, "r": Fraction(1, 100)}),
    Mutant("two cumulants only", CLAIM.but(
        remainder=absolute(error(r) + r**3 * kappa3 / 6) <= bound),
           {"n": 3, "r": Fraction(1, 100), "x": (0, 0, 1)}),
)  # fmt: skip


def sum_positive(k, some, t):
    """0 < n and 0 < Σ exp(t x_i): what derivatives of K at t need; `some` is the first of them."""
    return [some, k.positive(Sum(n, lambda i: exp(t * x[i])), some)]


def proof(k):
    """Differentiate, bound the fourth derivative, integrate four times; r < 0 is -x at -r."""
    start = k.assume(1 <= n)
    some = k.by(0 < n, start)

    known = partial(sum_positive, k, some)

    def fourth(t):
        """The bounds of K4, as the theorem on fourth cumulants has them for softmax(t x)."""
        nonnegative, total, _ = k.conjuncts(
            k.use(k.lemma("softmax_weights", x=function(lambda i: t * x[i])), start)
        )
        return k.conjuncts(k.use(
            k.lemma("fourth_cumulant", p=function(tilted(t)), h=function(lambda i: x[i]),
                    a=low, b=high),
            nonnegative, total,
            k.each(n, lambda i, here: k.min_lower(low <= x[i], here)),
            k.each(n, lambda i, here: k.max_upper(high, here))))  # fmt: skip

    def taylor(sign):
        """∀t. 0 <= t → 0 <= width⁴ t⁴/192 + sign error(t)."""
        ladder = (
            lambda t: width**4 * t**4 / 192 + sign * error(t),
            lambda t: (
                width**4 * t**3 / 48 + sign * (K1(t) - kappa1 - t * kappa2 - t**2 * kappa3 / 2)
            ),
            lambda t: width**4 * t**2 / 16 + sign * (K2(t) - kappa2 - t * kappa3),
            lambda t: width**4 * t / 8 + sign * (K3(t) - kappa3),
            lambda t: width**4 / 8 + sign * K4(t),
        )

        top = k.real(lambda t: k.suppose(0 <= t, lambda _: k.by(
            0 <= ladder[-1](t), *fourth(t), k.square(width**2), known=known(t))))  # fmt: skip
        return k.integrate(ladder, known, top)

    def ahead(later):
        plus, minus = (k.use(taylor(sign), r, later) for sign in (1, -1))
        return k.largest2(k.by(error(r) <= bound, minus), k.by(-error(r) <= bound, plus))

    forward = k.suppose(0 <= r, ahead)
    mirrored = k.put(k.discharge(1 <= n, forward), r=-r, x=function(lambda i: -x[i]))
    remainder = k.split(
        k.dichotomy(as_term(0), r),
        lambda above: k.use(forward, above),
        lambda below: k.restate(k.use(mirrored, start, below), absolute(error(r)) <= bound),
    )
    slopes = (k.derivative(f, r, *known(r), value=g(r)) for f, g in pairwise((K, K1, K2, K3)))
    return k.close(CLAIM.given, *slopes, remainder)
