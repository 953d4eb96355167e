"""A witness: the worst row in hex, what came out, what should have, code that shows it."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lsetheory.audit import guard, implementations
from lsetheory.audit.cases import Case
from lsetheory.audit.implementations import _own
from lsetheory.audit.score import Scores

Array = np.ndarray[Any, Any]

#: Longer rows are written as runs of equal terms, or left out where there are too many runs.
LONGEST = 1200
#: How many of the worst rows are tried until one shows its error alone, outside its batch.
TRIES = 8


def worst(scores: Scores) -> list[tuple[int, ...]]:
    """Places of the results, worst first: wrong beyond measure, then by ρ, then by ulp."""
    rho = np.nan_to_num(scores.rho, nan=-1.0)
    ulp = np.nan_to_num(np.abs(scores.error), nan=-1.0)
    order = np.lexsort((-ulp.ravel(), -rho.ravel(), -scores.wrong.ravel().astype(float)))
    return [tuple(int(i) for i in np.unravel_index(k, rho.shape)) for k in order[:TRIES]]


def witness(
    implementation: str, operation: str, device: str, case: Case, got: Array, scores: Scores
) -> dict[str, Any] | None:
    """The worst result that shows again when its row is handed over alone; else the worst of all.

    Returns:
        x (hex floats), index (component of a row-wise result), got, expected (hex), ulp, rho,
        kappa, alone (whether the row alone shows it), code (one line of Python), parameters.
    """
    places = worst(scores)
    if not places:
        return None
    again: Callable[[tuple[int, ...]], bool] = lambda place: _shows(  # noqa: E731
        implementation, operation, device, case, got, place
    )
    alone = next((place for place in places if again(place)), None)
    place = places[0] if alone is None else alone
    row, index = case.x[place[0]], place[1] if len(place) > 1 else None
    given = row_parameters(case, place[0])
    return {
        "x": terms(row),
        "index": index,
        "parameters": {key: _plain(value) for key, value in given.items()},
        "got": hexed(got[place]),
        "expected": hexed(case.certified.value[place]),
        "ulp": float(scores.error[place]),
        "rho": float(scores.rho[place]),
        "kappa": float(scores.kappa[place]),
        "alone": alone is not None,
        "code": code(implementation, operation, device, row, index, given, case.integer),
    }


def _shows(
    implementation: str, operation: str, device: str, case: Case, got: Array, place: tuple[int, ...]
) -> bool:
    x = case.x[place[0] : place[0] + 1]
    x = x if case.integer is None else x.astype(case.integer)
    given = row_parameters(case, place[0])
    try:
        result = guard.call(implementation, operation, device, x, "contiguous", given)
    except guard.Failed:
        return False
    one, other = float(result[(0, *place[1:])]), float(got[place])
    return one == other or (one != one and other != other)


def row_parameters(case: Case, row: int) -> dict[str, Any]:
    """The keywords of one row: a cotangent has a row for each row, the others are common."""
    given = dict(case.parameters)
    if "cotangent" in given:
        given["cotangent"] = given["cotangent"][row : row + 1]
    return given


def hexed(value: Any) -> str:
    """A float as hex text, exact in every format."""
    return float(value).hex()


def terms(row: Array) -> list[str]:
    """The terms of a row as hex text; a row too long as "hex*times" runs, or not at all."""
    if len(row) <= LONGEST:
        return [hexed(value) for value in row]
    starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
    if len(starts) > LONGEST:
        return []
    times = np.diff(np.append(starts, len(row)))
    return [f"{hexed(row[i])}*{k}" for i, k in zip(starts, times, strict=True)]


def _plain(value: Any) -> Any:
    return (
        np.asarray(value, dtype=np.float64).ravel().tolist()
        if isinstance(value, np.ndarray)
        else value
    )


def code(
    implementation: str,
    operation: str,
    device: str,
    row: Array,
    index: int | None,
    given: Mapping[str, Any],
    integer: str | None = None,
) -> str:
    """One line of Python that prints the result of the row as hex, with the library alone.

    For the user's own functions, and for programs of this package, the line imports those.
    """
    if not terms(row):
        return "the row is too long to print; the unit of work that made it repeats it"
    name = integer or row.dtype.name
    pick = "[0]" if index is None else f"[0, {index}]"
    if _own.is_path(implementation):
        start, expression = "import numpy as np; ", _call_own(implementation, operation)
        libraries: tuple[str, ...] = ("np",)
    else:
        entry = implementations.get(implementation, operation)
        libraries, found = entry.libraries, entry.expression()
        start = _imports(libraries, name)
        expression = found or _call_entry(implementation, operation, device)
        libraries = libraries if found else ("np",)
    values = {"x": row[None], **{k: v for k, v in given.items() if isinstance(v, np.ndarray)}}
    numbers = {k: v for k, v in given.items() if not isinstance(v, np.ndarray)}
    arrays = "; ".join(
        f"{k} = {_array(v, libraries, name if k == 'x' else v.dtype.name, device)}"
        for k, v in values.items()
    )
    scalars = "".join(f"; {k} = {v!r}" for k, v in numbers.items())
    if not _own.is_path(implementation) and found and given:
        expression = _bound(expression, given)
    elif given:
        expression = expression[:-1] + "".join(f", {k}={k}" for k in given) + ")"
    return f"{start}{arrays}{scalars}; print(float(({expression}){pick}).hex())"


def _bound(expression: str, given: Mapping[str, Any]) -> str:
    """Keywords for an entry that is itself a callable; a lambda's body names them already."""
    if not expression.endswith("(x)"):
        return expression
    return expression[:-1] + "".join(f", {key}" for key in given) + ")"


def _call_own(implementation: str, operation: str) -> str:
    return (
        f"__import__('lsetheory.audit.implementations', fromlist=['get']).get({implementation!r}, "
        f"{operation!r}).load()(x)"
    )


def _call_entry(implementation: str, operation: str, device: str) -> str:
    return (
        f"__import__('lsetheory.audit.implementations', fromlist=['get']).get({implementation!r}, "
        f"{operation!r}).load({device!r})(x)"
    )


def _imports(libraries: tuple[str, ...], dtype: str) -> str:
    names = [f"import {name}" for name in libraries if name != "np"]
    names += ["jax.config.update('jax_enable_x64', True)"] if "jax" in libraries else []
    names += ["import onnx.parser"] if "onnx" in libraries else []
    names += ["import ml_dtypes"] if dtype == "bfloat16" and "torch" not in libraries else []
    return "; ".join(["import numpy as np", *names]) + "; "


def _array(values: Array, libraries: tuple[str, ...], dtype: str, device: str) -> str:
    rows = np.atleast_2d(values)
    text = " ".join(terms(rows[0]))
    numbers = f"[float.fromhex(h) for h in '{text}'.split()]"
    if "*" in text:
        numbers = f"[float.fromhex(h) for p in '{text}'.split() for h in [p.split('*')[0]] * int(p.split('*')[1])]"  # noqa: E501
    if values.ndim == 2:
        numbers = f"[{numbers}]"
    if "torch" in libraries:
        return f"torch.tensor({numbers}, dtype=torch.{dtype}, device={device!r})"
    module = "jax.numpy" if "jax" in libraries else "cupy" if "cupy" in libraries else "np"
    return f"{module}.array({numbers}).astype('{dtype}')"
