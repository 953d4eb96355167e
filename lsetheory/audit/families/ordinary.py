"""What users have: ordinary rows, common offsets, ties, log-probabilities."""

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format


def signs(rng: Rng, rows: int) -> Array:
    """One random sign a row, shape (rows, 1)."""
    return rng.choice([-1.0, 1.0], (rows, 1))


def offset_rows(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    """Normal rows around a common offset of 1 to 1e8, where the format still resolves 1."""
    top = min(8.0, np.log10(1.0 / fmt.u))
    offset = signs(rng, rows) * 10.0 ** rng.uniform(0.0, top, (rows, 1))
    return np.asarray(offset + rng.standard_normal((rows, n)))


@family(
    "normal",
    "ordinary inputs: anything wrong here is wrong everywhere; with the other sizes, n takes every "
    "value modulo 8, where loops over vectors of the processor have their tails",
    sizes=(1, 2, 7, 10, 13, 22, 31, 100),
)
def normal(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return rng.standard_normal((rows, n))


@family("wide", "the terms span most of the range of exp")
def wide(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.asarray(rng.standard_normal((rows, n)) * 0.25 * fmt.exp_overflow)


@family("dominant", "one term carries the result, the others only the lower half of its bits")
def dominant(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    top = rng.uniform(-1.0, 3.0, rows)
    share = np.log(fmt.u) * rng.uniform(0.5, 1.0, rows)
    x: Array = rng.uniform(-1.0, 0.0, (rows, n)) + (top + share - np.log(n))[:, None]
    x[np.arange(rows), rng.integers(0, n, rows)] = top
    return x


@family("normalised", "log-probabilities: the result is 0 up to the rounding of the inputs")
def normalised(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = 3.0 * rng.standard_normal((rows, n))
    return np.asarray(x - np.log(np.exp(x).sum(axis=1, keepdims=True)))


@family("offset", "a common offset of 1 to 1e8: exp of the raw input overflows or is 0")
def offset(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return offset_rows(rng, fmt, rows, n)


@family("offset_sorted", "a common offset, terms in ascending order: a running maximum never rests")
def offset_sorted(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.sort(offset_rows(rng, fmt, rows, n), axis=1)


@family(
    "offset_alternating", "large and small terms take turns: a running maximum is rescaled often"
)
def offset_alternating(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = np.sort(offset_rows(rng, fmt, rows, n), axis=1)
    order = np.empty(n, dtype=int)
    order[0::2], order[1::2] = np.arange((n + 1) // 2), n - 1 - np.arange(n // 2)
    return np.asarray(x[:, order])


@family(
    "all_equal", "equal terms: the result is x + log n, exactly one rounding away", sizes=(2, 10)
)
def all_equal(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    top = min(1e4, fmt.largest / 8)
    return np.repeat(signs(rng, rows) * top ** rng.uniform(-1.0, 1.0, (rows, 1)), n, axis=1)


@family("ties", "several terms tie for the maximum: leaving out one is not leaving out all")
def ties(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    levels = fmt.nearest(rng.standard_normal((rows, 3)) * 2.0)
    return np.take_along_axis(levels, rng.integers(0, 3, (rows, n)), axis=1)
