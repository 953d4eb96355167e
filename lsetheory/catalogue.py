"""Lists proofs/ and figures/ by walking them: one theorem or figure a file, no second list."""

import ast
import difflib
import os
import pkgutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from pathlib import Path
from types import ModuleType

from lsetheory.errors import InputError

#: So many names are told with an error.
FEW = 8


@dataclass(frozen=True)
class Entry:
    """One file of a folder: its name, where it lies, its docstring, and a way to import it."""

    name: str
    path: Path
    doc: str
    module: str | None  #: dotted name inside this package; None for a file of the user's own

    def load(self) -> ModuleType:
        """Import the file."""
        if self.module is not None:
            return import_module(self.module)
        spec = util.spec_from_file_location(f"lsetheory_user_{self.name}", self.path)
        if spec is None or spec.loader is None:
            raise InputError(f"{self.path}:1: expected a Python file, got none that can be loaded")
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def theorems(folder: Path | None = None) -> dict[str, Entry]:
    """The theorem files of proofs/, or of a folder of the user's own, by name.

    A file has a `proof`, or else `OPEN`, which says what was tried.
    """
    required = ("CLAIM", "EQUALITY", "MUTANTS", "proof or OPEN")
    return _entries("lsetheory.proofs", folder, required)


def figures() -> dict[str, Entry]:
    """The figure files of figures/, by name."""
    return _entries("lsetheory.figures", None, required=("rows", "draw"))


def choose(names: Iterable[str], known: Collection[str], what: str) -> list[str]:
    """`names` if all are known, all known ones if there are none.

    Raises:
        InputError: an unknown name; the message gives the nearest known ones.
    """
    chosen = list(dict.fromkeys(names))
    for name in chosen:
        if name not in known:
            near = " or ".join(difflib.get_close_matches(name, known, n=3))
            many = f"one of the {len(known)} listed by `lsetheory list`"
            expected = many if len(known) > FEW else " or ".join(sorted(known))
            raise InputError(
                f"unknown {what} {name!r}: expected {expected}"
                + (f", did you mean {near}?" if near else "")
            )
    return chosen or sorted(known)


def _entries(package: str, folder: Path | None, required: tuple[str, ...]) -> dict[str, Entry]:
    if folder is not None and not os.path.isdir(folder):  # Path.is_dir raises for long names
        raise InputError(f"{folder}: expected a folder of Python files, got no folder")
    places = [str(folder)] if folder is not None else list(import_module(package).__path__)
    found = {}
    for info in pkgutil.iter_modules(places):
        if info.name.startswith("_"):
            continue
        path = next(
            Path(p) / f"{info.name}.py" for p in places if (Path(p) / f"{info.name}.py").is_file()
        )
        module = None if folder is not None else f"{package}.{info.name}"
        found[info.name] = Entry(info.name, path, _checked_doc(path, required), module)
    return found


def _checked_doc(path: Path, required: tuple[str, ...]) -> str:
    """The docstring of a file that defines all of `required`, read without running it."""
    try:
        text = path.read_text(encoding="utf-8")
        doc, defined = _outline(text)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}:{getattr(error, 'lineno', 1)}: not a Python file: {error}"
        ) from None
    if not doc:
        raise InputError(f"{path}:1: expected a docstring that says what the file is, got none")
    missing = [name for name in required if defined.isdisjoint(name.split(" or "))]
    if missing:
        last = len(text.splitlines())
        raise InputError(
            f"{path}:{last}: expected the file to define {', '.join(required)}, "
            f"got none of the name {', '.join(missing)}; add it"
        )
    return doc


@cache
def _outline(text: str) -> tuple[str | None, frozenset[str]]:
    """The docstring of a source and the names it defines at its top level."""
    tree = ast.parse(text)
    return ast.get_docstring(tree), frozenset(_defined(tree))


def _defined(tree: ast.Module) -> set[str]:
    names = set[str]()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names
