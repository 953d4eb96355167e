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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import (
    cases,
    cell,
    formats,
    implementations,
    record,
    recorder,
    special,
    subject,
)
from lsetheory.audit.guard import Failed
from lsetheory.audit.implementations import _foreign, _own
from lsetheory.audit.layouts import LAYOUTS
from lsetheory.audit.operations import OPERATIONS
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]

FORMAT = 2
CASE = ("operation", "dtype", "family", "n", "rows", "seed")
#: Where arrays lie; nothing outside the folder is read.
PLACE = re.compile(r"(inputs|results)/[\w-]+\.npy")
KEPT = (*CASE, "implementation", "device", "gate", "gate_ulp", "limit")


def write(folder: Path, units: Sequence[work.Unit]) -> None:
    """Write plan.json, inputs/, own/ and a record.py that can record these units.

    Raises:
        InputError: the folder holds something else, or the user's own code is not there.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "plan.json").is_file():
        raise InputError(f"{folder}: expected a new folder or a recording, got other files")
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


def _cell(folder: Path, arguments: Any, calls: list[Row]) -> Row:
    own = _copied(folder, arguments["implementation"], arguments["operation"])
    rowwise = OPERATIONS[arguments["operation"]].rowwise
    return {**{key: arguments[key] for key in KEPT}, **own, "rowwise": rowwise, "calls": calls}


def _copied(folder: Path, name: str, operation: str) -> Row:
    """How the recorder finds the user's code: a copy of the file, or a module it must import."""
    if not _own.is_path(name):
        return {"own": None, "copied": False}
    place, function = _foreign.split(name, operation)
    if not place.endswith((".py", *_foreign.SHARED)):
        return {"own": f"{place}:{function}", "copied": False}
    digest = hashlib.sha256(Path(place).read_bytes()).hexdigest()[:8]
    target = folder / "own" / f"{digest}-{Path(place).name}"
    shutil.copyfile(place, target)
    return {"own": f"own/{target.name}:{function}", "copied": True}


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
        InputError: it does not even come to a cell.
    """
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    command = [sys.executable, str(folder / "record.py"), str(folder)]
    before: list[bytes] = []
    while True:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
        )
        if done.returncode == 0:
            return done.stdout.splitlines()
        now = [path.read_bytes() for path in sorted((folder / "results").glob("*.json"))]
        if now == before:
            raise InputError(
                f"{folder / 'record.py'}: expected it to record a cell, got exit code "
                f"{done.returncode}; run it by itself to see why"
            )
        before = now


def score(folder: Path) -> Iterator[Row]:
    """The audit rows of a recorded folder, with the versions of where it was recorded.

    They are those of an audit there, but for the witness: the worst row of all, with None for
    `alone`, where an audit calls again and takes the worst that shows its error alone. Cells whose
    library or device was absent have no row, see `absent`.

    Raises:
        InputError: the folder is incomplete or damaged, or does not match its checksums.
    """
    verify(folder)
    environment, status = _json(folder, "environment.json"), _json(folder, "status.json")
    for number, planned in enumerate(_plan(folder)):
        try:
            if status[number]["absent"] is None:
                yield _scored(folder, planned, status[number]["calls"], environment)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OSError) as error:
            told = (str(error) or type(error).__name__).splitlines()[0]
            raise InputError(
                f"{folder}: cell {number}: expected what record.py writes, got: {told}"
            ) from None


def absent(folder: Path) -> list[str]:
    """One line for each implementation that was not there where the folder was recorded."""
    lines = (line for line in _json(folder, "status.json") if line["absent"] is not None)
    return sorted({f"{line['implementation']} not recorded: {line['absent']}" for line in lines})


def _plan(folder: Path) -> list[Row]:
    plan = _json(folder, "plan.json")
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise InputError(
            f"{folder}: expected a plan of format {FORMAT}, got another; record it anew"
        )
    return list(plan["cells"])


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / name}: expected JSON of a recording, got: {error}") from None


def verify(folder: Path) -> None:
    """See that a recorded folder is whole and unchanged.

    Raises:
        InputError: it is not.
    """
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        raise InputError(
            f"{folder}: expected a recorded folder with SHA256SUMS, got none; run record.py"
        )
    lines = (line.partition("  ") for line in sums.read_text(encoding="utf-8").splitlines())
    stated = {path: digest for digest, _, path in lines}
    found = record.checksums(folder)
    if stated != found:
        changed = sorted(p for p in {*stated, *found} if stated.get(p) != found.get(p))
        raise InputError(
            f"{folder}: expected unchanged files, {changed[0]} is not what SHA256SUMS says"
        )


def _scored(folder: Path, planned: Row, outcomes: list[Row], environment: Row) -> Row:
    name, operation, dtype = (planned[key] for key in ("implementation", "operation", "dtype"))
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
    head |= {"version": environment.get(entry.library) or entry.version}
    head |= {"rows": planned["rows"] if case is None else len(case.x)}
    gates = planned["gate"], planned["gate_ulp"]
    row = cell.row(head, lambda: cell.measurements(thing, dtype, case, *gates))
    if case is not None and row["witness"] is not None:
        row["witness"]["alone"] = row["witness"]["alone"] or None
    return row


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
    patterns = np.load(folder / path, allow_pickle=False)
    return np.asarray(patterns.view(formats.of(dtype).dtype))
