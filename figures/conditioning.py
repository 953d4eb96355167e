"""Error against condition number: the worst case of every family of inputs for log-sum-exp in
float32, one point a case (their number in brackets). κ = Σ p|x|/|y| is how much a relative change
of the inputs can change the result; to round them and it once explains at most 1 + κ ulp, the
line. Points far above it are the implementation's. Beyond the dotted lines stand the cases off the
scales; among them, filled, results that are infinite or no number where the exact one is finite.
Special values, which have no κ, are left out.
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
    power,
    powers_of_ten,
    where,
)

SPAN = "text"
ASPECT = 0.42
SHOWN = ("numpy-naive", "numpy-shifted", "numpy-shifted-log1p", "numpy-compensated",
         "scipy-logsumexp", "torch-logsumexp", "jax-logsumexp",
         "onnxruntime-logsumexp")  # fmt: skip
MARKS = "osD^vP*X"
LEAST, MOST = 1e-2, 1e10  #: of the scales
LESS, MORE = 1e-4, 1e12  #: where that stands which lies below or above them


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row a cell whose worst case has a κ: keys implementation, family, n, verdict, ulp, kappa,
    rho (ulp and rho None where the result is not finite)."""
    found = []
    for row in _audit.slim(results, "witness"):
        witness = row.pop("witness") or {}
        numbers = {key: _finite(witness.get(key)) for key in ("ulp", "kappa", "rho")}
        if numbers["kappa"] is not None and row["implementation"] in SHOWN:
            found.append({**row, **numbers})
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Points by implementation, the line of what conditioning explains, edges for the rest."""
    kappa = np.geomspace(LEAST, MOST / 2, 100)
    axes.plot(kappa, 1 + kappa, linestyle="-", label="conditioning: 1 + κ", **REFERENCE)
    for i, (name, mark) in enumerate(zip(SHOWN, MARKS, strict=True)):
        mine = where(rows, implementation=name)
        if mine:
            axes.plot(*_placed(mine), mark, color=f"C{i}", mfc="none", mew=0.8,
                      label=f"{name} ({len(mine)})")  # fmt: skip
            axes.plot(*_placed(where(mine, ulp=None)), mark, color=f"C{i}", mew=0.8)
    lost = len(where(rows, ulp=None))
    axes.plot([], [], "H", color="0.35", label=f"filled: not finite ({lost})")
    across, up = _placed(rows)
    _scale(axes.xaxis, axes.axvline, across)
    _scale(axes.yaxis, axes.axhline, up)
    axes.set_xlabel("condition number κ of the worst case")
    axes.set_ylabel("error of the worst case (ulp)")
    legend_beside(axes)


def _placed(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """κ and |error|, those off the scales at LESS and MORE; what is not finite is off the scale."""
    sizes = [np.inf if row["ulp"] is None else abs(row["ulp"]) for row in rows]
    return [_on_scale(value) for value in column(rows, "kappa")], [_on_scale(v) for v in sizes]


def _on_scale(value: float) -> float:
    return LESS if value < LEAST else MORE if value > MOST else value


def _scale(axis: Any, line: Any, placed: Sequence[float]) -> None:
    """Powers of ten, and beyond a dotted line the edge of what is off the scale, if anything is."""
    ticks = np.geomspace(LEAST, MOST, 7).tolist()
    names = [power(tick) for tick in ticks]
    for edge, place, name in ((LEAST, LESS, "less"), (MOST, MORE, "more")):
        if place in placed:
            ticks.append(place)
            names.append(name)
            line(np.sqrt(edge * place), linestyle=":", **REFERENCE)
    powers_of_ten(axis, 4)
    axis.set_ticks(ticks, names)
    axis.set_view_interval(min(ticks) / 2, max(ticks) * 2, ignore=True)
