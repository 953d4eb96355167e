"""Exchange two neighbours of the sorted x: ordinal pooling keeps its value, and gains on the way.

t <= 1/2 of the way from x to the exchanged y the gain is t (w_{j+1} - w_j) (x_(j) - x_(j+1)).

Source: here.
Idea: y sorts to the entries of x; the mixture is still in the order of x, and only its places j
and j + 1 have changed.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Mutant, Sum, descending, each, eq, function, index_map, nat, ordinal, real, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, sorting
from lsetheory.proofs.neighbour_exchange import exchanges

n, m, j, t, w = nat("n"), nat("m"), nat("j"), real("t"), vector("w")
x, y = vector("x"), vector("y")
a, b, c, q = (index_map(name) for name in "abcq")  # a sorts x, b sorts y, c their mixture


def mixed(i):
    """The mixture's entry."""
    return (1 - t) * x[i] + t * y[i]


EXCHANGED = (j + 1 < m, *exchanges(n, j, q), each(n, lambda i: eq(y[a[i]], x[a[q[i]]])))
SORTED = (
    *descending(n, a, lambda i: x[i]),
    *descending(n, b, lambda i: y[i]),
    *descending(n, c, mixed),
)
at_x, at_y, between = (
    ordinal(m, w, order, entry)
    for order, entry in ((a, lambda i: x[i]), (b, lambda i: y[i]), (c, mixed))
)
drop = x[a[j]] - x[a[j + 1]]

CLAIM = Claim(
    words="Ordinal pooling of x is that of x with two neighbours in sorted order exchanged; on the "
    "way there it gains their difference times the growth of their weights.",
    source="here",
    given=(m <= n, 0 <= t, 2 * t <= 1, *SORTED, *EXCHANGED),
    parts={
        "same": eq(at_y, at_x),
        "gain": eq(between, at_x + t * (w[j + 1] - w[j]) * drop),
    },
)
EQUALITY = ()  # equations
HALF = Fraction(1, 2)
AT = {"n": 2, "m": 2, "j": 0, "t": HALF, "w": (0, 1), "x": (1, 0), "y": (0, 1), "a": (0, 1),
      "b": (1, 0), "c": (0, 1), "q": (1, 0)}  # fmt: skip
MUTANTS = (
    Mutant("the falling of the weights", CLAIM.but(gain=eq(
        between, at_x + t * (w[j] - w[j + 1]) * drop)), AT),
    Mutant("t beyond 1/2", CLAIM.but(given=(m <= n, 0 <= t, t <= 1, *SORTED, *EXCHANGED)),
           {**AT, "t": 1, "c": (1, 0)}),
    Mutant("y any vector", CLAIM.but(given=CLAIM.given[:-1]),
           {**AT, "w": (1, 0), "y": (0, 2), "c": (1, 0)}),
)  # fmt: skip


def sample(rng):
    """A vector with its order, the exchange of two neighbours, and a mixture with its order."""
    n = int(rng.integers(2, 5))
    m = int(rng.integers(2, n + 1))
    j, x, t = int(rng.integers(0, m - 1)), entries(rng, n), Fraction(int(rng.integers(0, 9)), 16)
    a, q, y = sorting(x), list(range(n)), list(x)
    q[j], q[j + 1] = j + 1, j
    y[a[j]], y[a[j + 1]] = x[a[j + 1]], x[a[j]]
    return {"n": n, "m": m, "j": j, "t": t, "w": entries(rng, m), "x": x, "y": y, "a": a,
            "b": sorting(y), "c": sorting(mixture(t, x, y)), "q": q}  # fmt: skip


def mixture(t, x, y):
    """(1-t) x + t y, exactly."""
    return [(1 - t) * Fraction(u) + t * Fraction(v) for u, v in zip(x, y, strict=True)]


def proof(k):
    """Two orders that sort one vector pool alike; count what the places j and j + 1 gain."""
    kept, low, high, *facts = map(k.assume, CLAIM.given)
    sorted_x, sorted_y, sorted_mixed = facts[:3], facts[3:6], facts[6:9]
    inside, there, back, fixed, moved = facts[9:]
    second = k.by(j + 1 < n, inside, kept)
    exchange = k.conjuncts(k.use(k.lemma("neighbour_exchange"), second, there, back, fixed))
    into, inverse, *_ = exchange

    def pooled_alike(v, s, sorted_s, t, sorted_t):
        """Σ w v is the same in both orders."""
        lemma = k.lemma("ordinal_well_defined", x=function(v), s=function(s), t=function(t))
        return k.second(k.use(lemma, kept, *sorted_s, *sorted_t))

    def outer(h, here):
        """h < n for a place h < m."""
        return k.by(h < n, here, kept)

    def entry(i, here):
        """y at place q(i) of x is x at place i."""
        image = k.use(moved, q[i], k.use(into, i, here))
        return k.chain(image, k.congruent(lambda u: x[a[u]], k.use(inverse, i, here)))

    in_turn = pooled_alike(lambda i: y[i], lambda i: b[i], sorted_y, lambda i: a[q[i]],
                           order_of_y(k, sorted_x, exchange, entry))  # fmt: skip
    as_x = k.sum_equal(k.each(m, lambda h, here: k.congruent(
        lambda u: w[h] * u, entry(h, outer(h, here)))))  # fmt: skip

    def term(h, here):
        """w_h mixture = w_h x + t gain_h, at place h of x."""
        return k.congruent(lambda u: w[h] * ((1 - t) * x[a[h]] + t * u),
                           k.use(moved, h, outer(h, here)))  # fmt: skip

    falls = mixture_falls(k, sorted_x[2], exchange, moved, low, high)
    in_order = pooled_alike(mixed, lambda i: c[i], sorted_mixed, lambda i: a[i],
                            (*sorted_x[:2], falls))  # fmt: skip
    gained = k.by(CLAIM.parts["gain"], in_order, k.sum_equal(k.each(m, term)),
                  k.congruent(lambda u: t * u, all_gains(k, kept, *facts[9:13])))  # fmt: skip
    return k.close(CLAIM.given, k.chain(in_turn, as_x), gained)


def each_pair(k, prove):
    """∀i < n. ∀h < n. ..., from prove(i, i < n, h, h < n)."""
    return k.each(n, lambda i, i_here: k.each(n, lambda h, h_here: prove(i, i_here, h, h_here)))


def order_of_y(k, sorted_x, exchange, entry):
    """a(q(0)), a(q(1)), ... sort y, where `entry` gives y at a(q(i)) = x at a(i)."""
    into_a, injective_a, falling = sorted_x
    into, _, injective, *_ = exchange

    def one_to_one(i, i_here, h, h_here):
        """a(q(i)) = a(q(h)) gives i = h."""

        def same(equal):
            images = k.use(into, i, i_here), k.use(into, h, h_here)
            inner = k.use(injective_a, q[i], images[0], q[h], images[1], equal)
            return k.use(injective, i, i_here, h, h_here, inner)

        return k.suppose(eq(a[q[i]], a[q[h]]), same)

    def falls(i, i_here, h, h_here):
        return k.suppose(i <= h, lambda order: k.by(
            y[a[q[h]]] <= y[a[q[i]]], k.use(falling, i, i_here, h, h_here, order),
            entry(i, i_here), entry(h, h_here)))  # fmt: skip

    images = k.each(n, lambda i, here: k.use(into_a, q[i], k.use(into, i, here)))
    return images, each_pair(k, one_to_one), each_pair(k, falls)


def mixture_falls(k, falling, exchange, moved, low, high):
    """At the places of x the mixture does not increase, as t <= 1/2."""
    into, _, _, up, down = exchange

    def strictly(i, i_here, h, h_here, less):
        """x at q(i) <= h is at least x at h, and x at q(h) >= i is at most x at i."""
        step = k.nat_next(less)
        earlier = k.by(q[i] <= h, k.use(up, i, i_here), step)
        later = k.by(i <= q[h], k.use(down, h, h_here), step)
        lower = k.use(falling, q[i], k.use(into, i, i_here), h, h_here, earlier)
        upper = k.use(falling, i, i_here, q[h], k.use(into, h, h_here), later)
        rest = k.use(falling, i, i_here, h, h_here, k.by(i <= h, less))
        images = k.use(moved, i, i_here), k.use(moved, h, h_here)
        return k.by(
            mixed(a[h]) <= mixed(a[i]), k.multiply(low, lower), k.multiply(low, upper),
            k.multiply(k.by(0 <= 1 - 2 * t, high), rest),
            *(k.congruent(lambda u: t * u, image) for image in images))  # fmt: skip

    def falls(i, i_here, h, h_here):
        return k.suppose(i <= h, lambda order: k.split(
            k.below_or_equal(order),
            lambda less: strictly(i, i_here, h, h_here, less),
            lambda same: k.by(mixed(a[h]) <= mixed(a[i]), k.congruent(
                lambda u: mixed(a[u]), same))))  # fmt: skip

    return each_pair(k, falls)


def all_gains(k, kept, inside, there, back, fixed):
    """Σ w_h (x at place q(h) - x at place h): all places but j and j + 1 gain nothing."""
    rest, parted = k.open(k.nat_difference(k.nat_next(inside)))

    def gain(h):
        return w[h] * (x[a[q[h]]] - x[a[h]])

    def still(h, here, off_first, off_second):
        stays = k.use(fixed, h, k.by(h < n, here, kept), off_first, off_second)
        return k.by(eq(gain(h), 0), k.congruent(lambda u: w[h] * (x[a[u]] - x[a[h]]), stays))

    def before(h, here):
        return still(h, k.by(h < m, here, inside), k.apart(here), k.apart(k.by(h < j + 1, here)))

    def after(i, here):
        h, more = j + 2 + i, k.nat_nonnegative(i)
        beyond = k.by(h < m, here, parted)
        return still(h, beyond, k.flip(k.apart(k.by(j < h, more))),
                     k.flip(k.apart(k.by(j + 1 < h, more))))  # fmt: skip

    return k.by(
        eq(Sum(m, gain), (w[j + 1] - w[j]) * drop),
        k.congruent(lambda count: Sum(count, gain), parted),
        k.sum_split(Sum(j + 2 + rest, gain), j + 2, rest),
        k.sum_equal(k.each(j, before)),
        k.congruent(lambda u: w[j] * (x[a[u]] - x[a[j]]), there),
        k.congruent(lambda u: w[j + 1] * (x[a[u]] - x[a[j + 1]]), back),
        k.sum_equal(k.each(rest, after)),
    )
