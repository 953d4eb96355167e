"""(1-u)^n Σ t_i <= ŝ <= (1+u)^n Σ t_i for n = m + 1 nonnegative terms, rounded and then summed.

Standard model of floating-point arithmetic: the i-th computed term is t_i (1 + a_i), and each
addition's result is the exact sum of its operands times 1 + b_i, with all |a_i|, |b_i| <= u < 1.

Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2.
Idea: induction: each term meets its own rounding and those of at most m additions.
"""

from fractions import Fraction

from lsetheory.proof import (
    And, Claim, Equality, Implies, Mutant, Sum, absolute, as_term, each, eq, nat, power, real,
    vector,
)  # fmt: skip

m, u, zero = nat("m"), real("u"), as_term(0)
t, a, b, s = (vector(name) for name in "tabs")


def added(t):
    """Three hypotheses: s_0, ..., s_m are the computed partial sums of t_0, ..., t_m."""
    return (
        each(m + 1, lambda i: absolute(a[i]) <= u),
        each(m, lambda i: absolute(b[i]) <= u),
        And(
            eq(s[0], t(as_term(0)) * (1 + a[0])),
            each(m, lambda i: eq(s[i + 1], (s[i] + t(i + 1) * (1 + a[i + 1])) * (1 + b[i]))),
        ),
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
    },
)
HALF = Fraction(1, 2)
UP = {"m": 1, "u": HALF, "t": (1, 0), "a": (HALF, 0), "b": (HALF,), "s": (3 * HALF, 9 * HALF**2)}
DOWN = {"m": 1, "u": HALF, "t": (1, 0), "a": (-HALF, 0), "b": (-HALF,), "s": (HALF, HALF**2)}
EQUALITY = (Equality("upper", UP), Equality("lower", DOWN))
MUTANTS = (
    Mutant("one rounding fewer", CLAIM.but(upper=s[m] <= power(1 + u, m) * total(m + 1)), UP),
    Mutant("one rounding fewer, below",
           CLAIM.but(lower=power(1 - u, m) * total(m + 1) <= s[m]), DOWN),
    Mutant("terms of any sign", CLAIM.but(given=(*CLAIM.given[:2], *CLAIM.given[3:])),
           {"m": 1, "u": HALF, "t": (1, -1), "a": (HALF, 0), "b": (0,), "s": (3 * HALF, HALF)}),
    Mutant("a bound of first order", CLAIM.but(upper=s[m] <= (1 + (m + 1) * u) * total(m + 1)),
           UP),
)  # fmt: skip


def computed(rng, terms, u):
    """Roundings a, b of at most u, and the partial sums s they give; all exact."""
    few = [Fraction(0), u, -u, u / 3, -u / 7]
    a, b = ([few[int(rng.integers(len(few)))] for _ in terms] for _ in range(2))
    rounded = [v * (1 + e) for v, e in zip(terms, a, strict=True)]
    sums = rounded[:1]
    for v, e in zip(rounded[1:], b, strict=False):
        sums.append((sums[-1] + v) * (1 + e))
    return {"a": a, "b": b, "s": sums}


def sample(rng):
    """Terms of many sizes, with roundings that are 0 or near the worst."""
    m, u = int(rng.integers(0, 5)), Fraction(1, int(rng.choice([2, 8, 256, 2**24, 2**53])))
    terms = [Fraction(int(rng.integers(0, 9))) * Fraction(10) ** int(rng.integers(-14, 14))
             for _ in range(m + 1)]  # fmt: skip
    return {"m": m, "u": u, "t": terms, **computed(rng, terms, u)}


def proof(k):
    """Keep (1-u)^(j+1) T_j <= s_j <= (1+u)^(j+1) T_j and the factors' order while j grows."""
    least, small, signs, own, adding, sums = map(k.assume, CLAIM.given)
    first, later = k.conjuncts(sums)
    low_sign, high_sign = k.by(0 < 1 - u, small), k.by(0 < 1 + u, least)

    def rounded(error, value, sign):
        """(1-u) value <= value (1+error) <= (1+u) value, from |error| <= u and 0 <= value."""
        upper, lower = k.within(error)
        e = upper.conclusion.args[0]
        return (k.scale((1 - u) * value <= value * (1 + e), sign, k.by(1 - u <= 1 + e, lower)),
                k.scale(value * (1 + e) <= (1 + u) * value, sign, k.by(1 + e <= 1 + u, upper)))

    def claim(j):
        """The bounds for j + 1 terms, with what the next step asks of the factors."""
        low, high = power(1 - u, j + 1), power(1 + u, j + 1)
        return Implies(j < m + 1, And(
            low * total(j + 1) <= s[j], s[j] <= high * total(j + 1),
            low <= 1 - u, 1 + u <= high, 0 <= total(j + 1),
        ))  # fmt: skip

    def start(here):
        sign = k.use(signs, zero, here)
        lower, upper = rounded(k.use(own, zero, here), t[0], sign)
        goals = claim(zero).args[1]
        bounds = (k.by(goals.args[0], lower, first), k.by(goals.args[1].args[0], upper, first))
        rest = (k.by(power(1 - u, zero + 1) <= 1 - u), k.by(1 + u <= power(1 + u, zero + 1)),
                k.by(0 <= total(zero + 1), sign))  # fmt: skip
        return k.all(*bounds, *rest)

    def step(j):
        def next_one(before, here):
            low, high = power(1 - u, j + 1), power(1 + u, j + 1)
            lower, upper, less, more, sign = k.conjuncts(k.use(before, k.by(j < m + 1, here)))
            t_sign, inside = k.use(signs, j + 1, here), k.by(j < m, here)
            term_low, term_high = rounded(k.use(own, j + 1, here), t[j + 1], t_sign)
            e = a[j + 1]
            both = s[j] + t[j + 1] * (1 + e)
            whole = total(j + 1 + 1)
            sum_low = k.by(low * whole <= both, lower, term_low, k.multiply(t_sign, less))
            sum_high = k.by(both <= high * whole, upper, term_high, k.multiply(t_sign, more))
            all_sign = k.by(0 <= whole, sign, t_sign)
            low_power = k.power_positive(low_sign, j + 1)
            high_power = k.power_positive(high_sign, j + 1)
            least_sum = k.by(0 <= low * whole, k.multiply(k.by(0 <= low, low_power), all_sign))
            both_sign = k.by(0 <= both, sum_low, least_sum)
            out_low, out_high = rounded(k.use(adding, j, inside), both, both_sign)
            recurrence = k.use(later, j, inside)
            goals = claim(j + 1).args[1]
            return k.all(
                k.by(goals.args[0], out_low, recurrence, k.multiply(low_sign, sum_low)),
                k.by(goals.args[1].args[0], out_high, recurrence, k.multiply(high_sign, sum_high)),
                k.by(power(1 - u, j + 1 + 1) <= 1 - u, less,
                     k.multiply(least, k.by(0 <= low, low_power))),
                k.by(1 + u <= power(1 + u, j + 1 + 1), more,
                     k.multiply(least, k.by(0 <= high, high_power))),
                all_sign,
            )  # fmt: skip

        return k.supposing((claim(j), j + 1 < m + 1), next_one)

    every = k.induction(k.suppose(zero < m + 1, start), k.nat(step))
    lower, upper, *_ = k.conjuncts(k.use(every, m, k.by(m < m + 1)))
    return k.close(CLAIM.given, lower, upper)
