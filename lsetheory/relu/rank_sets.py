"""All rank sets at one d: the least error of each, its network's size, and the best of them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, combinations, pairwise
from typing import Any

from lsetheory.errors import InputError
from lsetheory.relu.estimator import checked_ranks
from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks.subpools import widths
from lsetheory.work import Unit

#: Rank sets in one unit of work.
_CHUNK = 64

Row = dict[str, Any]


def plan(d: int) -> list[Unit]:
    """Units for the 2^(d−1) sets of ranks 1..d−1, each with the constant.

    Raises:
        InputError: d is no positive integer, or has more than 2^15 sets.
    """
    checked_ranks(d, ())
    if d > 16:
        raise InputError(f"rank sets: expected d ≤ 16, got {d} with its 2^{d - 1} sets")
    sets = [list(s) for n in range(d) for s in combinations(range(1, d), n)]
    chunks = [sets[i : i + _CHUNK] for i in range(0, len(sets), _CHUNK)]
    return [Unit("lsetheory.relu.rank_sets:solve", {"d": d, "sets": chunk}) for chunk in chunks]


def solve(d: int, sets: Sequence[Sequence[int]]) -> list[Row]:
    """One row a rank set.

    Returns:
        Rows with keys d, ranks (with 0), size (with the constant), error ("p/q"), error_float,
        depth, widths (hidden, of the subpool network), parameters (dense, biases counted).
    """
    return [_row(d, ranks) for ranks in sets]


def gather(results: Iterable[list[Row]]) -> list[Row]:
    """The rows of all units."""
    return list(chain.from_iterable(results))


def best_of_each_size(rows: Iterable[Row]) -> list[Row]:
    """Per size the rows of the least error, all of them where several tie."""
    rows = list(rows)
    least: dict[int, Fraction] = {}
    for row in rows:
        error = Fraction(row["error"])
        least[row["size"]] = min(error, least.get(row["size"], error))
    best = [row for row in rows if Fraction(row["error"]) == least[row["size"]]]
    return sorted(best, key=lambda row: (row["size"], row["ranks"]))


def frontier(rows: Iterable[Row]) -> list[Row]:
    """The rows that no other beats in error or parameters without losing in the other of the two.

    By rising parameters; of rows that are the same in both, the first.
    """
    found = list[Row]()
    for row in sorted(rows, key=lambda r: (r["parameters"], Fraction(r["error"]))):
        if not found or Fraction(row["error"]) < Fraction(found[-1]["error"]):
            found.append(row)
    return found


def _row(d: int, ranks: Sequence[int]) -> Row:
    found = minimax(d, ranks)
    hidden = widths(d, ranks)
    sizes = [d, *hidden, 1]
    parameters = sum(b * (a + 1) for a, b in pairwise(sizes))
    return {
        "d": d,
        "ranks": list(found.ranks),
        "size": len(found.ranks),
        "error": str(found.error),
        "error_float": float(found.error),
        "depth": len(hidden),
        "widths": list(hidden),
        "parameters": parameters,
    }
