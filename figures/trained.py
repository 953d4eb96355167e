"""Trained ReLU networks beside what rank estimators reach for certain: the sup error on the unit
cube by kernel size d, for the widest network trained at each d and depth, of its starts the one
with the least mean square error, as trained for, which need not have the least sup error. Markers:
the error at a witness, exact. Bars reach up to a bound on the error everywhere, found by HiGHS in
floating point and loosened, or by intervals. What is below 10⁻⁶ stands at 10⁻⁶. Lines: least sup
errors of rank estimators, exact. A depth of at least log₂ d can represent the maximum exactly;
training need not find it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.figures._axes import Row, column, distinct, legend_beside, powers_of_ten, where
from lsetheory.relu import families, fit
from lsetheory.relu.minimax import minimax

SPAN = "text"
ASPECT = 0.42
MARKS = "osD"
LEAST = 1e-6  #: error shown
SETS: dict[str, Callable[[int], tuple[int, ...]]] = {
    "{0, d − 1}": lambda d: families.family_b(d, 1),
    "{0, 1, d − 1}": lambda d: families.family_a(d, 1),
    "{0, ..., d − 1}": lambda d: families.family_b(d, d - 1),
}


def plan(quick: bool) -> list[work.Unit]:
    """The fits of the report, which makes them anyway."""
    return fit.quick_plan()[: 6 if quick else None]


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """Networks and estimators: keys kind, name, d, width, lower, upper, method (of the bound)."""
    fitted = fit.gather(results)
    widest = {(row["depth"], row["kernel_size"]): row for row in fitted}  # widths ascend
    sizes = sorted({row["kernel_size"] for row in fitted if row["kernel_size"] > 2})
    return [_trained(row) for row in widest.values()] + [
        _exact(name, d, float(minimax(d, ranks(d)).error))
        for name, ranks in SETS.items() for d in sizes
    ]  # fmt: skip


def _trained(row: Row) -> dict[str, Any]:
    return {
        "kind": "network", "name": f"depth {row['depth']}", "d": row["kernel_size"],
        "width": row["width"], "lower": row["sup_lower"], "upper": row["sup_upper"],
        "method": row["upper_method"],
    }  # fmt: skip


def _exact(name: str, d: int, error: float) -> dict[str, Any]:
    return {"kind": "estimator", "name": f"ranks {name}", "d": d, "width": None, "lower": error,
            "upper": error, "method": "exact"}  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Bars for networks, lines for estimators."""
    nets, estimators = where(rows, kind="network"), where(rows, kind="estimator")
    names = distinct(nets, "name")
    for i, (name, mark) in enumerate(zip(names, MARKS, strict=False)):
        mine = where(nets, name=name)
        d = [row["d"] + 0.12 * (i - (len(names) - 1) / 2) for row in mine]
        lower, upper = (np.maximum(column(mine, end), LEAST) for end in ("lower", "upper"))
        axes.vlines(d, lower, upper, color=f"C{i}", linewidth=1)
        axes.plot(d, lower, mark, color=f"C{i}", mfc="white", clip_on=False,
                  label=f"trained, {name}")  # fmt: skip
    for i, name in enumerate(distinct(estimators, "name"), start=3):
        mine = where(estimators, name=name)
        axes.plot(column(mine, "d"), column(mine, "upper"), color=f"C{i}", label=name)
    powers_of_ten(axes.yaxis)
    axes.set_xticks(sorted(set(column(nets, "d"))))
    axes.set_xlabel("kernel size d")
    axes.set_ylabel("sup error, x in [0, 1]ᵈ")
    legend_beside(axes)
