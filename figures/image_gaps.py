"""Is the largest entry of a pooling window distinct? Shares of 2×2 windows whose two largest values
lie further apart than in half of all windows of independent uniform numbers, one dot a photograph
with its t-interval at 95 % over 16 tiles of it, in its pixels and after each filter of a fixed bank
with ReLU, whose largest possible response is 1; the legend counts the windows of the pixels. Left:
the gap itself, of all windows, on a scale that is linear from 0 to 10⁻³ %. Right: the gap relative
to the window's range, of the windows that are not constant. Black: the same view of pictures of
independent uniform and normal pixels.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory import work
from lsetheory.figures._axes import Row, column, distinct, legend_over, power, where
from lsetheory.relu import images

SPAN = "text"
ASPECT = 0.42
LAYOUT = [["distinct", "relatively_distinct"]]


def plan(quick: bool) -> list[work.Unit]:
    """The pictures of the report, which looks at them anyway; one of them and the references."""
    units = images.plan()
    return units[:1] + units[-2:] if quick else units


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """Shares: keys kind ("picture" or "reference"), source, view, windows, measure, share, ..."""
    return [
        {
            "kind": row["kind"], "source": row["source"], "view": row["view"],
            "windows": row["windows"], "measure": measure, "share": row[measure],
            "low": row[f"{measure}_low"], "high": row[f"{measure}_high"],
        }
        for result in results for row in result["gaps"] for measure in LAYOUT[0]
    ]  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Views down, shares across."""
    views = distinct(rows, "view")
    for measure, panel in axes.items():
        mine = where(rows, measure=measure, kind="picture")
        height = [views.index(row["view"]) for row in mine]
        panel.hlines(height, *_percent(mine), color="C0", linewidth=0.6)
        panel.plot([100 * row["share"] for row in mine], height, "o", color="C0", mfc="white",
                   clip_on=False, label=_photographs(where(mine, view=views[0])))  # fmt: skip
        for name, mark, size in (("uniform", "|", 9), ("normal", "x", 4)):
            reference = where(rows, measure=measure, source=name)
            shares = [100 * row["share"] for row in reference]
            places = [views.index(row["view"]) for row in reference]
            panel.plot(shares, places, mark, color="black", markersize=size,
                       label=f"{name} pixels")  # fmt: skip
        panel.set_yticks(range(len(views)), views)
        panel.set_ylim(len(views) - 0.5, -0.5)
        panel.tick_params(axis="y", length=0, labelleft=measure == "distinct")
    _from_zero(axes["distinct"])
    axes["relatively_distinct"].set_xlim(0, 100)
    axes["distinct"].set_ylabel("view of the photographs")
    axes["distinct"].set_xlabel("windows with a distinct maximum (%)")
    axes["relatively_distinct"].set_xlabel("the same relative to the range (%)")
    legend_over(axes, 2)


def _photographs(rows: Sequence[Row]) -> str:
    sizes = sorted(column(rows, "windows"))
    span = f"{sizes[0]:,}" if len(rows) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    return f"photographs, n = {len(rows)}, of {span} windows"


def _from_zero(panel: Any) -> None:
    """Powers of ten down to 10⁻³, and 0, which some shares and interval ends are."""
    panel.set_xscale("symlog", linthresh=1e-3, linscale=0.5)
    panel.set_xticks([0, 1e-3, 1e-2, 0.1, 1, 10, 100], minor=False)
    panel.xaxis.set_major_formatter(power)
    panel.set_xlim(-2e-4, 100)


def _percent(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    low, high = column(rows, "low"), column(rows, "high")
    return [100 * value for value in low], [100 * value for value in high]
