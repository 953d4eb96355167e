"""Hidden layers and neurons for the exact maximum of d numbers. Left: layers of a tournament, of
compositions of the two-layer maximum of six, and of the subdivision of Bakaev et al. (2025, an
upper bound read off the paper). Right: widest hidden layer of the networks built here, tournament
against the shallower composition, beside the R-estimators' subpool network with ranks {0, 1, d −
1}, which only approximates the maximum.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, column, distinct, legend_over, powers_of_ten, where
from lsetheory.relu.networks import maxima, subpools

SPAN = "text"
ASPECT = 0.38
LAYOUT = [["depth", "width"]]


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
    built = {"tournament": maxima.tournament(d).widths, "stages": maxima.shallow(d).widths}
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


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Depth steps on the left, widths on the right."""
    for part, key in (("depth", "layers"), ("width", "width")):
        mine = where(rows, part=part)
        for name in distinct(mine, "network"):
            curve = where(mine, network=name)
            style = {"drawstyle": "steps-mid"} if part == "depth" else {"marker": "o"}
            index = list(LABELS).index(name)
            axes[part].plot(column(curve, "d"), column(curve, key), color=f"C{index}",
                            linestyle=DASHES[index], label=LABELS[name], **style)  # fmt: skip
        axes[part].set_xlabel("number of inputs d")
    legend_over(axes, 2)
    axes["depth"].set_xscale("log", base=2)
    axes["depth"].xaxis.set_major_formatter("{x:.0f}")
    axes["depth"].set_ylabel("hidden layers")
    axes["width"].set_ylabel("widest hidden layer")
    powers_of_ten(axes["width"].yaxis)


DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
