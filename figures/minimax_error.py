"""The least possible sup error of a rank estimator of max(x) on the unit cube against the kernel
size d, for rank sets {0} ∪ {d − k, ..., d − 1} of each size k + 1 (0 is the constant). Every
marker is solved in exact rational arithmetic and carries a certificate of optimality; the lines
are the theorem minimax_family_b, 1/(2 Σ C(d − 1, j)) over j ≤ k. With k = d − 1, all ranks but the
maximum itself, that is 2⁻ᵈ.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, column, distinct, legend_beside, powers_of_ten, where
from lsetheory.figures._bounds import minimax_family_b
from lsetheory.relu import families
from lsetheory.relu.minimax import minimax

ASPECT = 0.7
MARKS = "osD^vP*X"


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Exact errors: keys d, k ("1", ..., "d − 1"), ranks, error ("p/q"), error_float, proved."""
    ds = [2, 3, 4, 6] if quick else [*range(2, 17), 20, 24, 28, 32]
    sizes: dict[str, Any] = {str(k): lambda d, k=k: k for k in (1, 2, 3, 4, 6)}
    sizes["d − 1"] = lambda d: d - 1
    return [_row(d, name, k(d)) for name, k in sizes.items() for d in ds if 1 <= k(d) <= d - 1]


def _row(d: int, name: str, k: int) -> dict[str, Any]:
    found = minimax(d, families.family_b(d, k))
    return {
        "d": d, "k": name, "ranks": list(found.ranks), "error": str(found.error),
        "error_float": float(found.error), "proved": minimax_family_b(d, k),
    }  # fmt: skip


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """One curve a rank-set size: formula as line, solved errors as markers."""
    for name, mark in zip(distinct(rows, "k"), MARKS, strict=False):
        mine = where(rows, k=name)
        (line,) = axes.plot(column(mine, "d"), column(mine, "proved"), linestyle="-", linewidth=0.8)
        axes.plot(column(mine, "d"), column(mine, "error_float"), mark, color=line.get_color(),
                  mfc="white", label=f"k = {name}")  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    powers_of_ten(axes.yaxis, 7)
    axes.set_xlabel("kernel size d")
    axes.set_ylabel("least sup error, x in [0, 1]ᵈ")
    legend_beside(axes)
