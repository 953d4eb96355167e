"""The rows of one cell with their certified results, made once for all its implementations."""

import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.audit import data, families, formats, reference
from lsetheory.audit.families.shapes import INTEGERS
from lsetheory.audit.operations import OPERATIONS
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]

#: Families that are read from a file are named data:PATH.
DATA = "data:"
#: Terms of a cell for each row asked for, where a row has one result, and where it has n.
TERMS, COMPONENTS = 30, 3
#: The longest row with one result that is audited, for each row asked for.
LONGEST = 100
#: Rates r of which a cell of pooled log-sum-exp or swap draws one.
RATES = (1.0, 4.0, -2.0, 0.05, 30.0)


@dataclass(frozen=True)
class Case:
    """Rows, the keywords handed to the implementation, and what the result should be."""

    operation: str
    x: Array  #: (rows, n), in the format, contiguous
    parameters: Mapping[str, Any]
    certified: Any
    layout: str
    integer: str | None  #: dtype in which the rows are handed over, None for the format itself

    @property
    def handed_over(self) -> Array:
        """The rows in the dtype in which the implementation gets them."""
        return self.x if self.integer is None else self.x.astype(self.integer)


def count(operation: str, rows: int, n: int) -> int:
    """How many rows of n terms stand for `rows` short ones; 0 where even one is too long."""
    if OPERATIONS[operation].rowwise:
        return min(rows, max(1, COMPONENTS * rows // max(n, 1))) if n <= rows else 0
    return min(rows, max(1, TERMS * rows // max(n, 1))) if n <= LONGEST * rows else 0


def generator(seed: int, *names: object) -> np.random.Generator:
    """A generator of its own for every combination of seed and names, the same everywhere."""
    text = ":".join(map(str, names)).encode(errors="surrogateescape")  # a file's name is bytes
    return np.random.default_rng([seed, zlib.crc32(text)])


@contextmanager
def _in_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise InputError(
            "rows: expected as many as memory holds with their results, got more; take fewer"
        ) from None


def content(family: str) -> str | None:
    """Checksum of the file behind data:PATH; None of other families, and where it is not there."""
    if not family.startswith(DATA):
        return None
    path = Path(family.removeprefix(DATA))
    try:
        stamp = path.stat()
        return _checksum(path, stamp.st_size, stamp.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=100)
def _checksum(path: Path, size: int, time: int) -> str:
    return data.checksum(path)


@lru_cache(maxsize=4)
@_in_memory()
def case(
    operation: str,
    dtype: str,
    family: str,
    n: int,
    rows: int,
    seed: int,
    planned: str | None = None,
) -> Case:
    """The case of one cell; deterministic in its arguments.

    Its arrays are read-only: later calls are given them again.

    Args:
        operation, dtype, family, n, rows, seed: the cell.
        planned: `content` of the family.

    Raises:
        InputError: memory does not hold it; or it is of a file with another content.
    """
    made = build(operation, *drawn(operation, dtype, family, n, rows, seed))
    if content(family) != planned:
        raise InputError(
            f"{family.removeprefix(DATA)}: expected the file that was planned, got another "
            "content: it changed while it was audited, or is another on this machine; run again"
        )
    for value in (made.x, *made.parameters.values()):
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return made


@_in_memory()
def drawn(
    operation: str, dtype: str, family: str, n: int, rows: int, seed: int
) -> tuple[Array, dict[str, Any], str, str | None]:
    """What `build` takes for the same case: rows, keywords, layout and integer dtype.

    Raises:
        InputError: as there.
    """
    rng = generator(seed, family, n)
    if family.startswith(DATA):
        x = _sample(data.load(Path(family.removeprefix(DATA))), rng, rows)
        x = formats.of(dtype).store(formats.of(dtype).nearest(x))
        return x, draw(operation, dtype, x.shape, rng), "contiguous", None
    entry = families.get(family)
    x = entry.rows(rng, dtype, rows, n)
    given = dict(entry.parameters(rng, formats.of(dtype), n))
    given = given or draw(operation, dtype, x.shape, rng)
    if "r" in given and np.isneginf(x).any():
        given["r"] = abs(given["r"])  # for r < 0 a -inf decides the result alone
    return x, given, entry.layout, INTEGERS[dtype] if entry.integers else None


def _sample(rows: Array, rng: np.random.Generator, count: int) -> Array:
    if len(rows) <= count:
        return rows
    return rows[np.sort(rng.choice(len(rows), count, replace=False))]


def build(
    operation: str,
    x: Array,
    given: Mapping[str, Any],
    layout: str = "contiguous",
    integer: str | None = None,
) -> Case:
    """A case of given rows."""
    return Case(operation, x, given, expected(operation, x, given), layout, integer)


def draw(
    operation: str, dtype: str, shape: tuple[int, ...], rng: np.random.Generator
) -> dict[str, Any]:
    """Keywords for the operation: r, ordinal weights or cotangent, numbers of the format."""
    fmt = formats.of(dtype)
    wanted, given = OPERATIONS[operation].parameters, dict[str, Any]()
    if "r" in wanted:
        given["r"] = float(fmt.nearest(rng.choice(RATES)))
    if "weights" in wanted:
        given["weights"] = fmt.store(fmt.nearest(rng.standard_normal(math.ceil(shape[-1] / 2))))
    if "cotangent" in wanted:
        given["cotangent"] = fmt.store(fmt.nearest(cotangents(shape, rng)))
    return given


def cotangents(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Normal numbers, in every second row -1 at one place: what cross-entropy hands back."""
    v = rng.standard_normal(shape)
    v[1::2] = np.where(np.arange(shape[1]) == rng.integers(0, shape[1], (len(v[1::2]), 1)), -1.0, 0)
    return v


def expected(operation: str, x: Array, given: Mapping[str, Any]) -> Any:
    """The certified results."""
    rows, plain = plain_rows(operation, x, given)
    return reference.OPERATIONS[operation](rows, **plain)


def plain_rows(operation: str, x: Array, given: Mapping[str, Any]) -> tuple[Array, dict[str, Any]]:
    """Rows and keywords as the reference takes them: weights and scale are taken into the rows.

    Whole-number weights are repeated entries, so log Σ w exp x is certified as a plain log-sum-exp.
    A scale is multiplied in with one rounding: what a fused multiply-add does better or worse than
    that is within what rounding the inputs may cost.
    """
    given = dict(given)
    if operation == "logsumexp" and "weights" in given:
        x = np.repeat(x, np.asarray(given.pop("weights"), dtype=int), axis=1)
    if operation == "logsumexp" and "scale" in given:
        fmt = formats.of(x.dtype)
        x = fmt.store(fmt.nearest(np.asarray(x, dtype=np.float64) * given.pop("scale")))
    if operation.startswith("pooled_lse"):
        given["form"] = "mean"
    return np.ascontiguousarray(x), {key: _plain(key, value) for key, value in given.items()}


def _plain(key: str, value: Any) -> Any:
    if key == "weights":
        return [float(w) for w in value]
    return np.asarray(value, dtype=np.float64) if isinstance(value, np.ndarray) else value
