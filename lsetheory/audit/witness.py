"""A witness: the worst row in hex, what came out, what should have, code that shows it."""

from typing import Any

import numpy as np

from lsetheory.audit import guard, repeat
from lsetheory.audit.cases import Case
from lsetheory.audit.score import Scores
from lsetheory.audit.subject import Subject

Array = np.ndarray[Any, Any]
Place = tuple[int, ...]  #: (row,) or (row, component)

#: How many of the worst rows are tried until one shows its error alone, outside its batch.
TRIES = 8


def worst(scores: Scores) -> list[Place]:
    """Places of the results, worst first: wrong beyond measure, then by ρ, then by ulp.

    Those that are not wrong where the worst is, or not half as far off, do not stand for it.
    """
    rho = np.nan_to_num(scores.rho, nan=0.0).ravel()
    ulp = np.nan_to_num(np.abs(scores.error), nan=-1.0).ravel()
    wrong = scores.wrong.ravel()
    order = np.lexsort((-ulp, -rho, -wrong.astype(float)))[:TRIES]
    if order.size and wrong[order[0]]:
        alike = [k for k in order if wrong[k]]
    else:
        alike = [k for k in order if 2.0 * rho[k] >= rho[order[0]]]
    return [tuple(int(i) for i in np.unravel_index(k, scores.rho.shape)) for k in alike]


def witness(subject: Subject, case: Case, got: Array, scores: Scores) -> dict[str, Any] | None:
    """The worst result that shows again when its row is handed over alone; else the worst of all.

    Returns:
        x (hex floats), index (component of a row-wise result), parameters, got, expected (hex),
        ulp, rho, kappa, alone (whether the row alone shows it), code (one line of Python).
    """
    places = worst(scores)
    if not places:
        return None
    alone = next((place for place in places if _shows(subject, case, got, place)), None)
    place = places[0] if alone is None else alone
    index = place[1] if len(place) > 1 else None
    given = row_parameters(case, place[0])
    return {
        "x": repeat.terms(case.x[place[0]]),
        "index": index,
        "parameters": {key: _plain(value) for key, value in given.items()},
        "got": repeat.hexed(got[place]),
        "expected": repeat.hexed(case.certified.value[place]),
        "ulp": float(scores.error[place]),
        "rho": float(scores.rho[place]),
        "kappa": float(scores.kappa[place]),
        "alone": alone is not None,
        "code": repeat.code(subject.repeat, case.x[place[0]], index, given, case.integer),
    }


def _shows(subject: Subject, case: Case, got: Array, place: Place) -> bool:
    x = case.x[place[0] : place[0] + 1]
    x = x if case.integer is None else x.astype(case.integer)
    try:
        result = subject(x, "contiguous", row_parameters(case, place[0]))
    except guard.Failed:
        return False
    return bool(np.array_equal(result[(0, *place[1:])], got[place], equal_nan=True))


def row_parameters(case: Case, row: int) -> dict[str, Any]:
    """The keywords of one row: a cotangent has a row for each row, the others are common."""
    given = dict(case.parameters)
    if "cotangent" in given:
        given["cotangent"] = given["cotangent"][row : row + 1]
    return given


def _plain(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return np.asarray(value, dtype=np.float64).ravel().tolist()
