"""(1-u)^n Σ t_i <= ŝ <= (1+u)^n Σ t_i for n = m + 1 nonnegative terms, rounded and then summed.

Standard model of floating-point arithmetic: what is computed for v is off by at most u |v|, so it
is v (1 + δ) with |δ| <= u. Terms are added one after another, in any order given to them.

Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2.
Idea: induction: each term meets its own rounding and those of at most m additions.
"""

from fractions import Fraction

from lsetheory.proof import (
    And, Claim, Equality, Implies, Mutant, Sum, absolute, as_term, each, eq, inv, log, nat,
    power, real, vector,
)  # fmt: skip

m, u, zero = nat("m"), real("u"), as_term(0)
t, e, s = vector("t"), vector("e"), vector("s")


def rounds(computed, exact):
    """The standard model: a computed number has a relative error of at most u."""
    return absolute(computed - exact) <= u * absolute(exact)


def added(t):
    """Three hypotheses: e_i is computed for t_i, and s_0, ..., s_m are their partial sums."""
    return (
        each(m + 1, lambda i: rounds(e[i], t(i))),
        eq(s[0], e[0]),
        each(m, lambda i: rounds(s[i + 1], s[i] + e[i + 1])),
    )


def total(j):
    """The exact sum of the first j terms."""
    return Sum(j, lambda i: t[i])


CLAIM = Claim(
    words="A computed sum of n nonnegative rounded terms is off by at most n roundings a term: in "
    "the standard model with unit roundoff u it lies between (1-u)^n and (1+u)^n times the sum.",
    source="Higham 2002, section 4.2",
    given=(0 <= u, u < 1, each(m + 1, lambda i: 0 <= t[i]), *added(lambda i: t[i])),
    parts={
        "lower": power(1 - u, m + 1) * total(m + 1) <= s[m],
        "upper": s[m] <= power(1 + u, m + 1) * total(m + 1),
        "logarithm": Implies(0 < total(m + 1), And(
            0 < s[m],
            log(total(m + 1)) - (m + 1) * u / (1 - u) <= log(s[m]),
            log(s[m]) <= log(total(m + 1)) + (m + 1) * u,
        )),
    },
)  # fmt: skip
HALF = Fraction(1, 2)
UP = {"m": 1, "u": HALF, "t": (1, 0), "e": (3 * HALF, 0), "s": (3 * HALF, 9 * HALF**2)}
DOWN = {"m": 1, "u": HALF, "t": (1, 0), "e": (HALF, 0), "s": (HALF, HALF**2)}
EQUALITY = (Equality("upper", UP), Equality("lower", DOWN))
MUTANTS = (
    Mutant("one rounding fewer", CLAIM.but(upper=s[m] <= power(1 + u, m) * total(m + 1)), UP),
    Mutant("one rounding fewer, below",
           CLAIM.but(lower=power(1 - u, m) * total(m + 1) <= s[m]), DOWN),
    Mutant("terms of any sign", CLAIM.but(given=(*CLAIM.given[:2], *CLAIM.given[3:])),
           {"m": 1, "u": HALF, "t": (1, -1), "e": (3 * HALF, -1), "s": (3 * HALF, HALF)}),
    Mutant("a bound of first order", CLAIM.but(upper=s[m] <= (1 + (m + 1) * u) * total(m + 1)),
           UP),
)  # fmt: skip


def rounded(rng, value, u):
    """A number with a relative distance of at most u, often nearly that; dyadic if they are."""
    few = (0, 1023, -1023, 300, -100)
    return Fraction(value) * (1 + u * Fraction(few[int(rng.integers(len(few)))], 1024))


def sums(rng, terms, u):
    """The rounded partial sums of some numbers."""
    out = [terms[0]]
    for term in terms[1:]:
        out.append(rounded(rng, out[-1] + term, u))
    return out


def sample(rng):
    """Terms of many sizes, with roundings that are 0 or near the worst."""
    m, u = int(rng.integers(0, 5)), Fraction(1, int(rng.choice([2, 8, 256, 2**24, 2**53])))
    terms = [Fraction(int(rng.integers(0, 9))) * Fraction(10) ** int(rng.integers(-14, 14))
             for _ in range(m + 1)]  # fmt: skip
    computed = [rounded(rng, v, u) for v in terms]
    return {"m": m, "u": u, "t": terms, "e": computed, "s": sums(rng, computed, u)}


def near(k, least, error, sign):
    """(1-u) v <= w <= (1+u) v, from 0 <= u, |w - v| <= u |v| and 0 <= v."""
    v = sign.conclusion.args[1]
    size = k.multiply(least, k.largest2(k.by(v <= v), k.by(-v <= v, sign)))
    upper, lower = k.within(error)
    w = upper.conclusion.args[0] + v
    return k.by((1 - u) * v <= w, lower, size), k.by(w <= (1 + u) * v, upper, size)


def log_product(k, left, right):
    """log(a b) = log a + log b from 0 < a and 0 < b, whatever sums a and b are."""
    a, b = real("a"), real("b")
    split = k.supposing((0 < a, 0 < b), lambda *th: k.equal(log(a * b), log(a) + log(b), *th))
    return k.use(k.put(split, a=left.conclusion.args[1], b=right.conclusion.args[1]), left, right)


def proof(k):
    """Keep (1-u)^(j+1) T_j <= s_j <= (1+u)^(j+1) T_j and the factors' order while j grows."""
    least, small, signs, own, first, adding = map(k.assume, CLAIM.given)
    low_sign, high_sign = k.by(0 < 1 - u, small), k.by(0 < 1 + u, least)

    def claim(j):
        """The bounds for j + 1 terms, with what the next step asks of the factors."""
        low, high = power(1 - u, j + 1), power(1 + u, j + 1)
        return Implies(j < m + 1, And(
            low * total(j + 1) <= s[j], s[j] <= high * total(j + 1),
            low <= 1 - u, 1 + u <= high, 0 <= total(j + 1),
        ))  # fmt: skip

    def start(here):
        sign = k.use(signs, zero, here)
        lower, upper = near(k, least, k.use(own, zero, here), sign)
        low, high, less, more, positive = k.conjuncts(k.assume(claim(zero).args[1]))
        return k.all(k.by(low.conclusion, lower, first), k.by(high.conclusion, upper, first),
                     k.by(less.conclusion), k.by(more.conclusion),
                     k.by(positive.conclusion, sign))  # fmt: skip

    def step(j):
        def next_one(before, here):
            low, high, whole = power(1 - u, j + 1), power(1 + u, j + 1), total(j + 1 + 1)
            lower, upper, less, more, sign = k.conjuncts(k.use(before, k.by(j < m + 1, here)))
            t_sign = k.use(signs, j + 1, here)
            t_low, t_high = near(k, least, k.use(own, j + 1, here), t_sign)
            both = s[j] + e[j + 1]
            sum_low = k.by(low * whole <= both, lower, t_low, k.multiply(t_sign, less))
            sum_high = k.by(both <= high * whole, upper, t_high, k.multiply(t_sign, more))
            positive = k.by(0 <= whole, sign, t_sign)
            low_positive = k.by(0 <= low, k.power_positive(low_sign, j + 1))
            high_positive = k.by(0 <= high, k.power_positive(high_sign, j + 1))
            both_sign = k.by(0 <= both, sum_low, k.multiply(low_positive, positive))
            out_low, out_high = near(k, least, k.use(adding, j, k.by(j < m, here)), both_sign)
            goals = [th.conclusion for th in k.conjuncts(k.assume(claim(j + 1).args[1]))]
            return k.all(
                k.by(goals[0], out_low, k.multiply(low_sign, sum_low)),
                k.by(goals[1], out_high, k.multiply(high_sign, sum_high)),
                k.by(goals[2], less, k.multiply(least, low_positive)),
                k.by(goals[3], more, k.multiply(least, high_positive)),
                positive,
            )

        return k.supposing((claim(j), j + 1 < m + 1), next_one)

    every = k.induction(k.suppose(zero < m + 1, start), k.nat(step))
    lower, upper, *_ = k.conjuncts(k.use(every, m, k.by(m < m + 1)))

    def log_power(base, positive):
        """log base^(m+1) = (m+1) log base."""

        def next_power(j):
            below = k.power_positive(positive, j)
            goal = eq(log(power(base, j + 1)), (j + 1) * log(base))
            return k.suppose(eq(log(power(base, j)), j * log(base)),
                             lambda th: k.by(goal, th, known=[positive, below]))  # fmt: skip

        start = k.equal(log(power(base, zero)), zero * log(base))
        return k.use(k.induction(start, k.nat(next_power)), m + 1)

    def logarithm(some):
        whole = total(m + 1)
        low, high = (k.power_positive(th, m + 1) for th in (low_sign, high_sign))
        under = k.positive(power(1 - u, m + 1) * whole, low, some)
        computed = k.by(0 < s[m], lower, under)
        over = k.positive_inverse(low_sign)
        same = k.equal(inv(1 - u), 1 + u / (1 - u), low_sign)
        slope = k.log_increasing(over, k.chain(same, k.exp_tangent(u / (1 - u))))
        fall = k.by(-u / (1 - u) <= log(1 - u), slope, known=[low_sign])
        rise = k.by(log(1 + u) <= u, k.log_increasing(high_sign, k.exp_tangent(u)))
        count = k.nat_nonnegative(m + 1)
        return k.all(
            computed,
            k.by(log(whole) - (m + 1) * u / (1 - u) <= log(s[m]), k.log_increasing(under, lower),
                 log_product(k, low, some), log_power(1 - u, low_sign), k.multiply(count, fall)),
            k.by(log(s[m]) <= log(whole) + (m + 1) * u, k.log_increasing(computed, upper),
                 log_product(k, high, some), log_power(1 + u, high_sign),
                 k.multiply(count, rise)),
        )  # fmt: skip

    return k.close(CLAIM.given, lower, upper, k.suppose(0 < total(m + 1), logarithm))
