"""What several figures share: legends beside the data, powers of ten without tiny scripts."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]

#: Raised digits of the font itself: a script set by TeX's rule would fall below 7 pt at print size.
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

#: Lines that are bounds or references, not measurements.
REFERENCE = {"color": "0.35", "linewidth": 0.8, "marker": ""}


def column(rows: Iterable[Row], key: str) -> list[Any]:
    """One column of the rows."""
    return [row[key] for row in rows]


def where(rows: Iterable[Row], **values: Any) -> list[Row]:
    """The rows whose keys have these values."""
    return [row for row in rows if all(row[key] == value for key, value in values.items())]


def distinct(rows: Iterable[Row], key: str) -> list[Any]:
    """The values of a key, each once, in order of first appearance."""
    return list(dict.fromkeys(row[key] for row in rows))


def legend_above(axes: Any, columns: int, **options: Any) -> None:
    """A legend on top of the axes, where no data can lie."""
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.03), ncols=columns, **options)


def legend_over(panels: Mapping[str, Any], columns: int) -> None:
    """A legend over all panels, each label once."""
    found: dict[str, Any] = {}
    for panel in panels.values():
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    figure = next(iter(panels.values())).figure
    figure.legend(found.values(), found.keys(), loc="outside upper left", ncols=columns)


def legend_beside(axes: Any, **options: Any) -> None:
    """A legend to the right of the axes."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.03, 1.0), **options)


def as_vectors(bar: Any) -> None:
    """A colour bar's shades as vectors; matplotlib makes pixels of more than 50 of them."""
    bar.solids.set(rasterized=False, edgecolor="face", linewidth=0.4)


def power(value: float, _: object = None) -> str:
    """A power of ten as a tick label: 1, 10, 100, 10⁴, 10⁻³."""
    if value == 0:
        return "0"
    sign, exponent = "−" if value < 0 else "", round(math.log10(abs(value)))
    if 0 <= exponent <= 2:
        return f"{sign}{10**exponent}"
    return f"{sign}10" + str(exponent).translate(RAISED)


def powers_of_ten(axis: Any, most: int = 6) -> None:
    """A logarithmic scale on an x or y axis, with at most so many labels, all powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    axis._set_axes_scale("log")
    axis.set_major_locator(LogLocator(base=10, numticks=most))
    axis.set_major_formatter(FuncFormatter(power))
    axis.set_minor_formatter(NullFormatter())
    if most <= 4:
        axis.set_minor_locator(NullLocator())
