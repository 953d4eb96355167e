"""One line of Python that repeats one call and prints its result as hex, with the library alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsetheory.audit.implementations import _own
from lsetheory.audit.implementations._entry import KEYWORDS, Expression, Implementation

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
    """The recipe of an entry: its library expression, or a call of this package's program."""
    expression = entry.expression()
    if expression is None or _own.is_path(name):
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
    "jax": "jax.numpy.array({numbers}).astype('{dtype}')",
    "cupy": "cupy.array({numbers}).astype('{dtype}')",
}


def of_function(call: Callable[..., Any]) -> Recipe:
    """The recipe of a function at hand; one that cannot be imported is called by its name."""
    name, module = getattr(call, "__qualname__", repr(call)), getattr(call, "__module__", None)
    known = name.isidentifier() and module is not None
    short = name.rpartition(".")[2]
    expression = Expression(f"{short if short.isidentifier() else 'function'}(x{KEYWORDS})", {})
    return Recipe((f"from {module} import {name}",) if known else (), expression)


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
