"""How far smooth maxima of n numbers can fall below the maximum, times r. The bounds are proved
and attained: log n for the pooled log-sum-exp M(r) (by one top value far above the rest), and
W((n − 1)/e), with Lambert's W, for the softmax-weighted average SWAP(r) (by one top value and n −
1 equal ones at distance (1 + W)/r); the markers are the worst inputs found by search. On standard
normal numbers (mean over the samples, r = 1) the gaps are smaller.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from lsetheory.figures._axes import Row, column, legend_above, powers_of_ten, where
from lsetheory.figures._bounds import gap_of_pooled, gap_of_swap
from lsetheory.pooling import lse, swap

ASPECT = 0.68
SEED = 5

OPERATORS = {
    "M": (gap_of_pooled, lambda x: lse(x, 1.0, form="mean")),
    "SWAP": (gap_of_swap, lambda x: swap(x, 1.0)),
}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Bound, worst gap found, mean gap on normal x: keys operator, n, bound, worst, normal."""
    rng = np.random.default_rng(SEED)
    sizes = [2, 10, 100] if quick else [2, 3, 5, 10, 30, 100, 300, 1000, 10**4, 10**5, 10**6]
    return [
        {
            "operator": name, "n": n, "bound": bound(n, 1.0),
            "worst": _worst(pooled, n), "normal": _on_normal(pooled, n, rng),
        }
        for name, (bound, pooled) in OPERATORS.items() for n in sizes
    ]  # fmt: skip


def _worst(pooled: Any, n: int) -> float:
    """The largest gap over inputs of one top value 0 and n − 1 equal ones below it."""

    def gap(distance: float) -> float:
        x = np.full(n, -distance)
        x[0] = 0.0
        return -float(pooled(x))

    found = minimize_scalar(lambda t: -gap(t), bounds=(0, 60), method="bounded")
    return max(gap(float(found.x)), gap(60.0))


def _on_normal(pooled: Any, n: int, rng: np.random.Generator) -> float:
    samples = max(3, min(400, 10**6 // n))
    return math.fsum(_normal_gap(pooled, rng.standard_normal(n)) for _ in range(samples)) / samples


def _normal_gap(pooled: Any, x: np.ndarray) -> float:
    return float(x.max() - pooled(x))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Bounds as lines, worst inputs as markers on them, normal inputs below."""
    for name, mark in (("M", "o"), ("SWAP", "s")):
        mine = where(rows, operator=name)
        n = column(mine, "n")
        (line,) = axes.plot(n, column(mine, "bound"), label=BOUND_LABELS[name])
        axes.plot(n, column(mine, "worst"), mark, color=line.get_color(), mfc="white",
                  label=f"{name}: worst found")  # fmt: skip
        axes.plot(n, column(mine, "normal"), mark, color=line.get_color(), linestyle=":",
                  linewidth=0.8, label=f"{name}: normal x")  # fmt: skip
    powers_of_ten(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("number of inputs n")
    axes.set_ylabel("r · (max − smooth max)")
    legend_above(axes, 2)


BOUND_LABELS = {"M": "log n", "SWAP": "W((n − 1)/e)"}
