"""|x_(j) - y_(j)| <= max |x_i - y_i| for each place j, hence so for ordinal pooling.

Source: here; for order statistics folklore (Weyl's inequality for diagonal matrices).
Idea: a ramp counts the entries of y above y_(j); if x_(j) were more than d above y_(j), then j+1
entries of y would be, yet in the order of y only j are.
"""

from fractions import Fraction

import numpy as np

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, absolute, as_term, descending, each, function,
    index_map, max2, nat, ordinal, vector, weights,
)  # fmt: skip

n, m, w, x, y = nat("n"), nat("m"), vector("w"), vector("x"), vector("y")
s, t, zero = index_map("s"), index_map("t"), as_term(0)
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
    """Two vectors with their orders, and weights that sum to 1 exactly."""
    n = int(rng.integers(1, 6))
    m = int(rng.integers(1, n + 1))
    parts = np.diff([0, *sorted(rng.integers(0, 17, size=m - 1)), 16]) / 16
    x = float(rng.choice([1e-7, 1, 1e7])) * rng.choice([*rng.standard_normal(4), 0], size=n)
    y = x + float(rng.choice([1e-9, 1e-3, 1, 1e7])) * rng.standard_normal(n)
    return {"n": n, "m": m, "w": parts.tolist(), "x": x.tolist(),
            "y": y.tolist(), "s": (-x).argsort().tolist(),
            "t": (-y).argsort().tolist()}  # fmt: skip


def proof(k):
    """The entry at place j of x is at most d above that of y; exchange x and y; average."""
    into, injective, falling, into_y, injective_y, falling_y = map(k.assume, SORTED)

    def entry(j, here):
        """x_(j) <= y_(j) + d."""
        low, goal = y[t[j]], x[s[j]] <= y[t[j]] + distance
        return k.split(
            k.trichotomy(x[s[j]], low + distance),
            lambda less: k.by(goal, less),
            lambda same: k.by(goal, same),
            lambda more: k.impossible(goal, *count(j, here, low, more), more))  # fmt: skip

    def count(j, here, low, more):
        """(j+1) e <= Σ ramp(y_i) <= j e, where e = x_(j) - d - y_(j) > 0."""
        e = x[s[j]] - distance - low

        def ramp(v):
            """From 0 for v <= y_(j) to e for v >= y_(j) + e."""
            return max2(v - low, zero) - max2(v - low - e, zero)

        def at_least_0(v):
            upper = k.largest2(
                k.by(v - low - e <= max2(v - low, zero), k.max2_left(v - low, zero), more),
                k.max2_right(v - low, zero),
            )
            return k.by(0 <= ramp(v), upper)

        def at_most_e(v):
            lifted = max2(v - low - e, zero) + e
            upper = k.largest2(
                k.by(v - low <= lifted, k.max2_left(v - low - e, zero)),
                k.by(0 <= lifted, k.max2_right(v - low - e, zero), more),
            )
            return k.by(ramp(v) <= e, upper)

        def is_0(v, below):
            upper = k.largest2(k.by(v - low <= 0, below), k.by(zero <= 0))
            return k.by(ramp(v) <= 0, upper, k.max2_right(v - low - e, zero))

        def is_e(v, above):
            upper = k.largest2(k.by(v - low - e <= v - low - e), k.by(0 <= v - low - e, above))
            return k.by(e <= ramp(v), upper, k.max2_left(v - low, zero))

        rest, parted = k.open(k.nat_difference(k.nat_next(here)))

        def split(f):
            """Σ over n places = Σ over the first j+1 + Σ over the rest."""
            whole = k.congruent(lambda q: Sum(q, f), parted)
            return k.chain(whole, k.sum_split(Sum(j + 1 + rest, f), j + 1, rest))

        def full(i, i_here):
            inside = k.by(i < n, i_here, k.nat_next(here))
            above = k.use(falling, i, inside, j, here, k.by(i <= j, k.nat_next(i_here)))
            near = k.chain(
                k.max2_left(x[s[i]] - y[s[i]], -(x[s[i]] - y[s[i]])),
                k.max_upper(distance, k.use(into, i, inside)),
            )
            return is_e(y[s[i]], k.by(low + e <= y[s[i]], above, near))

        def empty(i, i_here):
            later = k.by(j + 1 + i < n, i_here, parted)
            after = k.by(j <= j + 1 + i, k.nat_nonnegative(i))
            return is_0(y[t[j + 1 + i]], k.use(falling_y, j, here, j + 1 + i, later, after))

        total = Sum(n, lambda i: ramp(y[i]))
        return (
            split(lambda i: ramp(y[s[i]])),
            split(lambda i: ramp(y[t[i]])),
            k.sum_reindex(into, injective, total),
            k.sum_reindex(into_y, injective_y, total),
            k.sum_increasing(k.each(j + 1, full)),
            k.sum_increasing(k.each(rest, lambda i, _: at_least_0(y[s[j + 1 + i]]))),
            k.sum_increasing(k.each(j, lambda i, _: at_most_e(y[t[i]]))),
            is_0(low, k.by(low <= low)),
            k.sum_increasing(k.each(rest, empty)),
        )

    one_side = k.each(n, entry)
    exchanged = k.put(
        k.close(SORTED, one_side),
        s=function(lambda i: t[i]),
        t=function(lambda i: s[i]),
        x=function(lambda i: y[i]),
        y=function(lambda i: x[i]),
    )
    other_side = k.use(exchanged, *map(k.assume, (*SORTED[3:], *SORTED[:3])))

    def close(j, here):
        apart = x[s[j]] - y[t[j]]
        return k.largest2(
            k.by(apart <= distance, k.use(one_side, j, here)),
            k.by(-apart <= distance, k.use(other_side, j, here)),
        )

    entries = k.each(n, close)

    def value(kept, signs, total):
        def side(f):
            """±Σ w_j (x_(j) - y_(j)) <= d."""

            def term(j, here):
                inside = k.use(entries, j, k.by(j < n, here, kept))
                apart = x[s[j]] - y[t[j]]
                return k.multiply(k.use(signs, j, here), k.chain(f(apart, -apart), inside))

            return k.sum_increasing(k.each(m, term)), k.congruent(lambda u: distance * u, total)

        difference = change.args[0]
        return k.largest2(
            k.by(difference <= distance, *side(k.max2_left)),
            k.by(-difference <= distance, *side(k.max2_right)),
        )

    return k.close(SORTED, entries, k.supposing((m <= n, *weights(m, w)), value))
