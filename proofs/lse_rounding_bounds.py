"""|ŷ - y| <= u |y| + (1+u) n u/(1-u) for computed y = LSE(x); with the maximum a subtracted
u |y| + (1+u) (u (y - a) + (1+u) (u (a - min x) + n u/(1-u))). No term is dropped.

Standard model: each computed number is v (1 + δ) with |δ| <= u for its exact v, which holds for
exp, log, + and - of the numbers computed before; the n = m + 1 terms are added one after another.
Nothing overflows or underflows. To first order, divided by |y|: u (1 + n/|y|), and
u (1 + |y + n - min x|/|y|), where the 1 is the last addition's and is missing in print.

Source: Blanchard, Higham & Higham 2021, sections 3 and 4; their naive sum has one rounding more.
Idea: log turns the sum's relative error into an absolute one; then add the last roundings.
"""

import math
from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Min, Mutant, Sum, absolute, each, eq, exp, function, inv, log,
    lse, nat, real, vector,
)  # fmt: skip
from lsetheory.proofs.rounded_sum import added, log_product, rounded, rounds, sums

n = nat("m") + 1
m, u, v, q = nat("m"), real("u"), real("v"), real("q")
x, t, s = vector("x"), vector("t"), vector("s")
top, bottom = Max(n, lambda i: x[i]), Min(n, lambda i: x[i])
y = lse(n, lambda i: x[i])
SUM = n * u / (1 - u)
SHIFT = u * (top - bottom) + SUM

NAIVE = (*added(lambda i: exp(x[i])), rounds(v, log(s[m])))
SHIFTED = (
    each(n, lambda i: rounds(t[i], x[i] - top)),
    *added(lambda i: exp(t[i])),
    rounds(q, log(s[m])),
    rounds(v, top + q),
)


def naive(steps, bound):
    """The computed log of the computed sum of exp x_i is within a bound of y."""
    return Implies(*steps, absolute(v - y) <= bound)


def shifted(bound):
    """max x plus the computed log of the sum of exp(x_i - max x) is within a bound of y."""
    return Implies(*SHIFTED, absolute(v - y) <= bound)


SHIFTED_BOUND = u * absolute(y) + (1 + u) * (u * (y - top) + (1 + u) * SHIFT)
CLAIM = Claim(
    words="In the standard model with unit roundoff u, naive log-sum-exp of n numbers is off by at "
    "most u|y| + (1+u) n u/(1-u), the shifted one by at most u|y| + (1+u)(u(y - max x) + "
    "(1+u)(u(max x - min x) + n u/(1-u))), rigorously, not only to first order.",
    source="Blanchard, Higham & Higham 2021, sections 3 and 4",
    given=(0 <= u, u < 1),
    parts={
        "naive": naive(NAIVE, u * absolute(y) + (1 + u) * SUM),
        "shifted": shifted(SHIFTED_BOUND),
    },
)
TINY = Fraction(1, 2**40)
DOWN = {"m": 1, "u": TINY, "x": (0, 0), "e": (1 - TINY,) * 2, "t": (0, 0),
        "s": (1 - TINY, 2 * (1 - TINY) ** 2)}  # fmt: skip
LOG, NEAR = log(DOWN["s"][1]), 1 - TINY * (1 - TINY)
LARGE = {"m": 0, "u": Fraction(1, 8), "x": (100,), "t": (0,), "e": (1,), "s": (1,), "q": 0,
         "v": Fraction(225, 2)}  # fmt: skip
EQUALITY = (  # all roundings the same way; the bounds are attained to first order
    Equality("naive", {**DOWN, "q": 0, "v": LOG * NEAR}, within=1e-11),
    Equality("shifted", {**DOWN, "q": LOG * NEAR, "v": LOG * NEAR * NEAR}, within=1e-11),
)
MUTANTS = (
    Mutant("as printed, without the last addition's rounding",
           CLAIM.but(shifted=shifted(SHIFTED_BOUND - u * absolute(y))), LARGE),
    Mutant("without the log's rounding", CLAIM.but(naive=naive(NAIVE, (1 + u) * SUM)),
           EQUALITY[0].at),
    Mutant("one rounding of a term fewer",
           CLAIM.but(naive=naive(NAIVE, u * absolute(y) + (1 + u) * m * u / (1 - u))),
           EQUALITY[0].at),
    Mutant("an exponential without rounding bound",
           CLAIM.but(naive=naive(NAIVE[1:], u * absolute(y) + (1 + u) * SUM)),
           {**DOWN, "e": (5, 5), "s": (5, 10), "q": 0, "v": Fraction(23, 10), "u": Fraction(1, 8)}),
)  # fmt: skip


def summed(rng):
    """A sum of exponentials, shifted or not: a point as far as it goes, and the shift."""
    size, u = int(rng.integers(1, 5)), Fraction(1, int(rng.choice([4, 64, 2**11, 2**24])))
    x = [Fraction(float(v)) for v in rng.choice([1e-3, 1, 30]) * rng.standard_normal(size)]
    base = max(x) if rng.random() < 0.5 else Fraction(0)
    t = [rounded(rng, v - base, u) if base else v for v in x]
    e = [rounded(rng, Fraction(math.exp(v)), u) for v in t]
    return {"m": size - 1, "u": u, "x": x, "t": t, "e": e, "s": sums(rng, e, u)}, base


def sample(rng):
    """Computed by one of the two algorithms, with roundings that are 0 or near the worst."""
    at, base = summed(rng)
    q = rounded(rng, Fraction(math.log(at["s"][-1])), at["u"])
    return {**at, "q": q, "v": rounded(rng, base + q, at["u"]) if base else q}


def through(k, least, w, z, z0, error, before, size):
    """|w - z0| <= b + u (c + b), from |w - z| <= u |z|, |z - z0| <= b and |z0| <= c."""
    (high, low), (large, less), (up, down) = map(k.within, (before, size, error))
    most = size.conclusion.args[1] + before.conclusion.args[1]
    grown = k.multiply(least, k.largest2(k.by(z <= most, high, large), k.by(-z <= most, low, less)))
    bound, gap = before.conclusion.args[1] + u * most, w - z0
    return k.largest2(k.by(gap <= bound, up, high, grown), k.by(-gap <= bound, down, low, grown))


def shift_error(k, least, moved, i, inside):
    """|t_i - (x_i - max x)| <= u (max x - min x), from the model of a subtraction."""
    below = k.max_upper(top, inside)
    above = k.min_lower(bottom <= x[i], inside)
    size = k.largest2(k.by(x[i] - top <= top - bottom, below, k.chain(above, below)),
                      k.by(-(x[i] - top) <= top - bottom, above))  # fmt: skip
    return k.chain(k.use(moved, i, inside), k.multiply(least, size))


def proof(k):
    """Bound |log ŝ - log S|, then let each later operation add its own error."""
    least, small = map(k.assume, CLAIM.given)
    one = k.by(0 < 1 - u, small)
    some, over = k.by(0 < n, k.nat_nonnegative(m)), k.by(0 <= inv(1 - u), k.positive_inverse(one))
    slack = k.multiply(k.nat_nonnegative(n), k.multiply(over, k.square(u)))
    longer = k.by(n * u <= SUM, slack, k.equal(n * u + n * (inv(1 - u) * u**2), SUM, one))
    own_size = k.by(absolute(y) <= absolute(y))

    def summed(f, steps):
        """|log ŝ - log Σ exp f_i| <= n u/(1-u), and that Σ is positive."""
        total = Sum(n, lambda i: exp(f(i)))
        positive = k.positive(total, some)
        signs = k.each(n, lambda i, _: k.by(0 <= exp(f(i)), k.exp_positive(f(i))))
        th = k.lemma("rounded_sum", t=function(lambda i: exp(f(i))))
        *_, last = k.conjuncts(k.use(th, least, small, signs, *steps))
        _, lower, upper = k.conjuncts(k.use(last, positive))
        gap = log(s[m]) - log(total)
        return k.largest2(k.by(gap <= SUM, upper, longer), k.by(-gap <= SUM, lower)), positive

    def naive_bound(*steps):
        *adding, last = steps
        near, _ = summed(lambda i: x[i], adding)
        return k.by(absolute(v - y) <= u * absolute(y) + (1 + u) * SUM,
                    through(k, least, v, log(s[m]), y, last, near, own_size))  # fmt: skip

    def shifted_bound(*steps):
        moved, *adding, logged, last = steps
        near, computed = summed(lambda i: t[i], adding)
        exact = k.positive(Sum(n, lambda i: exp(x[i] - top)), some)
        far = u * (top - bottom)

        def apart(f, g, positive, of_g):
            """log Σ exp f_i <= log Σ exp g_i + u (max x - min x)."""
            every = k.each(n, lambda i, inside: k.exp_increasing(
                k.by(f(i) <= g(i) + far,
                     *k.within(shift_error(k, least, moved, i, inside)))))  # fmt: skip
            left, right = positive.conclusion.args[1], of_g.conclusion.args[1]
            grown = k.by(left <= exp(far) * right, k.sum_increasing(every))
            return k.by(log(left) <= log(right) + far, k.log_increasing(positive, grown),
                        log_product(k, k.exp_positive(far), of_g))  # fmt: skip

        exponents = (lambda i: t[i]), (lambda i: x[i] - top)
        over = apart(*exponents, computed, exact)
        under = apart(*exponents[::-1], exact, computed)
        moved_out = k.equal(y.args[0], exp(top) * exact.conclusion.args[1])
        same = k.by(eq(y, top + log(exact.conclusion.args[1])), k.congruent(log, moved_out),
                    log_product(k, k.exp_positive(top), exact))  # fmt: skip
        up, down = k.within(near)
        rest, gap = y - top, log(s[m]) - (y - top)
        before = k.largest2(k.by(gap <= SHIFT, up, over, same),
                            k.by(-gap <= SHIFT, down, under, same))  # fmt: skip
        above = k.use(k.lemma("lse_bounds", n=n), k.by(1 <= n, k.nat_nonnegative(m)))
        sign = k.by(0 <= rest, k.conjuncts(above)[0])
        size = k.largest2(k.by(rest <= rest), k.by(-rest <= rest, sign))
        logarithm = through(k, least, q, log(s[m]), rest, logged, before, size)
        up, down = k.within(logarithm)
        bound = logarithm.conclusion.args[1]
        added_up = k.largest2(k.by(top + q - y <= bound, up), k.by(-(top + q - y) <= bound, down))
        return k.by(absolute(v - y) <= SHIFTED_BOUND,
                    through(k, least, v, top + q, y, last, added_up, own_size))  # fmt: skip

    return k.close(
        CLAIM.given, k.supposing(NAIVE, naive_bound), k.supposing(SHIFTED, shifted_bound)
    )
