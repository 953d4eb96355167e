"""The figure driver: rows of a figure file, drawn in a style, saved as bytes that never vary."""

import base64
import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsetheory import sources, work
from lsetheory.catalogue import Entry, figures
from lsetheory.errors import InputError
from lsetheory.report import legibility, preflight, provenance
from lsetheory.report import style as styles
from lsetheory.report.provenance import Provenance
from lsetheory.report.style import Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = dict[str, Any]

FORMATS = ("pdf", "svg", "png", "pgf")
#: Characters of labels that LaTeX must be told of, in its math mode.
SYMBOLS = {
    "−": "-", "∞": r"\infty", "≤": r"\le", "≥": r"\ge", "·": r"\cdot", "×": r"\times", "→": r"\to",
    "≈": r"\approx", "∪": r"\cup", "Σ": r"\Sigma", "β": r"\beta", "κ": r"\kappa", "ρ": r"\rho",
    "σ": r"\sigma", "⁻": "{}^{-}", "ᵈ": "{}^{d}",
    **{raised: f"{{}}^{{{digit}}}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{lowered: f"{{}}_{{{digit}}}" for digit, lowered in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip


def plan(entry: Entry, quick: bool) -> list[work.Unit]:
    """The work behind a figure: the units its file plans, else one unit that calls `rows`.

    A figure whose rows come from many units defines `plan(quick)` and `gather(results)`; units it
    shares with an audit or a fit are then done once for both.
    """
    module = entry.load()
    if hasattr(module, "plan"):
        return list(module.plan(quick))
    return [work.Unit(f"{entry.module}:rows", {"quick": quick})]


def gather(entry: Entry, results: Iterable[Any]) -> list[Row]:
    """The rows of a figure from the results of its `plan`."""
    module = entry.load()
    if hasattr(module, "plan"):
        return list(work.plain(module.gather(list(results))))
    (rows,) = results
    return list(rows)


def render(entry: Entry, rows: Sequence[Row], style: Style) -> "Figure":
    """Draw rows in a style: a figure of the style's exact width.

    A file may set SPAN ("column" or "text"), ASPECT (height over width) and LAYOUT (a subplot
    mosaic; its `draw` is then given the axes by name).
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    module = entry.load()
    aspect = getattr(module, "ASPECT", 0.62)
    with style.settings():
        figure = Figure(figsize=style.size_inches(span(entry), aspect))
        FigureCanvasAgg(figure)
        layout = getattr(module, "LAYOUT", None)
        module.draw(figure.subplot_mosaic(layout) if layout else figure.subplots(), rows)
        for _ in range(2):  # the layout settles in two passes; then it is held for every format
            figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def span(entry: Entry) -> str:
    """Whether the figure spans a "column" or the whole "text"."""
    return str(getattr(entry.load(), "SPAN", "column"))


def save(figure: "Figure", kind: str, name: str, origin: Provenance, style: Style) -> bytes:
    """The figure as a file of that kind, with its provenance inside; same figure, same bytes.

    Raises:
        InputError: an unknown kind, or pgf without the LaTeX that measures its text.
    """
    if kind not in FORMATS:
        raise InputError(f"unknown format {kind!r}: expected one of {', '.join(FORMATS)}")
    if kind == "pgf" and shutil.which("pdflatex") is None:
        raise InputError("format pgf: expected pdflatex on the path, got none; install LaTeX")
    buffer = io.BytesIO()
    with style.settings():
        _declare_symbols()
        figure.savefig(buffer, format=kind, **METADATA[kind](name, origin))
    # LaTeX source has no metadata: its first line tells what the others carry inside
    return (f"%% {origin.words()}\n".encode() if kind == "pgf" else b"") + buffer.getvalue()


def _declare_symbols() -> None:
    """For pgf, in the settings in force; the file repeats them in a comment for who inputs it."""
    import matplotlib

    settings: Any = matplotlib.rcParams
    settings["pgf.preamble"] = "\n".join(
        rf"\DeclareUnicodeCharacter{{{ord(symbol):04X}}}{{\ensuremath{{{command}}}}}"
        for symbol, command in SYMBOLS.items()
    )


def _pdf(name: str, origin: Provenance) -> dict[str, Any]:
    return {
        "Title": name,
        "Creator": "lsetheory",
        "Subject": origin.words(),
        "Keywords": f"commit={origin.commit} data=sha256:{origin.data}",
        "CreationDate": origin.date,
    }


def _svg(name: str, origin: Provenance) -> dict[str, Any]:
    date = origin.date.isoformat() if origin.date else None
    return {"Title": name, "Description": origin.words(), "Creator": "lsetheory", "Date": date}


def _png(name: str, origin: Provenance) -> dict[str, Any]:
    dated = {"Creation Time": origin.date.isoformat()} if origin.date else {}
    return {
        "Title": name,
        "Software": "lsetheory",
        "Description": origin.words(),
        "Commit": origin.commit,
        "Versions": origin.versions,
        "Data": f"sha256:{origin.data}",
    } | dated


#: How each format names its metadata; pgf has a comment instead.
METADATA: Mapping[str, Callable[[str, Provenance], dict[str, Any]]] = {
    "pdf": lambda name, origin: {"metadata": _pdf(name, origin)},
    "svg": lambda name, origin: {"metadata": _svg(name, origin)},
    "png": lambda name, origin: {"metadata": _png(name, origin)},
    "pgf": lambda name, origin: {},
}


#: How the caption of a figure of fewer points begins.
QUICK = "Drawn quickly, of fewer points where the figure has many."


def caption(entry: Entry, quick: bool = False) -> str:
    """The figure's caption: the docstring of its file, as one paragraph."""
    return " ".join([*([QUICK] if quick else []), *entry.doc.split()])


def drawing(
    entry: Entry, rows: Sequence[Row], style: str, kinds: Sequence[str], quick: bool = False
) -> work.Unit:
    """The work of drawing a figure: a pure function of its rows, its code and its stamp."""
    stamp = provenance.of(rows)
    return work.Unit(
        f"{__name__}:drawn",
        {
            "figure": entry.name, "rows": rows, "style": style, "kinds": list(kinds),
            "quick": quick, "code": sources.code_hash(str(entry.module)), "commit": stamp.commit,
            "date": stamp.date and stamp.date.timestamp(),
        },
    )  # fmt: skip


def drawn(
    figure: str, rows: list[Row], style: str, kinds: list[str], quick: bool, code: str,
    commit: str, date: float | None,
) -> Row:  # fmt: skip
    """Draw, look at and save one figure; the last three arguments only tell results apart.

    Returns:
        figure, style, span, caption, width_mm, height_mm, rows (how many), data (their hash),
        faults (what `legibility` and `preflight` found) and files: kind -> the bytes in base64.
    """
    entry, venue, stamp = figures()[figure], styles.style(style), provenance.of(rows, quick)
    picture, wide = render(entry, rows, venue), span(entry)
    faults = legibility.faults(picture, venue, wide)  # first: to save leaves other extents behind
    files = {kind: save(picture, kind, figure, stamp, venue) for kind in kinds}
    for kind, file in files.items():
        faults += preflight.faults(file, kind, venue, wide, stamp)
    width, height = (float(inches) * styles.INCH for inches in picture.get_size_inches())
    return {
        "figure": figure, "style": style, "span": wide, "caption": caption(entry, quick),
        "width_mm": round(width, 2), "height_mm": round(height, 2), "rows": len(rows),
        "data": stamp.data, "faults": faults,
        "files": {kind: base64.b64encode(file).decode() for kind, file in files.items()},
    }  # fmt: skip


def finished(
    entries: Sequence[Entry], results: Iterator[Any], quick: bool
) -> Iterator[tuple[Entry, list[Row]]]:
    """Each figure with its rows, from the results of all their plans put end to end."""
    for entry in entries:
        yield entry, gather(entry, [next(results) for _ in plan(entry, quick)])
