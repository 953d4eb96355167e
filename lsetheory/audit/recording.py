"""Writes a folder that `record.py` can record anywhere, and scores what it recorded.

Scoring executes nothing of the folder: it reads JSON and arrays without pickles, and names of the
user's own code stay names.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import (
    cases,
    cell,
    checks,
    formats,
    implementations,
    record,
    recorder,
    special,
    subject,
)
from lsetheory.audit.data import DAMAGED
from lsetheory.audit.guard import Failed
from lsetheory.audit.implementations import _foreign, _own
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


def write(folder: Path, units: Sequence[work.Unit]) -> None:
    """Write plan.json, inputs/, own/ and a record.py that can record these units.

    An unfinished recording of the same units is left as it is, to go on.

    Raises:
        InputError: the folder holds something else, or other results; or the user's own code is
            not there.
    """
    if _begun(folder):
        with tempfile.TemporaryDirectory() as beside:
            _written(Path(beside), units)
            if record.checksums(Path(beside)).items() <= record.checksums(folder).items():
                return
    _free(folder)
    _written(folder, units)


def _begun(folder: Path) -> bool:
    """Whether there are results of a recording that is not finished."""
    return any((folder / "results").glob("*")) and not (folder / "SHA256SUMS").exists()


def _written(folder: Path, units: Sequence[work.Unit]) -> None:
    for name in ("inputs", "results", "own"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    chosen, calls = [unit.arguments for unit in units], dict[tuple[Any, ...], list[Row]]()
    for arguments in chosen:
        key = tuple(arguments[k] for k in CASE)
        calls.setdefault(key, list(_calls(folder, *key)))
    cells = [_cell(folder, a, calls[tuple(a[k] for k in CASE)]) for a in chosen]
    plan = {"format": FORMAT, "cells": cells}
    (folder / "plan.json").write_text(json.dumps(plan, indent=1), encoding="utf-8")
    keys = {(a["implementation"], a["operation"]) for a in chosen}
    entries = sorted(key for key in keys if not _own.is_path(key[0]))
    (folder / "record.py").write_text(recorder.source(entries), encoding="utf-8")


def _free(folder: Path) -> None:
    """See that nothing is lost by writing: a new folder, or a recording without results.

    Raises:
        InputError: it is another, or cannot be read.
    """
    try:
        names = os.listdir(folder)
        kept = (folder / "results").is_dir() and os.listdir(folder / "results")
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{folder}: expected a folder to write, got {error.strerror}") from None
    if not names:
        return
    try:
        _plan(folder)
    except InputError:
        raise InputError(
            f"{folder}: expected a new folder or a recording, got other files; name another folder"
        ) from None
    if kept or "SHA256SUMS" in names:
        more = f" or go on with  python {folder / 'record.py'} {folder}"
        raise InputError(
            f"{folder}: expected a recording without results, got some that would be lost; name "
            f"another folder, or delete this one{'' if 'SHA256SUMS' in names else more}"
        )


def _cell(folder: Path, arguments: Any, calls: list[Row]) -> Row:
    own = _copied(folder, arguments["implementation"], arguments["operation"])
    rowwise = OPERATIONS[arguments["operation"]].rowwise
    return {**{key: arguments[key] for key in KEPT}, **own, "rowwise": rowwise, "calls": calls}


def _copied(folder: Path, name: str, operation: str) -> Row:
    """How the recorder finds the user's code: a copy of the file, or a module it must import.

    With the file go the modules that it imports and that belong to no distribution.
    """
    if not _own.is_path(name):
        return {"own": None, "copied": False, "version": None}
    place, function = _foreign.split(name, operation)
    if not place.endswith((".py", *_foreign.SHARED)):
        return {"own": f"{place}:{function}", "copied": False, "version": None}
    home = folder / "own" / (_own.fingerprint(name) or "")[:8]
    for path, module in _own.reached(name)[0].items():
        packages = (
            module.split(".") if path.name.startswith("__init__.") else module.split(".")[:-1]
        )
        target = home.joinpath(*packages, path.name)
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    own = f"{(home / Path(place).name).relative_to(folder).as_posix()}:{function}"
    return {"own": own, "copied": True, "version": _own.version(name)}


def _calls(
    folder: Path, operation: str, dtype: str, family: str, n: int, rows: int, seed: int
) -> Iterator[Row]:
    """The calls of a cell: one, and as many as there are lengths for the special values."""
    if family != cell.SPECIAL:
        yield _call(folder, *cases.drawn(operation, dtype, family, n, rows, seed))
        return
    for table in special.judged(OPERATIONS[operation], dtype):
        x, given = special.call(OPERATIONS[operation], dtype, table)
        yield _call(folder, x, given, "contiguous", None)


def _call(folder: Path, x: Array, given: Row, layout: str, integer: str | None) -> Row:
    arrays = {"x": x} | {k: v for k, v in given.items() if isinstance(v, np.ndarray)}
    paths = {key: _save(folder, value) for key, value in arrays.items()}
    numbers = {key: value for key, value in given.items() if key not in arrays}
    return {"arrays": paths, "numbers": numbers, "layout": layout, "integer": integer}


def _save(folder: Path, values: Array) -> str:
    """Keep the bits of an array under a name that its content gives it."""
    kind = record.BITS[values.dtype.name]
    digest = hashlib.sha256(f"{kind} {values.shape}".encode() + values.tobytes()).hexdigest()
    path = folder / "inputs" / f"{digest[:24]}.npy"
    if not path.is_file():
        np.save(path, np.ascontiguousarray(values).view(kind), allow_pickle=False)
    return path.relative_to(folder).as_posix()


def run(folder: Path) -> list[str]:
    """Record a folder here, in a process of its own; what it tells, in lines.

    Where the user's code ends that process, the cell is noted and the rest is done in another.

    Raises:
        InputError: it does not even come to a cell, or refuses the folder.
    """
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    command = [sys.executable, str(folder / "record.py"), str(folder)]
    before: list[bytes] = []
    while True:
        try:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
            )
        except KeyboardInterrupt:
            _spare(folder)
            raise
        if done.returncode == 0:
            return done.stdout.splitlines()
        if done.returncode == record.REFUSED and done.stdout.endswith("refused\n"):
            raise InputError(f"{folder}: expected a folder to record in, got the one told above")
        now = [path.read_bytes() for path in sorted((folder / "results").glob("*.json"))]
        if now == before:
            raise InputError(
                f"{folder / 'record.py'}: expected it to record a cell, got exit code "
                f"{done.returncode}; run it by itself to see why"
            )
        before = now


def _spare(folder: Path) -> None:
    """Have a cell amid which Ctrl-C killed the recorder not count as one that crashed it."""
    kept = sorted((folder / "results").glob("*.json"), key=lambda path: int(path.stem))
    for path in kept[-1:]:
        found = checks.content(path, JSON)
        if found.get("begun"):
            record._write(path, {**found, "begun": found["begun"] - 1})


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
    plan = _plan(folder)
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
    status = _status(folder, len(_plan(folder)))
    lines = (line for line in status if line["absent"] is not None)
    return sorted({f"{line['implementation']} not recorded: {line['absent']}" for line in lines})


def _plan(folder: Path) -> list[Row]:
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
