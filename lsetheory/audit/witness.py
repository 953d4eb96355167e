"""A witness: the worst row in hex, what came out, what should have, code that shows it."""

from typing import Any

import numpy as np

from lsetheory.audit import guard, repeat
from lsetheory.audit.cases import Case
from lsetheory.audit.score import WORDS, Scores
from lsetheory.audit.subject import Subject

Array = np.ndarray[Any, Any]
Place = tuple[int, ...]  #: (row,) or (row, component)
Shown = tuple[Place, bool]  #: and whether the row alone shows it

#: How many of the worst rows are tried until one shows its error alone, outside its batch.
TRIES = 8


def worst(scores: Scores, gate: float = 0.0) -> list[Place]:
    """Places of the results, worst first: as `verdict` weighs them.

    Wrong beyond measure, then by ρ where it exceeds the gate, then by ulp. Those that are wrong in
    another way than the worst, or not half as far off, do not stand for it.
    """
    rho = np.nan_to_num(scores.rho, nan=0.0).ravel()
    rho = np.where(rho > gate, rho, 0.0)
    ulp = np.nan_to_num(np.abs(scores.error), nan=-1.0).ravel()
    wrong = scores.wrong.ravel()
    order = np.lexsort((-ulp, -rho, -wrong.astype(float)))[:TRIES]
    return [
        tuple(int(i) for i in np.unravel_index(k, scores.rho.shape))
        for k in order
        if _alike(order[0], k, wrong, rho, ulp)
    ]


def _alike(top: int, other: int, wrong: Array, rho: Array, ulp: Array) -> bool:
    if wrong[top] or wrong[other]:
        return WORDS.get(int(wrong[top])) == WORDS.get(int(wrong[other]))
    size = rho if rho[top] > 0 else ulp
    return bool(2.0 * size[other] >= size[top])


def shown(subject: Subject, case: Case, got: Array, scores: Scores, gate: float) -> Shown | None:
    """The worst result that shows again when its row is handed over alone; else the worst of all.

    Returns:
        Its place, and whether the row alone shows it; None where there are no results.
    """
    places = worst(scores, gate)
    for place in places:
        if _shows(subject, case, got, place):
            return place, True
    return (places[0], False) if places else None


def witness(
    subject: Subject, case: Case, got: Array, scores: Scores, found: Shown
) -> dict[str, Any]:
    """What is to be said of the result that is shown.

    Returns:
        x (hex floats), index (component of a row-wise result), parameters, got, expected (hex),
        ulp, rho, kappa (None where there is no such number), alone (whether the row alone shows
        it), code (one line of Python).
    """
    place, alone = found
    index = place[1] if len(place) > 1 else None
    given = row_parameters(case, place[0])
    return {
        "x": repeat.terms(case.x[place[0]]),
        "index": index,
        "parameters": {key: _plain(value) for key, value in given.items()},
        "got": repeat.hexed(got[place]),
        "expected": repeat.hexed(case.certified.value[place]),
        "ulp": _number(scores.error[place]),
        "rho": _number(scores.rho[place]),
        "kappa": _number(scores.kappa[place]),
        "alone": alone,
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


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
