"""The certified reference: rows per second beside mpmath and python-flint loops.

All in one run and thread, n = 10. Whether its results are right is `verify`'s question.
"""

from functools import partial
from typing import Any

import mpmath
import numpy as np
from flint import arb, ctx

from benchmarks._hard import draw
from benchmarks._paired import paired
from lsetheory.audit import formats, reference

Row = dict[str, Any]


def rows(quick: bool = False) -> list[Row]:
    """Seconds a row over each peer's, ordinary families; the targets are 1/150, 1/60 and 1/8."""
    return [
        _row(dtype, family, peer, quick)
        for dtype in ("float32", "float64")
        for family in ("normal", "wide", "offset")
        for peer in PEERS
    ]


def _row(dtype: str, family: str, peer: str, quick: bool) -> Row:
    few, many = (200, 20_000) if quick else (2_000, 200_000)
    x = draw(family, formats.of(dtype), many, seed=1)
    lists = x[:few].astype(np.float64).tolist()
    times = paired(partial(reference.logsumexp, x), partial(_loop, PEERS[peer], lists))
    each = {key: times[key] * few / many for key in ("ratio", "ratio_low", "ratio_high")}
    return {
        "claim": f"reference, {dtype}, {family}, n=10", "peer": f"{peer} loop", "target":
        TARGETS.get((dtype, peer)), "rows_per_s": many / times["ours_s"],
        "ours_s": times["ours_s"] / many, "peer_s": times["peer_s"] / few,
        "pairs": times["pairs"], **each,
    }  # fmt: skip


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
