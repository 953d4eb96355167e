"""The user's own implementation: package.module:function, file.py:function, or library.so:function.

A Python function takes a numpy array of shape (rows, n) and returns the result over the last axis.
A C function has the signature

    void function(const T *x, T *y, size_t rows, size_t n);

T float for float32 and double for float64; x is row-major of shape (rows, n); y has room for one
result a row, or for n of them where the operation gives as many (softmax and the gradients).
"""

import ast
import hashlib
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from lsetheory.audit.implementations._entry import ALL, FLOATS, Implementation
from lsetheory.audit.implementations._foreign import SHARED, load, split
from lsetheory.audit.operations import OPERATIONS

#: Where Python and installed libraries lie, whose versions identify a result anyway.
INSTALLED = tuple(
    Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)


def is_path(name: str) -> bool:
    """Whether a name means the user's own code rather than an entry."""
    return ":" in name or name.endswith((".py", *SHARED))


def resolve(name: str, operation: str) -> Implementation:
    """The user's function as an entry; it is imported now, so that a wrong path is told at once.

    Raises:
        InputError: no such module, file or function.
    """
    call = load(name, operation, OPERATIONS[operation].rowwise)
    return replace(unloaded(name, operation), factory=lambda: call)


def unloaded(name: str, operation: str) -> Implementation:
    """The same for one that is not to be imported here: it is never called."""
    shared = split(name, operation)[0].endswith(SHARED)
    dtypes = FLOATS if shared else ALL
    return Implementation(name, operation, _never, dtypes, ("cpu",), None, (), not shared, False)


def _never() -> Any:
    raise RuntimeError("expected an implementation that was loaded, got a name")


def fingerprint(name: str) -> str | None:
    """Hash of the files behind the user's own implementation, so that a kept result goes stale.

    They are the file itself and what its import statements reach, libraries that are installed and
    Python's own left out. Nothing is imported.
    """
    place = name.rpartition(":")[0] or name
    path = Path(place)
    todo = [("", path)] if path.is_file() else _modules(place, ["", *sys.path])
    seen = dict[Path, bytes]()
    while todo:
        module, path = todo.pop()
        if path in seen or any(path.is_relative_to(folder) for folder in INSTALLED):
            continue
        seen[path] = path.read_bytes()
        folders = ["", str(path.parent), *sys.path]
        if path.suffix == ".py":
            todo += [m for wanted in _named(module, path) for m in _modules(wanted, folders)]
    digest = hashlib.sha256(b"\0".join(seen[path] for path in sorted(seen)))
    return digest.hexdigest()[:16] if seen else None


def _named(module: str, path: Path) -> Iterator[str]:
    """What the import statements of a file name; `from a import b` names a.b, or b of a."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except SyntaxError:  # its import tells
        return
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = [*above, *([node.module] if node.module else [])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def _modules(name: str, folders: Sequence[str]) -> list[tuple[str, Path]]:
    """The module of this dotted name and the packages above it, as far as they are files."""
    found, parts, where = list[tuple[str, Path]](), name.split("."), list(folders)
    for depth in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:depth]), where)
        if spec is None:
            break
        if spec.has_location and spec.origin:
            found.append((spec.name, Path(spec.origin)))
        where = list(spec.submodule_search_locations or [])
    return found
