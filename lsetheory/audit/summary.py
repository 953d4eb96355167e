"""What the rows of an audit say together: the leaderboard."""

from collections.abc import Iterable, Sequence
from typing import Any

from lsetheory.audit.cell import FAILED
from lsetheory.audit.score import FINDINGS, VERDICTS

Row = dict[str, Any]

#: From best to worst.
SEVERITY = (*VERDICTS, FAILED)
WRONG = SEVERITY[2:]


def is_finding(row: Row) -> bool:
    """Whether a row says that something is wrong with the implementation."""
    return row["verdict"] in (*FINDINGS, FAILED)


def leaderboard(rows: Iterable[Row]) -> list[Row]:
    """One row an implementation, operation and format: its cells by verdict and its worst one.

    Returns:
        Rows with implementation, version, operation, dtype, device, cells, findings, how many of
        each verdict that is one, worst (the verdict), families (those with findings), max_rho and
        max_ulp over finite results; fewest findings first, then smallest ρ.
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
        **{verdict: sum(row["verdict"] == verdict for row in found) for verdict in WRONG},
        "worst": max((row["verdict"] for row in group), key=SEVERITY.index),
        "families": " ".join(dict.fromkeys(row["family"] for row in found)),
        "max_rho": max(row["max_rho"] or 0.0 for row in group),
        "max_ulp": max(row["max_ulp"] or 0.0 for row in group),
    }  # fmt: skip


COLUMNS = ("implementation", "version", "dtype", "device", "cells", "findings", *WRONG, "max_rho")


def brief(board: Sequence[Row]) -> dict[str, list[Row]]:
    """The leaderboard's lines by operation, as texts; nothing where there is no finding."""
    tables: dict[str, list[Row]] = {}
    for row in board:
        line = {column: _text(row[column]) for column in COLUMNS}
        tables.setdefault(row["operation"], []).append(line)
    return tables


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value or "")
