"""What a run of the benchmarks leaves behind: a page of tables, and a figure of the ratios."""

import platform
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = dict[str, Any]

#: Heading -> how a row fills it; the columns of every table.
COLUMNS: dict[str, Callable[[Row], str]] = {
    "ours": lambda row: row["claim"],
    "peer": lambda row: str(row.get("peer") or ""),
    "seconds": lambda row: number(row.get("ours_s")),
    "peer's": lambda row: number(row.get("peer_s")),
    "ours / peer": lambda row: share(row.get("ratio")),
    "spread": lambda row: spread(row),
    "target": lambda row: share(row.get("target")),
    "held": lambda row: {None: "", True: "yes", False: "no"}[row.get("held")],
}
#: Those that the table of promises keeps.
PROMISE = ("ours", "peer", "ours / peer", "spread", "target", "held")


def number(value: Any) -> str:
    """Three digits of a float; anything else as it is."""
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)


def share(ratio: float | None) -> str:
    """A ratio: 0.39, or 1/90 where it is small."""
    return f"1/{1 / ratio:.0f}" if ratio and ratio < 0.095 else number(ratio)


def spread(row: Row) -> str:
    """The lowest and highest ratio of the run's pairs."""
    low, high = row.get("ratio_low"), row.get("ratio_high")
    return "" if low is None or low == high else f"{share(low)} to {share(high)}"


def processor() -> str:
    """The name of the processor, as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def markdown(origin: Row, rows: Sequence[Row]) -> str:
    """The page: what was promised, then every subject's own table."""
    promised = [row for row in rows if row.get("target") is not None and "ours_s" in row]
    parts = ["# Measured", _said(origin), "![ratios and growth](measured.png)", "## Promised",
             table(promised, PROMISE)]  # fmt: skip
    for subject, own in groupby(rows, lambda row: row["subject"]):
        module = import_module(f"benchmarks.{subject}")
        parts += [f"## {subject}", (module.__doc__ or "").strip().split("\n\n")[0],
                  table(list(own), tuple(COLUMNS), getattr(module, "SHOWN", ()))]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _said(origin: Row) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in origin["versions"].items())
    what = "`python -m benchmarks --quick`" if origin["quick"] else "`python -m benchmarks`"
    return (
        f"Written by {what}: one run of {origin['seconds']:.0f} s at {origin['commit']} on "
        f"{origin['cpus']} cores ({origin['processor']}), one thread where nothing else is said. "
        f"Times are medians, ratios medians over pairs timed in turn, the spread their lowest and "
        f"highest. {versions}."
    )


def table(rows: Iterable[Row], columns: Sequence[str], more: Sequence[str] = ()) -> str:
    """Rows as Markdown; columns that no row fills are left out."""
    cells = [
        [COLUMNS[name](row) for name in columns] + [number(row.get(key)) for key in more]
        for row in rows
    ]
    heads = [*columns, *(key.replace("_", " ") for key in more)]
    kept = [i for i in range(len(heads)) if any(row[i] for row in cells)]
    lines = [[heads[i] for i in kept], ["---" if i < 2 else "---:" for i in kept]]
    lines += [[row[i] or "" for i in kept] for row in cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(rows: Sequence[Row]) -> "Figure":
    """Left every paired ratio with its spread and target, right seconds against size."""
    from matplotlib.figure import Figure

    paired = [row for row in rows if "pairs" in row]
    drawn = Figure(figsize=(15, 2 + 0.2 * max(len(paired), 20)), layout="constrained")
    left, right = drawn.subplots(1, 2, width_ratios=(3, 2))
    _ratios(left, paired)
    _growth(right, [row for row in rows if "sizes" in row])
    return drawn


def _ratios(axes: "Axes", rows: Sequence[Row]) -> None:
    at = list(range(len(rows)))
    for i, row in zip(at, rows, strict=True):
        axes.plot([row["ratio_low"], row["ratio_high"]], [i, i], color="0.6")
        axes.plot(row["ratio"], i, "o", color="tab:red" if row.get("held") is False else "tab:blue")
        if row.get("target") is not None:
            axes.plot(row["target"], i, "|", color="black", markersize=12)
    axes.axvline(1, color="0.8", zorder=0)
    axes.set(xscale="log", xlabel="seconds, ours / peer (bar: spread; |: target)", yticks=at)
    axes.set_yticklabels([f"{row['claim']} / {row['peer']}" for row in rows], fontsize=7)
    axes.set_ylim(len(rows) - 0.5, -0.5)


def _growth(axes: "Axes", rows: Sequence[Row]) -> None:
    for i, row in enumerate(rows):
        label = f"{row['claim']}: exponent {row['exponent']:.2f}, peer's {row['peer_exponent']:.2f}"
        axes.plot(row["sizes"], row["ours_each"], "o-", color=f"C{i}", label=label)
        axes.plot(row["sizes"], row["peer_each"], "x:", color=f"C{i}")
    axes.set(xscale="log", yscale="log", xlabel="size", ylabel="seconds (dotted: the peer's)")
    if rows:
        axes.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.04))
