"""The curves of proved bounds, read from the claims, so that figure and theorem cannot differ."""

from math import comb, e

from scipy.special import lambertw

from lsetheory.proof.evaluate import value
from lsetheory.proofs import hoeffding as hoeffding_
from lsetheory.proofs import pooled_bounds, swap_gap_lambert


def gap_of_pooled(n: int, r: float) -> float:
    """How far M_r can lie below the maximum: the lower bound of `pooled_bounds` where max x = 0."""
    lower = pooled_bounds.CLAIM.parts["lower"].args[0]
    return -float(value(lower, {"n": n, "r": r, "x": lambda i: 0.0}))


def hoeffding(r: float, width: float) -> float:
    """How far M_r can lie above the mean of numbers that span `width`: from `hoeffding`."""
    _, above = hoeffding_.CLAIM.parts["above"].args
    return float(value(above.args[1], {"n": 2, "r": r, "x": (0.0, width)}))


def gap_of_swap(n: int, r: float) -> float:
    """How far SWAP_r can lie below the maximum: from `swap_gap_lambert`, w solved for in floats."""
    w = float(lambertw((n - 1) / e).real)
    return float(value(swap_gap_lambert.CLAIM.parts["gap"].args[1], {"n": n, "r": r, "w": w}))


def minimax_family_b(d: int, k: int) -> float:
    """The least sup error with ranks {0} ∪ {d − k, ..., d − 1}."""
    return 1 / (2 * sum(comb(d - 1, j) for j in range(k + 1)))


def sequential_rounding(n: int, y: float, least: float) -> float:
    """Relative rounding error in units of u of log-sum-exp, shifted, summed one by one.

    Blanchard, Higham & Higham 2021, theorem 4.3 with the last addition counted; first order.
    """
    return abs(y + n - least) / abs(y) + 1
