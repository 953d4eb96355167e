"""The pooled log-sum-exp M(r) = (1/r) log((1/n) Σ exp(r x)) of n = 10 standard normal numbers
runs from their minimum through their mean (r = 0) to their maximum. The band is what is proved
for every input with this n, minimum, mean and maximum: the bounds max − log(n)/r ≤ M(r) ≤ max and
Hoeffding's mean ≤ M(r) ≤ mean + r (max − min)²/8, mirrored for r < 0. The softmax-weighted average
SWAP(r) lies above M(r) for r > 0 and below it for r < 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory.figures._axes import Row, column, legend_above, power
from lsetheory.figures._bounds import gap_of_pooled, hoeffding
from lsetheory.pooling import lse, swap

N = 10
SEED = 3


def rows(quick: bool = False) -> list[dict[str, float]]:
    """M, SWAP and the proved band for r in [−100, 100]: keys r, pooled, swap, lower, upper, ..."""
    x = np.random.default_rng(SEED).standard_normal(N)
    half = np.geomspace(0.01, 100, 15 if quick else 101)
    return [_row(x, float(r)) for r in (*-half[::-1], 0.0, *half)]


def _row(x: np.ndarray, r: float) -> dict[str, float]:
    low, mean, high = float(x.min()), float(x.mean()), float(x.max())
    near, far = _band(abs(r), high - mean if r >= 0 else mean - low, high - low)
    lower, upper = (mean + near, mean + far) if r >= 0 else (mean - far, mean - near)
    return {
        "n": N, "r": r, "pooled": float(lse(x, r, form="mean")), "swap": float(swap(x, r)),
        "lower": lower, "upper": upper, "min": low, "mean": mean, "max": high,
    }  # fmt: skip


def _band(r: float, reach: float, width: float) -> tuple[float, float]:
    """What is proved of |M(r) − mean| where the extreme value lies `reach` from the mean."""
    if r == 0:
        return 0.0, 0.0
    lower = max(0.0, reach - gap_of_pooled(N, r))
    return lower, min(reach, hoeffding(r, width))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """The two curves over the band, r on a scale whose logarithm sets in at 0.5."""
    from matplotlib.ticker import NullLocator

    r = column(rows, "r")
    axes.fill_between(r, column(rows, "lower"), column(rows, "upper"), color="0.85", linewidth=0,
                      label="proved for M(r)")  # fmt: skip
    axes.plot(r, column(rows, "pooled"), label="M(r)")
    axes.plot(r, column(rows, "swap"), label="SWAP(r)")
    axes.set_xscale("asinh", linear_width=0.5)
    axes.set_xticks([-100, -10, -1, 0, 1, 10, 100])
    axes.xaxis.set_major_formatter(power)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-100, 100)
    axes.set_xlabel(f"inverse temperature r   (n = {rows[0]['n']})")
    axes.set_ylabel("pooled value")
    for name in ("min", "mean", "max"):
        axes.axhline(rows[0][name], color="0.35", linewidth=0.6, linestyle=":", zorder=0.5)
        axes.annotate(name, (1, rows[0][name]), (3, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center")  # fmt: skip
    legend_above(axes, 3)
