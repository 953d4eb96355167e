"""Lengths and masks that fall on the blocks of 32 to 1024 terms in which kernels take a row."""

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format

#: Terms that a kernel takes at once: lanes of a warp, tiles of flash attention.
BLOCKS = (64, 32, 128)
#: Where whole blocks are masked -> the least number of whole blocks before the end of the row.
PLACES = {"head": 1, "tail": 1, "inside": 2}


@family(
    "block_edges",
    "lengths about the multiples of 64: what is left over after the last whole block, or the block "
    "itself, is lost; in each row another term at an edge carries about half of the result",
    sizes=(64, 65, 127, 256, 257, 1025),
)
def block_edges(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x: Array = rng.standard_normal((rows, n))
    edges = (n - 1, (n - 1) // 64 * 64, 0, n // 64 * 64 - 1, n // 32 * 32 - 1, n // 2)
    x[np.arange(rows), np.resize(edges, rows)] = np.log(n) + rng.uniform(0.0, 1.0, rows)
    return x


@family(
    "masked_blocks",
    "whole blocks of 32, 64 or 128 terms are -inf, as causal masks leave them: the maximum of such "
    "a block is -inf, and -inf − -inf is NaN",
    sizes=(100, 257),
)
def masked_blocks(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x: Array = rng.standard_normal((rows, n))
    kinds = [
        (place, size) for place, least in PLACES.items() for size in BLOCKS if least * size < n
    ]
    for turn, row in enumerate(x):
        place, size = kinds[turn % len(kinds)] if kinds else ("head", 1)
        row[_masked(rng, n, place, size)] = -np.inf
    return x


def _masked(rng: Rng, n: int, place: str, size: int) -> slice:
    """Some of the row's blocks, but not all, from its start, to its end, or between."""
    blocks = -(-n // size)
    first = 0 if place == "head" else int(rng.integers(1, blocks - (place == "inside")))
    last = blocks if place == "tail" else int(rng.integers(first + 1, blocks))
    return slice(first * size, last * size)
