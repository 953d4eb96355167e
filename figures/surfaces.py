"""Smooth maxima of two inputs (r = 1) as level lines at the integers, and below each the slope in
the first input. The pooled log-sum-exp M never decreases; the softmax-weighted average SWAP does:
in the hatched region, where x₁ lies more than 1.28 below x₂, raising x₁ lowers it, and its slope
exceeds 1 on the other side. Ordinal pooling (weights softmax(1, 0)) and the maximum have two
slopes, one on each side of the diagonal.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lsetheory import pooling
from lsetheory.figures._axes import Row, as_vectors, column, distinct, where

SPAN = "text"
ASPECT = 0.5
OPERATORS: dict[str, Callable[[Any], Any]] = {
    "M": lambda x: pooling.lse(x, 1.0, form="mean"),
    "SWAP": lambda x: pooling.swap(x, 1.0),
    "ordinal": lambda x: pooling.ordinal(x, [1.0, 0.0], 2),
    "max": pooling.max,
}
LAYOUT = [[f"{kind} {name}" for name in OPERATORS] for kind in ("value", "slope")]
SHADES = np.linspace(-0.15, 1.2, 28)  #: of the slope
#: Of the difference quotient, upwards, so that max has a slope on the diagonal too; its error is
#: far below what a shade shows.
STEP = 1e-6


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Value and slope on a grid: keys operator, x1, x2, value, slope."""
    # with the integers and the diagonal on the grid, the level lines of max have sharp corners
    grid = np.arange(-8, 9) / 2 if quick else np.arange(-20, 21) / 5
    x = np.stack(np.meshgrid(grid, grid, indexing="ij"), axis=-1).reshape(-1, 2)
    return [row for name, pooled in OPERATORS.items() for row in _rows(name, pooled, x)]


def _rows(name: str, pooled: Callable[[Any], Any], x: np.ndarray) -> list[dict[str, Any]]:
    values, raised = pooled(x), pooled(x + np.array([STEP, 0.0]))
    columns = zip(x.tolist(), values.tolist(), ((raised - values) / STEP).tolist(), strict=True)
    return [
        {"operator": name, "x1": x1, "x2": x2, "value": value, "slope": round(slope, 9)}
        for (x1, x2), value, slope in columns
    ]


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Values as level lines over slopes as shades, their negative part hatched."""
    for name in distinct(rows, "operator"):
        mine = where(rows, operator=name)
        x1, x2 = distinct(mine, "x1"), distinct(mine, "x2")
        shape = (len(x1), len(x2))
        value, slope = (np.reshape(column(mine, key), shape).T for key in ("value", "slope"))
        top, bottom = axes[f"value {name}"], axes[f"slope {name}"]
        top.contour(x1, x2, value, levels=np.arange(-3, 4), colors="C0", linewidths=0.8,
                    linestyles="solid")  # fmt: skip
        shades = bottom.contourf(x1, x2, slope, levels=SHADES)
        shades.set_edgecolor("face")  # or viewers show seams between the shades
        if (slope < -1e-6).any():
            bottom.contourf(x1, x2, slope, levels=[-9, -1e-6], colors="none",
                            hatches=["////"]).set_edgecolor("white")  # fmt: skip
        first = name == rows[0]["operator"]
        for panel in (top, bottom):
            panel.set_aspect("equal")
            panel.set_xticks([-4, 0, 4])
            panel.set_yticks([-4, 0, 4])
            panel.set_xlabel("x₁")
            panel.set_ylabel("x₂" if first else None)
            panel.tick_params(labelleft=first)
        top.annotate(name, (0.5, 1), (0, 3), xycoords="axes fraction", textcoords="offset points",
                     ha="center")  # fmt: skip
    as_vectors(bottom.figure.colorbar(
        shades, ax=list(axes.values()), label="slope in x₁", aspect=14, shrink=0.5,
        anchor=(0, 0), ticks=[0, 0.5, 1], pad=0.02))  # fmt: skip
