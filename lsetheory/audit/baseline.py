"""Known findings: accepted with a reason and a link, so that only new ones fail a run.

The file is a JSON list of objects with the keys implementation, operation, dtype, family, verdict,
reason and link. Each of the first four may name several, with spaces between; "*" stands for all.
The key max_rho, a number, may be added: what has a larger stability index is not known.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsetheory.audit import checks
from lsetheory.errors import InputError

Row = dict[str, Any]

#: What is known of the libraries that ship, and of this package: docs/findings.md.
KNOWN = Path(__file__).with_name("known.json")
CELL = ("implementation", "operation", "dtype", "family")
KEYS = (*CELL, "verdict", "reason", "link")


def load(path: Path) -> list[Row]:
    """The known findings of a file.

    Raises:
        InputError: it is missing, no JSON list, or an entry lacks a key, a reason or a link.
    """
    entries = checks.content(path, "a baseline file")
    if not isinstance(entries, list):
        raise InputError(f"{path}: expected a JSON list of findings, got {type(entries).__name__}")
    for number, entry in enumerate(entries, 1):
        _check(f"{path}: finding {number}", entry)
    return entries


def _check(where: str, entry: Any) -> None:
    if not isinstance(entry, dict) or set(entry) - {"max_rho"} != set(KEYS):
        got = ", ".join(entry) if isinstance(entry, dict) else type(entry).__name__
        raise InputError(f"{where}: expected the keys {', '.join(KEYS)}, got {got}")
    for key in KEYS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise InputError(f"{where}: expected text in {key!r}, got {checks.told(entry[key])}")
    checks.real(f"{where}: max_rho", entry.get("max_rho", 0.0))


def matches(entry: Row, row: Row) -> bool:
    """Whether a known finding is the one of a row."""
    limit = entry.get("max_rho")
    within = limit is None or (row["max_rho"] is not None and row["max_rho"] <= limit)
    return within and entry["verdict"] == row["verdict"] and covers(entry, row)


def covers(entry: Row, row: Row) -> bool:
    """Whether a row is of a cell that a known finding names, whatever came out."""
    return all(entry[key] == "*" or row[key] in entry[key].split() for key in CELL)


def new(findings: Sequence[Row], known: Sequence[Row]) -> list[Row]:
    """The findings that no entry accepts."""
    return [row for row in findings if not any(matches(entry, row) for entry in known)]


def unused(rows: Sequence[Row], known: Sequence[Row]) -> list[Row]:
    """The entries that accept nothing any more, of those with a cell among the rows audited."""
    return [
        entry
        for entry in known
        if any(covers(entry, row) for row in rows) and not any(matches(entry, row) for row in rows)
    ]
