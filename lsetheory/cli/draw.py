"""`lsetheory draw`: figures and tables in the size and type of a venue."""

from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lsetheory.cli import _console, _tables, _workshop

if TYPE_CHECKING:
    from lsetheory.catalogue import Entry

Row = dict[str, Any]

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME ...]", help="Default: all.")]
StyleName = Annotated[str, typer.Option("--style", help="The venue: neurips, icml, ieee, acm ...")]
Formats = Annotated[str, typer.Option("--format", help="Comma-separated: pdf, svg, png, pgf.")]
Tables = Annotated[bool, typer.Option("--tables", help="Write LaTeX and Markdown tables instead.")]
Quick = Annotated[bool, typer.Option("--quick", help="Fewer points, to look at the layout.")]


def draw(
    context: typer.Context,
    names: Names = None,
    style: StyleName = "icml",
    format: Formats = "pdf,svg",
    out: _console.Out = Path("out"),
    tables: Tables = False,
    quick: Quick = False,
    seed: _console.Seed = 0,
    resume: _console.Resume = True,
    workers: _console.Workers = 1,
    scheduler: _console.Scheduler = None,
    json: _console.Json = None,
    quiet: _console.Quiet = False,
) -> None:
    """Draw figures for a paper: exact width, provenance inside, the same bytes each time.

    The seed is that of the tables; a figure's rows carry seeds of their own.
    """
    from lsetheory import catalogue
    from lsetheory.report import style as styles

    _console.used(context, {"tables": "out quick seed json"})
    report = _console.Report(quiet, json)
    folder(out)
    if tables:
        return _tables_alone(report, quick, out, (workers, scheduler, resume), seed)
    styles.style(style)
    known, kinds = catalogue.figures(), _formats(format)
    entries = [known[name] for name in catalogue.choose(names or (), known, "figure")]
    with _workshop.workshop(report, workers, scheduler, resume) as shop:
        figures = drawn(shop, figure_rows(shop, entries, quick), style, kinds, quick)
    files = [row for figure in figures for row in written(figure, out)]
    columns = ["figure", "width_mm", "height_mm", "rows"]
    report.table(f"{len(figures)} figures in {out}, style {style}", figures, columns)
    report.json({"figures": files})
    for row in figures:
        for fault in row["faults"]:
            report.say(f"{row['figure']}: {fault}")
    if any(row["faults"] for row in figures):
        raise _console.FellShort("a figure is not fit to print; its faults are listed above")


def _tables_alone(
    report: _console.Report, quick: bool, out: Path, shop_options: tuple[int, str | None, bool],
    seed: int,
) -> None:  # fmt: skip
    with _workshop.workshop(report, *shop_options) as shop:
        written = _tables.write(shop, "quick" if quick else "default", seed, out)
    report.table(f"tables in {out}", written, ["table", "format", "rows"])
    report.json({"tables": written})


def folder(out: Path) -> None:
    """Refuse a folder that cannot be before any work is done for it."""
    from lsetheory.errors import InputError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {out}: expected a folder, got {error.strerror}") from None


def _formats(text: str) -> list[str]:
    from lsetheory.errors import InputError
    from lsetheory.report.drawing import FORMATS

    kinds = [kind.strip().lower() for kind in text.split(",")]
    for kind in kinds:
        if kind not in FORMATS:
            raise InputError(f"--format: expected a list of {', '.join(FORMATS)}, got {kind!r}")
    return kinds


def figure_rows(
    shop: _workshop.Workshop, entries: "Sequence[Entry]", quick: bool
) -> "list[tuple[Entry, list[Row]]]":
    """Each figure with its rows."""
    from lsetheory.report import drawing

    units = [unit for entry in entries for unit in drawing.plan(entry, quick)]
    return list(drawing.finished(entries, iter(shop.run("rows of figures", units)), quick))


def drawn(
    shop: _workshop.Workshop, figures: "Sequence[tuple[Entry, list[Row]]]", style: str,
    kinds: Sequence[str], quick: bool = False,
) -> list[Row]:  # fmt: skip
    """Each figure as `report.drawing.drawn` gives it; `quick` marks it as one of fewer points."""
    from lsetheory.report import drawing

    units = [drawing.drawing(entry, rows, style, kinds, quick) for entry, rows in figures]
    return shop.run(f"figures, {style}", units)


def written(figure: Row, out: Path) -> list[Row]:
    """Write a drawn figure's files; a row for each."""
    rows = []
    for kind, content in figure["files"].items():
        path = out / f"{figure['figure']}.{kind}"
        _console.write_bytes(path, b64decode(content))
        about = {key: figure[key] for key in figure if key not in ("files", "caption")}
        rows.append({**about, "format": kind, "file": str(path)})
    return rows
