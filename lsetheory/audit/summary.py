"""What the rows of an audit say together: the leaderboard, and its text forms."""

import html
from collections.abc import Iterable, Sequence
from typing import Any

from lsetheory.audit.cell import FAILED
from lsetheory.audit.score import FINDINGS, VERDICTS

Row = dict[str, Any]

#: From best to worst.
SEVERITY = (*VERDICTS[:3], "underflow", "overflow", "special", FAILED)


def is_finding(row: Row) -> bool:
    """Whether a row says that something is wrong with the implementation."""
    return row["verdict"] in (*FINDINGS, FAILED)


def leaderboard(rows: Iterable[Row]) -> list[Row]:
    """One row an implementation, operation and format: its cells by verdict and its worst one.

    Returns:
        Rows with implementation, version, operation, dtype, device, cells, findings, worst (the
        verdict), families (those with findings), max_rho and max_ulp over finite results; fewest
        findings first, then smallest ρ.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[k] for k in ("operation", "dtype", "device", "implementation", "version"))
        groups.setdefault(key, []).append(row)
    board = [_line(key, group) for key, group in groups.items()]
    return sorted(board, key=lambda r: (r["operation"], r["dtype"], r["findings"], r["max_rho"]))


def _line(key: tuple[Any, ...], group: Sequence[Row]) -> Row:
    operation, dtype, device, implementation, version = key
    found = [row for row in group if is_finding(row)]
    return {
        "implementation": implementation, "version": version, "operation": operation,
        "dtype": dtype, "device": device, "cells": len(group), "findings": len(found),
        "worst": max((row["verdict"] for row in group), key=SEVERITY.index),
        "families": " ".join(dict.fromkeys(row["family"] for row in found)),
        "max_rho": max(row["max_rho"] or 0.0 for row in group),
        "max_ulp": max(row["max_ulp"] or 0.0 for row in group),
    }  # fmt: skip


COLUMNS = (
    "implementation", "version", "operation", "dtype", "cells", "findings", "worst", "max_rho",
    "families",
)  # fmt: skip


def texts(board: Sequence[Row]) -> dict[str, str]:
    """The leaderboard as Markdown (md), LaTeX (tex) and HTML (html), by file suffix."""
    cells = [[_text(row[column]) for column in COLUMNS] for row in board]
    return {"md": _markdown(cells), "tex": _latex(cells), "html": _html(cells)}


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _markdown(cells: Sequence[Sequence[str]]) -> str:
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _latex(cells: Sequence[Sequence[str]]) -> str:
    lines = [" & ".join(line).replace("_", r"\_") + r" \\" for line in [list(COLUMNS), *cells]]
    body = "\n".join([lines[0], r"\hline", *lines[1:]])
    return rf"\begin{{tabular}}{{{'l' * len(COLUMNS)}}}" f"\n{body}\n" r"\end{tabular}" "\n"


def _html(cells: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>\n"
        for line in cells
    )
    return f"<table>\n<tr>{head}</tr>\n{body}</table>\n"
