"""Writes a folder that `record.py` can record anywhere, and has it recorded here.

`recorded` has what becomes of it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import cases, cell, checks, record, recorder, special
from lsetheory.audit.implementations import _foreign, _own
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.recorded import CASE, FORMAT, JSON, KEPT, plan_of
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]


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
        plan_of(folder)
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
