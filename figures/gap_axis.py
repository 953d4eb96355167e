"""Error of logaddexp(0, −d) in float32 along the gap d: the largest error in ulp of the exact
result (top), and the share of results that are not correctly rounded (bottom), of every stretch of
2²⁰ consecutive floats; where all results are correctly rounded, neighbouring stretches whose
largest errors lie within 10⁻³ ulp of the first one's make one step. All 2,139,095,041 gaps from 0
to infinity were tried and certified, with the versions in the legend; outside the range shown every
result is correctly rounded. The curves of numpy and torch coincide everywhere. That of jax leaves
the top panel near d = 100, where it is off by up to 2²³ ulp, as subnormal results are flushed to
zero.
"""

# The rows are kept in data/exhaustive.csv, with where they were made and what the whole sweep found
# in data/exhaustive.json. To make them anew, which takes some minutes:
#     lsetheory audit --exhaustive logaddexp --dtype float32 --out figures/data

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.figures._axes import Row, column, distinct, legend_over, powers_of_ten, where

SPAN = "text"
ASPECT = 0.46
LAYOUT = [["largest"], ["share"]]
DATA = Path(__file__).with_name("data")
#: Gaps between which results change; outside, the exact one rounds to log 2 or to 0.
SHOWN = (2.0**-28, 128.0)
#: The largest error shown, in ulp.
HIGHEST = 4.0


def plan(quick: bool) -> list[work.Unit]:
    """Nothing to do: the rows are kept. Read outside a unit, they cannot go stale in its cache."""
    return []


def gather(results: list[Any]) -> list[Row]:
    """One row a step: keys implementation, version, gap (its first), n, max_ulp, misrounded."""
    versions = {row["implementation"]: row["version"] for row in kept()["totals"]}
    with (DATA / "exhaustive.csv").open(newline="", encoding="utf-8") as file:
        return [_row(row, versions[row["implementation"]]) for row in csv.DictReader(file)]


def kept() -> dict[str, Any]:
    """What the sweep behind the kept rows found in all, and where it ran."""
    return dict(json.loads((DATA / "exhaustive.json").read_text(encoding="utf-8")))


def _row(row: Row, version: str) -> Row:
    n = int(row["pairs"])
    return {
        "implementation": row["implementation"], "version": version,
        "gap": float(np.int32(row["start"]).view(np.float32)), "n": n,
        "max_ulp": float(row["max_ulp"]), "misrounded": 1 - int(row["ulp_0"]) / n,
    }  # fmt: skip


def rows(quick: bool = False) -> list[Row]:
    """The rows of `gather`, all of them in a quick look too."""
    return gather([])


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Two panels over one gap axis, a stepped curve an implementation."""
    for name in distinct(rows, "implementation"):
        mine = where(rows, implementation=name)
        edges = np.clip([*column(mine, "gap"), np.inf], *SHOWN)
        steps = {"drawstyle": "steps-post", "label": f"{name} {mine[0]['version']}"}
        axes["largest"].plot(edges, _stepped(column(mine, "max_ulp")), **steps)
        axes["share"].plot(edges, _stepped([100 * row["misrounded"] for row in mine]), **steps)
    for panel in axes.values():
        powers_of_ten(panel.xaxis, 7)
        panel.set_xlim(*SHOWN)
    axes["largest"].set_ylim(0, HIGHEST)
    axes["share"].set_ylim(bottom=0)
    axes["largest"].tick_params(labelbottom=False)
    axes["largest"].set_ylabel("largest error (ulp)")
    axes["share"].set_ylabel("misrounded (%)")
    axes["share"].set_xlabel(f"gap d   (n = {min(column(rows, 'n')):,} floats a stretch)")
    legend_over(axes, 3)


def _stepped(values: list[float]) -> list[float]:
    """The last value once more, where the last step ends."""
    return [*values, values[-1]]
