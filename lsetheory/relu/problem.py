"""One minimax problem as a unit of work: solved, certified, and evaluated in floating point."""

from collections.abc import Sequence
from typing import Any

from lsetheory.relu.minimax import minimax, minimax_relative, size
from lsetheory.relu.stability import evaluation_rows
from lsetheory.work import Unit

#: Bytes of exact numbers from which a problem takes more than about a second.
LONG = 1_000_000


def plan(d: int, ranks: Sequence[int], box: Sequence[str] | None) -> Unit:
    """The work on [a, b]^d, or relative to max − min on R^d where `box` is None."""
    arguments = {"d": d, "ranks": list(ranks), "box": None if box is None else list(box)}
    return Unit("lsetheory.relu.problem:solved", arguments)


def solved(d: int, ranks: Sequence[int], box: Sequence[str] | None) -> dict[str, Any]:
    """The estimator's row, with `relative` and `evaluation` (rows of `stability`).

    Raises:
        InputError: as `minimax` and `minimax_relative`.
    """
    if box is None:
        found = minimax_relative(d, ranks)
    else:
        a, b = box
        found = minimax(d, ranks, constant=0 in ranks, box=(a, b))
    return {**found.row(), "relative": box is None, "evaluation": evaluation_rows(found)}


def is_long(d: int, ranks: Sequence[int]) -> bool:
    """Whether the work is worth a process of its own and a place on disk."""
    return all(0 <= r <= d for r in ranks) and size(d, ranks) > LONG
