"""A ReLU network with two hidden layers that computes the maximum of five numbers exactly (after
Bakaev et al. 2025). Blue lines are positive weights, dashed orange ones negative; their width
grows with the weight's size, linearly. The equality with the maximum is proved on the cones of the
network's arrangement, not sampled.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, distinct, where
from lsetheory.relu.networks import maxima

SPAN = "text"
ASPECT = 0.5


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The edges: keys layer (0: from the inputs), source, target, weight ("p/q"), fan_in, width."""
    return [
        {"layer": depth, "source": j, "target": i, "weight": str(w), "weight_float": float(w),
         "fan_in": layer.fan_in, "width": layer.width}
        for depth, layer in enumerate(maxima.max_of_five().layers)
        for i, row in enumerate(layer.rows) for j, w in sorted(row.items())
    ]  # fmt: skip


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Layers from left to right, an edge a weight."""
    layers = distinct(rows, "layer")
    sizes = [where(rows, layer=k)[0]["fan_in"] for k in layers] + [rows[-1]["width"]]
    for row in rows:
        ends = (_height(row["source"], sizes[row["layer"]]), _height(row["target"], row["width"]))
        positive = row["weight_float"] > 0
        axes.plot((row["layer"], row["layer"] + 1), ends, color="C0" if positive else "C1",
                  linestyle="-" if positive else (0, (4, 2)), zorder=1,
                  linewidth=0.3 + 0.3 * abs(row["weight_float"]))  # fmt: skip
    for k, size in enumerate(sizes):
        heights = [_height(i, size) for i in range(size)]
        axes.plot([k] * size, heights, "o", mfc="white", mec="black", mew=0.7, zorder=2)
        axes.annotate(_head(k, size, len(sizes)), (k, 1.06), ha="center")
    for i in range(sizes[0]):
        axes.annotate(f"x{SMALL[i]}", (0, _height(i, sizes[0])), (-6, 0), va="center", ha="right",
                      textcoords="offset points")  # fmt: skip
    axes.annotate("max", (len(layers), 0.5), (7, 0), textcoords="offset points", va="center")
    axes.set_xlim(-0.15, len(layers) + 0.2)
    axes.set_ylim(-0.04, 1.13)
    axes.axis("off")


SMALL = "₁₂₃₄₅₆₇₈₉"


def _height(i: int, size: int) -> float:
    return 1 - (i + 0.5) / size


def _head(k: int, size: int, count: int) -> str:
    if k == 0:
        return f"{size} inputs"
    return "output" if k == count - 1 else f"hidden layer {k}: {size} ReLUs"
