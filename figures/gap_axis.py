"""Error of logaddexp(0, −d) in float32 along the gap d: the largest error in ulp of the correctly
rounded result (top), and the share of results that are not correctly rounded (bottom), by blocks
of 2²⁰ consecutive floats between 2⁻²⁸ and 128. Outside, the exact result rounds to log 2 or to 0.
Of every block the first n floats are tried and certified; an exhaustive sweep tries all.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import implementations
from lsetheory.figures._axes import Row, column, distinct, legend_over, powers_of_ten, where

SPAN = "text"
ASPECT = 0.46
LAYOUT = [["largest"], ["share"]]
BLOCK = 2**20
FIRST, LAST = (int(np.float32(d).view(np.int32)) for d in (2.0**-28, 128.0))
TRIED = {True: 2**6, False: 2**12}


def plan(quick: bool) -> list[work.Unit]:
    """One unit a block and implementation of logaddexp."""
    names = [
        name for name in implementations.installed("cpu")
        if implementations.computing(name, "logaddexp")
        and "float32" in implementations.get(name, "logaddexp").dtypes
    ]  # fmt: skip
    return [
        work.Unit("lsetheory.audit.exhaustive:sweep",
                  {"implementation": name, "dtype": "float32", "start": start,
                   "stop": start + TRIED[quick]})
        for name in names[: 2 if quick else None]
        for start in range(FIRST, LAST, BLOCK * (8 if quick else 1))
    ]  # fmt: skip


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row a block: keys implementation, gap (its first), n, max_ulp, misrounded (share)."""
    return [
        {
            "implementation": row["implementation"],
            "gap": float(np.int32(row["start"]).view(np.float32)), "n": row["pairs"],
            "max_ulp": row["max_ulp"], "misrounded": 1 - row["ulp_0"] / row["pairs"],
        }
        for row in results
    ]  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Two panels over one gap axis, a curve an implementation."""
    for name in distinct(rows, "implementation"):
        mine = where(rows, implementation=name)
        axes["largest"].plot(column(mine, "gap"), column(mine, "max_ulp"), label=name)
        axes["share"].plot(column(mine, "gap"), [100 * row["misrounded"] for row in mine])
    for panel in axes.values():
        powers_of_ten(panel.xaxis, 7)
    powers_of_ten(axes["largest"].yaxis)
    axes["largest"].set_ylim(bottom=0.3)
    axes["share"].set_ylim(bottom=0)
    axes["largest"].tick_params(labelbottom=False)
    axes["largest"].set_ylabel("largest error (ulp)")
    axes["share"].set_ylabel("misrounded (%)")
    axes["share"].set_xlabel(f"gap d   (n = {rows[0]['n']} floats a block)")
    legend_over(axes, 4)
