"""Computed softmax ĝ against g = exp(x_j - y), y = LSE(x), D = max x - min x, n numbers:
by division (1-u)² g <= (1+u)^n ĝ and (1-u)^n ĝ <= (1+u)² g; with the maximum subtracted the larger
sides get the factor exp(2uD); for exp(x_j - ŷ) with |ŷ - y| <= b and B = b + u (|x_j - y| + b),
(1-u) g <= exp(B) ĝ and ĝ <= (1+u) exp(B) g.

Standard model: each computed number is v (1 + δ) with |δ| <= u for its exact v, which holds for
exp, -, / and + of the numbers computed before; the n terms are added one after another. Nothing
overflows or underflows. To first order the relative errors are u times n + 2, n + 2 + 2D and
1 + |x_j - y| + b/u, where lse_rounding_bounds gives b.

Source: Blanchard, Higham & Higham 2021, sections 3 and 4.
Idea: multiply the errors of numerator and denominator; exp turns an absolute error into a factor.
"""

import math
from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Min, Mutant, Sum, absolute, as_term, each, exp, function,
    inv, log, lse, nat, power, real, softmax, vector,
)  # fmt: skip
from lsetheory.proofs.lse_rounding_bounds import shift_error, summed, through
from lsetheory.proofs.rounded_sum import added, near, rounded, rounds

m, j, u, v, w, b, g = nat("m"), nat("j"), *map(real, "uvwbg")
x, t, e, s = map(vector, "xtes")
n = m + 1
top, bottom = Max(n, lambda i: x[i]), Min(n, lambda i: x[i])
y, exact = lse(n, lambda i: x[i]), softmax(n, lambda i: x[i], j)
LOW, HIGH = power(1 - u, n), power(1 + u, n)
SPREAD = exp(2 * u * (top - bottom))

QUOTIENT = rounds(g, e[j] * inv(s[m]))
NAIVE = (*added(lambda i: exp(x[i])), QUOTIENT)
MOVED = each(n, lambda i: rounds(t[i], x[i] - top))
SHIFTED = (MOVED, *added(lambda i: exp(t[i])), QUOTIENT)
FROM_LSE = (absolute(v - y) <= b, rounds(w, x[j] - v), rounds(g, exp(w)))
MARGIN = b + u * (absolute(x[j] - y) + b)


def from_lse_upper(margin):
    """exp of the computed x_j - ŷ is at most (1+u) exp(margin) times softmax."""
    return Implies(*FROM_LSE, g <= (1 + u) * exp(margin) * exact)


CLAIM = Claim(
    words="In the standard model with unit roundoff u, softmax of n numbers by division carries at "
    "most n + 2 roundings; a subtracted maximum adds a factor exp(2u(max - min)); exp(x_j - y) "
    "turns the absolute error of y, and u|x_j - y|, into a relative one.",
    source="Blanchard, Higham & Higham 2021, sections 3 and 4",
    given=(0 <= u, u < 1, j < n),
    parts={
        "naive_lower": Implies(*NAIVE, (1 - u) ** 2 * exact <= HIGH * g),
        "naive_upper": Implies(*NAIVE, LOW * g <= (1 + u) ** 2 * exact),
        "shifted_lower": Implies(*SHIFTED, (1 - u) ** 2 * exact <= SPREAD * HIGH * g),
        "shifted_upper": Implies(*SHIFTED, LOW * g <= SPREAD * (1 + u) ** 2 * exact),
        "from_lse_lower": Implies(*FROM_LSE, (1 - u) * exact <= exp(MARGIN) * g),
        "from_lse_upper": from_lse_upper(MARGIN),
    },
)
U = Fraction(1, 2**10)
MOST = U * (1 - Fraction(1, 2**30))


def worst(base):
    """Two numbers, one small; all roundings make its computed softmax too large."""
    small = Fraction(math.exp(base)) * (1 + MOST)
    total = (small + 1 - MOST) * (1 - MOST)
    return {"m": 1, "j": 0, "u": U, "x": (-64, 0), "t": (base, 0), "e": (small, 1 - MOST),
            "s": (small, total), "g": small / total * (1 + MOST),
            "v": 0, "w": Fraction(base), "b": Fraction(1, 2**80)}  # fmt: skip


PLAIN, MOVED_UP = worst(-64), worst(-64 * (1 - Fraction(1, 2**11)))
ONE = {"m": 0, "j": 0, "u": U, "x": (0,), "t": (0,), "e": (1,), "s": (1,), "b": 1,
       "v": -1, "w": 1 + MOST, "g": (1 + MOST) * exp(as_term(1 + MOST))}  # fmt: skip
EQUALITY = (
    Equality("naive_upper", PLAIN, within=1e-11),
    Equality("from_lse_upper", ONE, within=1e-11),
)
MUTANTS = (
    Mutant("one rounding of the sum fewer", CLAIM.but(naive_upper=Implies(
        *NAIVE, power(1 - u, m) * g <= (1 + u) ** 2 * exact)), PLAIN),
    Mutant("an exact division", CLAIM.but(naive_upper=Implies(
        *NAIVE, LOW * g <= (1 + u) * exact)), PLAIN),
    Mutant("an exact shift", CLAIM.but(shifted_upper=Implies(
        *SHIFTED, LOW * g <= (1 + u) ** 2 * exact)), MOVED_UP),
    Mutant("an exact difference x_j - y", CLAIM.but(from_lse_upper=from_lse_upper(b)),
           {**MOVED_UP, "g": exp(as_term(MOVED_UP["w"]))}),
)  # fmt: skip


def sample(rng):
    """Computed by one of the three algorithms, with roundings that are 0 or near the worst."""
    at, _ = summed(rng)
    x, e, u, total = at["x"], at["e"], at["u"], at["s"][-1]
    j = int(rng.integers(len(x)))
    b = rng.choice([u, Fraction(1)])
    v = Fraction(math.log(sum(map(math.exp, x)))) + b * Fraction(int(rng.integers(-7, 8)), 8)
    w = rounded(rng, x[j] - v, u)
    quotient = rng.random() < 0.7
    g = rounded(rng, Fraction(float(e[j] / total)) if quotient else Fraction(math.exp(w)), u)
    return {**at, "j": j, "v": v, "w": w, "b": b, "g": g}


def quotient(k):
    """(1-u)² P/S <= F² hi ĝ and lo ĝ <= F² (1+u)² P/S, for ĝ = fl(E/Z), where E = fl(p),
    lo s <= Z <= hi s, and p, s are within a factor F of P, S; for all reals."""
    p, s, P, S, E, Z, F, lo, hi = (real(name) for name in ("p", "s", "P", "S", "E", "Z", "F",
                                                           "lo", "hi"))  # fmt: skip
    given = (0 <= u, u < 1, 0 < p, 0 < S, 0 < Z, 0 < F, 0 <= lo, 0 <= hi,
             lo * s <= Z, Z <= hi * s, p <= F * P, P <= F * p, s <= F * S, S <= F * s,
             rounds(E, p), rounds(g, E * inv(Z)))  # fmt: skip

    def prove(*th):
        least, small, p_sign, S_sign, Z_sign, F_sign, lo_sign, hi_sign, *rest = th
        under, over, p_up, p_down, s_up, s_down, e_near, g_near = rest
        less, more = k.by(0 <= 1 - u, small), k.by(0 < 1 + u, least)
        E_low, E_high = near(k, least, e_near, k.by(0 <= p, p_sign))
        E_sign = k.by(0 <= E, E_low, k.multiply(less, p_sign))
        ratio = k.multiply(k.by(0 <= inv(Z), k.positive_inverse(Z_sign)), E_sign)
        g_low, g_high = near(k, least, g_near, k.by(0 <= E * inv(Z), ratio))
        g_sign = k.by(0 <= g, g_low, k.multiply(less, k.by(0 <= E * inv(Z), ratio)))
        low = k.scale((1 - u) * E <= g * Z, Z_sign, g_low, Z_sign)
        high = k.scale(g * Z <= (1 + u) * E, Z_sign, g_high, Z_sign)

        def times(th, *factors):
            for f in factors:
                th = k.multiply(f, th)
            return th

        upper = k.by(lo * g * S <= F**2 * (1 + u) ** 2 * P, times(s_down, lo_sign, g_sign),
                     times(under, F_sign, g_sign), times(high, F_sign),
                     times(E_high, F_sign, more), times(p_up, F_sign, more, more))  # fmt: skip
        lower = k.by((1 - u) ** 2 * P <= F**2 * hi * g * S, times(p_down, less, less),
                     times(E_low, F_sign, less), times(low, F_sign), times(over, F_sign, g_sign),
                     times(s_up, F_sign, hi_sign, g_sign))  # fmt: skip
        share = k.positive_inverse(S_sign)
        return k.all(
            k.scale((1 - u) ** 2 * (P * inv(S)) <= F**2 * hi * g, share, lower, S_sign),
            k.scale(lo * g <= F**2 * (1 + u) ** 2 * (P * inv(S)), share, upper, S_sign),
        )

    return k.supposing(given, prove)


def proof(k):
    """Both divisions are one case of a quotient; exp(x_j - ŷ) follows from the error of x_j - ŷ."""
    least, small, here = map(k.assume, CLAIM.given)
    low, high = (k.power_positive(th, n) for th in (k.by(0 < 1 - u, small), k.by(0 < 1 + u, least)))
    some = k.by(0 < n, k.nat_nonnegative(m))
    whole = k.positive(Sum(n, lambda i: exp(x[i])), some)
    general = quotient(k)

    def summed(f, steps):
        """0 < ŝ and the bounds of the computed sum ŝ of the exp f_i, with their signs."""
        signs = k.each(n, lambda i, _: k.by(0 <= exp(f(i)), k.exp_positive(f(i))))
        th = k.lemma("rounded_sum", t=function(lambda i: exp(f(i))))
        lower, upper, last = k.conjuncts(k.use(th, least, small, signs, *steps))
        total = k.positive(Sum(n, lambda i: exp(f(i))), some)
        return k.conjuncts(k.use(last, total))[0], lower, upper

    def divided(f, F, P, S, bounds, steps):
        """The two bounds, where exp f_j and the sum of the exp f_i are within F of P and S."""
        *adding, last = steps
        positive, lower, upper = summed(f, adding)
        values = {"p": exp(f(j)), "s": Sum(n, lambda i: exp(f(i))), "P": P, "S": S, "E": e[j],
                  "Z": s[m], "F": F, "lo": LOW, "hi": HIGH}  # fmt: skip
        S_sign = whole if S is total else scaled
        signs = (k.exp_positive(f(j)), S_sign, positive, k.positive(as_term(F)))
        factors = (k.by(0 <= LOW, low), k.by(0 <= HIGH, high))
        own = k.use(adding[0], j, here)
        return k.use(k.put(general, **values), least, small, *signs, *factors, lower, upper,
                     *bounds, own, last)  # fmt: skip

    total = Sum(n, lambda i: exp(x[i]))
    far, away = u * (top - bottom), exp(-top)
    scaled = k.multiply(k.exp_positive(-top), whole)

    def naive(*steps):
        one, own = as_term(1), exp(x[j])
        same = [k.by(a <= one * a) for a in (own, own, total, total)]
        lower, upper = k.conjuncts(divided(lambda i: x[i], one, own, total, same, steps))
        return k.both(k.by((1 - u) ** 2 * exact <= HIGH * g, lower),
                      k.by(LOW * g <= (1 + u) ** 2 * exact, upper))  # fmt: skip

    def shifted(moved, *steps):
        def near_exp(i, inside):
            """exp(t_i) and exp(x_i - max x) are within a factor exp(far)."""
            up, down = k.within(shift_error(k, least, moved, i, inside))
            return (k.exp_increasing(k.by(t[i] <= x[i] - top + far, up)),
                    k.exp_increasing(k.by(x[i] - top <= t[i] + far, down)))  # fmt: skip

        P, S, F = exp(x[j] - top), away * total, exp(far)
        Q, T = exp(t[j]), Sum(n, lambda i: exp(t[i]))
        up, down = near_exp(j, here)
        ups, downs = (k.sum_increasing(k.each(n, lambda i, inside, c=c: near_exp(i, inside)[c]))
                      for c in (0, 1))  # fmt: skip
        bounds = (k.by(Q <= F * P, up), k.by(P <= F * Q, down),
                  k.by(T <= F * S, ups), k.by(S <= F * T, downs))  # fmt: skip
        th = divided(lambda i: t[i], F, P, S, bounds, steps)
        a, c, S0 = real("a"), real("c"), real("S0")
        same = k.equal(exp(a - c) * inv(exp(-c) * S0), exp(a) * inv(S0))
        same = k.put(same, a=x[j], c=top, S0=total)
        lower, upper = k.conjuncts(th)
        scale_low = k.congruent(lambda h: (1 - u) ** 2 * h, same)
        scale_high = k.congruent(lambda h: SPREAD * (1 + u) ** 2 * h, same)
        return k.both(
            k.by((1 - u) ** 2 * exact <= SPREAD * HIGH * g, lower, scale_low),
            k.by(LOW * g <= SPREAD * (1 + u) ** 2 * exact, upper, scale_high),
        )

    def exponential(near_y, error, last):
        """Both bounds for exp of the computed x_j - ŷ."""
        up, down = k.within(near_y)
        z0 = x[j] - y
        before = k.largest2(k.by(x[j] - v - z0 <= b, down), k.by(-(x[j] - v - z0) <= b, up))
        size = k.by(absolute(z0) <= absolute(z0))
        high, low = k.within(through(k, least, w, x[j] - v, z0, error, before, size))
        low_g, high_g = near(k, least, last, k.by(0 <= exp(w), k.exp_positive(w)))
        a, S0 = real("a"), real("S0")
        same = k.suppose(0 < S0, lambda th: k.equal(exp(a - log(S0)), exp(a) * inv(S0), th))
        same = k.use(k.put(same, a=x[j], S0=total), whole)
        less, more = k.by(0 <= 1 - u, small), k.by(0 <= 1 + u, least)
        over = k.multiply(more, k.exp_increasing(k.by(w <= z0 + MARGIN, high)))
        under = k.multiply(less, k.exp_increasing(k.by(z0 <= w + MARGIN, low)))
        return k.both(
            k.by((1 - u) * exact <= exp(MARGIN) * g, under,
                 k.multiply(k.exp_positive(MARGIN), low_g),
                 k.congruent(lambda h: (1 - u) * h, same)),
            k.by(g <= (1 + u) * exp(MARGIN) * exact, over, high_g,
                 k.congruent(lambda h: (1 + u) * exp(MARGIN) * h, same)),
        )  # fmt: skip

    def halves(steps, prove):
        """steps → lower and steps → upper."""
        return [k.supposing(steps, lambda *th, c=c: k.conjuncts(prove(*th))[c]) for c in (0, 1)]

    return k.close(CLAIM.given, *halves(NAIVE, naive), *halves(SHIFTED, shifted),
                   *halves(FROM_LSE, exponential))  # fmt: skip
