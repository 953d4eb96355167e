"""The audit rows of a folder that `record.py` recorded, wherever that was.

Nothing of the folder is executed: JSON and arrays without pickles are read, and names of the user's
own code stay names.
"""

import re
from collections.abc import Iterator, Sequence
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.audit import cases, cell, checks, formats, implementations, record, subject
from lsetheory.audit.data import DAMAGED
from lsetheory.audit.guard import Failed
from lsetheory.audit.implementations import _own
from lsetheory.audit.layouts import LAYOUTS
from lsetheory.audit.operations import OPERATIONS
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]

FORMAT, JSON = 2, "JSON of a recording"
CASE = ("operation", "dtype", "family", "n", "rows", "seed")
#: Where arrays lie; nothing outside the folder is read.
PLACE = re.compile(r"(inputs|results)/[\w-]+\.npy")
NAMES = ("implementation", "operation", "dtype", "family")
KEPT = (*CASE, "implementation", "device", "gate", "gate_ulp", "limit")
#: What becomes of a folder whose content is not what record.py writes.
UNFIT = (LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, *DAMAGED)


def score(folder: Path) -> Iterator[Row]:
    """The audit rows of a recorded folder, with the versions of where it was recorded.

    They are those of an audit there, but for the witness: the worst row of all, with None for
    `alone`, where an audit calls again and takes the worst that shows its error alone. Cells whose
    library or device was absent have no row, see `absent`.

    Raises:
        InputError: the folder is incomplete or damaged, or does not match its checksums.
    """
    verify(folder)
    environment = checks.content(folder / "environment.json", JSON)
    plan = plan_of(folder)
    for number, (planned, line) in enumerate(zip(plan, _status(folder, len(plan)), strict=True)):
        try:
            if line.get("of") not in (None, record.identity(planned)):  # older ones have none
                raise ValueError("results of another plan")
            if line["absent"] is None:
                yield _scored(folder, planned, line["calls"], environment)
        except UNFIT as error:
            told = (str(error) or type(error).__name__).splitlines()[0]
            raise InputError(
                f"{folder}: cell {number}: expected what record.py writes, got: {told}"
            ) from None


def absent(folder: Path) -> list[str]:
    """One line for each implementation that was not there where the folder was recorded."""
    status = _status(folder, len(plan_of(folder)))
    lines = (line for line in status if line["absent"] is not None)
    return sorted({f"{line['implementation']} not recorded: {line['absent']}" for line in lines})


def plan_of(folder: Path) -> list[Row]:
    """The cells of a folder's plan.

    Raises:
        InputError: there is none, or it is none of this format.
    """
    plan = checks.content(folder / "plan.json", JSON)
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise InputError(
            f"{folder}: expected a plan of format {FORMAT}, got another; record it anew"
        )
    return _lines(folder, "plan.json", plan.get("cells"), KEPT)


def _status(folder: Path, count: int) -> list[Row]:
    keys = ("implementation", "absent", "calls")
    status = _lines(folder, "status.json", checks.content(folder / "status.json", JSON), keys)
    if len(status) != count:
        raise InputError(
            f"{folder / 'status.json'}: expected {count} cells as in plan.json, got {len(status)}"
        )
    return status


def _lines(folder: Path, name: str, lines: Any, keys: Sequence[str]) -> list[Row]:
    """The cells in a file of the folder, each with these keys."""
    if not isinstance(lines, list):
        raise InputError(f"{folder / name}: expected a list of cells, got {type(lines).__name__}")
    for number, line in enumerate(lines):
        lacking = [key for key in keys if not isinstance(line, dict) or key not in line]
        if lacking:
            raise InputError(
                f"{folder / name}: cell {number}: expected what record.py writes, got no "
                f"{lacking[0]}"
            )
    return lines


def verify(folder: Path) -> None:
    """See that a recorded folder is whole and unchanged.

    Raises:
        InputError: it is not.
    """
    sums = folder / "SHA256SUMS"
    if not isfile(sums):
        raise InputError(
            f"{folder}: expected a recorded folder with SHA256SUMS, got none; run record.py"
        )
    for path in record.content(folder):  # a link leads elsewhere, a pipe never ends
        if path.is_symlink() or not path.is_file():
            raise InputError(f"{path}: expected a file of a recording, got a link or no file")
    try:
        lines = [line.partition("  ") for line in sums.read_text(encoding="utf-8").splitlines()]
        found = record.checksums(folder)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: expected a recording that can be read, got: {error}") from None
    stated = {path: digest for digest, _, path in lines}
    if stated != found:
        changed = sorted(p for p in {*stated, *found} if stated.get(p) != found.get(p))
        raise InputError(
            f"{folder}: expected unchanged files, {changed[0]} is not what SHA256SUMS says"
        )


def _scored(folder: Path, planned: Row, outcomes: list[Row], environment: Row) -> Row:
    for key in (*NAMES, "device"):
        if not isinstance(planned[key], str):
            raise ValueError(f"{key} {planned[key]!r}")
    name, operation, dtype, _ = (planned[key] for key in NAMES)
    choose([operation], tuple(OPERATIONS), "operation")
    entry = (_own.unloaded if _own.is_path(name) else implementations.get)(name, operation)
    recorded = [_recorded(folder, call, dtype) for call in planned["calls"]]
    answers = {
        subject.question(x if integer is None else x.astype(integer), layout): _answer(folder, told)
        for (x, _, layout, integer), told in zip(recorded, outcomes, strict=True)
    }
    thing = subject.recorded(entry, planned["device"], answers)
    case = None if planned["family"] == cell.SPECIAL else cases.build(operation, *recorded[0])
    head = {k: planned[k] for k in (*CASE, "implementation", "device")}
    head |= {"version": _version(planned, entry.library, environment)}
    head |= {"rows": planned["rows"] if case is None else len(case.x)}
    gates = checks.gates(planned["gate"], planned["gate_ulp"])
    row = cell.row(head, lambda: cell.measurements(thing, dtype, case, *gates))
    if case is not None and row["witness"] is not None:
        row["witness"]["alone"] = row["witness"]["alone"] or None
    return row


def _version(planned: Row, library: str, environment: Row) -> str:
    """The version of what was called there, whatever may be installed here."""
    if planned["own"] is not None and planned["copied"]:
        return str(planned["version"])
    if planned["own"] is not None:
        library = planned["own"].partition(":")[0].partition(".")[0]
    return str(environment.get(library) or "unknown")


def _recorded(folder: Path, call: Row, dtype: str) -> tuple[Array, Row, str, str | None]:
    """Rows, keywords, layout and integer dtype of a call."""
    arrays = {key: _stored(folder, path, dtype) for key, path in call["arrays"].items()}
    x, layout, integer = arrays.pop("x"), call["layout"], call["integer"]
    choose([layout], tuple(LAYOUTS), "layout")
    if x.ndim != 2 or (integer is not None and np.dtype(integer).kind not in "iu"):
        raise ValueError(f"rows of shape {x.shape}, integer dtype {integer}")
    return x, {**arrays, **call["numbers"]}, layout, integer


def _answer(folder: Path, outcome: Row) -> Array | Failed:
    if outcome["error"] is not None:
        return Failed(str(outcome["error"]))
    return _stored(folder, outcome["result"], outcome["dtype"])


def _stored(folder: Path, path: str, dtype: str) -> Array:
    if not PLACE.fullmatch(path):
        raise ValueError(f"the path {path!r}")
    kind = formats.of(dtype).dtype
    return np.asarray(record.patterns(folder / path, dtype).view(kind))
