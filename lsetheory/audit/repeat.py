"""One line of Python that repeats one call and prints its result as hex, with the library alone."""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.audit.implementations import _foreign, _own
from lsetheory.audit.implementations._entry import KEYWORDS, Expression, Implementation
from lsetheory.audit.operations import OPERATIONS

Array = np.ndarray[Any, Any]

#: Longer rows are written as runs of equal terms, or left out where there are too many runs.
LONGEST = 1200


@dataclass(frozen=True)
class Recipe:
    """How to write a call down: import lines, the library whose arrays it takes, the expression."""

    imports: tuple[str, ...]
    expression: Expression
    array: str = "np.array({numbers}).astype('{dtype}')"


def of_entry(name: str, entry: Implementation, device: str) -> Recipe:
    """The recipe of an entry: its library expression, or a call of a program."""
    if _own.is_path(name):
        return _of_own(name, entry.operation)
    expression = entry.expression()
    if expression is None:
        start = "from lsetheory.audit import implementations"
        call = f"implementations.get({name!r}, {entry.operation!r}).load({device!r})"
        return Recipe((start,), Expression(f"{call}(x{KEYWORDS})", {}))
    libraries = [library for library in entry.libraries if library != "np"]
    imports = [IMPORTS.get(library, f"import {library}") for library in libraries]
    imports += [line for library, line in EXTRA.items() if library in libraries]
    array = next((ARRAYS[library] for library in libraries if library in ARRAYS), Recipe.array)
    return Recipe(tuple(imports), expression, array.replace("{device}", device))


#: Library -> its import, where that is not `import library`.
IMPORTS = {"pooling": "from lsetheory import pooling"}
#: Library -> what else its line needs.
EXTRA = {"jax": "jax.config.update('jax_enable_x64', True)", "onnx": "import onnx.parser"}
#: Library -> how its arrays are made from numbers.
ARRAYS = {
    "torch": "torch.tensor({numbers}, dtype=torch.{dtype}, device='{device}')",
    # jax's own conversions flush subnormal numbers to zero
    "jax": "jax.numpy.asarray(np.array({numbers}).astype('{dtype}'))",
    "cupy": "cupy.array({numbers}).astype('{dtype}')",
}


def _of_own(name: str, operation: str) -> Recipe:
    """The recipe of the user's own code, which says where it is and needs nothing of this package.

    Nothing is imported.
    """
    place, function = _foreign.split(name, operation)
    if place.endswith(_foreign.SHARED):
        return _of_library(Path(place).resolve(), function, OPERATIONS[operation].rowwise)
    if place.endswith(".py"):
        return _of_file(Path(place).resolve(), function)
    folder = _own.folder(place)
    above = () if folder is None else ("import sys", f"sys.path.insert(0, {str(folder)!r})")
    lines = (*above, f"from {place} import {function}")
    return Recipe(lines, Expression(f"{function}(x{KEYWORDS})", {}))


def _of_library(path: Path, function: str, rowwise: bool) -> Recipe:
    shape = "x.shape" if rowwise else "x.shape[:1]"
    lines = (
        "import ctypes",
        f"function = getattr(ctypes.CDLL({str(path)!r}), {function!r})",
        "function.restype = None",
        f"own = lambda x: (y := np.empty({shape}, x.dtype), "
        "function(*(ctypes.c_void_p(a.ctypes.data) for a in (x, y)), "
        "*map(ctypes.c_size_t, x.shape)))[0]",
    )
    return Recipe(lines, Expression(f"own(x{KEYWORDS})", {}))


def _of_file(path: Path, function: str) -> Recipe:
    lines = (
        "import importlib.util, sys",
        f"sys.path.append({str(path.parent)!r})",
        f"spec = importlib.util.spec_from_file_location({path.stem!r}, {str(path)!r})",
        "own = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(own)",
    )
    return Recipe(lines, Expression(f"own.{function}(x{KEYWORDS})", {}))


def of_function(call: Callable[..., Any]) -> Recipe:
    """The recipe of a function at hand: its import, or else the place where it stands."""
    name, module = getattr(call, "__qualname__", ""), getattr(call, "__module__", None) or ""
    known = getattr(sys.modules.get(module), name, None) if name.isidentifier() else None
    if known is call and module != "__main__":
        return Recipe((f"from {module} import {name}",), Expression(f"{name}(x{KEYWORDS})", {}))
    # a name that no other process can import: the line says what it stands for
    return Recipe((f"function = {_told(call)!r}",), Expression(f"function(x{KEYWORDS})", {}))


def _told(call: Callable[..., Any]) -> str:
    bare = inspect.unwrap(call)
    while isinstance(bare, partial):
        bare = bare.func
    name = getattr(bare, "__qualname__", None) or f"an object of {type(bare).__qualname__}"
    source = getattr(bare, "__code__", None) or getattr(type(bare).__call__, "__code__", None)
    where = "" if source is None else f" of {source.co_filename}, line {source.co_firstlineno}"
    what = f"a partial of {name}" if isinstance(call, partial) else name
    return f"put here: {what}{where}"


def code(
    recipe: Recipe, row: Array, index: int | None, given: Mapping[str, Any], integer: str | None
) -> str | None:
    """The line; None where the row is too long to be written.

    Args:
        recipe: how the call is written.
        row: the terms, (n,).
        index: component of a row-wise result; None for one result a row.
        given: keywords; a cotangent of shape (1, n).
        integer: dtype in which the row is handed over, None for its own.
    """
    arrays = {"x": row[None].astype(integer) if integer else row[None]}
    arrays |= {key: value for key, value in given.items() if isinstance(value, np.ndarray)}
    texts = {key: _array(recipe, value) for key, value in arrays.items()}
    if None in texts.values():
        return None
    texts |= {key: repr(value) for key, value in given.items() if key not in arrays}
    texts |= {k: v for k, v in recipe.expression.defaults.items() if k not in texts}
    half = ("import ml_dtypes",) if "bfloat16" in {v.dtype.name for v in arrays.values()} else ()
    lines = ["import numpy as np", *half, *recipe.imports]
    lines += [f"{key} = {text}" for key, text in texts.items()]
    pick = "[0]" if index is None else f"[0, {index}]"
    lines += [f"print(float(({recipe.expression.bound(given)}){pick}).hex())"]
    return "; ".join(lines)


def _array(recipe: Recipe, values: Array) -> str | None:
    texts = terms(values.reshape(-1))
    if values.size and not texts:
        return None
    numbers = f"[float.fromhex(h) for h in '{' '.join(texts)}'.split()]"
    if any("*" in text for text in texts):
        runs = f"(run.split('*') for run in '{' '.join(texts)}'.split())"
        numbers = f"[float.fromhex(h) for h, k in {runs} for _ in range(int(k))]"
    numbers = f"[{numbers}]" if values.ndim == 2 else numbers
    return recipe.array.replace("{numbers}", numbers).replace("{dtype}", values.dtype.name)


def terms(row: Array) -> list[str]:
    """The terms of a row as hex text; of a long one as "hex*times" runs, or none at all."""
    if len(row) <= LONGEST:
        return [hexed(value) for value in row]
    starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
    if len(starts) > LONGEST:
        return []
    times = np.diff(np.append(starts, len(row)))
    return [f"{hexed(row[i])}*{k}" for i, k in zip(starts, times, strict=True)]


def hexed(value: Any) -> str:
    """A float as hex text, exact in every format."""
    return float(value).hex()
