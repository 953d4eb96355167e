"""max x - M_r(x) - log(n/m)/r, m the multiplicity of max x, is exponentially small as r → ∞.

Entries with e_i = 1 equal the maximum; the others, with e_i = 0, lie at least d below it. Then
0 <= log(n/m)/r - (max x - M_r(x)) <= log(1 + (n/m - 1) exp(-r d))/r <= (n/m - 1) exp(-r d)/r for
r > 0, and log(1 + exp(-r d)/m)/r is a lower bound if some entry lies exactly d below.

Source: here; Pinheiro & Collobert 2015, section 4 for the limit alone.
Idea: exp(r (x_i - max)) lies between e_i and e_i + (1 - e_i) exp(-r d); sum, take the logarithm.
"""

from lsetheory.proof import (
    And, Claim, Equality, Implies, Max, Mutant, Or, Sum, as_term, each, eq, exp, log, nat, ne,
    pooled, real, vector,
)  # fmt: skip

n, j, r, d, x, e = nat("n"), nat("j"), real("r"), real("d"), vector("x"), vector("e")
top = Max(n, lambda i: x[i])
m = Sum(n, lambda i: e[i])
gap = log(n / m) / r - (top - pooled(n, r, lambda i: x[i]))
small = exp(-r * d)

CLAIM = Claim(
    words="The pooled value misses max - log(n/m)/r by an amount exponentially small in r.",
    source="here",
    given=(
        1 <= n,
        0 < r,
        each(n, lambda i: Or(And(eq(e[i], 1), eq(x[i], top)),
                             And(eq(e[i], 0), x[i] <= top - d))),
        0 < d,
    ),
    parts={
        "lower": 0 <= gap,
        "upper": gap <= log(1 + (n / m - 1) * small) / r,
        "simple": gap <= (n / m - 1) * small / r,
        "next": Implies(j < n, eq(x[j], top - d), log(1 + small / m) / r <= gap),
    },
)  # fmt: skip
AT = {"n": 3, "j": 2, "r": 1, "d": 1, "x": (1, 1, 0), "e": (1, 1, 0)}
TIED = {**AT, "x": (4, 4, 4), "e": (1, 1, 1)}
EQUALITY = (
    Equality("lower", TIED, within=1e-60),
    Equality("upper", AT, within=1e-60),
    Equality("simple", {**AT, "r": 40}, within=1e-15),
    Equality("next", AT, within=1e-60),
)
MUTANTS = (
    Mutant("multiplicity ignored", CLAIM.but(
        upper=gap + log(m) / r <= log(1 + (n / m - 1) * small) / r), AT),
    Mutant("twice the distance", CLAIM.but(simple=gap <= (n / m - 1) * small**2 / r), AT),
    Mutant("any sign of r", CLAIM.but(given=(1 <= n, ne(r, 0), *CLAIM.given[2:])),
           {**AT, "r": -1}),
    Mutant("next to the maximum, not at d", CLAIM.but(
        next=Implies(j < n, log(1 + small / m) / r <= gap)), TIED),
)  # fmt: skip


def sample(rng):
    """A maximum of some multiplicity, the other entries at least d below it."""
    n = int(rng.integers(1, 6))
    d = float(rng.choice([0.25, 1.0, 8.0]))
    e = [1, *(int(v) for v in rng.integers(0, 2, size=n - 1))]
    below = d * (1 + rng.integers(0, 3, size=n) / 2)
    x = [0.5 if one else float(0.5 - b) for one, b in zip(e, below, strict=True)]
    return {"n": n, "j": int(rng.integers(n)), "r": float(rng.choice([0.01, 1, 10])), "d": d,
            "x": x, "e": e}  # fmt: skip


def proof(k):
    """Bound every exponential, sum, divide by m, take logarithms, divide by r."""
    start, sharp, kinds, apart = map(k.assume, CLAIM.given)
    some = k.by(0 < n, start)
    shifted = Sum(n, lambda i: exp(r * (x[i] - top)))

    def value(i):
        return exp(r * (x[i] - top))

    def term(i, here):
        """0 <= e_i and e_i <= exp(r (x_i - top)) <= e_i + (1 - e_i) exp(-r d)."""
        low, high = e[i] <= value(i), value(i) <= e[i] + (1 - e[i]) * small

        def largest(both):
            one, equal = k.conjuncts(both)
            here = k.congruent(lambda t: exp(r * (t - top)), equal)
            rest = k.congruent(lambda t: t * small, one)
            return k.all(k.by(0 <= e[i], one), k.by(low, one, here), k.by(high, one, here, rest))

        def other(both):
            none, below = k.conjuncts(both)
            rest = k.congruent(lambda t: t * small, none)
            power = k.exp_increasing(k.scale(r * (x[i] - top) <= -r * d, sharp, below))
            return k.all(
                k.by(0 <= e[i], none),
                k.by(low, none, k.exp_positive(r * (x[i] - top))),
                k.by(high, none, power, rest),
            )

        return k.split(k.use(kinds, i, here), largest, other)

    def part(position):
        return k.each(n, lambda i, here: k.conjuncts(term(i, here))[position])

    at, inside, equals = k.attained(top, some)
    one = k.split(k.use(kinds, at, inside), k.first, lambda both: k.impossible(
        eq(e[at], 1), k.second(both), apart, equals))  # fmt: skip
    count = k.by(0 < m, one, k.sum_term(part(0), inside))
    least, most = k.sum_increasing(part(1)), k.sum_increasing(part(2))
    share, rate = k.positive_inverse(count), k.positive_inverse(sharp)
    sums = k.positive(shifted, some), k.positive(Sum(n, lambda i: exp(r * x[i])), some)

    def divided(goal, order, low, high):
        """The goal log(low)/r <= log(high)/r from m low <= m high."""
        logs = k.log_increasing(k.positive(low, *sums, count),
                                k.scale(low <= high, share, order, count))  # fmt: skip
        return k.scale(goal, rate, logs, some, sharp, count, *sums)

    rest, ratio = (n / m - 1) * small, shifted / m
    lower = divided(CLAIM.parts["lower"], least, as_term(1), ratio)
    upper = divided(CLAIM.parts["upper"], most, ratio, 1 + rest)
    more = k.scale(ratio <= 1 + rest, share, most, count)
    line = k.log_increasing(k.by(0 < 1 + rest, k.positive(ratio, *sums, count), more),
                            k.exp_tangent(rest))  # fmt: skip
    simple = k.chain(upper, k.scale(log(1 + rest) / r <= rest / r, rate, line))

    def second(here, equal):
        """The term of an entry at distance d comes on top of the m largest."""
        none = k.split(k.use(kinds, j, here), lambda both: k.impossible(
            eq(e[j], 0), k.second(both), apart, equal), k.first)  # fmt: skip
        over = k.each(n, lambda i, here: k.by(0 <= value(i) - e[i], k.use(part(1), i, here)))
        own = k.congruent(lambda t: exp(r * (t - top)), equal)
        order = k.by(m + small <= shifted, k.sum_term(over, here), none, own)
        return divided(CLAIM.parts["next"].args[1].args[1], order, 1 + small / m, ratio)

    next_ = k.supposing((j < n, eq(x[j], top - d)), second)
    return k.close(CLAIM.given, lower, upper, simple, next_)
