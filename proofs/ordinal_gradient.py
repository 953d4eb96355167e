"""Where entries differ, ordinal pooling has the partial derivative w_j in the j-th largest entry.

The other entries have none. Near x ordinal pooling is linear: with entries at least d apart,
Σ w_j (x + u h)_(j) = Σ w_j x_(j) + u Σ w_j h_{s(j)} as long as no entry moves by more than d/2.

Source: Kumar 2018, Ordinal pooling networks; Deliège et al. 2021, Ordinal pooling (stated).
Idea: moves of at most d/2 leave the order as it is; d is 1/(1 + Σ 1/gap), the gaps between
neighbours in sorted order.
"""

from fractions import Fraction

from lsetheory.proof import (
    And, Claim, Deriv, Exists, Implies, Mutant, Sum, absolute, as_term, descending, each, eq,
    function, index_map, inv, le, lt, nat, ordinal, real, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, sorting

n, m, w, x, h = nat("n"), nat("m"), vector("w"), vector("x"), vector("h")
d, u, s, t = real("d"), real("u"), index_map("s"), index_map("t")
at_x, at_h = ordinal(m, w, s, lambda i: x[i]), ordinal(m, w, s, lambda i: h[i])


def moved(u):
    """The entries of x + u h."""
    return lambda i: x[i] + u * h[i]


LINEAR = eq(ordinal(m, w, t, moved(u)), at_x + u * at_h)


def before(relation):
    """relation(larger, smaller) for the entries of x at two places in turn."""
    return each(n, lambda i: each(n, lambda j: Implies(i < j, relation(x[s[i]], x[s[j]]))))


def spaced(d):
    """Entries are at least d apart."""
    return before(lambda larger, smaller: smaller + d <= larger)


def linear(*conditions):
    """Ordinal pooling of x + u h, sorted by t, is linear in u under these conditions."""
    return Implies(*conditions, *descending(n, t, moved(u)), LINEAR)


def slope(value):
    """d/du of ordinal pooling of x + u h, in the order of x, at 0 is this value."""
    return Deriv(lambda u: ordinal(m, w, s, moved(u)), 0, value)


def moves(bound):
    """No entry moves by more than this."""
    return each(n, lambda i: absolute(u * h[i]) <= bound)


CLAIM = Claim(
    words="Where no two entries are equal, ordinal pooling is linear nearby, and its gradient is "
    "the weights, each at its entry.",
    source="Kumar 2018; Deliège et al. 2021",
    given=(1 <= n, m <= n, *descending(n, s, lambda i: x[i])[:2],
           before(lambda larger, smaller: smaller < larger)),
    parts={
        "apart": Exists("real", lambda d: And(0 < d, spaced(d))),
        "near": linear(spaced(d), moves(d / 2)),
        "slope": slope(at_h),
    },
)  # fmt: skip
EQUALITY = ()  # equations
AT = {"n": 2, "m": 2, "w": (1, 0), "x": (1, 0), "h": (-1, 1), "d": 1, "u": 1, "s": (0, 1),
      "t": (1, 0)}  # fmt: skip
MUTANTS = (
    Mutant("twice as far", CLAIM.but(near=linear(spaced(d), moves(d))), AT),
    Mutant("any distance", CLAIM.but(near=linear(moves(d / 2))), {**AT, "d": 2}),
    Mutant("the same weight for all", CLAIM.but(slope=slope(Sum(n, lambda i: h[i]) / n)), AT),
    Mutant("equal entries", CLAIM.but(
        given=(1 <= n, m <= n, *descending(n, s, lambda i: x[i])), near=linear(moves(d / 2))),
        {**AT, "x": (0, 0), "d": 2}),
)  # fmt: skip


def sample(rng):
    """Distinct entries at least d apart, mostly, and small moves with their order."""
    n = int(rng.integers(1, 5))
    unit, h = 2.0 ** int(rng.integers(-20, 20)), entries(rng, n, largest=30.0)
    x = [float(unit * v) for v in rng.permutation(n)]
    u = Fraction(unit) * Fraction(int(rng.integers(-64, 65)), 256)
    place = [Fraction(v) + u * Fraction(move) for v, move in zip(x, h, strict=True)]
    return {"n": n, "m": int(rng.integers(n + 1)), "w": entries(rng, n), "x": x, "h": h,
            "d": unit * float(rng.choice([0.5, 1, 2])), "u": u, "s": sorting(x),
            "t": sorting(place)}  # fmt: skip


def proof(k):
    """A common distance; under it s sorts x + u h too; differentiate the linear function."""
    start, kept, into, injective, strict = map(k.assume, CLAIM.given)
    distance = k.witness(*common_distance(k, start, strict))

    def near(spaces, small, *order):
        lemma = k.lemma("ordinal_well_defined", x=function(moved(u)), s=function(lambda i: t[i]),
                        t=function(lambda i: s[i]))  # fmt: skip
        still = same_order(k, into, spaces, small)
        return k.restate(k.second(k.use(lemma, kept, *order, into, injective, still)), LINEAR)

    conditions = (spaced(d), moves(d / 2), *descending(n, t, moved(u)))
    rate = k.derivative(lambda u: ordinal(m, w, s, moved(u)), as_term(0), value=at_h)
    return k.close(CLAIM.given, distance, k.supposing(conditions, near), rate)


def pairs(k, relation, prove):
    """∀i < n. ∀j < n. relation(i, j) → ..., from prove(i, j, i < n, j < n, relation)."""
    return k.each(n, lambda i, i_here: k.each(n, lambda j, j_here: k.suppose(
        relation(i, j), lambda order: prove(i, j, i_here, j_here, order))))  # fmt: skip


def common_distance(k, start, strict):
    """Entries are 1/(1 + Σ 1/gap) apart: this theorem, the claim, and the witness."""
    rest, counted = k.open(k.nat_difference(start))

    def gap(i):
        return x[s[i]] - x[s[i + 1]]

    def positive_gap(i, here):
        inside = k.by(i + 1 < n, here, counted)
        drop = k.use(strict, i, k.by(i < n, inside), i + 1, inside, k.by(i < i + 1))
        return k.by(0 < gap(i), drop)

    inverses = k.each(rest, lambda i, here: k.by(
        0 <= 1 / gap(i), k.positive_inverse(positive_gap(i, here))))  # fmt: skip
    total = 1 + Sum(rest, lambda i: 1 / gap(i))
    positive = k.by(0 < total, k.sum_increasing(inverses))

    def wide(i, j, i_here, j_here, order):
        """x_(j) <= x_(i+1), and x_(i+1) + 1/total <= x_(i)."""
        goal, step = x[s[j]] + inv(total) <= x[s[i]], k.nat_next(order)
        here = k.by(i < rest, order, j_here, counted, step)
        known = positive, positive_gap(i, here)
        most = k.scale(inv(total) <= gap(i), k.positive(gap(i) / total, *known),
                       k.by(1 / gap(i) <= total, k.sum_term(inverses, here)), *known)  # fmt: skip
        return k.split(
            k.below_or_equal(step),
            lambda less: k.by(goal, most, k.use(
                strict, i + 1, k.by(i + 1 < n, less, j_here), j, j_here, less)),
            lambda same: k.by(goal, most, k.congruent(lambda v: x[s[v]], same)))  # fmt: skip

    apart = k.both(k.positive_inverse(positive), pairs(k, lt, wide))
    return apart, CLAIM.parts["apart"], inv(total)


def same_order(k, into, spaces, small):
    """(x + u h)_(j) <= (x + u h)_(i) for i <= j, as two moves make up for at most d."""

    def still(i, j, i_here, j_here, order):
        goal = moved(u)(s[j]) <= moved(u)(s[i])
        rise, fall = u * h[s[j]], u * h[s[i]]
        bounds = (
            k.chain(k.max2_left(rise, -rise), k.use(small, s[j], k.use(into, j, j_here))),
            k.chain(k.max2_right(fall, -fall), k.use(small, s[i], k.use(into, i, i_here))),
        )
        return k.split(
            k.below_or_equal(order),
            lambda less: k.by(goal, k.use(spaces, i, i_here, j, j_here, less), *bounds),
            lambda same: k.by(goal, k.congruent(lambda v: moved(u)(s[v]), same)))  # fmt: skip

    return pairs(k, le, still)
