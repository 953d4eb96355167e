"""The certified reference against mpmath, row by row on every hard family: how many are wrong.

`rows(quick)` is a sample. The whole, resumable after any interruption, is

    python -m benchmarks.verify --rows 20000                              # logsumexp, four formats
    python -m benchmarks.verify --rows 2000 --operations all

Every result must be the nearest float and its residual within its bound, by `reference.judge`:
400 bits, or as many as a result near zero needs. The compiled tiers of log-sum-exp, where numba is
installed, must give the same values. Exit code 1 if something is wrong, with the witness.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks._hard import FAMILIES, draw
from lsetheory import work
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import compiled, parameters
from lsetheory.audit.reference.judge import Disagreement, judge
from lsetheory.work import Unit
from lsetheory.workers import end_with_parent

Row = dict[str, Any]

#: Rows of a unit: some seconds of work where n = 1000.
CHUNK = 500
#: Entries of a row, in families that do not fix it: of one result, and of one an entry.
SCALAR, VECTOR = 10, 5
#: Keyword -> its values for the chunks to come in turn: rates, and ordinal weights of n entries.
RATES = (1.0, -2.5, 1e-9, 30.0, 0.05)


def rows(quick: bool = False) -> list[Row]:
    """Rows judged and rows wrong, one a format and family."""
    units = plan(20 if quick else 500, ["logsumexp"], list(formats.FORMATS), list(FAMILIES))
    return gather(units, work.run(units))


def plan(
    count: int, operations: Sequence[str], dtypes: Sequence[str], families: Sequence[str]
) -> list[Unit]:
    """`count` rows of each family in each format for each operation, in chunks."""
    cells = [(o, d, f) for o in operations for d in dtypes for f in families if _serves(o, f)]
    return [
        Unit(
            "benchmarks.verify:chunk",
            {"operation": operation, "dtype": dtype, "family": family, "turn": turn,
             "rows": min(CHUNK, count - turn * CHUNK)},
            ("lsetheory.audit.reference",),
        )
        for operation, dtype, family in cells
        for turn in range(-(-count // CHUNK))
    ]  # fmt: skip


def _serves(operation: str, family: str) -> bool:
    """Vectors of 1000 entries are left out: one row of them is a thousand results."""
    if parameters.is_vector(operation) and family == "long":
        return False
    return not (operation.startswith("logaddexp") and family in ("single", "long"))


def chunk(operation: str, dtype: str, family: str, turn: int, rows: int) -> Row:
    """Judge one chunk: results compared, rows wrong with the first witness, rows by tier."""
    n = 2 if operation.startswith("logaddexp") else VECTOR
    n = n if parameters.is_vector(operation) or n == 2 else SCALAR
    x = draw(family, formats.of(dtype), rows, seed=1000 + turn, n=n)
    given = _given(operation, x.shape, turn)
    result = reference.OPERATIONS[operation](x, **given)
    compared, witnesses = 0, _compiled_otherwise(x, result) if operation == "logsumexp" else []
    for i in range(rows):
        try:
            compared += judge(operation, x, result, [i], **given)
        except Disagreement as wrong:
            witnesses.append(str(wrong))
    return {
        "compared": compared, "wrong": len(witnesses), "witness": witnesses[:1],
        "tiers": np.bincount(result.tier.ravel(), minlength=3).tolist(),
        "worst_bound": float(np.nan_to_num(result.residual_bound).max()),
    }  # fmt: skip


def _compiled_otherwise(x: NDArray[Any], result: reference.Certified) -> list[str]:
    """Rows that the compiled tiers settle to another value, or another residual beyond bounds."""
    with patch.object(compiled, "FROM", 1):  # entries from which they are used on their own accord
        other = reference.OPERATIONS["logsumexp"](x)
    off = np.abs(other.residual - result.residual) > other.residual_bound + result.residual_bound
    wrong = np.flatnonzero((other.value != result.value) | off)
    return [f"compiled tiers on {[float(v).hex() for v in x[i]]}: {other.value[i]}" for i in wrong]


def _given(operation: str, shape: tuple[int, ...], turn: int) -> dict[str, Any]:
    """The keywords of a chunk; chunks take the kinds in turn."""
    rng, kind = np.random.default_rng(turn), turn % len(RATES)
    wanted = [name for name, takers in parameters.TAKERS.items() if operation in takers]
    every: Mapping[str, Any] = {
        "r": RATES[kind],
        "form": ("sum", "mean")[turn % 2],
        "weights": np.where(kind, rng.standard_normal(shape[1]), 0.0).tolist(),
        "pool_range": max(1, shape[1] - turn % 3),
        "cotangent": rng.standard_normal(shape) if kind else rng.integers(-2, 3, shape),
    }
    return {name: every[name] for name in wanted}


def gather(units: Sequence[Unit], results: Iterable[Row]) -> list[Row]:
    """One row an operation, format and family."""

    def cell(pair: tuple[Unit, Row]) -> tuple[str, ...]:
        return tuple(pair[0].arguments[key] for key in ("operation", "dtype", "family"))

    found = []
    for (operation, dtype, family), pairs in groupby(zip(units, results, strict=True), cell):
        parts = list(pairs)
        wrong = sum(part["wrong"] for _, part in parts)
        tiers = np.sum([part["tiers"] for _, part in parts], axis=0)
        found.append({
            "claim": f"{operation}, {dtype}, {family}: {wrong} rows wrong", "operation": operation,
            "dtype": dtype, "family": family, "peer": "mpmath, 400 bits",
            "rows": sum(unit.arguments["rows"] for unit, _ in parts),
            "compared": sum(part["compared"] for _, part in parts), "wrong": wrong,
            "tiers": tiers.tolist(), "worst_bound": max(part["worst_bound"] for _, part in parts),
            "witness": next((w for _, part in parts for w in part["witness"]), None),
        })  # fmt: skip
    return found


def main() -> int:
    """Exit 1 when a row is wrong."""
    from lsetheory.cli._console import Report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="of each family and format")
    for name, default in (
        ("operations", "logsumexp"), ("dtypes", ",".join(formats.FORMATS)),
        ("families", ",".join(FAMILIES)),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", default=default, help="separated by commas")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", default="verified.json", help="where the rows go")
    options = parser.parse_args()
    operations = options.operations.replace("all", ",".join(reference.OPERATIONS)).split(",")
    units = plan(options.rows, operations, options.dtypes.split(","), options.families.split(","))
    report = Report(quiet=False, json_target=options.json)
    with (
        report.progress("judging", len(units)) as done,
        ProcessPoolExecutor(options.workers, initializer=end_with_parent) as executor,
    ):
        results = work.run(units, executor=executor, store=work.default_store(), done=done)
        found = gather(units, results)
    columns = ("operation", "dtype", "family", "rows", "compared", "wrong", "tiers", "worst_bound")
    report.table("Judged by mpmath at 400 bits and more", found, columns)
    report.json(found)
    return int(any(row["wrong"] for row in found))


if __name__ == "__main__":
    sys.exit(main())
