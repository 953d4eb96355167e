"""The certified averages and gradients in arrays: seconds a row beside arb row by row, n = 10.

The peer is the last tier of the same reference, which alone would settle every row correctly.
"""

from functools import partial
from typing import Any

import numpy as np

from benchmarks._hard import draw
from benchmarks._paired import paired
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import parameters, rowwise
from lsetheory.audit.reference.certified import Certified

OPERATIONS = ("swap", "swap_gradient", "ordinal", "softmax_gradient", "log_softmax_gradient",
              "softmax", "log_softmax")  # fmt: skip
FAMILIES = ("normal", "wide")


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row an operation, format and family; no ratio is promised."""
    sizes = (20, 2_000) if quick else (200, 20_000)
    return [
        _row(operation, dtype, family, *sizes)
        for operation in OPERATIONS
        for dtype in ("float32", "float64")
        for family in FAMILIES
    ]


def _row(operation: str, dtype: str, family: str, few: int, many: int) -> dict[str, Any]:
    x = draw(family, formats.of(dtype), many, seed=1)
    v = np.random.default_rng(0).standard_normal(x.shape)
    given = {"cotangent": v} if operation in parameters.TAKERS["cotangent"] else {}
    part = {key: value[:few] for key, value in given.items()}
    ours = partial(reference.OPERATIONS[operation], x, **given)
    times = paired(ours, partial(_by_rows, operation, x[:few], part))
    each = {key: times[key] * few / many for key in ("ratio", "ratio_low", "ratio_high")}
    return {
        "claim": f"{operation}, {dtype}, {family}, n=10", "ours": "arrays", "peer": "arb by rows",
        "ours_s": times["ours_s"] / many, "peer_s": times["peer_s"] / few, "target": None,
        "rows_per_s": many / times["ours_s"], "pairs": times["pairs"], **each,
    }  # fmt: skip


def _by_rows(operation: str, x: Any, keywords: dict[str, Any]) -> None:
    flat, fmt = parameters.rows(operation, x)
    given = parameters.read(operation, flat, keywords)
    shape = flat.shape if parameters.is_vector(operation) else flat.shape[:1]
    result = Certified.blank(shape, fmt)
    rowwise.fill(result, operation, flat, np.arange(len(flat)), given, fmt)
