"""Records what implementations answer, with numpy and the audited library alone; scored elsewhere.

    python record.py DIR

DIR is a folder that `lsetheory audit --record DIR` wrote: plan.json (the cells and the calls that
each of them makes), inputs/*.npy (rows and keywords, floats as bit patterns), own/ (the user's own
files with what they import) and a copy of this file that holds all it needs: the entries of the
plan and the parts of the package they are called through. Results go to DIR/results/*.npy, what
became of each call to DIR/status.json, where it ran to DIR/environment.json, and the checksums of
all of it to DIR/SHA256SUMS. No pickles are written or read. `lsetheory audit --score DIR` scores.

A run that was killed goes on where it stood when the same command is given again, on the same kind
of machine; a cell in which the process died twice is noted as such and not tried again.
"""

import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

import numpy as np

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

from lsetheory.audit.guard import CRASHED, Failed, checked, here, name_of
from lsetheory.audit.implementations._bridge import (
    MODULES,
    bfloat16,
    bridged,
    cuda,
    device_name,
    lacking,
)
from lsetheory.audit.implementations._foreign import load
from lsetheory.audit.layouts import LAYOUTS
from lsetheory.errors import InputError

Line = dict[str, Any]
#: (name, operation) -> libraries, and a function of them that gives the callable; filled in.
ENTRIES: dict[tuple[str, str], tuple[tuple[str, ...], Callable[..., Any]]] = {}
#: format -> dtype of its bit patterns.
BITS = {"float16": "uint16", "bfloat16": "uint16", "float32": "uint32", "float64": "uint64"}
#: What is in a folder, and under its checksums.
CONTENT = ("*.json", "record.py", "inputs/*.npy", "results/*.npy", "own/**/*.*")
#: How often the process may die in a cell before its calls are said to have crashed it.
DEATHS = 2
#: Exit codes: the folder was refused, in a line on standard error; stopped by Ctrl-C.
REFUSED, STOPPED = 77, 130


def main(folder: str) -> list[str]:
    """Record every cell of the plan; one that fails is noted and the rest goes on.

    Returns:
        What to tell, in lines.

    Raises:
        InputError: another process records there, or results there are of another plan or machine.
    """
    with alone(Path(folder)):
        return _recorded(Path(folder))


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep others from recording in the folder, until this process ends at the latest.

    Raises:
        InputError: another records there.
    """
    with open(root / "record.lock", "a+", encoding="utf-8") as file:
        try:
            if fcntl is not None:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            raise InputError(
                f"{root}: expected no other record.py at work on it, got process {file.read()}; "
                "wait until it ends"
            ) from None
        except OSError:  # a file system without locks
            pass
        file.truncate(0)
        file.write(f"{os.getpid()} on {platform.node()}")
        file.flush()
        yield


def _recorded(root: Path) -> list[str]:
    plan = json.loads((root / "plan.json").read_text(encoding="utf-8"))
    begin(root, environment(plan["cells"]))
    status = []
    for number, cell in enumerate(plan["cells"]):
        status.append(record(root, number, cell))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number + 1} of {len(plan['cells'])} cells ")
    _write(root / "environment.json", environment(plan["cells"]))
    _write(root / "status.json", status)
    for path in (root / "results").glob("*.json"):
        path.unlink()
    sums = "".join(f"{digest}  {path}\n" for path, digest in checksums(root).items())
    (root / "SHA256SUMS").write_text(sums, encoding="utf-8")
    ran = [line for line in status if line["absent"] is None]
    told = Counter(f"{line['implementation']}: {line['absent']}" for line in status)
    told -= Counter(f"{line['implementation']}: None" for line in ran)
    told += Counter(_told(line, call["error"]) for line in ran for call in line["calls"]
                    if call["error"] is not None)  # fmt: skip
    return [
        f"{len(ran)} of {len(status)} cells recorded in {root}",
        *(f"{text} ({times} times)" for text, times in told.items()),
    ]


def _told(line: Line, error: str) -> str:
    return f"{line['implementation']} {line['operation']}: {error}"


def _write(path: Path, content: Any) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(beside, path)


def begin(root: Path, here: Line) -> None:
    """Keep what an unfinished recording left; clear what a finished one did, to make it anew.

    Raises:
        InputError: the unfinished one was begun where something is not as `here`.
    """
    where, sums, results = root / "environment.json", root / "SHA256SUMS", root / "results"
    now = json.loads(json.dumps(here))
    if sums.is_file() or not where.is_file():
        sums.unlink(missing_ok=True)
        for path in results.glob("*"):
            path.unlink()
    results.mkdir(exist_ok=True)
    there = json.loads(where.read_text(encoding="utf-8")) if any(results.iterdir()) else now
    # what is not installed has no version, nor has what is not imported yet: that is no difference
    for key in sorted(k for k in now if None not in (now[k], there.get(k)) and now[k] != there[k]):
        raise InputError(
            f"{root}: expected {key} {there[key]}, where its results are from, got {now[key]}; go "
            f"on there, or delete {results} to begin anew"
        )
    _write(where, now)


def record(root: Path, number: int, cell: Line) -> Line:
    """What became of one cell: as an earlier run left it, or of its calls, made now.

    Raises:
        InputError: the earlier run was of another plan.
    """
    kept = root / "results" / f"{number}.json"
    line = {key: cell[key] for key in ("implementation", "operation")}
    line |= {"cell": number, "of": identity(cell), "absent": None, "seconds": None}
    dead = {**line, "begun": 0, "calls": [_failed(CRASHED) for _ in cell["calls"]]}
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else dead
    if found.get("of") != line["of"]:
        raise InputError(
            f"{kept}: expected a result of plan.json, got one of another plan; delete "
            f"{kept.parent} to begin anew"
        )
    begun = found.pop("begun", DEATHS)
    if begun == DEATHS:
        return cast("Line", found)
    _write(kept, {**dead, "begun": begun + 1})
    try:
        done = {**line, **made(root, number, cell)}
    except KeyboardInterrupt:  # which the cell is not to blame for
        _write(kept, {**dead, "begun": begun})
        raise
    _write(kept, done)
    return done


def identity(cell: Line) -> str:
    """Hash of a cell of the plan, which stands beside its results."""
    return hashlib.sha256(json.dumps(cell, sort_keys=True).encode()).hexdigest()[:16]


def made(root: Path, number: int, cell: Line) -> Line:
    """Make the calls of one cell and keep the bits of their results."""
    try:
        function = loaded(root, cell)
    except Exception as error:  # broken, or built for another machine: as good as not there
        return {"absent": _first_line(error), "calls": []}
    start, calls = time.perf_counter(), []
    for turn, call in enumerate(cell["calls"]):
        path = f"results/{number}-{turn}.npy"
        try:
            got = answer(root, cell, call, function)
            _save(root / path, got)
            calls.append({"result": path, "dtype": name_of(got.dtype), "error": None})
        except Failed as failed:
            calls.append(_failed(str(failed)))
    return {"calls": calls, "seconds": time.perf_counter() - start}


def _failed(why: str) -> Line:
    return {"result": None, "dtype": None, "error": why}


def loaded(root: Path, cell: Line) -> Callable[..., Any]:
    """The callable of a cell, from rows to results.

    Raises:
        ImportError: a library is not installed, or has no such device.
        Exception: whatever else the import of the user's code throws.
    """
    if cell["own"] is not None:
        place = cell["own"] if ":" in cell["own"] else f"{cell['own']}:{cell['operation']}"
        if cell["copied"]:
            place = str(root / place)
            forget(root / "own", Path(place).parent)
        call = load(place, cell["operation"], cell["rowwise"])
        return cast("Callable[..., Any]", bridged(lambda: call, (), "cpu"))
    return _entry(cell["implementation"], cell["operation"], cell["device"])


def forget(own: Path, home: Path) -> None:
    """Have the user's next file find its own neighbours, not those of another that was copied."""
    own, home = own.resolve(), home.resolve()
    for name, module in list(sys.modules.items()):
        file = Path(getattr(module, "__file__", None) or "/").resolve()
        if file.is_relative_to(own) and not file.is_relative_to(home):
            del sys.modules[name]
    for folder in list(sys.path):
        if Path(folder).is_relative_to(own) and Path(folder) != home:
            sys.path.remove(folder)


@cache
def _entry(name: str, operation: str, device: str) -> Callable[..., Any]:
    libraries, factory = ENTRIES[name, operation]
    module = lacking(libraries)
    if module is not None:
        raise ImportError(f"{module} is not installed")
    if device == "cuda" and not cuda(libraries):
        raise ImportError("no CUDA device is available to it")
    return cast("Callable[..., Any]", bridged(factory, libraries, device))


def answer(root: Path, cell: Line, call: Line, function: Callable[..., Any]) -> Any:
    """The results of one call, as a numpy array of the right shape and format.

    Raises:
        Failed: it raised, took too long, changed its input, or returned something else.
    """
    arrays = {key: stored(root, path, cell["dtype"]) for key, path in call["arrays"].items()}
    x = arrays.pop("x")
    x = x if call["integer"] is None else x.astype(call["integer"])
    laid = LAYOUTS[call["layout"]](x)
    return checked(cell["rowwise"], x, here(function, laid, {**arrays, **call["numbers"]},
                                            cell["limit"]))  # fmt: skip


def stored(root: Path, path: str, dtype: str) -> Any:
    """An array of the folder in its format."""
    kind = bfloat16() if dtype == "bfloat16" else np.dtype(dtype)
    return patterns(root / path, dtype).view(kind)


def patterns(path: Path, dtype: str) -> Any:
    """The bit patterns in a file of values of a format, in this machine's order of bytes.

    Raises:
        ValueError: it holds something else.
    """
    found = np.load(path, allow_pickle=False)
    native = found.dtype.newbyteorder("=")
    if native != np.dtype(BITS[dtype]):
        raise ValueError(f"{path.name} of {found.dtype}, expected {BITS[dtype]}")
    return found.astype(native, copy=False)


def _save(path: Path, values: Any) -> None:
    bits = np.ascontiguousarray(values).view(BITS[name_of(values.dtype)])
    np.save(path, bits.reshape(values.shape), allow_pickle=False)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def modules(cells: list[Line]) -> set[str]:
    """The user's own modules that have to be here: their top-level names."""
    own = (cell["own"] for cell in cells if cell["own"] is not None and not cell["copied"])
    return {place.partition(":")[0].partition(".")[0] for place in own}


def environment(cells: list[Line]) -> Line:
    """Where the results are made: versions of the libraries that are called, machine, devices."""
    names = {MODULES.get(name, name).split(".")[0] for key in ENTRIES for name in ENTRIES[key][0]}
    names |= modules(cells)
    found = {"python": platform.python_version(), "machine": platform.machine(),
             "system": platform.system(), "cpus": os.cpu_count(),
             "devices": devices(cells)}  # fmt: skip
    return found | {name: _version(name) for name in sorted({"numpy", "jaxlib"} | names)}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # not installed, or its distribution has another name
        return getattr(sys.modules.get(name), "__version__", None)


def devices(cells: list[Line]) -> list[str]:
    """Names of the CUDA devices that the cells run on, as their libraries know them."""
    found, wanted = set[str](), any(cell["device"] == "cuda" for cell in cells)
    for libraries, _ in ENTRIES.values() if wanted else ():
        with suppress(Exception):  # its cells tell what is wrong with the library
            if lacking(libraries) is None and cuda(libraries):
                found.add(device_name(libraries))
    return sorted(found)


def content(root: Path) -> list[Path]:
    """The files of the folder that are under its checksums, and no folders."""
    found = {path for pattern in CONTENT for path in root.glob(pattern)}
    return sorted(p for p in found if "__pycache__" not in p.parts and not p.is_dir())


def checksums(root: Path) -> dict[str, str]:
    """SHA-256 of what is in the folder, by path inside it."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in content(root)
    }


# entries

if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1], "plan.json").is_file():
        sys.exit("usage: python record.py DIR, with a folder DIR in which plan.json lies")
    with os.fdopen(os.dup(1), "w") as told:
        os.dup2(2, 1)  # what the user's code prints goes to standard error
        try:
            told.write("\n".join(main(sys.argv[1])) + "\n")
        except InputError as error:
            sys.stderr.write(f"{error}\n")
            told.write("refused\n")  # the code alone may be of the user's own os._exit
            told.flush()
            sys.exit(REFUSED)
        except KeyboardInterrupt:
            sys.stderr.write("stopped; the same command goes on\n")
            sys.exit(STOPPED)
