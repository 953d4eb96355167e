"""Curves read off fit rows: error against kernel size, and the width an error needs, with laws.

Errors here are relative: the root mean square error over the standard deviation of max, for x
uniform on [0,1]^d. A constant has relative error 1 at every d; unscaled, the error of a constant
falls with d, because max concentrates, and would pass for an approximation that gets better.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from lsetheory.relu import scaling
from lsetheory.relu.train import deviation_of_max

#: Relative errors the width is asked for: above them the smallest width is enough at most sizes,
#: below them no width up to eight times that is.
TARGETS = (0.4, 0.2)
#: Fewest kernel sizes a law is fitted to.
FEWEST = 5

Rows = Sequence[Mapping[str, Any]]
Curve = dict[int, list[float]]


def relative_errors(row: Mapping[str, Any]) -> list[float]:
    """The errors of a fit row, one a seed, over the standard deviation of max."""
    return [error / deviation_of_max(row["kernel_size"]) for error in row["errors"]]


def error_laws(rows: Rows, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Laws of the relative error against the kernel size d at fixed width, depth by depth.

    Sizes d <= 2^depth are left out: there a tournament is exact and only the optimiser is measured.

    Args:
        rows: of `fit.gather`.
        rng: for the bootstrap over seeds.

    Returns:
        the rows of `scaling.compare`, with curve ("error at width 16", "error at width 2d"), depth
        and sizes in front; curves of fewer than five sizes have no rows.
    """
    found = []
    for depth in sorted({row["depth"] for row in rows}):
        beyond = [r for r in rows if r["depth"] == depth and r["kernel_size"] > 2**depth]
        found += _laws(_error_curves(beyond), depth, rng)
    return found


def _error_curves(rows: Rows) -> dict[str, Curve]:
    curves: dict[str, Curve] = {}
    for row in rows:
        d, width = row["kernel_size"], row["width"]
        names = [f"error at width {width}"]
        if width % d == 0:
            names.append(f"error at width {width // d}d")
        for name in names:
            curves.setdefault(name, {})[d] = relative_errors(row)
    return curves


def _laws(
    curves: Mapping[str, Curve], depth: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    return [
        {"curve": name, "depth": depth, "sizes": sorted(curve), **law}
        for name, curve in curves.items() if len(curve) >= FEWEST
        for law in scaling.compare(sorted(curve), [curve[d] for d in sorted(curve)], rng)
    ]  # fmt: skip


def widths_needed(rows: Rows, target: float) -> list[dict[str, Any]]:
    """The width at which the relative error falls to `target`, seed by seed.

    Between the widths tried it is interpolated on the log-log scale, on the best error so far.

    Returns:
        rows with depth, kernel_size, target, seeds, reached (how many seeds get there within the
        widths tried), narrowest, widest (the widths tried), widths (those needed, one a seed that
        got there; the smallest width tried where that is already enough).
    """
    groups: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["depth"], row["kernel_size"]), []).append(row)
    return [_needed(depth, d, group, target) for (depth, d), group in sorted(groups.items())]


def _needed(
    depth: int, d: int, group: Iterable[Mapping[str, Any]], target: float
) -> dict[str, Any]:
    ordered = sorted(group, key=lambda row: int(row["width"]))
    widths = [row["width"] for row in ordered]
    curves = zip(*(relative_errors(row) for row in ordered), strict=True)
    found = [_crossing(widths, errors, target) for errors in curves]
    reached = [width for width in found if width is not None]
    return {
        "depth": depth, "kernel_size": d, "target": target, "seeds": len(found),
        "reached": len(reached), "narrowest": widths[0], "widest": widths[-1], "widths": reached,
    }  # fmt: skip


def _crossing(widths: Sequence[int], errors: Sequence[float], target: float) -> float | None:
    """Width at which the running minimum of the errors crosses the target, if it does."""
    best = np.minimum.accumulate(errors)
    k = int(np.argmax(best <= target))
    if best[k] > target:
        return None
    if k == 0:
        return float(widths[0])
    share = np.log(best[k - 1] / target) / np.log(best[k - 1] / best[k])
    return float(widths[k - 1] * (widths[k] / widths[k - 1]) ** share)


def width_laws(
    rows: Rows, rng: np.random.Generator, targets: Sequence[float] = TARGETS
) -> list[dict[str, Any]]:
    """Laws of the width needed for each target against kernel size; keys as `error_laws`.

    A size counts only if every seed reaches the target, or the seeds that fail would be forgotten,
    and if not every seed is already there at the smallest width tried, which says nothing but that.
    """
    found = []
    for target in targets:
        needed = [row for row in widths_needed(rows, target) if _informative(row)]
        for depth in sorted({row["depth"] for row in needed}):
            curve = {r["kernel_size"]: r["widths"] for r in needed if r["depth"] == depth}
            found += _laws({f"width for error {target:g}": curve}, depth, rng)
    return found


def _informative(row: Mapping[str, Any]) -> bool:
    return bool(row["reached"] == row["seeds"] and max(row["widths"]) > row["narrowest"])
