"""What code a result depends on: the modules that a module reaches by imports, and their hash."""

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

#: Held while a source is parsed: Python 3.11 in two threads at once may raise SystemError.
PARSING = Lock()


@cache
def code_hash(module: str) -> str:
    """Hash of the sources of `module` and of every module of this package it imports."""
    digest = hashlib.sha256()
    for name in sorted(_reach(module)):
        digest.update(name.encode() + b"\0" + _source(name))
    return digest.hexdigest()


def _reach(module: str) -> set[str]:
    package, seen, todo = module.split(".")[0], set[str](), [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += [n for n in imported(_source(name), name) if n.split(".")[0] == package]
    return seen


@cache
def _source(module: str) -> bytes:
    spec = find_spec(module)
    known = spec is not None and spec.has_location  # not so for what is built in
    return Path(str(spec.origin)).read_bytes() if spec and known else b""


def imported(source: bytes, module: str) -> set[str]:
    """The modules a source names in its import statements, function-level ones included.

    `from a import b` counts as `a.b` where that is a module, else as `a`.
    """
    names = set[str]()
    with PARSING:
        tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, module)
            own = base.split(".")[0] == module.split(".")[0]
            names |= {_module(base, alias.name) if own else base for alias in node.names}
    return names


def _absolute(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    spec = find_spec(module)
    is_package = spec is not None and spec.submodule_search_locations is not None
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


@cache
def _module(base: str, name: str) -> str:
    # To look for a name below `base`, find_spec imports `base`: only packages can have one, and a
    # module that is no package may import a library that is large or absent.
    try:
        spec = find_spec(base)
        package = spec is not None and spec.submodule_search_locations is not None
        return f"{base}.{name}" if package and find_spec(f"{base}.{name}") else base
    except ModuleNotFoundError:
        return base
