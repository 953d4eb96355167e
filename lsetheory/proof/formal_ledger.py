"""All claims of the ledger before Rocq as one unit of work, kept until a claim or a source changes.

Compiling and pinning takes half a minute; a second run reads what was kept.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lsetheory import catalogue
from lsetheory.proof import formal
from lsetheory.proof.kernel import written
from lsetheory.proof.kernel.terms import Formula
from lsetheory.work import Unit

Row = dict[str, Any]


def plan() -> list[Unit]:
    """One unit, or none where Rocq or its sources are not installed."""
    version = formal.version()
    if version is None or not _folder().is_dir():
        return []
    arguments = {"digest": _digest(), "version": version}
    return [Unit("lsetheory.proof.formal_ledger:examine", arguments)]


def examine(digest: str, version: str) -> Row:
    """Check all claims; `digest` and `version` tie what is kept to what it was made from."""
    return {"formal_rows": formal.check(_claims(), _folder())}


def gather(rows: Iterable[Mapping[str, Any]], results: Iterable[Row]) -> list[Row]:
    """The ledger's rows; with `formal` added to each that a result of `examine` speaks of."""
    said = {row["name"]: row["formal"] for result in results for row in result["formal_rows"]}
    return [{**row, "formal": said[row["name"]]} if row["name"] in said else {**row}
            for row in rows]  # fmt: skip


def is_result(result: Row) -> bool:
    """Whether a unit's result is one of `examine`."""
    return "formal_rows" in result


def _folder() -> Path:
    return next(iter(catalogue.theorems().values())).path.parent / "rocq"


def _claims() -> dict[str, Formula]:
    return {name: entry.load().CLAIM.statement for name, entry in catalogue.theorems().items()}


def _digest() -> str:
    """Hash of the claims' statements and of every file in the folder."""
    claims = {name: written.formula_to_json(claim) for name, claim in _claims().items()}
    files = {path.name: path.read_text("utf-8") for path in sorted(_folder().glob("*"))
             if path.suffix == ".v" or path.name == "_CoqProject"}  # fmt: skip
    return hashlib.sha256(json.dumps([claims, files], sort_keys=True).encode()).hexdigest()
