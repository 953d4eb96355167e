"""Writes the recorder as one file: record.py, the parts of the package it needs, the entries."""

import ast
import inspect
import textwrap
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from lsetheory import errors
from lsetheory.audit import guard, implementations, layouts, record
from lsetheory.audit.implementations import _algorithms, _bridge, _foreign
from lsetheory.audit.implementations._entry import Implementation

#: What is copied, in this order. Each needs numpy and the ones before it alone.
PARTS = (errors, guard, layouts, _bridge, _foreign, _algorithms)
#: What entries call these parts; in the one file their functions have no prefix.
ALIASES = ("a", "_triton_kernel")
MARK = "# entries\n"


def source(entries: Iterable[tuple[str, str]]) -> str:
    """Text of a record.py that can record these entries, (name, operation) each."""
    chosen = [implementations.get(*key) for key in entries]
    parts = [standalone(part) for part in PARTS]
    if any("triton" in entry.libraries for entry in chosen):
        parts.append(_where_installed(_kernel()))
    own = standalone(record).replace(MARK, "".join(map(_entry, chosen, range(len(chosen)))))
    return f'"""{record.__doc__}"""\n\n' + "\n\n".join([*parts, own])


def standalone(module: ModuleType) -> str:
    """A module's source without its docstring and its imports from this package."""
    return _standalone(inspect.getsource(module))


def _standalone(text: str) -> str:
    tree, lines = ast.parse(text), text.splitlines(keepends=True)
    drop = [tree.body[0], *(node for node in tree.body if _from_here(node))]
    gone = {i for node in drop for i in range(node.lineno - 1, node.end_lineno or 0)}
    return "".join(line for i, line in enumerate(lines) if i not in gone).strip("\n") + "\n"


def _from_here(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lsetheory")


def _kernel() -> str:
    spec = implementations.__spec__
    path = f"{next(iter(spec.submodule_search_locations or ()))}/_triton_kernel.py"
    with open(path, encoding="utf-8") as file:  # importing it would need triton
        return _standalone(file.read())


def _where_installed(text: str) -> str:
    body = textwrap.indent(text, "    ")
    return f"try:\n{body}except ImportError:  # then its entry says so\n    pass\n"


def _entry(entry: Implementation, number: int) -> str:
    """The source of an entry's factory under a name of its own, and its line in the table."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(entry.factory))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise TypeError(f"{entry.name}: expected a function, got {type(tree).__name__}")
    tree.name, tree.decorator_list = f"entry_{number}", []
    text = ast.unparse(ast.fix_missing_locations(_Flat().visit(tree)))
    key = f"{entry.name!r}, {entry.operation!r}"
    return f"{text}\n\n\nENTRIES[{key}] = {entry.libraries!r}, entry_{number}\n\n\n"


class _Flat(ast.NodeTransformer):
    """`a.shifted` becomes `shifted`; imports from this package go, as all is in one file."""

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id in ALIASES:
            return ast.Name(node.attr, node.ctx)
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        return None if _from_here(node) else node
