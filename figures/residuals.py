"""What the best rank estimators leave over: the density of max(x) − estimator for x uniform on the
unit cube, in units of the estimator's sup error E. Curves: exact, a B-spline whose knots are the
residuals at the vertices. Dots: simulated inputs, in bins, every
fourth one shown. As d grows, ranks {0, 1, d −
1} meet most inputs far better than E; with {0, d − 1} most inputs come near the sup error itself.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from lsetheory.figures._axes import Row, column, distinct, legend_over, where
from lsetheory.relu import families
from lsetheory.relu.minimax import minimax
from lsetheory.relu.residual import residual

SPAN = "text"
ASPECT = 0.34
SIZES = (4, 8, 16)
LAYOUT = [[str(d) for d in SIZES]]
SEED = 17
SETS = {
    "{0, d − 1}": lambda d: families.family_b(d, 1),
    "{0, 1, d − 1}": lambda d: families.family_a(d, 1),
}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Densities of t = residual/E: keys d, ranks, error, t, exact, simulated, samples."""
    bins, samples = (24, 10**4) if quick else (80, 2 * 10**5)
    return [row for d in SIZES for name in SETS for row in _rows(d, name, bins, samples)]


def _rows(d: int, name: str, bins: int, samples: int) -> list[dict[str, Any]]:
    estimator = minimax(d, SETS[name](d))
    law = residual(estimator)
    x = np.random.default_rng([SEED, d, len(estimator.ranks)]).random((samples, d))
    scaled = (x.max(axis=1) - estimator(x)) / float(estimator.error)
    counts = np.histogram(scaled, bins=bins, range=(-1, 1))[0]
    middles = [Fraction(2 * i + 1 - bins, bins) for i in range(bins)]
    return [
        {"d": d, "ranks": name, "error": float(estimator.error), "t": float(t),
         "exact": float(law.density(t * estimator.error) * estimator.error),
         "simulated": float(count * bins / (2 * samples)), "samples": samples}
        for t, count in zip(middles, counts, strict=True)
    ]  # fmt: skip


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """One panel a kernel size, one curve a rank set."""
    for d in distinct(rows, "d"):
        panel = axes[str(d)]
        for name in distinct(rows, "ranks"):
            mine = where(rows, d=d, ranks=name)
            panel.plot(column(mine, "t"), column(mine, "exact"), label=f"ranks {name}")
            some = mine[2::4]  # every fourth bin: more would hide the curve
            panel.plot(column(some, "t"), column(some, "simulated"), ".", color="black",
                       markersize=2.5)  # fmt: skip
        panel.lines[-1].set_label(f"simulated, n = {rows[0]['samples']:,}")
        panel.set_xlim(-1, 1)
        panel.set_ylim(bottom=0)
        panel.set_xlabel("(max − estimator) / E")
        panel.set_ylabel("density")
        panel.annotate(f"d = {d}", (0.96, 0.96), xycoords="axes fraction", va="top", ha="right")
    legend_over(axes, 3)
