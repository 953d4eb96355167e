"""Error against condition number: the worst case of every family of inputs for log-sum-exp in
float32, one point a case (their number in brackets). κ = Σ p|x|/|y| is how much a relative change
of the inputs can change the result. Up to the line, u (1 + κ)|y| in ulp, the error is the
problem's; points far above it are the implementation's. What lies outside is drawn on the edge.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.figures import _audit
from lsetheory.figures._audit import plan as plan
from lsetheory.figures._axes import (
    REFERENCE,
    Row,
    column,
    legend_beside,
    powers_of_ten,
    where,
)

SPAN = "text"
ASPECT = 0.42
SHOWN = ("numpy-naive", "numpy-shifted", "numpy-shifted-log1p", "numpy-compensated",
         "scipy-logsumexp", "torch-logsumexp", "jax-logsumexp",
         "onnxruntime-logsumexp")  # fmt: skip
MARKS = "osD^v+*x"
LEAST, MOST = 0.01, 1e9  #: of the axes


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row a cell with a finite worst case: keys implementation, family, n, ulp, kappa, rho."""
    found = []
    for row in _audit.slim(results, "witness"):
        witness = row.pop("witness") or {}
        numbers = {key: witness.get(key) for key in ("ulp", "kappa", "rho")}
        plain = all(isinstance(v, int | float) and np.isfinite(v) for v in numbers.values())
        if plain and row["implementation"] in SHOWN:
            found.append({**row, **numbers})
    return found


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Points by implementation, the line of what conditioning explains."""
    kappa = np.geomspace(LEAST, MOST, 100)
    axes.plot(kappa, 1 + kappa, linestyle="-", label="conditioning: 1 + κ", **REFERENCE)
    for name, mark in zip(SHOWN, MARKS, strict=True):
        mine = where(rows, implementation=name)
        if mine:
            axes.plot(np.clip(column(mine, "kappa"), LEAST, MOST),
                      np.clip(np.abs(column(mine, "ulp")), LEAST, MOST), mark, mfc="none",
                      mew=0.8, clip_on=False, label=f"{name} ({len(mine)})")  # fmt: skip
    powers_of_ten(axes.xaxis)
    powers_of_ten(axes.yaxis)
    axes.set_xlim(LEAST, MOST)
    axes.set_ylim(LEAST, MOST)
    axes.set_xlabel("condition number κ of the worst case")
    axes.set_ylabel("error of the worst case (ulp)")
    legend_beside(axes)
