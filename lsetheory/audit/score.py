"""Scores results against certified ones: signed ulp, stability index, bound ratio, verdict.

One ulp is that of the correctly rounded result. The error is taken against the exact result, of
which the certified one knows the residual, so 0.5 is a perfect rounding in the worst case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from lsetheory.audit import cases, formats
from lsetheory.audit.cases import Case
from lsetheory.audit.formats import Format
from lsetheory.audit.operations import BOUNDS, OPERATIONS, Operation

Array = np.ndarray[Any, Any]

#: Stability index above which a verdict is `unstable`. A good algorithm stays near 1 to 3.
GATE = 4.0
#: Error in ulp above which a result that passes the gate is put down to `conditioning`.
CONDITIONING = 4.0
#: Largest relative error up to which a first-order bound is taken for a bound.
FIRST_ORDER = 2.0**-4
VERDICTS = ("correct", "conditioning", "unstable", "underflow", "overflow", "special")
#: Those that are findings, from bad to worst: everywhere the worst decides.
FINDINGS = VERDICTS[2:]
#: How a result is wrong beyond measure, in the same order.
UNDERFLOW, OVERFLOW, NAN, SPECIAL = 1, 2, 3, 4
WORDS = {UNDERFLOW: "underflow", OVERFLOW: "overflow", NAN: "special", SPECIAL: "special"}


@dataclass(frozen=True)
class Scores:
    """One number a result for each measure; all arrays have the shape of the results."""

    error: Array  #: signed error in ulp; NaN where the result or the certified one is not finite
    rho: Array  #: |error| / (u·scale + η/2)
    kappa: Array  #: sensitivity / |y|
    ratio: Array | None  #: |error| / published bound; None where no bound is known
    wrong: Array  #: 0, or how a result is wrong beyond measure: a key of `WORDS`


def scored(case: Case, got: Array, gate: float = GATE, algorithm: str | None = None) -> Scores:
    """Score the results on a case: on the rows that its certified results belong to.

    Those have the weights and the scale of a weighted log-sum-exp in them.
    """
    rows, given = cases.plain_rows(case.operation, case.x, case.parameters)
    operation, fmt = OPERATIONS[case.operation], formats.of(case.x.dtype)
    return score(operation, rows, got, case.certified, fmt, algorithm, given, gate)


def score(
    operation: Operation,
    x: Array,
    got: Array,
    certified: Any,
    fmt: Format,
    algorithm: str | None = None,
    parameters: Mapping[str, Any] = MappingProxyType({}),
    gate: float = GATE,
) -> Scores:
    """Score results of one operation on rows.

    Args:
        operation: what was computed.
        x: the rows, (rows, n), with weights and scale in them.
        got: the results, (rows,) or (rows, n), in the format.
        certified: `value` and `residual` of the same shape.
        fmt: the format of the results.
        algorithm: which published bound applies.
        parameters: keywords of the operation.
        gate: stability index up to which a wrong zero is rounding, and no underflow.
    """
    rows, given = np.asarray(x, dtype=np.float64), dict(parameters)
    result = np.asarray(got, dtype=np.float64)
    value = np.asarray(certified.value, dtype=np.float64)
    with np.errstate(all="ignore"):
        unit = fmt.ulp(value)
        error = (result - value) / unit - certified.residual
        lost = np.isfinite(value) & ~np.isfinite(result)
        error = np.where(lost | ~np.isfinite(value), np.nan, error)
        sensitivity = operation.sensitivity(rows, value, **given)
        floor = operation.floor(rows, value, **given)
        rho = np.abs(error) * unit / _unit_loss(np.abs(value), sensitivity, floor, fmt)
        rho = np.where(np.abs(error) * unit > 0, rho, np.where(np.isnan(error), np.nan, 0.0))
        kappa = np.where(
            value == 0, np.where(sensitivity > 0, np.inf, 0.0), sensitivity / np.abs(value)
        )
        ratio = _ratio(algorithm, operation, rows, value, error * unit, fmt)
        wrong = _wrong(operation, result, value, fmt)
        wrong[(wrong == UNDERFLOW) & (rho <= gate)] = 0
    return Scores(error, rho, kappa, ratio, wrong)


def _unit_loss(size: Array, sensitivity: Array, floor: Array | float, fmt: Format) -> Array:
    """u·(|y| + sensitivity) + floor·η/2; float64 has no η/2, so η stands in for it there."""
    scale = np.minimum(size * fmt.u + np.nan_to_num(sensitivity, posinf=np.inf) * fmt.u, 1e300)
    return np.asarray(np.maximum(scale + floor * fmt.eta / 2, 2.0**-1074))


def _ratio(
    algorithm: str | None, operation: Operation, x: Array, y: Array, error: Array, fmt: Format
) -> Array | None:
    formula = BOUNDS.get((algorithm or "", operation.name))
    if formula is None:
        return None
    bound = formula(x, y)
    known = np.isfinite(bound) & _unflawed(algorithm, x, y, fmt)
    if operation.rowwise:  # what is left out, its square, is then below a thirtieth of it
        known &= fmt.u * bound <= FIRST_ORDER * np.abs(y)
    return np.where(known, np.abs(error) / (fmt.u * bound + fmt.eta / 2), np.nan)


def _unflawed(algorithm: str | None, x: Array, y: Array, fmt: Format) -> Array:
    """Where no exp or sum over- or underflows: the published bounds are stated for that case."""
    low, high = np.min(x, axis=-1, initial=0.0), np.max(x, axis=-1, initial=-np.inf)
    if algorithm != "naive":
        low, high = low - high, np.zeros_like(high)
    kept = (low > fmt.exp_subnormal) & (high < fmt.exp_overflow - np.log(x.shape[-1]))
    return np.asarray(kept if y.ndim == 1 else kept[..., None])


def _wrong(operation: Operation, got: Array, value: Array, fmt: Format) -> Array:
    """How each result is wrong beyond measure, 0 where it is not.

    A NaN is called NaN: whether it is an ∞ - ∞ that overflowed before, its row cannot tell.
    """
    wrong = np.zeros(value.shape, dtype=np.uint8)
    finite = np.isfinite(value)
    wrong[finite & np.isinf(got)] = OVERFLOW
    wrong[finite & (got == -np.inf)] = UNDERFLOW if not operation.positive else SPECIAL
    vanishing = (np.abs(value) < fmt.tiny) | operation.positive
    wrong[finite & (got == 0) & vanishing & (np.abs(value) > 2 * fmt.eta)] = UNDERFLOW
    wrong[np.isnan(value) != np.isnan(got)] = NAN
    wrong[np.isinf(value) & ~np.isnan(got) & (got != value)] = SPECIAL
    return wrong


def counts(got: Array, certified: Any, fmt: Format) -> dict[str, int]:
    """How many finite results are 0, 1, 2 and more ulp from the correctly rounded one."""
    value = np.asarray(certified.value, dtype=np.float64)
    with np.errstate(all="ignore"):
        steps = np.abs(np.asarray(got, dtype=np.float64) - value) / fmt.ulp(value)
    steps = np.ceil(steps[np.isfinite(steps)])
    names = {"ulp_0": steps == 0, "ulp_1": steps == 1, "ulp_2": steps == 2, "ulp_more": steps > 2}
    return {name: int(chosen.sum()) for name, chosen in names.items()}


def verdict(
    wrong: Array, max_rho: float, max_ulp: float, gate: float, gate_ulp: float | None
) -> str:
    """The one word for a cell; non-finite results weigh more than ρ, and ρ more than ulp."""
    if wrong.any():
        return WORDS[int(wrong.max())]
    if max_rho > gate or (gate_ulp is not None and max_ulp > gate_ulp):
        return "unstable"
    return "conditioning" if max_ulp > CONDITIONING else "correct"
