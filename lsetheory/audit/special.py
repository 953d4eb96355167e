"""The special values: a table of rows with infinities, NaN, one entry or none, and what is right.

NaN anywhere gives NaN; +inf without NaN gives +inf in any order; all -inf gives -inf; a row of one
is itself; an empty row gives -inf, or is refused by raising. Shares of a row (softmax and the
gradients of log-sum-exp) are 0 at -inf beside finite entries. What has no agreed answer (shares of
a row with +inf, or of -inf alone) is not judged. Nor is the sign of a zero: of the row -0 alone
numpy, scipy, torch, jax and onnxruntime all make +0.
"""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import numpy as np

from lsetheory.audit import formats, guard, repeat
from lsetheory.audit.operations import Operation
from lsetheory.audit.subject import Subject

Array = np.ndarray[Any, Any]
Table = list[tuple[tuple[float, ...], list[float]]]
INF, NAN = np.inf, np.nan
#: Keyword -> the plainest value it can have.
PLAIN: dict[str, Callable[[formats.Format, int], Any]] = {
    "r": lambda fmt, n: 1.0,
    "weights": lambda fmt, n: fmt.store(np.zeros(n)),
}


def rows(n: int, largest: float) -> list[tuple[float, ...]]:
    """The rows of n entries whose treatment is agreed on, in every order."""
    ones = [(v,) for v in (0.0, 1.5, -1.5, largest, -largest, INF, -INF, NAN)]
    pairs = [
        (NAN, 1.0), (NAN, INF), (NAN, -INF), (NAN, NAN), (INF, 1.0), (INF, -INF), (INF, INF),
        (-INF, -INF), (0.0, -INF), (largest, -INF), (largest, -largest),
    ]  # fmt: skip
    triples = [
        (NAN, 1.0, 0.0), (NAN, INF, 0.0), (NAN, -INF, 0.0), (NAN, -INF, -INF), (NAN, NAN, NAN),
        (INF, 1.0, 0.0), (INF, -INF, 0.0), (INF, -INF, -INF), (INF, INF, INF), (-INF, -INF, -INF),
        (0.0, -INF, -INF), (largest, -INF, 0.0), (largest, -largest, 0.0),
    ]  # fmt: skip
    whole: list[tuple[float, ...]] = [(), *ones, *pairs, *triples]
    orders = (order for row in whole if len(row) == n for order in permutations(row))
    return list({repr(order): order for order in orders}.values())


def answer(operation: Operation, row: tuple[float, ...]) -> list[float] | None:
    """What is right for the row: one number, or one an entry; None where nothing is agreed."""
    nan, top = any(v != v for v in row), max(row, default=-INF)
    if operation.rowwise:
        return _shares(operation, row, nan, top)
    if nan:
        return [NAN]
    if not row and operation.name in ("swap", "pooled_lse", "ordinal"):
        return None
    if operation.name in ("swap", "ordinal") and len(row) > 1:
        return None
    if operation.name == "pooled_lse" and len(row) > 1 and abs(top) != INF:
        return None
    return [top]


def _shares(
    operation: Operation, row: tuple[float, ...], nan: bool, top: float
) -> list[float] | None:
    if operation.name not in ("softmax", "log_softmax", "logsumexp_gradient", "logaddexp_gradient"):
        return None
    if nan:
        return [NAN] * len(row)
    if not row or top in (INF, -INF):
        return None
    if operation.name != "log_softmax":
        return [1.0 if v == top else 0.0 for v in row]
    lone = all(v == -INF for v in row if v != top)
    return [0.0 if v == top else -INF for v in row] if lone else None


def judged(operation: Operation, dtype: str) -> Iterator[Table]:
    """The rows of each length with what is right for them; one call is made for each."""
    for n in (0, 1, 2, 3) if operation.n is None else (operation.n,):
        found = rows(n, formats.of(dtype).largest)
        table = [(r, a) for r in found if (a := answer(operation, r)) is not None]
        if table:
            yield table


def call(operation: Operation, dtype: str, table: Table) -> tuple[Array, dict[str, Any]]:
    """Rows of a table in the format, and the keywords they are handed over with."""
    fmt, n = formats.of(dtype), len(table[0][0])
    x = fmt.store(np.array([r for r, _ in table], dtype=np.float64).reshape(len(table), n))
    return x, {key: PLAIN[key](fmt, n) for key in operation.parameters}


def row(subject: Subject, dtype: str) -> dict[str, Any]:
    """The measured part of an audit row: how many of the table's rows are answered wrongly."""
    tables = list(judged(subject.operation, dtype))
    count = sum(len(table) for table in tables)
    wrong = [found for table in tables for found in _wrong(subject, dtype, table)]
    counted = dict.fromkeys(("max_ulp", "p99_ulp", "mean_ulp", "max_rho", "max_kappa"), 0.0)
    return {
        **counted, "rows": count, "ulp_0": count - len(wrong), "ulp_1": 0, "ulp_2": 0,
        "ulp_more": len(wrong), "bound_ratio": None, "overflow": 0, "underflow": 0,
        "nan": sum("nan" in (w["got"], w["expected"]) for w in wrong),
        "verdict": "special" if wrong else "correct", "error": None,
        "witness": min(wrong, key=_says_little, default=None),
    }  # fmt: skip


def _says_little(witness: dict[str, Any]) -> int:
    """0 for a row of two terms or more, 1 for one of one, 2 for the empty row."""
    return max(0, 2 - len(witness["x"]))


def _wrong(subject: Subject, dtype: str, table: Table) -> list[dict[str, Any]]:
    """Witnesses of the wrong answers; an empty row may also be refused by raising."""
    x, given = call(subject.operation, dtype, table)
    try:
        got = np.asarray(subject(x, "contiguous", given), dtype=np.float64)
    except guard.Failed as failed:
        if refused(failed, x.shape[1]):
            return []
        if x.shape[1]:
            raise
        return [_witness(subject, given, x[0], None, str(failed), table[0][1][0])]
    expected = np.array([a for _, a in table])
    got = got.reshape(expected.shape)
    return [
        _witness(subject, given, x[i], int(j), repeat.hexed(got[i, j]), expected[i, j])
        for i, j in np.argwhere(~agree(got, expected))
    ]


def agree(got: Array | float, expected: Array | float) -> Any:
    """Where an answer is right: the same number, of zeros with either sign, or NaN both times."""
    return np.equal(got, expected) | (np.isnan(got) & np.isnan(expected))


def refused(failed: guard.Failed, n: int) -> bool:
    """Whether a call on rows of n entries failed as it may: the empty row, refused by raising."""
    return not n and str(failed).startswith("raised")


def _witness(
    subject: Subject, given: dict[str, Any], x: Array, index: int | None, got: str, expected: float
) -> dict[str, Any]:
    index = index if subject.operation.rowwise else None
    return {
        "x": repeat.terms(x), "index": index, "parameters": {}, "got": got,
        "expected": repeat.hexed(expected), "ulp": None, "rho": None, "kappa": None, "alone": True,
        "code": repeat.code(subject.repeat, x, index, given, None),
    }  # fmt: skip
