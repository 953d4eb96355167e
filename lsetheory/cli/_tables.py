"""The tables of `lsetheory draw --tables`: a part's rows, chosen and named for a paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsetheory.cli import _console, _parts, _workshop

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table: the part it comes from, its caption, how its rows are made, column headings."""

    part: type[_parts.Part]
    caption: str
    rows: Callable[[list[Row]], list[Row]]
    columns: Mapping[str, str]


def ledger(rows: list[Row]) -> list[Row]:
    """A line a theorem."""
    return [
        {
            "name": row["name"], "words": row["words"], "status": row["status"],
            "steps": row["steps"], "points": row["attack"]["points"],
            "mutants": f"{row['mutants']['refuted']}/{row['mutants']['total']}",
        }
        for row in rows
    ]  # fmt: skip


def leaderboard(rows: list[Row]) -> list[Row]:
    """A line an implementation, operation and format; a maximum is ∞ where a result is wrong."""
    from lsetheory.audit import summary
    from lsetheory.report.tables import unbounded

    return summary.leaderboard(dict(unbounded(row)) for row in rows)


def by_size(rows: list[Row]) -> list[Row]:
    """A line a kernel size, a column a family of rank sets."""
    found: dict[int, Row] = {}
    for row in rows:
        found.setdefault(row["d"], {"d": row["d"]})[row["family"]] = row["error"]
    return list(found.values())


#: Of the leaderboard: its maxima are not over finite results alone.
CAPTION = ("Accuracy by implementation and format: cases with a finding, the largest stability "
           "index and error; ∞ where a result overflows, is NaN or otherwise wrong beyond "
           "measure.")  # fmt: skip
#: File name -> table.
TABLES: dict[str, Table] = {
    "ledger": Table(_parts.Theorems, "Claims, each proved, attacked and defended.", ledger, {
        "name": "theorem", "words": "statement", "status": "status", "steps": "steps",
        "points": "attacked at", "mutants": "refuted"}),
    "leaderboard": Table(_parts.Audit, CAPTION, leaderboard, {
        "implementation": "implementation", "version": "version", "operation": "operation",
        "dtype": "format", "findings": "findings", "cells": "cases", "max_rho": "max ρ",
        "max_ulp": "max ulp", "worst": "worst"}),
    "minimax": Table(_parts.Minimax, _parts.Minimax.caption, by_size, {
        name: name for name in ("d", "{0,1}", "{0,d-1}", "{0,1,d-1}", "{0,d-2,d-1}",
                                "{0,1,d-2,d-1}", "{0..d-1}")}),
    "fits": Table(_parts.Fit, _parts.Fit.caption, list, {
        "kernel": "kernel", "depth": "depth", "width": "width", "parameters": "parameters",
        "root_mean_square": "rms", "sup_lower": "sup ≥", "sup_upper": "sup ≤"}),
}  # fmt: skip


def telling(rows: list[Row], columns: Mapping[str, str]) -> dict[str, str]:
    """The columns without the operation where all rows have the same."""
    one = len({row.get("operation") for row in rows}) == 1
    return {key: name for key, name in columns.items() if key != "operation" or not one}


def write(shop: _workshop.Workshop, size: str, seed: int, out: Path) -> list[Row]:
    """Write every table as .tex and .md; a row a file: table, file, format, rows, data (hash)."""
    from lsetheory.report import provenance, tables

    written = []
    for name, table in TABLES.items():
        part = table.part()
        rows = table.rows(part.gather(shop.run(part.name, part.plan(size, seed))))
        columns = telling(rows, table.columns)
        stamp = provenance.of(rows, size == "quick")
        for kind, mark in (("tex", "% {}\n"), ("md", "<!-- {} -->\n\n")):
            path = out / f"{name}.{kind}"
            text = tables.WRITERS[kind](rows, columns, table.caption)
            _console.write(path, mark.format(stamp.words()) + text)
            written.append({"table": name, "file": str(path), "format": kind, "rows": len(rows),
                            "data": stamp.data})  # fmt: skip
    return written
