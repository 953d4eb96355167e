"""How far smooth maxima of n numbers can fall below the maximum, times r. Lines are proved to be
least upper bounds: log n for the pooled log-sum-exp M(r), approached and never attained as one top
value leaves the rest far below, and W((n − 1)/e), with Lambert's W, for the softmax-weighted
average SWAP(r), attained by one top value and n − 1 equal ones at distance (1 + W)/r. Open markers
are the largest gap that a search over this distance, up to 60/r, finds in floats for one top value
and n − 1 equal ones. On standard normal numbers (r = 1, mean over the samples) the gaps are
smaller.
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
    """Bound, worst gap found, mean gap on normal x: keys operator, n, bound, worst, normal, ..."""
    rng = np.random.default_rng(SEED)
    sizes = [2, 10, 100] if quick else [2, 3, 5, 10, 30, 100, 300, 1000, 10**4, 10**5, 10**6]
    return [
        {
            "operator": name, "n": n, "bound": bound(n, 1.0),
            "worst": _worst(pooled, n), "normal": _on_normal(pooled, n, rng),
            "samples": _samples(n),
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
    samples = _samples(n)
    return math.fsum(_normal_gap(pooled, rng.standard_normal(n)) for _ in range(samples)) / samples


def _samples(n: int) -> int:
    return max(3, min(400, 10**6 // n))


def _normal_gap(pooled: Any, x: np.ndarray) -> float:
    return float(x.max() - pooled(x))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Bounds as lines, worst inputs as markers on them, normal inputs below."""
    for name, mark in (("M", "o"), ("SWAP", "s")):
        mine = where(rows, operator=name)
        n = column(mine, "n")
        (line,) = axes.plot(n, column(mine, "bound"), label=BOUND_LABELS[name])
        axes.plot(n, column(mine, "worst"), mark, color=line.get_color(), mfc="white",
                  label=f"{name}: found by search")  # fmt: skip
        axes.plot(n, column(mine, "normal"), mark, color=line.get_color(), linestyle=":",
                  linewidth=0.8, label=f"{name}: normal x")  # fmt: skip
    most, least = (pick(column(rows, "samples")) for pick in (max, min))
    samples = f"{most}" if most == least else f"{most} to {least}"
    powers_of_ten(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(f"number of inputs n   (normal x: {samples} samples)")
    axes.set_ylabel("r · (max − smooth max)")
    legend_above(axes, 2)


BOUND_LABELS = {"M": "log n, approached", "SWAP": "W((n − 1)/e), attained"}
