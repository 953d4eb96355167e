"""One row as the exact tier sees it: finite floats, and what the operation needs beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[float]


@dataclass(frozen=True)
class Parameters:
    """What an operation needs beside the row: exact floats, r >= 0."""

    #: entries of the full row, the left-out ones included
    n: int
    r: float = 1.0
    form: str = "sum"
    #: ordinal: one a kept entry
    weights: tuple[float, ...] = ()
    #: for vector outputs: the vector v contracted with the Jacobian, its entries of this row
    cotangent: tuple[float, ...] = ()
    #: and its entries where the full row has -inf
    absent: tuple[float, ...] = ()


def descending(row: Row) -> list[int]:
    """Places of the entries, largest first, equal ones in order of place."""
    return sorted(range(len(row)), key=lambda j: -row[j])
