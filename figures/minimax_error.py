"""The least possible sup error of a rank estimator of max(x) on the unit cube against the kernel
size d, for rank sets {0} ∪ {d − k, ..., d − 1} of every size k + 1 (0 is the constant). Every
marker is solved in exact rational arithmetic and carries a certificate of optimality; the lines
are the theorem minimax_family_b, 1/(2 Σ C(d − 1, j)) over j ≤ k. With k = d − 1, all ranks but the
maximum itself, that is 2⁻ᵈ.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, column, legend_above, powers_of_ten, where
from lsetheory.figures._bounds import minimax_family_b
from lsetheory.relu import families
from lsetheory.relu.minimax import minimax

ASPECT = 0.8
NAMED = (1, 2, 3, 4, 5, 6, 8)  #: k that may be written beside their lines


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Exact errors: keys d, k, ranks, error ("p/q"), error_float, proved."""
    ds = [2, 3, 4, 6] if quick else [*range(2, 17), 20, 24, 28, 32]
    return [_row(d, k) for k in range(1, ds[-1]) for d in ds if k < d]


def _row(d: int, k: int) -> dict[str, Any]:
    found = minimax(d, families.family_b(d, k))
    return {
        "d": d, "k": k, "ranks": list(found.ranks), "error": str(found.error),
        "error_float": float(found.error), "proved": minimax_family_b(d, k),
    }  # fmt: skip


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """One curve a rank-set size, the formula as line and solved errors as markers; all ranks."""
    last = max(column(rows, "d"))
    for k in range(1, last):
        mine = where(rows, k=k)
        axes.plot(column(mine, "d"), column(mine, "proved"), color="C0", linestyle="-",
                  linewidth=0.6)  # fmt: skip
        if k in NAMED and 4 * k <= last:  # further down the lines run together
            axes.annotate(f"k = {k}" if k == 1 else f"{k}", (last, mine[-1]["proved"]), (6, 0),
                          va="center", textcoords="offset points")  # fmt: skip
    axes.plot(column(rows, "d"), column(rows, "error_float"), "o", color="C0", mfc="white",
              markersize=2.5, label="ranks 0, d − k, ..., d − 1")  # fmt: skip
    full = [row for row in rows if row["k"] == row["d"] - 1]
    axes.plot(*(column(full, key) for key in ("d", "error_float")), "s", color="C1",
              linestyle="--", markersize=3, label="all ranks, 2⁻ᵈ")  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    powers_of_ten(axes.yaxis, 7)
    axes.set_xlabel("kernel size d")
    axes.set_ylabel("least sup error, x in [0, 1]ᵈ")
    legend_above(axes, 2)
