"""Writes a folder that `record.py` can record anywhere, and scores what it recorded."""

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import (
    cases,
    cell,
    families,
    formats,
    guard,
    implementations,
    record,
    subject,
)
from lsetheory.audit.implementations._entry import MODULES
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]


def write(folder: Path, units: Sequence[work.Unit]) -> list[str]:
    """Write plan.json, inputs/ and a record.py with the entries of these units filled in.

    Returns:
        One line for each implementation that cannot be recorded alone, as it is a program of this
        package or the user's own code; and for each family that cannot, for its layout, integers or
        special values.
    """
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    chosen = [unit.arguments for unit in units if _plain(unit.arguments) and _alone(unit.arguments)]
    cells = [_cell(folder, arguments) for arguments in chosen]
    (folder / "plan.json").write_text(json.dumps({"format": 1, "cells": cells}, indent=1))
    entries = sorted({(a["implementation"], a["operation"]) for a in chosen})
    hard = sorted({str(u.arguments["family"]) for u in units if not _plain(u.arguments)})
    programs = sorted(
        {str(u.arguments["implementation"]) for u in units if not _alone(u.arguments)}
    )
    source = Path(record.__file__).read_text(encoding="utf-8")
    (folder / "record.py").write_text(
        source.replace("# entries\n", "".join(_entry(*key) for key in entries)), encoding="utf-8"
    )
    return [
        *(f"{name}: not recorded, it is no library expression" for name in programs),
        *(f"family {name}: not recorded, audit it where this package is" for name in hard),
    ]


def _plain(arguments: Any) -> bool:
    """Whether a cell's rows are handed over as bit patterns of its format, contiguous."""
    name = arguments["family"]
    if name == cell.SPECIAL:
        return False
    if name.startswith(cases.DATA):
        return True
    entry = families.get(name)
    return entry.layout == "contiguous" and not entry.integers


def _alone(arguments: Any) -> bool:
    """Whether the implementation can be written down without this package."""
    entry = implementations.get(arguments["implementation"], arguments["operation"])
    return entry.expression() is not None


def _entry(name: str, operation: str) -> str:
    """The line of record.py's table for one entry: its expression as a function."""
    entry = implementations.get(name, operation)
    expression = entry.expression()
    if expression is None:
        raise InputError(f"{name}: expected a library expression, got a program of this package")
    modules = tuple(MODULES.get(library, library) for library in entry.libraries)
    modules = tuple("onnx.parser" if module == "onnx" else module for module in modules)
    defaults = {**DEFAULTS, **expression.defaults}
    keywords = [f"{key}={defaults[key]}" if key in defaults else key for key in entry.parameters]
    signature = ", ".join([*entry.libraries, "x", *keywords])
    body = expression.bound(entry.parameters)
    return f"ENTRIES[{name!r}, {operation!r}] = ({modules!r}, lambda {signature}: {body})\n"


#: Keywords that a compiled expression may be called without.
DEFAULTS = {"scale": "1.0", "weights": "None"}


def _cell(folder: Path, arguments: Any) -> Row:
    keys = ("operation", "dtype", "family", "n", "rows", "seed")
    case = cases.case(*(arguments[key] for key in keys))
    arrays = {"x": case.x} | {
        key: value for key, value in case.parameters.items() if isinstance(value, np.ndarray)
    }
    numbers = {key: value for key, value in case.parameters.items() if key not in arrays}
    stem = "-".join(str(arguments[key]) for key in keys).replace("/", "_")
    paths = {key: _save(folder, f"{stem}-{key}", value) for key, value in arrays.items()}
    kept = {k: arguments[k] for k in ("implementation", "device", *keys, "gate", "gate_ulp")}
    return {**kept, "arrays": paths, "numbers": numbers}


def _save(folder: Path, stem: str, values: Array) -> str:
    path = folder / "inputs" / f"{stem}.npy"
    patterns = np.ascontiguousarray(values).view(record.BITS[values.dtype.name])
    np.save(path, patterns, allow_pickle=False)
    return path.relative_to(folder).as_posix()


def run(folder: Path) -> list[str]:
    """Record the folder here, with the copy of record.py that lies in it."""
    spec = importlib.util.spec_from_file_location("lsetheory_recorded", folder / "record.py")
    if spec is None or spec.loader is None:
        raise InputError(f"{folder}: expected a record.py, got none")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.main(str(folder)))


def score(folder: Path) -> Iterator[Row]:
    """The audit rows of a recorded folder, with the versions of where it was recorded.

    Raises:
        InputError: the folder is incomplete, or its content does not match its checksums.
    """
    verify(folder)
    environment = json.loads((folder / "environment.json").read_text())
    status = json.loads((folder / "status.json").read_text())
    for number, planned in enumerate(json.loads((folder / "plan.json").read_text())["cells"]):
        yield _scored(folder, number, planned, status[number]["error"], environment)


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
    lines = (line.split("  ", 1) for line in sums.read_text().splitlines())
    stated = {path: digest for digest, path in lines}
    found = record.checksums(folder)
    if stated != found:
        changed = sorted(p for p in {*stated, *found} if stated.get(p) != found.get(p))
        raise InputError(
            f"{folder}: expected unchanged files, {changed[0]} is not what SHA256SUMS says"
        )


def _scored(folder: Path, number: int, planned: Row, error: str | None, environment: Row) -> Row:
    name, operation, dtype = (planned[k] for k in ("implementation", "operation", "dtype"))
    entry = implementations.get(name, operation)
    library = next((lib for lib in entry.libraries if lib in environment), "numpy")
    head = {
        key: planned[key]
        for key in ("implementation", "operation", "dtype", "device", "family", "n", "seed")
    }
    head |= {"version": environment[library], "rows": planned["rows"], "steps": 0, "judged": 0}
    if error is not None:
        return head | cell.failure(error)
    x, given = _stored(folder, planned, dtype)
    case = cases.build(operation, x, given)
    got = np.load(folder / "results" / f"{number}.npy", allow_pickle=False).view(x.dtype)
    thing = subject.recorded(entry, planned["device"])
    try:
        guard.checked(thing.operation, x, got)
        return head | cell.measured(thing, case, got, planned["gate"], planned["gate_ulp"])
    except guard.Failed as failed:
        return head | cell.failure(str(failed))


def _stored(folder: Path, planned: Row, dtype: str) -> tuple[Array, Row]:
    kind = formats.of(dtype).dtype
    arrays = {
        k: np.load(folder / p, allow_pickle=False).view(kind) for k, p in planned["arrays"].items()
    }
    return arrays.pop("x"), {**arrays, **planned["numbers"]}
