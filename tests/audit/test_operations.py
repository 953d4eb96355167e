"""Sensitivities against derivatives that mpmath takes, of the judge's own formulas."""

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from lsetheory.audit import cases
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.reference import judge
from lsetheory.audit.reference.parameters import Given

Array = np.ndarray[Any, Any]
Numbers = list[Any]

#: What rounding an input once moves: a term by its size, by its gap, an average by both.
BY_TERMS = ("logsumexp", "logaddexp")
BY_BOTH = ("pooled_lse", "swap", "ordinal")
ROWS = [
    [0.5, -1.25, 2.0],
    [3.0, 3.0, -1.0],
    [40.0, 0.0, 1.0],
    [-0.25, -30.0, -29.0, -31.0],
    [1e8, 1e8 + 1, 1e8 - 2],
    [1e-3, 2e-3, -1e-3, 0.0],
]


def sizes(operation: str, row: list[float], given: dict[str, Any]) -> Numbers:
    """The sizes of the inputs: of the terms, then of weights or cotangent."""
    m = max(row) if given.get("r", 1.0) >= 0 else min(row)
    terms, gaps = [abs(mpf(t)) for t in row], [abs(mpf(t) - m) for t in row]
    if operation in BY_BOTH:
        terms = [a + b for a, b in zip(terms, gaps, strict=True)]
    w = given.get("weights", [])
    return [
        *(terms if operation in BY_TERMS + BY_BOTH else gaps),
        *(abs(mpf(t)) for t in given.get("cotangent", [])),
        *(abs(mpf(t) - max(w)) for t in w),
    ]


def results(operation: str, t: Numbers, n: int, given: dict[str, Any]) -> Numbers:
    """The judge's formula of the terms, and of the weights or cotangent after them."""
    weights = "weights" in given
    r = given.get("r", 1.0)
    known = Given(n, r=r, form="mean", weights=tuple(t[n:]) if weights else ())
    return judge.FORMULAS[operation](t[:n], known, [] if weights else t[n:])


def derivative_sums(operation: str, row: list[float], given: dict[str, Any]) -> list[float]:
    """Σ_j size_j |∂y/∂t_j|, by differences of 10^-60."""
    more = [*given.get("cotangent", []), *given.get("weights", [])]
    with mpmath.workdps(150):
        start, step = [mpf(t) for t in (*row, *more)], mpf(10) ** -60
        exact = results(operation, start, len(row), given)
        total = [mpf(0)] * len(exact)
        for j, size in enumerate(sizes(operation, row, given)):
            moved = [*start[:j], start[j] + step, *start[j + 1 :]]
            there = results(operation, moved, len(row), given)
            total = [
                s + size * abs(a - b) / step for s, a, b in zip(total, there, exact, strict=True)
            ]
        return [float(s) for s in total]


def keywords(operation: str, n: int, one_hot: int | None) -> dict[str, Any]:
    given = cases.draw(operation, "float64", (1, n), np.random.default_rng(n))
    if "cotangent" in given:
        v = given["cotangent"]
        given["cotangent"] = v[0].tolist() if one_hot is None else np.eye(n)[one_hot].tolist()
    return given


@pytest.mark.parametrize("one_hot", [None, 0, 1])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_sensitivity_is_the_sum_of_derivatives(operation: str, one_hot: int | None) -> None:
    entry = OPERATIONS[operation]
    if one_hot is not None and "cotangent" not in entry.parameters:
        pytest.skip("it takes no cotangent")
    for row in ROWS:
        if operation == "ordinal" and len({*row}) < len(row):
            continue  # no derivative at ties
        row = row[: entry.n]
        for r in (1.0, -2.0, 30.0) if "r" in entry.parameters else (None,):
            given = keywords(operation, len(row), one_hot) | ({} if r is None else {"r": r})
            asked = given | {k: np.array([v]) for k, v in given.items() if k == "cotangent"}
            x = np.array([row])
            y = cases.expected(operation, x, asked).value
            got = np.ravel(entry.sensitivity(x, y, **asked))
            expected = derivative_sums(operation, row, given)
            assert got == pytest.approx(expected, rel=1e-6, abs=1e-300), (row, given)
