"""Error against size, for all 2ᵈ⁻¹ sets of ranks at one d: the least sup error of a rank estimator
on the unit cube, and the parameters of the shared-subpool ReLU network that computes it. The line
joins the sets that no other set beats in one without losing in the other; the ringed ones are the
best of their size, {0} ∪ {d − k, ..., d − 1} each; at the left end, {0} and {0, 1} need no hidden
neuron.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from lsetheory import work
from lsetheory.figures._axes import Row, column, legend_above, powers_of_ten, where
from lsetheory.relu import rank_sets

ASPECT = 0.66


def plan(quick: bool) -> list[work.Unit]:
    """All rank sets at one kernel size."""
    return rank_sets.plan(5 if quick else 8)


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row a rank set: keys d, ranks, size, error, error_float, parameters, frontier, best."""
    found = list(chain.from_iterable(results))
    front, best = rank_sets.frontier(found), rank_sets.best_of_each_size(found)
    kept = ("d", "ranks", "size", "error", "error_float", "parameters")
    return [{**{key: row[key] for key in kept}, "frontier": row in front, "best": row in best}
            for row in found]  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """All sets as dots, the frontier as a line, the best of each size ringed."""
    d = rows[0]["d"]
    axes.plot(column(rows, "parameters"), column(rows, "error_float"), ".", color="0.6",
              markersize=2.5, label=f"rank sets, n = {len(rows)}")  # fmt: skip
    front = sorted(where(rows, frontier=True), key=lambda row: row["parameters"])
    axes.plot(column(front, "parameters"), column(front, "error_float"), color="C0",
              linestyle="-", drawstyle="steps-post", label="beaten by none")  # fmt: skip
    best = where(rows, best=True)
    axes.plot(column(best, "parameters"), column(best, "error_float"), "o", color="C1", mfc="none",
              label="best of its size")  # fmt: skip
    powers_of_ten(axes.xaxis)
    powers_of_ten(axes.yaxis)
    axes.set_xlabel(f"parameters of the network   (d = {d})")
    axes.set_ylabel("least sup error")
    legend_above(axes, 2)
