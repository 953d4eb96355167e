"""Worst-case search: from the worst row found, moves of its bit patterns that only raise the error.

Every move stays within the range of numbers of the family's own rows. The search is a function of
the seed and the number of steps alone; a budget in seconds decides the number of steps, no more.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from lsetheory.audit import cases
from lsetheory.audit.cases import Case
from lsetheory.audit.score import Scores, scored
from lsetheory.audit.subject import Subject
from lsetheory.audit.witness import row_parameters, worst

Array = np.ndarray[Any, Any]
#: How bad a row is: wrong beyond measure, then ρ, then ulp.
Badness = tuple[float, float, float]

#: Candidates a step, scored in one call.
WIDTH = 32


def extended(
    subject: Subject, case: Case, got: Array, gate: float, seed: int, steps: int, seconds: float
) -> tuple[Case, Array, int]:
    """The case and results with the worst row that the search reached appended.

    Args:
        subject: what is searched; it is called again.
        case: rows in contiguous layout.
        got: its results on them.
        gate: stability index up to which a wrong zero is rounding.
        seed: of the moves.
        steps: at most so many.
        seconds: no further step is begun after so long.

    Returns:
        The longer case and results, and the number of steps taken.

    Raises:
        guard.Failed: the implementation failed on a row near the worst one.
    """
    rng = cases.generator(seed, "search")
    start = worst(scored(case, got, gate))[0][0]
    alone = scored(_part(case, start, 1), got[start : start + 1], gate)
    best, badness = case.x[start], _worst(alone)
    end, taken = time.monotonic() + seconds, 0
    while taken < steps and time.monotonic() < end:
        batch = _part(case, start, WIDTH, moved(rng, best, _range(case.x)))
        found = [_worst(one) for one in _each(subject, batch, gate)]
        top = max(range(WIDTH), key=found.__getitem__)
        if found[top] > badness:
            best, badness = batch.x[top], found[top]
        taken += 1
    last = _part(case, start, 1, best[None])
    return _joined(case, last), np.concatenate([got, _call(subject, last)]), taken


def moved(rng: np.random.Generator, row: Array, within: tuple[float, float]) -> Array:
    """WIDTH neighbours of a row: one to three terms moved by ±2^k places in the format's order.

    Where that leaves the range, or in one case of eight, the term becomes another term instead.
    """
    order = places(np.repeat(row[None], WIDTH, axis=0))
    bits = order.dtype.itemsize * 8
    for line in order:
        for j in rng.integers(0, len(row), rng.integers(1, 4)):
            step = int(rng.choice([-1, 1])) << int(rng.integers(0, bits - 4))
            line[j] = line[rng.integers(0, len(row))] if rng.random() < 0.125 else line[j] + step
    x = numbers(order, row.dtype)
    with np.errstate(invalid="ignore"):
        inside = (x >= within[0]) & (x <= within[1])
    return np.where(inside, x, row)


def places(x: Array) -> Array:
    """Bit patterns as integers in the order of the numbers; both zeros are 0."""
    kind = np.dtype(f"i{x.dtype.itemsize}")
    raw = np.ascontiguousarray(x).view(kind)
    return np.where(raw < 0, np.iinfo(kind).min - raw, raw)


def numbers(order: Array, dtype: Any) -> Array:
    """The inverse of `places`; -0 comes back as 0."""
    lowest = np.iinfo(order.dtype).min
    return np.asarray(np.where(order < 0, lowest - order, order).view(dtype))


def _range(x: Array) -> tuple[float, float]:
    finite = np.asarray(x, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _part(case: Case, row: int, count: int, x: Array | None = None) -> Case:
    """`count` rows in place of one of the case, with its keywords."""
    given = row_parameters(case, row)
    if "cotangent" in given:
        given["cotangent"] = np.repeat(given["cotangent"], count, axis=0)
    return cases.build(
        given=given, x=case.x[row : row + 1] if x is None else x, operation=case.operation
    )


def _call(subject: Subject, case: Case) -> Array:
    return subject(case.x, "contiguous", case.parameters)


def _each(subject: Subject, case: Case, gate: float) -> list[Scores]:
    scores = scored(case, _call(subject, case), gate)
    return [
        Scores(scores.error[i], scores.rho[i], scores.kappa[i], None, scores.wrong[i])
        for i in range(len(case.x))
    ]


def _worst(scores: Scores) -> Badness:
    rho = float(np.max(np.nan_to_num(scores.rho, nan=-1.0, posinf=np.inf)))
    ulp = float(np.max(np.nan_to_num(np.abs(scores.error), nan=-1.0, posinf=np.inf)))
    return float(np.max(scores.wrong)), rho, ulp


def _joined(case: Case, last: Case) -> Case:
    given = dict(case.parameters)
    if "cotangent" in given:
        given["cotangent"] = np.concatenate([given["cotangent"], last.parameters["cotangent"]])
    certified = replace(case.certified, **{
        name: np.concatenate([getattr(case.certified, name), getattr(last.certified, name)])
        for name in ("value", "residual", "residual_bound", "tier")
    })  # fmt: skip
    return replace(case, x=np.concatenate([case.x, last.x]), parameters=given, certified=certified)
