"""The tables of `lsetheory draw --tables`: a part's rows, chosen and named for a paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsetheory.cli import _console, _parts, _workshop

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One table: the part it comes from, how its rows are made, heading of each column."""

    part: type[_parts.Part]
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
    """A line an implementation, operation and format."""
    from lsetheory.audit import summary

    return summary.leaderboard(rows)


def by_size(rows: list[Row]) -> list[Row]:
    """A line a kernel size, a column a family of rank sets."""
    found: dict[int, Row] = {}
    for row in rows:
        found.setdefault(row["d"], {"d": row["d"]})[row["family"]] = row["error"]
    return list(found.values())


#: File name -> table.
TABLES: dict[str, Table] = {
    "ledger": Table(_parts.Theorems, ledger, {
        "name": "theorem", "words": "statement", "status": "status", "steps": "steps",
        "points": "points of attack", "mutants": "false variants refuted"}),
    "leaderboard": Table(_parts.Audit, leaderboard, {
        "implementation": "implementation", "version": "version", "operation": "operation",
        "dtype": "format", "findings": "findings", "cells": "cases", "max_rho": "max ρ",
        "max_ulp": "max ulp", "worst": "worst"}),
    "minimax": Table(_parts.Minimax, by_size, {
        name: name for name in ("d", "{0,1}", "{0,d-1}", "{0,1,d-1}", "{0,d-2,d-1}",
                                "{0,1,d-2,d-1}", "{0..d-1}")}),
    "fits": Table(_parts.Fit, list, {
        "kernel": "kernel", "depth": "depth", "width": "width", "parameters": "parameters",
        "root_mean_square": "rms error", "sup_lower": "sup error ≥", "sup_upper": "sup error ≤"}),
}  # fmt: skip


def write(shop: _workshop.Workshop, size: str, seed: int, out: Path) -> list[Row]:
    """Write every table as .tex and .md; a row a file: table, file, format, rows, data (hash)."""
    from lsetheory.report import provenance, tables

    written = []
    for name, table in TABLES.items():
        part = table.part()
        rows = table.rows(part.gather(shop.run(part.name, part.plan(size, seed))))
        stamp = provenance.of(rows)
        for kind, mark in (("tex", "% {}\n"), ("md", "<!-- {} -->\n\n")):
            path = out / f"{name}.{kind}"
            text = mark.format(stamp.words()) + tables.WRITERS[kind](rows, table.columns)
            _console.write(path, text)
            written.append({"table": name, "file": str(path), "format": kind, "rows": len(rows),
                            "data": stamp.data})  # fmt: skip
    return written
