"""The same numbers in other memory layouts, integer rows, and keywords of the operations."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format


@family("strided", "every second element of a larger array", layout="strided", sizes=(33,))
def strided(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return 2.0 * rng.standard_normal((rows, n))


@family("transposed", "rows that are columns in memory", layout="transposed", sizes=(33,))
def transposed(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return 2.0 * rng.standard_normal((rows, n))


@family(
    "window",
    "a window of a larger array: rows apart, start unaligned",
    layout="window",
    sizes=(33,),
)
def window(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return 2.0 * rng.standard_normal((rows, n))


@family(
    "broadcast", "one row seen many times through a stride of 0", layout="broadcast", sizes=(33,)
)
def broadcast(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.repeat(2.0 * rng.standard_normal((1, n)), rows, axis=0)


#: Format -> the integer dtype whose values below, and whose lowest value, it holds exactly.
INTEGERS = {"float32": "int16", "float64": "int32"}


@family(
    "integers",
    "integer rows, some at the ends of their dtype: a difference taken in it wraps",
    operations=("logsumexp", "softmax", "log_softmax"),
    dtypes=tuple(INTEGERS),
    integers=True,
)
def integers(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = rng.integers(-8, 9, (rows, n)).astype(float)
    ends = rng.random(rows) < 0.5
    low = np.iinfo(INTEGERS[fmt.name]).min
    x[ends, 0], x[ends, 1] = low, -low / 2
    return x


def scale(rng: Rng, fmt: Format, n: int) -> Mapping[str, Any]:
    """One factor a cell."""
    return {"scale": float(fmt.nearest(rng.uniform(0.05, 20.0)))}


@family(
    "scaled",
    "logsumexp(x·c) under a compiler: fused into the shift but not into the maximum",
    operations=("logsumexp",),
    parameters=scale,
    needs="scale",
)
def scaled(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = rng.standard_normal((rows, n))
    x[: rows // 2] += rng.uniform(-50.0, 50.0, (rows // 2, 1))
    return x


def weights(rng: Rng, fmt: Format, n: int) -> Mapping[str, Any]:
    """One row of whole weights a cell, 0 to 8: a weight w is w equal entries."""
    return {"weights": fmt.store(rng.integers(0, 9, n).astype(float))}


@family(
    "weights",
    "weighted sums log Σ w exp x, some weights 0",
    operations=("logsumexp",),
    parameters=weights,
    needs="weights",
)
def weighted(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return 3.0 * rng.standard_normal((rows, n))
