"""How cost grows with the number of rows, their length n, the kernel and the dimension d.

Each size is timed beside the peer; `exponent` is the slope of log seconds against log size by
least squares, with twice its standard error, `peer_exponent` the peer's. Memory is the peak that
Python and numpy hold during one call at the largest size, in bytes a byte of the input.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import scipy.special
from flint import arb, ctx

from benchmarks._paired import paired, peak_bytes
from lsetheory import pooling
from lsetheory.audit import reference
from lsetheory.faithful import logsumexp
from lsetheory.relu.families import family_a
from lsetheory.relu.minimax import minimax
from lsetheory.relu.stability import float_program

SHOWN = ("exponent", "exponent_error", "peer_exponent", "ours_memory", "peer_memory")
Call = Callable[[], Any]


class Case(NamedTuple):
    """A sweep over sizes; `calls` makes input (None: not an array), our call and the peer's."""

    claim: str
    peer: str
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    calls: Callable[[int], tuple[Any, Call, Call]]


def _normal(*shape: int) -> Any:
    return np.random.default_rng(1).standard_normal(shape)


def _faithful(rows: int, n: int) -> tuple[Any, Call, Call]:
    x = _normal(rows, n)
    peer = partial(scipy.special.logsumexp, x, axis=-1)
    return x, partial(logsumexp, x), peer


def _certified(rows: int, n: int) -> tuple[Any, Call, Call]:
    x = _normal(rows, n)
    lists = x.tolist()
    return x, partial(reference.logsumexp, x), partial(_flint_loop, lists)


def _flint_loop(lists: list[list[float]]) -> None:
    with ctx.workprec(128):
        for row in lists:
            sum((arb(v).exp() for v in row), arb(0)).log()


def _pooled(side: int) -> tuple[Any, Call, Call]:
    x, kernel = _normal(4, 8, 64, 64), (side, side)
    ours = partial(pooling.pool, x, "lse", kernel, stride=1)
    return x, ours, partial(pooling.pool, x, pooling.lse, kernel, stride=1)


def _exact(d: int) -> tuple[None, Call, Call]:
    ranks = family_a(d, d // 2)
    return None, partial(minimax, d, ranks), partial(float_program, d, ranks)


CASES = (
    Case("logsumexp, rows of 10", "scipy", (10**4, 10**5, 10**6), (10**4, 10**5),
         lambda rows: _faithful(rows, 10)),
    Case("logsumexp, 100 rows of n", "scipy", (10**3, 10**4, 10**5), (10**3, 10**4),
         lambda n: _faithful(100, n)),
    Case("certified reference, rows of 10", "python-flint loop", (10**3, 10**4, 10**5),
         (10**3, 10**4), lambda rows: _certified(rows, 10)),
    Case("certified reference, 100 rows of n", "python-flint loop", (10**2, 10**3, 10**4),
         (10**2, 10**3), lambda n: _certified(100, n)),
    Case("pool lse, kernel k x k, stride 1, k", "windows, then reduce", (2, 4, 8), (2, 4, 8),
         _pooled),
    Case("minimax, family A, half the ranks, d", "scipy HiGHS", (32, 64, 128, 256),
         (16, 32, 64), _exact),
)  # fmt: skip


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row a sweep; times and ratio are those of the largest size."""
    return [_row(case, case.quick if quick else case.sizes, quick) for case in CASES]


def _row(case: Case, sizes: Sequence[int], quick: bool) -> dict[str, Any]:
    times = [paired(*case.calls(size)[1:], seconds=0.2 if quick else 2.0) for size in sizes]
    ours, peer = ([t[key] for t in times] for key in ("ours_s", "peer_s"))
    slope, error = exponent(sizes, ours)
    return {
        "claim": f"{case.claim}, {sizes[0]} to {sizes[-1]}", "ours": "lsetheory",
        "peer": case.peer, **times[-1], "target": None, "exponent": slope,
        "exponent_error": error, "peer_exponent": exponent(sizes, peer)[0],
        **_memory(case, sizes[-1]), "sizes": list(sizes), "ours_each": ours, "peer_each": peer,
    }  # fmt: skip


def _memory(case: Case, size: int) -> dict[str, float]:
    x, *calls = case.calls(size)
    if x is None or "flint" in case.peer:  # C's own memory, which Python does not see
        return {"ours_memory": peak_bytes(calls[0]) / x.nbytes} if x is not None else {}
    ours, peer = (peak_bytes(call) / x.nbytes for call in calls)
    return {"ours_memory": ours, "peer_memory": peer}


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> tuple[float, float | None]:
    """The slope of log seconds against log size, and twice its standard error (None of two)."""
    x, y = np.log(sizes), np.log(seconds)
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    if len(sizes) < 3:
        return slope, None
    left = float(((y - slope * x) ** 2).sum()) / (len(sizes) - 2)
    return slope, 2 * math.sqrt(left / float(x @ x))
