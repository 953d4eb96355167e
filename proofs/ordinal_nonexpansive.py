"""|x_(j) - y_(j)| <= max |x_i - y_i| for each place j, hence so for ordinal pooling.

Source: here; for order statistics folklore (Weyl's inequality for diagonal matrices).
Idea: a ramp counts the entries of y above y_(j); if x_(j) were more than d above y_(j), then j+1
entries of y would be, yet in the order of y only j are.
"""

from fractions import Fraction
from functools import partial

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, absolute, descending, each, function,
    index_map, max2, nat, ordinal, vector, weights,
)  # fmt: skip
from lsetheory.proof.samples import sorting
from lsetheory.proofs import ordinal_between

n, m, w, x, y = nat("n"), nat("m"), vector("w"), vector("x"), vector("y")
s, t = index_map("s"), index_map("t")
distance = Max(n, lambda i: absolute(x[i] - y[i]))
change = absolute(ordinal(m, w, s, lambda i: x[i]) - ordinal(m, w, t, lambda i: y[i]))
SORTED = (*descending(n, s, lambda i: x[i]), *descending(n, t, lambda i: y[i]))

CLAIM = Claim(
    words="The j-th largest entry, and so ordinal pooling, moves by no more than the largest move "
    "of an entry.",
    source="here",
    given=SORTED,
    parts={
        "entry": each(n, lambda j: absolute(x[s[j]] - y[t[j]]) <= distance),
        "value": Implies(m <= n, *weights(m, w), change <= distance),
    },
)
HALF = Fraction(1, 2)
AT = {"n": 3, "m": 2, "w": (HALF, HALF), "x": (0, 4, 5), "y": (7, 5, 0), "s": (2, 1, 0),
      "t": (0, 1, 2)}  # fmt: skip
SHIFT = {**AT, "x": (5, 3, 0), "y": (7, 5, 2), "s": (0, 1, 2)}
EQUALITY = (Equality("value", SHIFT),)
MUTANTS = (
    Mutant("a contraction", CLAIM.but(value=Implies(
        m <= n, *weights(m, w), change <= distance * Fraction(999, 1000))), SHIFT),
    Mutant("y in any order", CLAIM.but(given=SORTED[:5]), {**SHIFT, "t": (2, 1, 0)}),
    Mutant("weights of any sum", CLAIM.but(value=Implies(
        m <= n, weights(m, w)[0], change <= distance)), {**SHIFT, "w": (1, 1)}),
    Mutant("the signed move", CLAIM.but(value=Implies(
        m <= n, *weights(m, w), change <= Max(n, lambda i: x[i] - y[i]))), SHIFT),
)  # fmt: skip


def sample(rng):
    """A vector, a near or far one, their orders, and weights that sum to 1 exactly."""
    one = ordinal_between.sample(rng)
    size = float(rng.choice([1e-9, 1e-3, 1, 1e7]))
    y = [v + size * float(rng.standard_normal()) for v in one["x"]]
    return {**one, "y": y, "t": sorting(y)}


def proof(k):
    """No entry in sorted order moves by more than d; exchange x and y; average."""
    order_x, order_y = map(k.assume, SORTED[:3]), map(k.assume, SORTED[3:])
    one_side = k.each(n, partial(above, k, tuple(order_x), tuple(order_y)))
    turned = {"s": t, "t": s, "x": y, "y": x}
    exchanged = k.put(k.close(SORTED, one_side), **{
        name: function(lambda i, v=v: v[i]) for name, v in turned.items()})  # fmt: skip
    other_side = k.use(exchanged, *map(k.assume, (*SORTED[3:], *SORTED[:3])))

    def both(j, here):
        """|x_(j) - y_(j)| <= d."""
        bounds = k.use(one_side, j, here), k.use(other_side, j, here)
        return k.piecewise(absolute(x[s[j]] - y[t[j]]) <= distance, *bounds)

    entries = k.each(n, both)

    def value(kept, signs, total):
        def side(f):
            """±Σ w_j (x_(j) - y_(j)) <= d."""

            def term(j, here):
                inside = k.use(entries, j, k.by(j < n, here, kept))
                apart = x[s[j]] - y[t[j]]
                return k.multiply(k.use(signs, j, here), k.chain(f(apart, -apart), inside))

            return k.sum_increasing(k.each(m, term))

        whole = k.congruent(lambda u: distance * u, total)
        return k.piecewise(change <= distance, side(k.max2_left), side(k.max2_right), whole)

    return k.close(SORTED, entries, k.supposing((m <= n, *weights(m, w)), value))


def above(k, order_x, order_y, j, here):
    """x_(j) <= y_(j) + d: else j + 1 entries of y were above y_(j)."""
    goal = x[s[j]] <= y[t[j]] + distance

    def too_far(more):
        return k.impossible(goal, more, *count(k, order_x, order_y, j, here, more))

    return k.split(k.dichotomy(*goal.args), lambda fine: fine, too_far)


def count(k, order_x, order_y, j, here, more):
    """(j+1) e <= Σ ramp(y_i) <= j e, where e = x_(j) - d - y_(j) > 0."""
    (into, injective, falling), (into_y, injective_y, falling_y) = order_x, order_y
    low = y[t[j]]
    e = x[s[j]] - distance - low
    rest, parted = k.open(k.nat_difference(k.nat_next(here)))

    def ramp(v):
        """From 0 for v <= y_(j) to e for v >= y_(j) + e."""
        return max2(v - low, 0) - max2(v - low - e, 0)

    def split(order):
        """Σ over n places = Σ over the first j + 1 + Σ over the rest."""

        def body(i):
            return ramp(y[order[i]])

        whole = k.congruent(lambda q: Sum(q, body), parted)
        return k.chain(whole, k.sum_split(Sum(j + 1 + rest, body), j + 1, rest))

    def full(i, i_here):
        """y_i at the first j + 1 places of x is at least x_(j) - d."""
        inside = k.by(i < n, i_here, k.nat_next(here))
        later = k.use(falling, i, inside, j, here, k.by(i <= j, k.nat_next(i_here)))
        near, _ = k.within(k.max_upper(distance, k.use(into, i, inside)))
        return k.piecewise(e <= ramp(y[s[i]]), later, near)

    def empty(i, i_here):
        """y_i at the places after j is at most y_(j)."""
        inside = k.by(j + 1 + i < n, i_here, parted)
        after = k.by(j <= j + 1 + i, k.nat_nonnegative(i))
        later = k.use(falling_y, j, here, j + 1 + i, inside, after)
        return k.piecewise(ramp(y[t[j + 1 + i]]) <= 0, later, more)

    total = Sum(n, lambda i: ramp(y[i]))
    return (
        split(s), k.sum_reindex(into, injective, total),
        k.sum_increasing(k.each(j + 1, full)),
        k.sum_increasing(k.each(rest, lambda i, _: k.piecewise(0 <= ramp(y[s[j + 1 + i]]), more))),
        split(t), k.sum_reindex(into_y, injective_y, total),
        k.sum_increasing(k.each(j, lambda i, _: k.piecewise(ramp(y[t[i]]) <= e, more))),
        k.piecewise(ramp(low) <= 0, more),
        k.sum_increasing(k.each(rest, empty)),
    )  # fmt: skip
