"""The curves of proved bounds, read from the claims, so that figure and theorem cannot differ."""

from collections.abc import Mapping
from math import e
from typing import Any

from scipy.special import lambertw

from lsetheory.proof import real
from lsetheory.proof.kernel.evaluate import value
from lsetheory.proof.kernel.terms import Expr, rebuild
from lsetheory.proofs import cumulants as cumulants_
from lsetheory.proofs import hoeffding as hoeffding_
from lsetheory.proofs import (
    lse_rounding_bounds,
    overflow_threshold,
    pooled_bounds,
    swap_gap_lambert,
)
from lsetheory.proofs import minimax_family_b as minimax_family_b_


def gap_of_pooled(n: int, r: float) -> float:
    """How far M_r can lie below the maximum: the lower bound of `pooled_bounds` where max x = 0."""
    lower = pooled_bounds.CLAIM.parts["lower"].args[0]
    return -float(value(lower, {"n": n, "r": r, "x": lambda i: 0.0}))


def hoeffding(r: float, width: float) -> float:
    """How far M_r can lie above the mean of numbers that span `width`: from `hoeffding`."""
    _, above = hoeffding_.CLAIM.parts["above"].args
    return float(value(above.args[1], {"n": 2, "r": r, "x": (0.0, width)}))


def cumulants(r: float, width: float) -> float:
    """How far M_r can lie from its first three cumulants, for numbers that span `width`: from
    `cumulants`, which speaks of r M_r."""
    bound = cumulants_.CLAIM.parts["remainder"].args[1]
    return float(value(bound, {"n": 2, "r": r, "x": (0.0, width)})) / abs(r)


def gap_of_swap(n: int, r: float) -> float:
    """How far SWAP_r can lie below the maximum: from `swap_gap_lambert`, w solved for in floats."""
    w = float(lambertw((n - 1) / e).real)
    return float(value(swap_gap_lambert.CLAIM.parts["gap"].args[1], {"n": n, "r": r, "w": w}))


def minimax_family_b(d: int, k: int) -> float:
    """The least sup error with ranks {0} ∪ {d − k, ..., d − 1}: from the theorem of that name."""
    least, _ = _conclusion(minimax_family_b_.CLAIM.parts["optimal"]).args
    return float(value(least, {"a": d - 1 - k, "k": k}))


def overflow(largest: float) -> float:
    """The entry of x beyond which its exponential exceeds the largest number of a format: from
    `overflow_threshold`."""
    entry, _ = overflow_threshold.CLAIM.parts["term"].args[0].args
    return float(value(entry, {"omega": largest}))


def shifted_rounding(n: int, u: float, y: float, top: float, bottom: float) -> float:
    """Rounding error over u |y| of log-sum-exp y of n numbers in [bottom, top], shifted, summed one
    by one: from `lse_rounding_bounds`."""
    claim = lse_rounding_bounds
    known = {claim.y: real("y"), claim.top: real("top"), claim.bottom: real("bottom")}
    bound = _replaced(_conclusion(claim.CLAIM.parts["shifted"]).args[1], known)
    at = {"m": n - 1, "u": u, "y": y, "top": top, "bottom": bottom}
    return float(value(bound, at)) / (u * abs(y))


def _conclusion(formula: Expr) -> Expr:
    """What follows from all the hypotheses."""
    return _conclusion(formula.args[1]) if formula.op == "implies" else formula


def _replaced(node: Any, known: Mapping[Any, Any]) -> Any:
    """The term with known subterms, sums over n say, as variables."""
    if node in known:
        return known[node]
    return rebuild(node, lambda part, _: _replaced(part, known))
