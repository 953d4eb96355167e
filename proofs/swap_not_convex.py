"""SWAP_r is neither convex nor concave for any r > 0, already for two entries.

Source: here; Asadi & Littman 2017 note that the Boltzmann operator is not a non-expansion.
Idea: SWAP_r(x/r) = SWAP_1(x)/r, so that a witness for r = 1 gives one for every r.
"""

from fractions import Fraction

from lsetheory.proof import Claim, Mutant, as_term, real, swap

r, one = real("r"), as_term(1)


def at(entry, r):
    """SWAP_r at (0, entry/r)."""
    return swap(as_term(2), r, lambda i: entry * i / r)


def bulge(a, b, r):
    """SWAP_r at the midpoint of (0, a/r) and (0, b/r), less its average over these two."""
    return at(Fraction(a + b, 2), r) - (at(a, r) + at(b, r)) / 2


def parts(r):
    """A chord that SWAP_r exceeds, and one that it falls below."""
    return {
        "not convex": Fraction(546, 10**4) / r < bulge(-2, -6, r),
        "not concave": bulge(-1, 1, r) < Fraction(-231, 10**3) / r,
    }


CLAIM = Claim(
    words="SWAP exceeds its chord between (0, -2/r) and (0, -6/r) by more than 0.0546/r, and falls "
    "below its chord between (0, -1/r) and (0, 1/r) by more than 0.231/r.",
    source="here",
    given=(0 < r,),
    parts=parts(r),
)
EQUALITY = ()  # strict comparisons
MUTANTS = (
    Mutant("convex", CLAIM.but(**{"not convex": bulge(-2, -6, r) <= 0}), {"r": 1}),
    Mutant("concave", CLAIM.but(**{"not concave": 0 <= bulge(-1, 1, r)}), {"r": 3}),
    Mutant("more by 0.0001", CLAIM.but(**{
        "not convex": Fraction(547, 10**4) / r < bulge(-2, -6, r)}), {"r": 1}),
    Mutant("any sign of r", CLAIM.but(given=()), {"r": -1}),
)  # fmt: skip


def proof(k):
    """Numbers compared by ball arithmetic at r = 1, divided by r."""
    sharp = k.assume(0 < r)
    numbers = zip(parts(r).values(), parts(one).values(), strict=True)
    return k.close(CLAIM.given, *(
        k.scale(goal, k.positive_inverse(sharp), k.ball(at_one), sharp)
        for goal, at_one in numbers))  # fmt: skip
