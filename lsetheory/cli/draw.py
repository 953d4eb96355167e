"""`lsetheory draw`: figures and tables in the size and type of a venue."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lsetheory.cli import _console

if TYPE_CHECKING:
    from lsetheory.catalogue import Entry
    from lsetheory.report.style import Style

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME ...]", help="Default: all.")]
StyleName = Annotated[str, typer.Option("--style", help="The venue: neurips, icml, ieee, acm ...")]
Formats = Annotated[str, typer.Option("--format", help="Comma-separated: pdf, svg, png, pgf.")]
Tables = Annotated[bool, typer.Option("--tables", help="Write LaTeX and Markdown tables instead.")]
Quick = Annotated[bool, typer.Option("--quick", help="Fewer points, to look at the layout.")]


def draw(
    names: Names = None,
    style: StyleName = "icml",
    format: Formats = "pdf,svg",
    out: _console.Out = Path("out"),
    tables: Tables = False,
    quick: Quick = False,
    fresh: _console.Fresh = False,
    workers: _console.Workers = 1,
    scheduler: _console.Scheduler = None,
    json: _console.Json = None,
    quiet: _console.Quiet = False,
) -> None:
    """Draw figures for a paper: exact width, provenance inside, the same bytes each time."""
    from lsetheory import catalogue
    from lsetheory.report import style as styles

    report = _console.Report(quiet, json)
    chosen = styles.style(style)
    kinds = _formats(format)
    known = catalogue.figures()
    entries = [known[name] for name in catalogue.choose(names or (), known, "figure")]
    written = []
    for entry, rows in compute(report, entries, quick, fresh, workers, scheduler):
        written += _write(entry, rows, chosen, kinds, out)
    columns = ["file", "width_mm", "height_mm", "rows", "faults"]
    report.table(f"figures, style {style}", written, columns)
    report.json({"figures": written})
    faulty = [row for row in written if row["faults"]]
    if faulty:
        raise _console.FellShort(f"{faulty[0]['file']}: {faulty[0]['faults'][0]}")


def compute(
    report: _console.Report, entries: "list[Entry]", quick: bool, fresh: bool,
    workers: int, scheduler: str | None = None,
) -> "Iterator[tuple[Entry, list[dict[str, Any]]]]":  # fmt: skip
    """Each figure with its rows, from the cache where it holds them."""
    from lsetheory import work
    from lsetheory.report import drawing

    units = [unit for entry in entries for unit in drawing.plan(entry, quick)]
    store = work.default_store()
    with _console.executor(workers, scheduler) as pool, report.progress("rows", len(units)) as done:
        results = work.run(units, executor=pool, store=store, reuse=not fresh, done=done)
        yield from drawing.finished(entries, results, quick)


def _formats(text: str) -> list[str]:
    from lsetheory.errors import InputError
    from lsetheory.report.drawing import FORMATS

    kinds = [kind.strip() for kind in text.split(",")]
    for kind in kinds:
        if kind not in FORMATS:
            raise InputError(f"--format: expected a list of {', '.join(FORMATS)}, got {kind!r}")
    return kinds


def _write(
    entry: "Entry", rows: list[dict[str, Any]], style: "Style", kinds: list[str], out: Path
) -> list[dict[str, Any]]:
    from lsetheory.report import drawing, legibility, provenance

    figure, origin = drawing.render(entry, rows, style), provenance.of(rows)
    faults = legibility.faults(figure, style, drawing.span(entry))
    width, height = figure.get_size_inches() * 25.4
    written = []
    for kind in kinds:
        path = out / f"{entry.name}.{kind}"
        _console.write_bytes(path, drawing.save(figure, kind, entry.name, origin, style))
        written.append({
            "figure": entry.name, "file": str(path), "format": kind, "style": style.name,
            "width_mm": round(float(width), 2), "height_mm": round(float(height), 2),
            "rows": len(rows), "data": origin.data, "faults": faults,
        })  # fmt: skip
    return written
