"""lsetheory.logsumexp beside scipy.special.logsumexp; a long run against the reference.

`rows()` pairs the two in one run. The long run compares rows of all hard
families with the certified reference, for each format and engine: every error must be below 1 ulp.
In parallel, and resumable after any interruption:

    python -m benchmarks.faithful --rows 10000000 --workers 2
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from typing import Any

import numpy as np
from scipy.special import logsumexp as peer

import lsetheory
from benchmarks._hard import FAMILIES, draw
from benchmarks._paired import paired
from lsetheory import work
from lsetheory.audit import formats, reference
from lsetheory.work import Unit
from lsetheory.workers import end_with_parent

Row = dict[str, Any]

#: (dtype, n, engine) -> promised ratio of times, ordinary rows, one thread.
TARGETS = {
    ("float32", 10, "numpy"): 0.2, ("float32", 1000, "numpy"): 0.6,
    ("float64", 10, "numpy"): 0.4, ("float64", 1000, "numpy"): 1.2,
    ("float32", 10, "numba"): 0.1, ("float32", 1000, "numba"): 0.3,
    ("float64", 10, "numba"): 0.2, ("float64", 1000, "numba"): 0.5,
}  # fmt: skip
SHAPES = {10: (1_000_000, 10), 1000: (10_000, 1000)}
#: Rows of a unit of the long run, and how many of 1000 entries.
BATCH, LONG = 20_000, 1_000


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
    target = None if quick else TARGETS[dtype, n, engine]  # promised of the whole shape
    return {"claim": claim, "peer": "scipy", "target": target, **times}


def _hard(family: str, quick: bool) -> Row:
    """One row in a hundred is ill-conditioned: what the others pay for it."""
    x = np.random.default_rng(1).standard_normal((20_000 if quick else 200_000, 10))
    mixed = x.copy()
    mixed[::100] = draw(family, formats.of("float64"), len(mixed[::100]), seed=1)
    ours, plain = (partial(lsetheory.logsumexp, v) for v in (mixed, x))
    times = paired(ours, plain, seconds=1.0)
    claim = f"logsumexp, float64, 1 % {family} rows"
    return {"claim": claim, "peer": "no such rows", "target": None, **times}


def plan(count: int, engines: Sequence[str]) -> list[Unit]:
    """Units for `count` rows or more of each format and engine, as many batches a family."""
    turns = -(-count // sum(_rows(family) for family in FAMILIES))
    return [
        Unit(
            "benchmarks.faithful:batch",
            {"family": family, "dtype": dtype, "engine": engine, "seed": 5000 + turn},
            ("lsetheory.faithful", "lsetheory.audit.reference"),
        )
        for engine in engines
        for dtype in ("float32", "float64")
        for family in FAMILIES
        for turn in range(turns)
    ]


def _rows(family: str) -> int:
    return LONG if family == "long" else BATCH


def batch(family: str, dtype: str, engine: str, seed: int) -> Row:
    """The largest error in ulp of one batch; a wrong special value counts as infinite."""
    fmt = formats.of(dtype)
    x = draw(family, fmt, _rows(family), seed)
    certified, got = reference.logsumexp(x), lsetheory.logsumexp(x, engine=engine)
    exact = certified.value.astype(np.float64)
    with np.errstate(invalid="ignore"):
        off = (got.astype(np.float64) - exact) / fmt.ulp(exact) - certified.residual
    same = (got == exact) | (np.isnan(got) & np.isnan(exact))
    error = np.where(np.isfinite(exact), np.abs(off), np.where(same, 0.0, np.inf))
    return {"rows": len(x), "worst_ulp": float(error.max()), "not_below_1": int((error >= 1).sum())}


def gather(units: Sequence[Unit], results: Iterable[Row]) -> list[Row]:
    """One row an engine, format and family."""

    def cell(pair: tuple[Unit, Row]) -> tuple[str, ...]:
        return tuple(pair[0].arguments[key] for key in ("engine", "dtype", "family"))

    found = []
    for (engine, dtype, family), pairs in groupby(zip(units, results, strict=True), cell):
        parts = [part for _, part in pairs]
        found.append({
            "engine": engine, "dtype": dtype, "family": family,
            "rows": sum(part["rows"] for part in parts),
            "worst_ulp": max(part["worst_ulp"] for part in parts),
            "not_below_1": sum(part["not_below_1"] for part in parts),
        })  # fmt: skip
    return found


def main() -> int:
    """Exit 1 when an error is not below 1 ulp."""
    from lsetheory.cli._console import Report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of each format and engine")
    parser.add_argument("--engines", default="numpy,numba", help="separated by commas")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", default="faithful.json", help="where the rows go")
    options = parser.parse_args()
    units = plan(options.rows, options.engines.split(","))
    report = Report(quiet=False, json_target=options.json)
    with (
        report.progress("comparing", len(units)) as done,
        ProcessPoolExecutor(options.workers, initializer=end_with_parent) as executor,
    ):
        results = work.run(units, executor=executor, store=work.default_store(), done=done)
        found = gather(units, results)
    columns = ("engine", "dtype", "family", "rows", "worst_ulp", "not_below_1")
    report.table("Against the certified reference", found, columns)
    report.json(found)
    return int(any(row["not_below_1"] for row in found))


if __name__ == "__main__":
    sys.exit(main())
