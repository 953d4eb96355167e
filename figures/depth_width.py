"""Hidden layers and neurons for the maximum of d numbers. Left: layers of a tournament, of
compositions of the two-layer maximum of six, and of the subdivision of Bakaev et al. (2025, an
upper bound read off the paper). Middle: widest hidden layer of the networks built here; of the
compositions those that save a layer; beside them the subpool network of ranks {0, 1, d − 1}, which
only approximates the maximum. Right: what a saved layer costs, widest layer against depth, from
the tournament (right end) to the composition (left end) of the same d, which some ends name.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, column, distinct, legend_over, powers_of_ten, where
from lsetheory.relu.networks import maxima, subpools

SPAN = "text"
ASPECT = 0.4
LAYOUT = [["depth", "width", "cost"]]


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Rows of two parts, "depth" (d, network, layers) and "width" (d, network, width)."""
    deep = list(range(2, 65)) if quick else list(range(2, 1300))
    depths = [
        {"part": "depth", "d": row["d"], "network": name, "layers": row[name], "width": None}
        for row in maxima.depth_rows(deep) for name in ("tournament", "stages", "subdivision")
        if row[name] is not None
    ]  # fmt: skip
    return depths + [row for d in range(2, 7 if quick else 19) for row in _widths(d)]


def _widths(d: int) -> list[dict[str, Any]]:
    built = {"tournament": maxima.tournament(d).widths}
    composed = maxima.shallow(d).widths
    if len(composed) < len(built["tournament"]):
        built["stages"] = composed
    if d > 2:
        built["{0, 1, d − 1}"] = subpools.widths(d, (0, 1, d - 1))
    return [
        {"part": "width", "d": d, "network": name, "layers": len(hidden), "width": max(hidden)}
        for name, hidden in built.items()
    ]


LABELS = {
    "tournament": "tournament",
    "stages": "two-layer maxima of six",
    "subdivision": "subdivision (upper bound)",
    "{0, 1, d − 1}": "ranks {0, 1, d − 1}",
}
BUILT = {**LABELS, "tournament": "tournament, built", "stages": "maxima of six, built"}


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Layers as steps, widths as markers, and the widths of the same d against layers."""
    depth, width, cost = (axes[part] for part in LAYOUT[0])
    for i, name in enumerate(LABELS):
        steps, built = (where(rows, part=part, network=name) for part in LAYOUT[0][:2])
        if steps:
            depth.plot(column(steps, "d"), column(steps, "layers"), color=f"C{i}",
                       linestyle=DASHES[i], drawstyle="steps-mid", label=LABELS[name])  # fmt: skip
        if built:
            width.plot(column(built, "d"), column(built, "width"), MARKS[i], color=f"C{i}",
                       mfc="white", label=BUILT[name])  # fmt: skip
    depth.set_xscale("log", base=4)
    depth.xaxis.set_major_formatter("{x:.0f}")
    depth.yaxis.get_major_locator().set_params(integer=True)
    depth.set_ylabel("hidden layers")
    _cost(cost, where(rows, part="width"))
    for panel in (width, cost):
        powers_of_ten(panel.yaxis)
        panel.set_ylabel("widest hidden layer")
    for panel in (depth, width):
        panel.set_xlabel("number of inputs d")
    legend_over(axes, 3)


def _cost(panel: Any, built: Sequence[Row]) -> None:
    for d in distinct(where(built, network="stages"), "d"):
        ends = [where(built, d=d, network=name)[0] for name in ("stages", "tournament")]
        panel.plot(column(ends, "layers"), column(ends, "width"), color="0.5", linewidth=0.8,
                   linestyle="-", zorder=1)  # fmt: skip
        for i, end in zip((1, 0), ends, strict=True):
            panel.plot(end["layers"], end["width"], MARKS[i], color=f"C{i}", mfc="white")
        if d in NAMED:
            panel.annotate(f"{d}", (ends[0]["layers"], ends[0]["width"]), (-4, 0), va="center",
                           ha="right", textcoords="offset points")  # fmt: skip
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set_xlabel("hidden layers")
    panel.margins(x=0.2)


DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
MARKS = "osD^"
NAMED = (5, 6, 10, 12, 18)  #: the d written beside their lines
