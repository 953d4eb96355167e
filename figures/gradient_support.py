"""How many of n = 1000 standard normal inputs receive a gradient from log-sum-exp with temperature
T: the share of softmax weights that are not zero in each format (mean over samples). Exactly, all
are positive. Lines: weights computed in the format; markers: the share of inputs with (max − x)/T
below the format's threshold, −log of half its smallest subnormal number. In float32 half of the
inputs have lost their gradient at T ≈ 0.03.
"""

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np

from lsetheory.figures._axes import Row, column, distinct, legend_above, powers_of_ten, where

ASPECT = 0.66
N = 1000
SEED = 23
FORMATS = {"float64": np.float64, "float32": np.float32, "bfloat16": ml_dtypes.bfloat16,
           "float16": np.float16}  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Shares by format and temperature: keys format, temperature, n, samples, computed, ..."""
    x = np.random.default_rng(SEED).standard_normal((20 if quick else 200, N))
    temperatures = np.geomspace(1e-3, 1, 9 if quick else 49)
    return [_row(name, kind, float(t), x) for name, kind in FORMATS.items() for t in temperatures]


def _row(name: str, kind: Any, temperature: float, x: np.ndarray) -> dict[str, Any]:
    gaps = (x.max(axis=1, keepdims=True) - x) / temperature
    smallest = np.float64(ml_dtypes.finfo(kind).smallest_subnormal)
    with np.errstate(under="ignore"):
        weights = np.exp(-gaps.astype(kind))
        weights = weights / weights.sum(axis=1, keepdims=True, dtype=kind)
    return {
        "format": name, "temperature": temperature, "n": N, "samples": len(x),
        "computed": float((weights != 0).mean()),
        "predicted": float((gaps < np.log(2) - np.log(smallest)).mean()),
    }  # fmt: skip


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Share of nonzero gradients by temperature."""
    for name in distinct(rows, "format"):
        mine = where(rows, format=name)
        t = column(mine, "temperature")
        (line,) = axes.plot(t, [100 * share for share in column(mine, "computed")], label=name)
        axes.plot(t[::3], [100 * row["predicted"] for row in mine[::3]], "o", mfc="white",
                  color=line.get_color())  # fmt: skip
    axes.plot([], [], "o", mfc="white", color="0.35", label="by the threshold")
    powers_of_ten(axes.xaxis)
    axes.set_ylim(0, 105)
    axes.set_xlabel(f"temperature T = 1/r   (n = {N}, {rows[0]['samples']} samples)")
    axes.set_ylabel("inputs with a gradient (%)")
    legend_above(axes, 3)
