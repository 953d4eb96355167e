"""Exchanging two neighbours j and j + 1 is a permutation, its own inverse, and moves by one place.

Source: folklore (adjacent transpositions).
Idea: an index is below j, j, j + 1, or beyond; look at each.
"""

from lsetheory.proof import Claim, Implies, Mutant, each, eq, index_map, nat, ne

n, j, q = nat("n"), nat("j"), index_map("q")


def exchanges(n, j, q):
    """Three hypotheses: q takes j to j + 1 and back, and leaves the other indices below n."""
    other = each(n, lambda i: Implies(ne(i, j), ne(i, j + 1), eq(q[i], i)))
    return eq(q[j], j + 1), eq(q[j + 1], j), other


CLAIM = Claim(
    words="Exchanging two neighbours permutes the indices, undoes itself and moves by one place.",
    source="folklore",
    given=(j + 1 < n, *exchanges(n, j, q)),
    parts={
        "into": each(n, lambda i: q[i] < n),
        "own inverse": each(n, lambda i: eq(q[q[i]], i)),
        "injective": each(n, lambda i: each(n, lambda j: Implies(eq(q[i], q[j]), eq(i, j)))),
        "up": each(n, lambda i: q[i] <= i + 1),
        "down": each(n, lambda i: i <= q[i] + 1),
    },
)
EQUALITY = ()  # bounds on whole numbers
AT = {"n": 3, "j": 1, "q": (0, 2, 1)}
MUTANTS = (
    Mutant("moves nothing", CLAIM.but(up=each(n, lambda i: q[i] <= i)), AT),
    Mutant("only one of the two", CLAIM.but(given=(*CLAIM.given[:2], CLAIM.given[3])),
           {**AT, "q": (0, 2, 2)}),
    Mutant("the last index alone", CLAIM.but(given=CLAIM.given[1:]), {**AT, "n": 2}),
)  # fmt: skip


def sample(rng):
    """An exchange."""
    n = int(rng.integers(2, 7))
    j, q = int(rng.integers(n - 1)), list(range(n))
    q[j], q[j + 1] = j + 1, j
    return {"n": n, "j": j, "q": q}


def proof(k):
    """Four cases for an index; in each its image and the image of that are known."""
    second, there, back, fixed = map(k.assume, CLAIM.given)

    def cases(i, here, then):
        """What then(where i is, q(i) = image, q(image) = i) gives in each of the four cases."""

        def other(where, off_first, off_second):
            stays = k.use(fixed, i, here, off_first, off_second)
            return then(where, stays, stays)

        def exchanged(same, image, home):
            moves = k.chain(k.congruent(lambda u: q[u], same), image)
            return then(same, moves, k.chain(home, k.flip(same)))

        def beyond(after):
            return k.split(
                k.below_or_equal(k.nat_next(after)),
                lambda less: other(less, k.flip(k.apart(after)), k.flip(k.apart(less))),
                lambda same: exchanged(k.flip(same), back, there),
            )

        return k.split(
            k.trichotomy(i, j),
            lambda less: other(less, k.apart(less), k.apart(k.by(i < j + 1, less))),
            lambda same: exchanged(same, there, back),
            beyond,
        )

    def linear(part):
        """A bound that where i is and q(i) give."""

        def term(i, here):
            return cases(i, here, lambda where, moves, _: k.by(
                part(i), where, moves, here, second))  # fmt: skip

        return k.each(n, term)

    def returns(i, here):
        """q(q(i)) = i."""
        return cases(i, here, lambda _, moves, home: k.chain(
            k.congruent(lambda u: q[u], moves), home))  # fmt: skip

    inverse = k.each(n, returns)

    def same(i, i_here, h, h_here, equal):
        """q(i) = q(h) gives i = q(q(i)) = q(q(h)) = h."""
        both = k.congruent(lambda u: q[u], equal)
        return k.chain(k.flip(k.use(inverse, i, i_here)), both, k.use(inverse, h, h_here))

    injective = k.each(n, lambda i, i_here: k.each(n, lambda h, h_here: k.suppose(
        eq(q[i], q[h]), lambda equal: same(i, i_here, h, h_here, equal))))  # fmt: skip
    return k.close(CLAIM.given, linear(lambda i: q[i] < n), inverse, injective,
                   linear(lambda i: q[i] <= i + 1), linear(lambda i: i <= q[i] + 1))  # fmt: skip
