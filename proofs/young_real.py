"""s^(p-1) w <= (1 - 1/p) s^p + w^p/p for s, w >= 0 and real p >= 1; powers multiply.

Here t^p is t exp((p - 1) log t), which is 0 at t = 0 whatever log 0 may be; s^(p-1) asks for 0 < s.

Source: Young 1912.
Idea: exp lies below its chord from p log s to p log w, at the point that divides it as 1/p.
"""

from fractions import Fraction

from lsetheory.proof import Claim, Equality, Implies, Mutant, as_term, eq, exp, log, real

p, s, w = real("p"), real("s"), real("w")


def rest(t):
    """t^(p-1), for 0 < t."""
    return exp((p - 1) * log(t))


def powered(t):
    """t^p, for 0 <= t."""
    return t * rest(t)


CLAIM = Claim(
    words="A product of powers is at most the mean of the powers, weighted by the exponents.",
    source="Young 1912",
    given=(1 <= p, 0 <= s, 0 <= w),
    parts={
        "bound": Implies(0 < s, rest(s) * w <= (1 - 1 / p) * powered(s) + powered(w) / p),
        "product": eq(powered(s * w), powered(s) * powered(w)),
        "nonnegative": 0 <= powered(s),
    },
)
AT = {"p": 3, "s": 2, "w": 2}
EQUALITY = (
    Equality("bound", AT, within=1e-60),
    Equality("bound", {"p": 1, "s": 1, "w": 5}, within=1e-60),
)
MUTANTS = (
    Mutant("a smaller part", CLAIM.but(bound=Implies(
        0 < s, rest(s) * w <= (1 - 2 / p) * powered(s) + powered(w) / p)), AT),
    Mutant("p below 1", CLAIM.but(given=(0 < p, 0 <= s, 0 <= w)),
           {"p": Fraction(1, 2), "s": 1, "w": 4}),
)  # fmt: skip


def proof(k):
    """The chord where both are positive; at 0 the powers are 0."""
    least, s_sign, w_sign = map(k.assume, CLAIM.given)
    some, zero = k.by(0 < p, least), as_term(0)
    share = k.positive_inverse(some)
    other = k.scale(0 <= 1 - 1 / p, share, least, some)

    def nonnegative(t, sign):
        return k.scale(0 <= powered(t), k.exp_positive((p - 1) * log(t)), sign)

    def cases(t, sign, goal, positive, *premises):
        """The goal at t >= 0, from its proof for 0 < t and the normal form at 0."""
        hole = k.new()

        def null(here):
            return k.rewrite(here, k.by(goal(zero), *premises), goal(hole), hole)

        return k.split(k.trichotomy(zero, t), positive, null,
                       lambda below: k.impossible(goal(t), below, sign))  # fmt: skip

    def young(s_above):
        def goal(w):
            return rest(s) * w <= (1 - 1 / p) * powered(s) + powered(w) / p

        def chord(w_above):
            ends, middle = (p * log(s), p * log(w)), (p - 1) * log(s) + log(w)
            lines = (k.multiply(part, k.multiply(k.exp_positive(middle), k.exp_tangent(e - middle)))
                     for part, e in zip((other, share), ends, strict=True))  # fmt: skip
            return k.by(goal(w), *lines, known=[some, s_above, w_above])

        return cases(w, w_sign, goal, chord, k.multiply(other, nonnegative(s, s_sign)))

    bound = k.suppose(0 < s, young)

    def multiplied(s, w):
        return eq(powered(s * w), powered(s) * powered(w))

    def positive(above):
        return cases(w, w_sign, lambda w: multiplied(s, w),
                     lambda more: k.equal(*multiplied(s, w).args, above, more))  # fmt: skip

    product = cases(s, s_sign, lambda s: multiplied(s, w), positive)
    return k.close(CLAIM.given, bound, product, nonnegative(s, s_sign))
