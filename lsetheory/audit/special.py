"""The special values: a table of rows with infinities, NaN, one entry or none, and what is right.

NaN anywhere gives NaN; +inf without NaN gives +inf in any order; all -inf gives -inf; a row of one
is itself; an empty row gives -inf. Shares of a row (softmax and the gradients of log-sum-exp) are 0
at -inf beside finite entries. What has no agreed answer (shares of a row with +inf, or of -inf
alone) is not judged.
"""

from itertools import permutations
from typing import Any

import numpy as np

from lsetheory.audit import formats, guard, implementations, witness
from lsetheory.audit.operations import OPERATIONS

Array = np.ndarray[Any, Any]
INF, NAN = np.inf, np.nan


def rows(n: int, largest: float) -> list[tuple[float, ...]]:
    """The rows of n entries whose treatment is agreed on."""
    if n == 0:
        return [()]
    if n == 1:
        return [(v,) for v in (0.0, 1.5, -1.5, largest, -largest, INF, -INF, NAN)]
    fill = (0.0,) * (n - 2)
    pairs = [(NAN, 1.0), (NAN, INF), (NAN, -INF), (NAN, NAN), (INF, 1.0), (INF, -INF), (INF, INF),
             (-INF, -INF), (-INF, 0.0), (largest, -INF), (largest, -largest)]  # fmt: skip
    rest = [
        -INF if pair == (-INF, -INF) or (-INF in pair and 0.0 in pair) else v
        for pair in pairs
        for v in fill
    ]
    whole = [(*pair, *rest[k * (n - 2) : (k + 1) * (n - 2)]) for k, pair in enumerate(pairs)]
    orders = (order for row in whole for order in permutations(row))
    return list({repr(order): order for order in orders}.values())


def answer(operation: str, row: tuple[float, ...]) -> list[float] | None:
    """What is right for the row: one number, or one an entry; None where nothing is agreed."""
    nan, top = any(v != v for v in row), max(row, default=-INF)
    if OPERATIONS[operation].rowwise:
        return _shares(operation, row, nan, top)
    if nan:
        return [NAN]
    if not row and operation in ("swap", "pooled_lse", "ordinal"):
        return None
    if operation in ("swap", "ordinal") and {INF, -INF} & set(row) and len(row) > 1:
        return None
    if operation == "pooled_lse" and len(row) > 1 and abs(top) != INF:
        return None
    return [top]


def _shares(operation: str, row: tuple[float, ...], nan: bool, top: float) -> list[float] | None:
    if operation not in ("softmax", "log_softmax", "logsumexp_gradient", "logaddexp_gradient"):
        return None
    if nan:
        return [NAN] * len(row)
    if not row or top in (INF, -INF):
        return None
    one, zero = (0.0, -INF) if operation == "log_softmax" else (1.0, 0.0)
    return [one if v == top else zero for v in row]


def row(
    implementation: str, operation: str, dtype: str, device: str, limit: float
) -> dict[str, Any]:
    """The measured part of an audit row: how many of the table's rows are answered wrongly."""
    fmt = formats.of(dtype)
    fixed = OPERATIONS[operation].n
    judged, wrong = 0, list[dict[str, Any]]()
    for n in (0, 1, 2, 3) if fixed is None else (fixed,):
        table = [(r, a) for r in rows(n, fmt.largest) if (a := answer(operation, r)) is not None]
        if table:
            judged += len(table)
            wrong += _wrong(implementation, operation, device, fmt, table, limit)
    nans = sum(w["got"] == "nan" or w["expected"] == "nan" for w in wrong)
    empty = dict.fromkeys(
        ("max_ulp", "p99_ulp", "mean_ulp", "max_rho", "max_kappa", "bound_ratio"), 0.0
    )
    counted = {"ulp_0": judged - len(wrong), "ulp_1": 0, "ulp_2": 0, "ulp_more": len(wrong)}
    return empty | counted | {
        "rows": judged, "bound_ratio": None, "overflow": 0, "underflow": 0, "nan": nans,
        "verdict": "special" if wrong else "correct", "error": None,
        "witness": wrong[0] if wrong else None,
    }  # fmt: skip


def _wrong(
    implementation: str, operation: str, device: str, fmt: formats.Format, table: Any, limit: float
) -> list[dict[str, Any]]:
    x = fmt.store(np.array([r for r, _ in table], dtype=np.float64).reshape(len(table), -1))
    parameters = (
        {"weights": fmt.store(np.zeros(x.shape[1]))}
        if "weights" in OPERATIONS[operation].parameters
        else {}
    )
    try:
        got = guard.call(implementation, operation, device, x, "contiguous", parameters, limit)
    except guard.Failed as failed:
        if x.shape[1]:
            raise
        return [
            _witness(implementation, operation, device, x[0], None, str(failed), table[0][1][0])
        ]
    result = np.asarray(got, dtype=np.float64).reshape(len(table), -1)
    expected = np.array([a for _, a in table])
    same = (result == expected) | (np.isnan(result) & np.isnan(expected))
    return [
        _witness(
            implementation,
            operation,
            device,
            x[i],
            j if OPERATIONS[operation].rowwise else None,
            witness.hexed(result[i, j]),
            expected[i, j],
        )
        for i, j in np.argwhere(~same)
    ]


def _witness(
    implementation: str,
    operation: str,
    device: str,
    x: Array,
    index: int | None,
    got: str,
    expected: float,
) -> dict[str, Any]:
    return {
        "x": witness.terms(x), "index": None if index is None else int(index), "parameters": {},
        "got": got, "expected": witness.hexed(expected), "ulp": None, "rho": None, "kappa": None,
        "alone": True,
        "code": witness.code(implementation, operation, device, x, index, {}),
    }  # fmt: skip


__all__ = ["answer", "implementations", "row", "rows"]
