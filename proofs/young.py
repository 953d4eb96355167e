"""(k + 1) s^k w <= k s^(k+1) + w^(k+1) for s, w >= 0 and every natural k.

Source: Young 1912, with integer exponents; equivalently the weighted mean inequality.
Idea: induction on k; the step leaves (k + 1) s^k (s - w)² >= 0.
"""

from lsetheory.proof import And, Claim, Equality, Mutant, as_term, nat, power, real

k_, s, w = nat("k"), real("s"), real("w")


def young(k):
    """The inequality for one k."""
    return (k + 1) * power(s, k) * w <= k * power(s, k + 1) + power(w, k + 1)


CLAIM = Claim(
    words="A product of powers is at most the mean of the powers, weighted by the exponents.",
    source="Young 1912",
    given=(0 <= s, 0 <= w),
    parts={"bound": young(k_), "power": 0 <= power(s, k_)},
)
EQUALITY = (
    Equality("bound", {"k": 3, "s": 2, "w": 2}),
    Equality("bound", {"k": 0, "s": 1, "w": 5}),
)
MUTANTS = (
    Mutant("a larger factor", CLAIM.but(
        bound=(k_ + 2) * power(s, k_) * w <= k_ * power(s, k_ + 1) + power(w, k_ + 1)),
           {"k": 1, "s": 1, "w": 1}),
    Mutant("w of any sign", CLAIM.but(given=(0 <= s,)), {"k": 2, "s": 1, "w": -3}),
)  # fmt: skip


def proof(k):
    """Induction on k for fixed s and w."""
    s_sign, w_sign = map(k.assume, CLAIM.given)

    def both(m):
        return And(young(m), 0 <= power(s, m))

    def step(m, known):
        bound, positive = k.first(known), k.second(known)
        factor = k.multiply(k.nat_nonnegative(m + 1), positive)
        square = k.multiply(factor, k.square(s - w))
        return k.both(k.by(young(m + 1), k.multiply(w_sign, bound), square),
                      k.scale(0 <= power(s, m + 1), s_sign, positive))  # fmt: skip

    zero = as_term(0)
    base = k.both(k.by(young(zero)), k.by(0 <= power(s, zero)))
    every = k.induction(base, k.nat(lambda m: k.suppose(both(m), lambda known: step(m, known))))
    return k.close(CLAIM.given, k.use(every, k_))
