"""Rounding error of log-sum-exp in float32 against the number of terms n of like size (uniform on
[−1, 0]): the largest error against a certified reference, over the same number of rows at every n,
in ulp of the result, which grows as log n. The line is the theorem lse_rounding_bounds at the mean
of such rows, a bound for the shifted form summed one by one, every operation within a rounding
unit u of exact. Of blocked, pairwise and compensated sums and of the online form, which rescales
its sum as the maximum grows, it does not speak; they stay below it.
"""

import math
from collections.abc import Sequence
from typing import Any

from lsetheory import work
from lsetheory.audit import run
from lsetheory.figures._axes import (
    REFERENCE,
    Row,
    column,
    distinct,
    legend_beside,
    powers_of_ten,
    where,
)
from lsetheory.figures._bounds import shifted_rounding

SPAN = "text"
ASPECT = 0.42
FAMILY = "long_uniform"
SHOWN = ("numpy-online", "numpy-shifted", "numpy-compensated", "scipy-logsumexp", "torch-logsumexp",
         "jax-logsumexp", "onnxruntime-logsumexp")  # fmt: skip
MARKS = "osD^v+*"
MEAN = 1 - 1 / math.e  #: of exp over [−1, 0]
UNIT = 2.0**-24  #: the rounding unit of float32
ROWS = 10  #: of every cell: a maximum over more of them would be larger


def plan(quick: bool) -> list[work.Unit]:
    """Cells of the audit at other lengths than its own."""
    names = [n for n in SHOWN if n in _installed()][: 3 if quick else None]
    models = run.plan(names, ["logsumexp"], ["float32"], [FAMILY])
    sizes = [10, 1000] if quick else [10, 30, 100, 300, 1000, 3000, 10**4, 3 * 10**4, 10**5, 10**6]
    return [
        work.Unit(model.function, {**model.arguments, "n": n, "rows": ROWS})
        for model in models if model.arguments["n"] == models[0].arguments["n"] for n in sizes
    ]  # fmt: skip


def _installed() -> list[str]:
    from lsetheory.audit import implementations

    return list(implementations.installed("cpu"))


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row a cell: keys implementation, n, rows, max_ulp, bound (in ulp, at most)."""
    return [
        {"implementation": row["implementation"], "n": row["n"], "rows": row["rows"],
         "max_ulp": row["max_ulp"], "bound": _bound(row["n"])}
        for row in results
    ]  # fmt: skip


def _bound(n: int) -> float:
    """Of the relative error in units of u, which is at most as many ulp."""
    return shifted_rounding(n, UNIT, math.log(n * MEAN), top=0.0, bottom=-1.0)


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Error by length, one curve an implementation."""
    first = where(rows, implementation=rows[0]["implementation"])
    axes.plot(column(first, "n"), column(first, "bound"), label="bound, summed one by one",
              linestyle="-", **REFERENCE)  # fmt: skip
    for name in distinct(rows, "implementation"):
        mine = where(rows, implementation=name)
        axes.plot(column(mine, "n"), column(mine, "max_ulp"), marker=MARKS[SHOWN.index(name)],
                  mfc="white", label=name)  # fmt: skip
    powers_of_ten(axes.xaxis, 7)
    powers_of_ten(axes.yaxis)
    axes.set_xlabel("number of terms n")
    axes.set_ylabel(f"largest error of {rows[0]['rows']} rows (ulp)")
    legend_beside(axes)
