"""The audit that several figures read: log-sum-exp in float32 over all families, units shared."""

from collections.abc import Iterable
from typing import Any

from lsetheory import work
from lsetheory.audit import run

#: Implementations of the small audit; the full one takes every one that is installed.
FEW = ("numpy-naive", "numpy-shifted", "numpy-shifted-log1p", "numpy-compensated",
       "scipy-logsumexp")  # fmt: skip
ROWS = {True: 20, False: 200}
OPERATION, DTYPE = "logsumexp", "float32"


def plan(quick: bool) -> list[work.Unit]:
    """The cells; the report's audit has the same ones, so both share their results."""
    names = FEW if quick else ()
    return run.plan(names, [OPERATION], [DTYPE], rows=ROWS[quick])


def slim(results: Iterable[Any], *keys: str) -> list[dict[str, Any]]:
    """The rows of cells with implementation, family, n, verdict and the keys asked for."""
    kept = ("implementation", "family", "n", "verdict", *keys)
    return [{key: row[key] for key in kept} for row in results]
