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
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from os.path import isfile
from pathlib import Path
from typing import Any

from lsetheory import environment
from lsetheory.audit.implementations._entry import ALL, FLOATS, Implementation
from lsetheory.audit.implementations._foreign import SHARED, load, split
from lsetheory.audit.operations import OPERATIONS
from lsetheory.errors import InputError

#: Where Python's own modules lie, whose version identifies a result anyway.
PYTHON = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
#: Where installed distributions lie, inside the former or elsewhere.
SITES = {"site-packages", "dist-packages"}
#: Keywords of families that a Python function may take where such a family is named.
KEYWORDS = ("weights", "scale")
#: Name -> the stamps of the files behind it, and the fingerprint they had.
_KNOWN: dict[str, tuple[dict[Path, Any], str]] = {}


def is_path(name: str) -> bool:
    """Whether a name means the user's own code rather than an entry."""
    return ":" in name or name.endswith((".py", *SHARED))


class Own(Implementation):
    """An entry of the user's own."""

    @property
    def version(self) -> str:
        """That of the distribution it is installed from, else a hash of its files."""
        return version(self.name)


def resolve(name: str, operation: str) -> Implementation:
    """The user's function as an entry; nothing is imported before its `load`."""
    rowwise = OPERATIONS[operation].rowwise
    return replace(unloaded(name, operation), factory=lambda: load(name, operation, rowwise))


def unloaded(name: str, operation: str) -> Implementation:
    """The same for one that is not to be imported at all: it is never called."""
    shared = split(name, operation)[0].endswith(SHARED)
    dtypes, keywords = (FLOATS, ()) if shared else (ALL, KEYWORDS)
    return Own(name, operation, _never, dtypes, ("cpu",), None, keywords, not shared, False)


def _never() -> Any:
    raise RuntimeError("expected an implementation that was loaded, got a name")


def version(name: str) -> str:
    """The version of the distribution the code is installed from, else a hash of its files."""
    place = split(name, "")[0]
    modules = [] if place.endswith((".py", *SHARED)) else _modules(place, ["", *sys.path])
    if modules and _in_site(modules[0][1]):
        owners = environment.distributions(modules[0][0])
        if owners:
            return ", ".join(environment.version_of(owner) for owner in owners)
    content = fingerprint(name)
    return "unknown" if content is None else f"sha256:{content[:8]}"


def fingerprint(name: str) -> str | None:
    """Hash of the files behind the user's own implementation, so that a kept result goes stale.

    They are the file itself and what its import statements reach, Python's own modules left out.
    A distribution that is reached counts as a whole, by the sizes and times of its files, and with
    those that it requires; the ones of `environment.LIBRARIES`, whose versions identify a result
    anyway, are left out. Nothing is imported.

    Returns:
        Hash of the files, and after a hyphen that of the distributions, if there are any; None
        where there is neither.
    """
    known = _KNOWN.get(name)
    if known is not None and known[0] == {path: _stamp(path) for path in known[0]}:
        return known[1]
    files, installed = reached(name)
    if not files and not installed:
        return None
    stamps = {path: _stamp(path) for path in files}
    told = [_hashed(b"\0".join(path.read_bytes() for path in sorted(files)))]
    stood = [environment.stamp(one).encode() for one in sorted(environment.required(installed))]
    told += [_hashed(b"".join(stood))] if stood else []
    _KNOWN[name] = stamps, "-".join(told)
    return _KNOWN[name][1]


def forget(name: str) -> None:
    """Look for the files behind a name anew when its fingerprint is next asked for."""
    _KNOWN.pop(name, None)


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def unchanged(name: str, planned: str | None) -> None:
    """See that the files behind the user's own implementation are those of a plan.

    Distributions may have other times on another machine, so they are not looked at.

    Args:
        name: of the implementation.
        planned: its `fingerprint` then; None where there was none to compare with.

    Raises:
        InputError: they are not, and results would be kept as those of the others.
    """
    if planned is not None and planned[:16] != (fingerprint(name) or "")[:16]:
        raise InputError(
            f"{name}: expected the code that was planned, got other code: it changed while it was "
            "audited, or is another on this machine; run again"
        )


def _stamp(path: Path) -> Any:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def reached(name: str) -> tuple[dict[Path, str], set[str]]:
    """What is behind the user's own implementation.

    Returns:
        The files that belong to no distribution, with the name of the module each of them is (none
        for the named file itself), and the distributions that they import.
    """
    place = name.rpartition(":")[0] or name
    path, home = Path(place), ["", *sys.path]
    if isfile(path):
        home.append(str(path.parent))  # where its neighbours are looked for
    todo = [("", path)] if isfile(path) else _modules(place, home)
    files, installed = dict[Path, str](), set[str]()
    while todo:
        module, path = todo.pop()
        if path in files or not isfile(path):
            continue
        owners = environment.distributions(module.partition(".")[0]) if _in_site(path) else ()
        installed |= set(owners)
        if owners or (not _in_site(path) and any(path.is_relative_to(there) for there in PYTHON)):
            continue
        files[path] = module
        if path.suffix == ".py":
            todo += [m for wanted in _named(module, path) for m in _modules(wanted, home)]
    return files, installed


def folder(module: str) -> Path | None:
    """The folder from which a module is imported, unless it is installed or nowhere."""
    found = _modules(module, ["", *sys.path])
    if not found or _in_site(found[0][1]):
        return None
    first = found[0][1].resolve()
    return first.parent.parent if first.name == "__init__.py" else first.parent


def _in_site(path: Path) -> bool:
    return not SITES.isdisjoint(path.parts)


def _named(module: str, path: Path) -> Iterator[str]:
    """What the import statements of a file name; `from a import b` names a.b, or b of a."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (SyntaxError, ValueError, RecursionError):  # its import tells
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
        spec = _editable(name) if spec is None and depth == 1 else spec
        if spec is None:
            break
        if spec.has_location and spec.origin:
            found.append((spec.name, Path(spec.origin)))
        where = list(spec.submodule_search_locations or [])
    return found


def _editable(name: str) -> ModuleSpec | None:
    """What finders of editable installations know of a top-level module, which imports nothing."""
    try:
        return find_spec(name.partition(".")[0])
    except ValueError:  # no name, or a module without a spec
        return None
