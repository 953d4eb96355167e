"""The certified reference: rows per second beside mpmath and python-flint loops.

All in one run and thread, n = 10, numpy only; then with numba beside without. Whether its results
are right is `verify`'s question.
"""

from functools import partial
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

import mpmath
import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from benchmarks._hard import draw
from benchmarks._paired import paired
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import compiled

Row = dict[str, Any]


def rows(quick: bool = False) -> list[Row]:
    """Seconds a row over each peer's, on ordinary families."""
    cells = [(d, f) for d in ("float32", "float64") for f in ("normal", "wide", "offset")]
    numba = cells if find_spec("numba") else []
    loops = [_row(dtype, family, peer, quick) for dtype, family in cells for peer in PEERS]
    return loops + [_compiled(dtype, family, quick) for dtype, family in numba]


def _row(dtype: str, family: str, peer: str, quick: bool) -> Row:
    few, many = (200, 20_000) if quick else (2_000, 200_000)
    x = draw(family, formats.of(dtype), many, seed=1)
    lists = x[:few].astype(np.float64).tolist()
    times = paired(partial(_certify, x, False), partial(_loop, PEERS[peer], lists))
    each = {key: times[key] * few / many for key in ("ratio", "ratio_low", "ratio_high")}
    return {
        "claim": f"reference, {dtype}, {family}, n=10", "peer": f"{peer} loop", "target":
        TARGETS.get((dtype, peer)), "rows_per_s": many / times["ours_s"],
        "ours_s": times["ours_s"] / many, "peer_s": times["peer_s"] / few,
        "pairs": times["pairs"], **each,
    }  # fmt: skip


def _compiled(dtype: str, family: str, quick: bool) -> Row:
    many = 20_000 if quick else 200_000
    x = draw(family, formats.of(dtype), many, seed=1)
    times = paired(partial(_certify, x, True), partial(_certify, x, False))
    return {
        "claim": f"reference with numba, {dtype}, {family}, n=10", "peer": "without",
        "target": 1 / 2, "rows_per_s": many / times["ours_s"], **times,
    }  # fmt: skip


def _certify(x: NDArray[Any], numba: bool) -> None:
    with patch.object(compiled, "FROM", 0 if numba else x.size + 1):
        reference.logsumexp(x)


def _loop(one: Any, lists: list[list[float]]) -> None:
    for row in lists:
        one(row)


def _mpmath(row: list[float]) -> Any:
    with mpmath.workprec(128):
        return mpmath.log(mpmath.fsum(mpmath.exp(v) for v in row))


def _flint(row: list[float]) -> Any:
    with ctx.workprec(128):
        return sum((arb(v).exp() for v in row), arb(0)).log()


#: name -> log-sum-exp of one row at 128 bits.
PEERS = {"mpmath": _mpmath, "python-flint": _flint}
#: (dtype, peer) -> promised ratio of seconds a row.
TARGETS = {
    ("float32", "mpmath"): 1 / 150,
    ("float64", "mpmath"): 1 / 60,
    ("float64", "python-flint"): 1 / 8,
}
