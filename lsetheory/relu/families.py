"""Rank sets with closed forms, and the closed forms themselves, to compare with the exact solver.

Family A is {0, 1} ∪ {d−k..d−1}, family B is {0} ∪ {d−k..d−1}. The formulas are theorems of the
proof ledger (minimax_family_a, minimax_family_b). Nothing here is built on them: they are kept as a
second way to the same numbers, which the solver is tested against.
"""

from collections.abc import Callable
from fractions import Fraction
from math import comb


def family_a(d: int, k: int) -> tuple[int, ...]:
    """{0, 1} ∪ {d−k..d−1}, 0 ≤ k ≤ d − 2."""
    return (0, 1, *range(d - k, d)) if 0 <= k <= d - 2 else ()


def family_b(d: int, k: int) -> tuple[int, ...]:
    """{0} ∪ {d−k..d−1}, 1 ≤ k ≤ d − 1."""
    return (0, *range(d - k, d)) if 1 <= k <= d - 1 else ()


#: Name -> ranks at d, () where the set does not exist.
TRENDS: dict[str, Callable[[int], tuple[int, ...]]] = {
    "{0,1}": lambda d: family_a(d, 0),
    "{0,d-1}": lambda d: family_b(d, 1),
    "{0,1,d-1}": lambda d: family_a(d, 1),
    "{0,d-2,d-1}": lambda d: family_b(d, 2),
    "{0,1,d-2,d-1}": lambda d: family_a(d, 2),
    "{0..d-1}": lambda d: family_a(d, d - 2),
}


def _denominator_a(d: int, k: int) -> Fraction:
    return sum(comb(d, j) for j in range(k + 1)) + Fraction(comb(d - 1, k) * (d + 1), d - 1)


def error_a(d: int, k: int) -> Fraction:
    """The least error of family A on the unit cube: 1/D(d, k)."""
    return 1 / _denominator_a(d, k)


def coefficients_a(d: int, k: int) -> dict[int, Fraction]:
    """β of family A's best estimator on the unit cube, by rank."""
    error = error_a(d, k)
    beta = {0: error, 1: (-1) ** k * 2 * d * error / (d - k - 1)}
    for i in range(1, k + 1):
        beta[d - i] = (-1) ** (i + 1) * comb(d, i) * _denominator_a(d - i, k - i) * error
    return dict(sorted(beta.items()))


def certificate_a(d: int, k: int) -> dict[int, Fraction]:
    """Weights of family A's optimum by the number c = d − m of ones, scaled to Σ|w| = 1."""
    weights = {j: Fraction((-1) ** j * comb(d, j)) for j in range(k + 1)}
    weights[k + 1] = Fraction((-1) ** (k + 1) * d * comb(d - 1, k), d - 1)
    weights[d] = weights.get(d, Fraction(0)) + Fraction((-1) ** k * comb(d - 1, k), d - 1)
    total = sum(abs(w) for w in weights.values())
    return {c: -w / total for c, w in weights.items()}


def error_b(d: int, k: int) -> Fraction:
    """The least error of family B on the unit cube."""
    return Fraction(1, 2 * sum(comb(d - 1, j) for j in range(k + 1)))
