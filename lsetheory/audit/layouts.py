"""Memory layouts: the same numbers behind other strides, as callers really hand them over.

Each is a copy, so that a function that writes into its input spoils no one else's rows.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def contiguous(x: Array) -> Array:
    """Row after row."""
    return np.array(x, order="C")


def strided(x: Array) -> Array:
    """Every second element of rows twice as long."""
    room = np.zeros((x.shape[0], 2 * x.shape[1]), x.dtype)
    room[:, ::2] = x
    return room[:, ::2]


def transposed(x: Array) -> Array:
    """Rows that are columns in memory."""
    return np.array(x.T, order="C").T


def window(x: Array) -> Array:
    """A window one element into a larger array."""
    room = np.zeros((x.shape[0] + 2, x.shape[1] + 3), x.dtype)
    room[1:-1, 1:-2] = x
    return room[1:-1, 1:-2]


def broadcast(x: Array) -> Array:
    """The first row, seen as often as x has rows through a stride of 0."""
    row = np.array(x[:1], order="C")
    # numpy's broadcast_to gives a read-only view, which torch refuses to look at
    return np.lib.stride_tricks.as_strided(row, x.shape, (0, row.strides[1]))


#: name -> what it does to contiguous rows.
LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "contiguous": contiguous,
    "strided": strided,
    "transposed": transposed,
    "window": window,
    "broadcast": broadcast,
}
