"""Rows cut into blocks that stay in the processor's cache."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Entries of a block.
BLOCK = 65536
#: Rows shorter than this are worked on transposed, so that every numpy loop is long.
SHORT = 64


def blocks(x: NDArray[Any]) -> Iterator[tuple[slice, NDArray[Any], int]]:
    """Cut (rows, n) into blocks: which rows, the block, and the axis in it to reduce along."""
    keep_freed_memory()
    count, n = x.shape
    step = max(1, BLOCK // max(n, 1))
    for start in range(0, count, step):
        part = slice(start, min(start + step, count))
        yield (part, x[part].T, 0) if n < SHORT else (part, x[part], 1)


@cache
def keep_freed_memory() -> None:
    """Let the allocator keep the memory of freed temporaries.

    glibc hands freed memory above a threshold back to the system, and page faults then cost more
    than the arithmetic. The threshold adapts to the largest block freed so far (mallopt(3),
    M_MMAP_THRESHOLD), so freeing one large block is enough; elsewhere this does nothing.
    """
    np.empty(2**21)
