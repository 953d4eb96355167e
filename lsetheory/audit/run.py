"""The audit as units of work: one cell is one implementation, operation, format, family, n, seed.

units = plan(["numpy-naive", "scipy-logsumexp"], ["logsumexp"], ["float32"], rows=1000)
rows = gather(work.run(units))
"""

import hashlib
import math
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory import sources, work
from lsetheory.audit import (
    cases,
    checks,
    data,
    families,
    formats,
    guard,
    implementations,
    process,
)
from lsetheory.audit.cell import KEYS, SPECIAL, failure
from lsetheory.audit.implementations import _own
from lsetheory.audit.implementations._bridge import MODULES
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.score import GATE
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

Row = dict[str, Any]

DTYPES = ("float32", "float64")
DEVICES = ("cpu", "cuda")


def plan(
    names: Iterable[str] = (),
    operations: Iterable[str] = (),
    dtypes: Iterable[str] = (),
    chosen: Iterable[str] = (),
    rows: int = 1000,
    seed: int = 0,
    *,
    device: str = "cpu",
    gate: float = GATE,
    gate_ulp: float | None = None,
    limit: float = guard.LIMIT,
    files: Iterable[Path] = (),
    search: float = 0.0,
    steps: int = 10**9,
    elsewhere: bool = False,
) -> list[work.Unit]:
    """The cells of an audit, those of one case next to each other so that it is made once.

    Args:
        names: implementations; none means all that are installed for the device.
        operations: none means logsumexp alone, `all` every one.
        dtypes: none means float32 and float64.
        chosen: families; none means all, and `special` is the table of special values. The user's
            own code meets those with integer rows, weights or a scale where they are named.
        rows: rows a cell (fewer where they are long).
        seed: of every generator.
        device: cpu or cuda.
        gate: stability index above which a cell is `unstable`.
        gate_ulp: the same for ulp; None: no such gate.
        limit: seconds a call may take.
        files: files whose rows are audited instead of families, unless families are named too.
        search: seconds of worst-case search from the worst row of each cell; 0 for none.
        steps: at most so many steps of it; with enough seconds they make it repeatable.
        elsewhere: plan for a machine that has every library and the device, to be recorded there.

    Raises:
        InputError: an unknown name, with the nearest ones; a number out of range; a file that
            cannot be used; code of the user's own that cannot be imported.
    """
    rows, limit = checks.whole("rows", rows), checks.limit(limit)
    gate, gate_ulp = checks.gates(gate, gate_ulp)
    if device not in DEVICES:
        raise InputError(f"--device: expected cpu or cuda, got {device!r}")
    _known(names := list(dict.fromkeys(names)) or _every(device, elsewhere))
    operations = _operations(operations)
    dtypes = choose(dtypes or DTYPES, tuple(formats.FORMATS), "dtype")
    chosen, paths = list(chosen), [Path(file) for file in files]
    for name in filter(_own.is_path, names):
        for operation in operations:
            process.check(name, operation, limit)
    common = {
        "device": device,
        "seed": checks.whole("seed", seed, 0, math.inf),
        "gate": gate,
        "gate_ulp": gate_ulp,
        "limit": limit,
        "search": checks.real("search", search),
        "steps": checks.whole("steps", steps, 0, math.inf),
    }
    return [
        _unit(name, operation, dtype, family, n, rows, common, None if elsewhere else device)
        for operation in operations
        for dtype in dtypes
        for family, n in _cells(chosen, paths, operation, dtype, rows)
        for name in names
        if _computes(name, operation, dtype, family, family in chosen)
        and _runs(name, operation, device, elsewhere)
    ]


def _every(device: str, elsewhere: bool) -> list[str]:
    """What is audited where nothing is named."""
    return implementations.running(device) if elsewhere else implementations.installed(device)


def _runs(name: str, operation: str, device: str, elsewhere: bool) -> bool:
    entry = implementations.get(name, operation)
    return device in entry.devices and (elsewhere or entry.missing(device) is None)


def _known(names: Sequence[str]) -> None:
    choose([n for n in names if not _own.is_path(n)], implementations.names(), "implementation")


def _operations(operations: Iterable[str]) -> list[str]:
    wanted = list(operations) or ["logsumexp"]
    named = choose([name for name in wanted if name != "all"], tuple(OPERATIONS), "operation")
    return list(OPERATIONS) if "all" in wanted else named


def _cells(
    chosen: list[str], files: list[Path], operation: str, dtype: str, rows: int
) -> Iterator[tuple[str, int]]:
    """(family, n) of an operation in a format: the families, the special values, the files."""
    known = [*families.names(), SPECIAL]
    for name in choose(chosen, known, "family") if chosen or not files else []:
        if name == SPECIAL:
            yield name, 0
            continue
        for n in families.get(name).sizes_for(operation, dtype):
            if cases.count(operation, rows, n):
                yield name, n
    for path in files:
        rows_here = data.load(path)
        _fits(path, rows_here, dtype)
        n = rows_here.shape[1]
        if OPERATIONS[operation].n in (None, n):
            yield f"{cases.DATA}{path.resolve()}", n


def _fits(path: Path, rows: Any, dtype: str) -> None:
    """See that no number of a file overflows in a format.

    Raises:
        InputError: one does, with its place.
    """
    with np.errstate(over="ignore"):
        lost = np.isfinite(rows) & ~np.isfinite(formats.of(dtype).nearest(rows))
    for row, column in np.argwhere(lost)[:1]:
        raise InputError(
            f"{path}: row {row + 1}, column {column + 1}: expected a number of {dtype}, got "
            f"{rows[row, column]}, which is too large; name another --dtype"
        )


def _computes(name: str, operation: str, dtype: str, family: str, named: bool) -> bool:
    """Whether the cell makes sense: the entry takes the format, the keyword, integers.

    Not every function of the user's own takes integers or keywords, so these are to be `named`.
    """
    if not implementations.computing(name, operation):
        return False
    entry = implementations.get(name, operation)
    if dtype not in entry.dtypes:
        return False
    if family == SPECIAL or family.startswith(cases.DATA):
        return True
    needs, integers = families.get(family).needs, families.get(family).integers
    if _own.is_path(name) and (needs or integers) and not named:
        return False
    return (needs is None or needs in entry.parameters) and (entry.integers or not integers)


def _unit(
    name: str, operation: str, dtype: str, family: str, n: int, rows: int, common: Row,
    device: str | None,
) -> work.Unit:  # fmt: skip
    entry = implementations.get(name, operation)
    arguments = {
        "implementation": name, "operation": operation, "dtype": dtype, "family": family, "n": n,
        "rows": cases.count(operation, rows, n) if n else 0, **common,
        "source": _source(),
        "own": _own.fingerprint(name) if _own.is_path(name) else None,
        "content": cases.content(family),
        "hardware": None if device is None else entry.hardware(device),
    }  # fmt: skip
    # a search takes its seconds in every cell; without one, cells are short
    batch = None if common["search"] else f"{operation} {dtype} {family} {n}"
    return work.Unit("lsetheory.audit.cell:cell", arguments, batch=batch)


@cache
def _source() -> str:
    """Hash of what the static imports of `cell` do not show: the listed entries and families."""
    modules = [
        f"{package.__name__}.{info.name}"
        for package in (families, implementations)
        for info in pkgutil.iter_modules(package.__path__)
        if "triton" not in info.name
    ]
    # entries are handed their libraries by name, this package's own among them
    modules += [name for name in MODULES.values() if name.startswith("lsetheory.")]
    return hashlib.sha256("".join(map(sources.code_hash, modules)).encode()).hexdigest()[:16]


def crashed(unit: work.Unit) -> Row:
    """The row of a cell that ended its process."""
    name, operation = (unit.arguments[key] for key in ("implementation", "operation"))
    head = {"version": implementations.get(name, operation).version, "steps": 0, "judged": 0}
    head |= {key: unit.arguments[key] for key in KEYS if key in unit.arguments}
    return head | failure(guard.CRASHED)


def lasting(row: Row) -> bool:
    """Whether a row may stand for its cell in later runs: another try may end another way."""
    return not any(why in (row["error"] or "") for why in (guard.LATE, guard.CRASHED))


def gather(results: Iterable[Row]) -> list[Row]:
    """The rows of finished units, in the order of the plan, their keys in the order of `KEYS`.

    They can be written as text: of a file's name, bytes that are none read as in b\\xff.
    """
    return [{key: _text(row[key]) for key in KEYS} for row in results]


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return value.encode(errors="surrogateescape").decode(errors="backslashreplace")


def absent(names: Iterable[str], device: str) -> list[str]:
    """One line for each named implementation that cannot run here; for all if none is named."""
    wanted = list(names) or implementations.names()
    lines = {
        entry.missing(device)
        for (name, _), entry in implementations.entries().items()
        if name in wanted
    }
    return sorted(line for line in lines if line is not None)
