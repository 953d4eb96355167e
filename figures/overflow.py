"""Where evaluating (1/r) log((1/n) Σ exp(r x)) leaves a format's range, on n = 9 inputs evenly
spread from 0 to range, every operation rounded to the format. Top: as written. Beyond the solid
line, r · range = log(largest number), a term overflows (theorem overflow_threshold); the sum may do
so up to log n earlier. Bottom: with the maximum subtracted first. Nothing overflows; beyond the
dashed line, r · range = −log(half the smallest subnormal number), the smallest terms round to zero,
and the sum, at least 1, does not need them.
"""

import math
from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np

from lsetheory.audit.implementations._algorithms import sequential
from lsetheory.figures import _bounds
from lsetheory.figures._axes import Row, column, distinct, powers_of_ten, where

SPAN = "text"
ASPECT = 0.5
FORMATS = {
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
    "float32": np.float32,
    "float64": np.float64,
}
FORMS = ("as written", "shifted")
LAYOUT = [[f"{form} {name}" for name in FORMATS] for form in FORMS]
N = 9

LEAST, MOST = 0.1, 1e4  #: of r and of the range

#: What can happen, and its shade: they differ in lightness, so grey print shows them.
SHADES = {"in range": "#f4f4f4", "terms lost": "#9ecae1", "overflow": "#d55e00"}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """For each r the range from which things go wrong: keys form, format, n, r, lost_from,
    overflow_from (None: not below 10⁴), overflow_at and lost_at (the lines, of r · range)."""
    return [
        {"form": form, "format": name, "n": N, "r": float(r),
         "lost_from": _first("terms lost", form, kind, float(r)),
         "overflow_from": _first("overflow", form, kind, float(r)), **_thresholds(kind)}
        for form in FORMS for name, kind in FORMATS.items()
        for r in np.geomspace(LEAST, MOST, 6 if quick else 61)
    ]  # fmt: skip


def _first(outcome: str, form: str, kind: Any, r: float) -> float | None:
    """The smallest range with this outcome, by bisection (it has it from there on)."""
    low, high = math.log(LEAST), math.log(MOST)
    if _outcome(form, kind, r, MOST) != outcome:
        return None
    while high - low > 1e-4:
        middle = (low + high) / 2
        happens = _outcome(form, kind, r, math.exp(middle)) == outcome
        low, high = (low, middle) if happens else (middle, high)
    return math.exp(high)


def _outcome(form: str, kind: Any, r: float, width: float) -> str:
    x = np.linspace(0, width, N).astype(kind)
    with np.errstate(all="ignore"):
        terms = np.exp(kind(r) * (x - x.max() if form == "shifted" else x))
        finite = np.isfinite(sequential(terms).astype(np.float64))  # sum() takes float16 wider
    if not finite:
        return "overflow"
    return "terms lost" if (terms == 0).any() else "in range"


def _thresholds(kind: Any) -> dict[str, float]:
    """r·range at which the largest term overflows and the smallest, shifted, rounds to zero."""
    limits = ml_dtypes.finfo(kind)
    largest, smallest = np.float64(limits.max), np.float64(limits.smallest_subnormal)
    return {
        "overflow_at": _bounds.overflow(float(largest)),
        "lost_at": -float(np.log(smallest) - np.log(2)),  # half of it rounds to zero
    }


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """One panel a form and format, the outcome as shade, the threshold that matters as a line."""
    formats = distinct(rows, "format")
    for form, threshold, dash in zip(FORMS, ("overflow_at", "lost_at"), ("-", "--"), strict=True):
        for name in formats:
            panel = axes[f"{form} {name}"]
            _panel(panel, where(rows, form=form, format=name), threshold, dash)
            panel.tick_params(labelleft=name == formats[0], labelbottom=form == FORMS[-1])
        axes[f"{form} {formats[0]}"].set_ylabel(f"range of x\n({form})")
    for name in formats:
        axes[f"{FORMS[0]} {name}"].annotate(name, (0.5, 1), (0, 3), xycoords="axes fraction",
                                            textcoords="offset points", ha="center")  # fmt: skip
        axes[f"{FORMS[-1]} {name}"].set_xlabel("r")
    _key(axes[f"{FORMS[0]} {formats[-1]}"])


def _panel(panel: Any, rows: Sequence[Row], threshold: str, dash: str) -> None:
    r = column(rows, "r")
    panel.fill_between(r, LEAST, MOST, color=SHADES["in range"], linewidth=0)
    for outcome, key in (("terms lost", "lost_from"), ("overflow", "overflow_from")):
        start = [row[key] if row[key] is not None else MOST for row in rows]
        panel.fill_between(r, start, MOST, color=SHADES[outcome], linewidth=0)
    panel.plot(r, [rows[0][threshold] / value for value in r], color="black", linestyle=dash,
               linewidth=0.8)  # fmt: skip
    panel.annotate(f"{rows[0][threshold]:.3g}/r", (0.06, 0.06), xycoords="axes fraction")
    powers_of_ten(panel.xaxis, 4)
    powers_of_ten(panel.yaxis, 4)
    panel.set_xlim(LEAST, MOST)
    panel.set_ylim(LEAST, MOST)


def _key(panel: Any) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(facecolor=shade, edgecolor="0.5", linewidth=0.4, label=outcome)
               for outcome, shade in SHADES.items()]  # fmt: skip
    panel.legend(handles=patches, loc="upper left", bbox_to_anchor=(1.05, 1.0), handlelength=1.2)
