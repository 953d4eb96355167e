"""Rows settled one at a time: special values first, all else by `exact`."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from lsetheory.audit.formats import Format
from lsetheory.audit.reference.certified import Certified, Rounded, exact
from lsetheory.audit.reference.exact import FORMULAS, LIMITS, Formula, evaluate
from lsetheory.audit.reference.parameters import TAKERS, Given, is_vector
from lsetheory.audit.reference.row import Parameters

Float64 = NDArray[np.float64]


def fill(
    result: Certified,
    operation: str,
    x: Float64,
    which: NDArray[np.intp],
    given: Given,
    fmt: Format,
) -> None:
    """Settle the rows `which` of x and write them into `result`.

    r < 0 is turned around first: M_r(x) = -M_{-r}(-x), and so for swap; gradients keep their sign.
    """
    if operation == "ordinal_gradient":
        return _place(result, x, given, fmt)
    turned = math.copysign(1.0, given.r) < 0
    sign = -1.0 if turned and not is_vector(operation) else 1.0
    for i, cotangent in zip(which, given.v(which), strict=True):
        entries = _row(operation, -x[i] if turned else x[i], given, cotangent, fmt)
        values = sign * np.array([e.value for e in entries])
        where = (i, slice(None)) if is_vector(operation) else [i]
        result.put(
            where,
            fmt.store(values if given.n == 1 else values + 0.0),
            sign * np.array([e.residual for e in entries]),
            [e.bound for e in entries],
        )


def _place(result: Certified, x: Float64, given: Given, fmt: Format) -> None:
    """The shares of the weights, settled once, where the entries stand in descending order."""
    kept = len(given.weights)
    shares = evaluate(FORMULAS["softmax"], given.weights, Parameters(kept), fmt)
    order = np.argsort(-x, axis=1, kind="stable")[:, :kept]
    value, residual, bound = (np.zeros(x.shape) for _ in range(3))
    for whole, name in ((value, "value"), (residual, "residual"), (bound, "bound")):
        np.put_along_axis(whole, order, np.array([[getattr(s, name) for s in shares]]), axis=1)
    nan = np.isnan(x).any(axis=1)
    value[nan] = residual[nan] = np.nan
    result.put(slice(None), fmt.store(value), residual, bound)


def _row(
    operation: str, row: Float64, given: Given, cotangent: Float64, fmt: Format
) -> list[Rounded]:
    fixed = special(operation, row, given)
    if fixed is not None:
        return [Rounded(v, v if math.isnan(v) else 0.0) for v in fixed]
    here = np.ones(len(row), bool) if _all_count(operation, given) else row != -np.inf
    v, rest = cotangent[here].tolist(), cotangent[~here].tolist()
    entries = Parameters(given.n, abs(given.r), given.form, given.weights, tuple(v), tuple(rest))
    settled = evaluate(_formula(operation, given), row[here].tolist(), entries, fmt)
    if not is_vector(operation):
        return settled
    present, absent = iter(settled), _absent(operation, rest, fmt)
    return [next(present if h else absent) for h in here]


def special(operation: str, row: Float64, given: Given) -> list[float] | None:
    """The results of a row that the table of special values decides, else None."""
    vector = is_vector(operation)
    if np.isnan(row).any():
        return [math.nan] * (len(row) if vector else 1)
    if not len(row):
        return [] if vector else [_of_nothing(operation, given)]
    if len(row) == 1 and not vector:
        return [float(row[0])]
    if _all_count(operation, given):
        return None if vector else _average(np.sort(row)[len(row) - _kept(operation, given) :])
    if (row == np.inf).any():
        return [math.nan] * len(row) if vector else [math.inf]
    if (row == -np.inf).all():
        return [math.nan] * len(row) if vector else [-math.inf]
    return None


def _of_nothing(operation: str, given: Given) -> float:
    average = operation == "swap" or (operation == "pooled_lse" and given.form == "mean")
    return math.nan if average else -math.inf


def _all_count(operation: str, given: Given) -> bool:
    """Whether -inf is an entry like any other: in plain and in order-weighted averages."""
    return operation.startswith("ordinal") or given.r == 0


def _kept(operation: str, given: Given) -> int:
    return len(given.weights) if operation == "ordinal" else given.n


def _average(kept: Float64) -> list[float] | None:
    infinities = kept[np.isinf(kept)]
    if not len(infinities):
        return None
    return [float(infinities[0]) if infinities.min() == infinities.max() else math.nan]


def _absent(operation: str, cotangent: list[float], fmt: Format) -> Iterator[Rounded]:
    """What the result has where the row has -inf."""
    if operation == "log_softmax_gradient":
        return (exact(Fraction(v), fmt) for v in cotangent)
    return repeat(Rounded(-math.inf if operation == "log_softmax" else 0.0, 0.0))


def _formula(operation: str, given: Given) -> Formula:
    r = abs(given.r)
    if operation in TAKERS["r"] and (r == 0 or math.isinf(r)):
        return LIMITS[r, is_vector(operation)]
    return FORMULAS[operation]
