"""Special values: which implementations of log-sum-exp give the agreed answer in float32. NaN
anywhere gives NaN, +∞ without NaN gives +∞, −∞ counts for nothing, a row of −∞ alone gives −∞, the
empty row gives −∞ or is refused by raising, a row of one is itself, and numbers up to the largest
do not overflow; every order of each row is tried. A cross says how many of the tried rows are
answered wrongly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import guard, implementations, special, subject
from lsetheory.audit.formats import FORMATS
from lsetheory.audit.operations import OPERATIONS
from lsetheory.figures._audit import DTYPE, FEW, OPERATION
from lsetheory.figures._axes import Row, distinct

SPAN = "text"
ASPECT = 0.52
KINDS = ("NaN", "+∞", "−∞ alone", "−∞ beside", "one entry", "largest", "empty")


def plan(quick: bool) -> list[work.Unit]:
    """One unit an implementation."""
    names = FEW if quick else [
        name for name in implementations.installed("cpu")
        if implementations.computing(name, OPERATION)
        and DTYPE in implementations.get(name, OPERATION).dtypes
    ]  # fmt: skip
    return [work.Unit(f"{__name__}:conformance", {"implementation": name}) for name in names]


def conformance(implementation: str) -> list[dict[str, Any]]:
    """Keys implementation, kind, right, tried (rows of that kind)."""
    called = subject.named(implementation, OPERATION)
    tried: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for n in (0, 1, 2, 3):
        for row in special.rows(n, FORMATS[DTYPE].largest):
            expected = special.answer(OPERATIONS[OPERATION], row)
            if expected is not None:
                tried[_kind(row)].append(_right(called, row, expected[0]))
    return [{"implementation": implementation, "kind": kind, "right": sum(t), "tried": len(t)}
            for kind, t in tried.items()]  # fmt: skip


def _kind(row: tuple[float, ...]) -> str:
    if not row:
        return "empty"
    if any(v != v for v in row):
        return "NaN"
    if np.inf in row:
        return "+∞"
    if -np.inf in row:
        return "−∞ alone" if max(row) == -np.inf else "−∞ beside"
    return "one entry" if len(row) == 1 else "largest"


def _right(called: subject.Subject, row: tuple[float, ...], expected: float) -> bool:
    x = np.array([row], dtype=DTYPE).reshape(1, len(row))
    try:
        got = float(np.asarray(called(x, "contiguous", {}), dtype=np.float64)[0])
    except guard.Failed as failed:
        return special.refused(failed, len(row))
    return bool(special.agree(got, expected))


def gather(results: list[Any]) -> list[dict[str, Any]]:
    """The rows of all units."""
    return [row for result in results for row in result]


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rows of `gather`."""
    return gather(list(work.run(plan(quick))))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """A table, implementations down and kinds across: dots are right, crosses wrong."""
    names = sorted(distinct(rows, "implementation"), key=lambda name: _wrong(rows, name))
    for row in rows:
        at = KINDS.index(row["kind"]), names.index(row["implementation"])
        wrong = row["tried"] - row["right"]
        axes.plot(*at, "o" if not wrong else "X", color="C0" if not wrong else "C1", markersize=4)
        if wrong:
            axes.annotate(f"{wrong} of {row['tried']}", at, (5, 0), va="center",
                          textcoords="offset points")  # fmt: skip
    axes.set_xticks(range(len(KINDS)), [kind.replace(" ", "\n") for kind in KINDS])
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(-0.4, len(KINDS) - 0.3)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    axes.grid(axis="y")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel("kind of row", loc="left", labelpad=6)
    axes.set_ylabel("implementation")


def _wrong(rows: Sequence[Row], name: str) -> int:
    return sum(row["tried"] - row["right"] for row in rows if row["implementation"] == name)
