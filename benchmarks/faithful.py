"""lsetheory.logsumexp beside scipy.special.logsumexp; a long run against the reference.

`rows()` pairs the two in one run. `verify(count)` compares `count` rows, spread over the hard
families, with the certified reference and returns the largest error in ulp of each:

    python -c "from benchmarks.faithful import verify; print(verify(10_000_000))"
"""

from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.special import logsumexp as peer

import lsetheory
from benchmarks._hard import FAMILIES, draw
from benchmarks._paired import paired
from lsetheory.audit import formats, reference

Row = dict[str, Any]

#: (dtype, n, engine) -> promised ratio of times, ordinary rows, one thread.
TARGETS = {
    ("float32", 10, "numpy"): 0.2, ("float32", 1000, "numpy"): 0.6,
    ("float64", 10, "numpy"): 0.4, ("float64", 1000, "numpy"): 1.2,
    ("float32", 10, "numba"): 0.1, ("float32", 1000, "numba"): 0.3,
    ("float64", 10, "numba"): 0.2, ("float64", 1000, "numba"): 0.5,
}  # fmt: skip
SHAPES = {10: (1_000_000, 10), 1000: (10_000, 1000)}
#: Rows verified at a time.
BATCH = 20_000


def rows(quick: bool = False) -> list[Row]:
    """Seconds a call over scipy's, standard normal entries, and on ill-conditioned rows."""
    engines = ("numpy", "numba") if find_spec("numba") else ("numpy",)
    wanted = [key for key in TARGETS if key[2] in engines]
    return [_row(*key, quick) for key in wanted] + [_hard("near_zero_cancel", quick)]


def _row(dtype: str, n: int, engine: str, quick: bool) -> Row:
    count = SHAPES[n][0] // (10 if quick else 1)
    x = np.random.default_rng(1).standard_normal((count, n)).astype(dtype)
    ours = partial(lsetheory.logsumexp, x, engine=engine)
    times = paired(ours, partial(peer, x, axis=-1), seconds=1.0 if quick else 5.0)
    claim = f"logsumexp, {dtype}, {count} x {n}, {engine}"
    return {"claim": claim, "peer": "scipy", "target": TARGETS[dtype, n, engine], **times}


def _hard(family: str, quick: bool) -> Row:
    """One row in a hundred is ill-conditioned: what the others pay for it."""
    x = np.random.default_rng(1).standard_normal((20_000 if quick else 200_000, 10))
    mixed = x.copy()
    mixed[::100] = draw(family, formats.of("float64"), len(mixed[::100]), seed=1)
    ours, plain = (partial(lsetheory.logsumexp, v) for v in (mixed, x))
    times = paired(ours, plain, seconds=1.0)
    claim = f"logsumexp, float64, 1 % {family} rows"
    return {"claim": claim, "peer": "no such rows", "target": None, **times}


def verify(count: int, engine: str = "numpy", seed: int = 0) -> list[Row]:
    """The largest error of `count` rows of each dtype in ulp, by family; all must be below 1."""
    families = [name for name in FAMILIES if name != "long"]
    batches = -(-count // (len(families) * BATCH))
    return [
        {"dtype": dtype, "family": family, "rows": batches * BATCH, "worst_ulp": max(
            _worst(family, dtype, engine, seed + batch) for batch in range(batches)
        )}
        for dtype in ("float32", "float64")
        for family in families
    ]  # fmt: skip


def _worst(family: str, dtype: str, engine: str, seed: int) -> float:
    fmt = formats.of(dtype)
    x = draw(family, fmt, BATCH, seed)
    certified, got = reference.logsumexp(x), lsetheory.logsumexp(x, engine=engine)
    off = got.astype(np.float64) - certified.value.astype(np.float64)
    return float(np.abs(off / fmt.ulp(certified.value) - certified.residual).max())
