"""The stability index ρ of log-sum-exp in float32, the worst over each family's rows: the error
relative to u (|y| + Σ p|x|), which rounding of the inputs alone explains. Up to 4, where the
shades break, an implementation is as good as the problem; above, it is unstable. Symbols, the
first of these that applies: ! no answer, × a wrong answer to a special value, ∞ a wrong overflow,
0 a wrong underflow. White: it does not compute that family.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit.score import GATE
from lsetheory.audit.summary import SEVERITY
from lsetheory.figures import _audit
from lsetheory.figures._audit import plan as plan
from lsetheory.figures._axes import Row, as_vectors, distinct, power

SPAN = "text"
ASPECT = 0.62
SYMBOLS = {"overflow": "∞", "underflow": "0", "special": "×", "failed": "!"}


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """One row an implementation and family: keys implementation, family, rho, verdict."""
    worst: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _audit.slim(results, "max_rho"):
        key = row["implementation"], row["family"]
        new = {"implementation": key[0], "family": key[1], "rho": row["max_rho"] or 0.0,
               "verdict": row["verdict"]}  # fmt: skip
        worst[key] = _worse(worst.get(key, new), new)
    return list(worst.values())


def _worse(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The larger ρ and the worse verdict; both need not be of the same rows."""
    verdict = max(row["verdict"], other["verdict"], key=SEVERITY.index)
    return row | {"rho": max(row["rho"], other["rho"]), "verdict": verdict}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Implementations down, families across, ρ as shade on a logarithmic scale, symbols on top."""
    from matplotlib.colors import LogNorm

    low, high = (pick(row["rho"] for row in rows) for pick in (min, max))
    families = distinct(rows, "family")
    names = sorted(distinct(rows, "implementation"), key=lambda name: _badness(rows, name))
    grid = np.full((len(names), len(families)), np.nan)
    for row in rows:
        i, j = names.index(row["implementation"]), families.index(row["family"])
        grid[i, j] = max(row["rho"], FLOOR / 10)  # the scale has no 0
        if row["verdict"] in SYMBOLS:
            axes.annotate(SYMBOLS[row["verdict"]], (j + 0.5, i + 0.5), ha="center",
                          va="center", color="white", weight="bold")  # fmt: skip
            grid[i, j] = CEILING
    shades = axes.pcolormesh(grid, norm=LogNorm(FLOOR, CEILING), cmap=_broken(),
                             edgecolor="white", linewidth=0.4)  # fmt: skip
    axes.set_xticks(np.arange(len(families)) + 0.5, [f.replace("_", " ") for f in families],
                    rotation=90)  # fmt: skip
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.set_xlabel("family of inputs")
    axes.set_ylabel("implementation")
    beyond = {(True, False): "min", (False, True): "max", (True, True): "both"}
    _bar(axes, shades, beyond.get((low < FLOOR, high > CEILING), "neither"))


FLOOR, CEILING = 0.1, 1e6


def _broken() -> Any:
    """Light shades up to the gate, dark ones above it."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    exponents = np.linspace(np.log10(FLOOR), np.log10(CEILING), 256)
    light, gate = exponents <= np.log10(GATE), np.log10(GATE)
    ends = [[exponents[0], gate], [gate, exponents[-1]]]
    shades = [np.interp(exponents, *pair) for pair in zip(ends, LIGHT_AND_DARK, strict=True)]
    return ListedColormap(colormaps["cividis_r"](np.where(light, *shades)))


LIGHT_AND_DARK = ((0.0, 0.3), (0.6, 1.0))  #: parts of the colour map


def _bar(axes: Any, shades: Any, extend: str) -> None:
    """The colour bar in the corner that the labels of both axes leave empty."""
    from mpl_toolkits.axes_grid1.inset_locator import inset_axes

    corner = inset_axes(axes, width=0.9, height=0.08, loc="upper right", borderpad=0,
                        bbox_to_anchor=(-0.03, -0.06), bbox_transform=axes.transAxes)  # fmt: skip
    bar = axes.figure.colorbar(shades, cax=corner, orientation="horizontal",
                               label="stability index ρ", ticks=[GATE, 1e3, CEILING],
                               format=_tick, extend=extend)  # fmt: skip
    bar.minorticks_off()
    as_vectors(bar)


def _tick(value: float, _: object = None) -> str:
    return f"{GATE:g}" if value == GATE else power(value)


def _badness(rows: Sequence[Row], name: str) -> tuple[int, float]:
    mine = [row for row in rows if row["implementation"] == name]
    findings = sum(row["verdict"] in SYMBOLS or row["rho"] > GATE for row in mine)
    return findings, sum(row["rho"] for row in mine)
