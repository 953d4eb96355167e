"""SWAP is not monotone: raising an entry from -3 to -2 beside 0 lowers SWAP_1 by more than 0.096.

Source: here; Asadi & Littman 2017 note that the Boltzmann operator is not a non-expansion.
Idea: an entry far below the top has no weight; as it comes nearer it pulls the average down.
"""

from fractions import Fraction

from lsetheory.proof import Claim, Mutant, as_term, swap

two = as_term(2)
low, raised = swap(two, 1, lambda i: -3 * i), swap(two, 1, lambda i: -2 * i)

CLAIM = Claim(
    words="SWAP at (0, -3) exceeds SWAP at (0, -2) by more than 0.096.",
    source="Asadi & Littman 2017, section 3",
    parts={"drop": raised + Fraction(96, 1000) < low},
)
EQUALITY = ()  # a strict comparison of two numbers
MUTANTS = (
    Mutant("monotone here", CLAIM.but(drop=low <= raised)),
    Mutant("a larger drop", CLAIM.but(drop=raised + Fraction(97, 1000) < low)),
)


def proof(k):
    """Two numbers, compared by ball arithmetic."""
    return k.close(CLAIM.given, k.ball(CLAIM.parts["drop"]))
