"""`lsetheory reproduce`: every part, then one report page; a second run reads the cache."""

import os
from base64 import b64decode
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer

from lsetheory.cli import _console, _derived, _folded, _parts, _workshop, draw

Row = dict[str, Any]
Quick = Annotated[bool, typer.Option("--quick", help="The smallest size, a minute or so.")]
Full = Annotated[bool, typer.Option("--full", help="The whole thing; takes many times as long.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes to work in.")]

CORES = os.cpu_count() or 1
STYLE = "screen"  #: of the figures; `lsetheory draw` has those of papers
LINES = 8  #: lines a card shows in the terminal


def reproduce(
    out: _console.Out = Path("lsetheory-report"),
    quick: Quick = False,
    full: Full = False,
    seed: _console.Seed = 0,
    resume: _console.Resume = True,
    workers: Workers = CORES,
    scheduler: _console.Scheduler = None,
    json: _console.Json = None,
    quiet: _console.Quiet = False,
) -> None:
    """Prove, audit, measure and draw everything, and write one report page.

    Exits with 0 when every claim is proved and what this package computes itself holds. Findings
    in other libraries are reported and do not change that.
    """
    report, size = _console.Report(quiet, json), _size(quick, full)
    draw.folder(out)
    with _workshop.workshop(report, workers, scheduler, resume) as shop:
        rows = {part.name: _rows(shop, part, size, seed) for part in _parts.PARTS}
        figures, drawn = _figures(shop, size)
    rows |= {derived.name: derived.rows(rows, seed) for derived in _derived.DERIVED}
    verdicts = [part.judge(rows[part.name]) for part in _parts.PARTS]
    short = [line for verdict in verdicts for line in verdict.short]
    short += _derived.fell_short(rows)
    short += [f"{row['figure']}: {fault}" for row in drawn for fault in row["faults"]]
    results = _results(size, rows, drawn, short)
    _console.write(out / "results.json", _json(results))
    _console.write(out / "environment.json", _json(results["environment"]))
    _console.write(out / "index.html", _page(rows, verdicts, figures, drawn, size == "quick"))
    for figure in drawn:
        pdf = {"pdf": figure["files"]["pdf"]}
        draw.written({**figure, "files": pdf}, out / "figures")
    _tell(report, out, verdicts, short)
    report.json(results)
    if short:
        raise _console.FellShort(f"{len(short)} fell short: {short[0]}")


def _size(quick: bool, full: bool) -> str:
    from lsetheory.errors import InputError

    if quick and full:
        raise InputError("reproduce: expected --quick or --full, got both; drop one")
    return "quick" if quick else "full" if full else "default"


def _rows(shop: _workshop.Workshop, part: _parts.Part, size: str, seed: int) -> list[Row]:
    return part.gather(shop.run(part.name, part.plan(size, seed)))


def _figures(shop: _workshop.Workshop, size: str) -> tuple[list[Any], list[Row]]:
    """The figures with their rows, and drawn."""
    from lsetheory import catalogue

    figures = draw.figure_rows(shop, list(catalogue.figures().values()), quick=size == "quick")
    return figures, draw.drawn(shop, figures, STYLE, ["svg", "pdf"], quick=size == "quick")


def _results(size: str, rows: dict[str, list[Row]], drawn: list[Row], short: list[str]) -> Row:
    from lsetheory import environment

    figures = [{key: row[key] for key in ("figure", "caption", "rows", "data")} for row in drawn]
    return {
        "size": size, "environment": environment.describe(), **rows, "figures": figures,
        "fell_short": short,
    }  # fmt: skip


def _json(value: object) -> str:
    return dumps(_console.finite(value), indent=1) + "\n"


def _page(
    rows: dict[str, list[Row]], verdicts: list[_parts.Verdict], figures: list[Any],
    drawn: list[Row], quick: bool,
) -> str:  # fmt: skip
    from lsetheory import environment
    from lsetheory.report import page

    pictures = [
        page.Picture(entry.name, row["caption"], row["span"],
                     b64decode(row["files"]["svg"]).decode(), data)
        for (entry, data), row in zip(figures, drawn, strict=True)
    ]  # fmt: skip
    parts: list[_parts.Part | _derived.Derived] = [*_parts.PARTS, *_derived.DERIVED]
    tables = [
        page.Table(part.name, part.title, part.caption, rows[part.name], part.columns)
        for part in parts if part.columns and rows[part.name]
    ]  # fmt: skip
    return page.page(page.Content(
        cards=[page.Card(*card) for card in _parts.cards(verdicts)],
        environment=environment.describe(),
        theorems=_folded.theorems(rows["theorems"]),
        audit=rows["audit"], tables=tables, pictures=pictures, quick=quick,
    ))  # fmt: skip


def _tell(
    report: _console.Report, out: Path, verdicts: list[_parts.Verdict], short: list[str]
) -> None:
    for title, big, lines in _parts.cards(verdicts):
        report.say(f"{title}: {big}")
        for line in lines[:LINES]:
            report.say(f"    {line}")
        if len(lines) > LINES:
            report.say(f"    and {len(lines) - LINES} more, on the page")
    for line in short:
        report.say(f"fell short: {line}")
    report.say(f"report: {out / 'index.html'}")
