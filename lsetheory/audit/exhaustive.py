"""Every pair: logaddexp on all float32 gaps, or on all float16 or bfloat16 pairs, certified.

In float32 the pairs are (0, -d), d running over the 2,139,095,041 nonnegative bit patterns from 0
to infinity; in the half formats they are all (a, b) with b ≤ a, both finite. A sweep is a list of
units over ranges of bit patterns, so it goes on where it was stopped.

Certificate: y = a + log1p(exp(b-a)) in float64. With exp and log1p trusted to 4 ulp each, log1p
not increasing a relative error, and b-a rounded once, the second term is off by at most
(10 + |b-a|)·2^-53 of itself, and y by half an ulp more. Where both ends of that interval round to
the same number, that number is the correctly rounded result; all others go to the reference.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import formats, implementations, reference, repeat
from lsetheory.audit.formats import Format
from lsetheory.audit.subject import Subject, named
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]

#: Bit patterns of the first number a unit takes, and pairs in one call.
SPAN = {"float32": 2**24, "float16": 2**9, "bfloat16": 2**9}
BLOCK = 2**18


def plan(operation: str, dtypes: Iterable[str], names: Iterable[str]) -> list[work.Unit]:
    """The units of a sweep, in order of implementation, format and bit pattern.

    Raises:
        InputError: another operation than logaddexp, a format too large, an unknown name.
    """
    if operation != "logaddexp":
        raise InputError(
            f"--exhaustive: expected logaddexp, got {operation!r}: no other is finite enough"
        )
    kinds = choose(dtypes or ["float32"], tuple(SPAN), "dtype of an exhaustive sweep")
    known = [n for n in implementations.installed() if implementations.computing(n, operation)]
    return [
        _unit(name, kind, start)
        for name in choose(names, known, "implementation of logaddexp")
        for kind in kinds
        if kind in implementations.get(name, operation).dtypes
        for start in range(0, count(kind), SPAN[kind])
    ]


def _unit(name: str, kind: str, start: int) -> work.Unit:
    arguments = {"implementation": name, "dtype": kind, "start": start}
    arguments["stop"] = min(start + SPAN[kind], count(kind))
    return work.Unit("lsetheory.audit.exhaustive:sweep", arguments, _listed())


def _listed() -> tuple[str, ...]:
    """The modules of the entries, which are found by listing; a kept result depends on them."""
    found = pkgutil.iter_modules(implementations.__path__, f"{implementations.__name__}.")
    return tuple(info.name for info in found if "triton" not in info.name)


def count(dtype: str) -> int:
    """How many first numbers there are: gaps from 0 to infinity, or finite numbers."""
    fmt = formats.of(dtype)
    if dtype == "float32":
        return int(np.float32(np.inf).view(np.int32)) + 1
    return 2 * int(np.array([fmt.largest]).astype(fmt.dtype).view(np.int16)[0]) + 1


def sweep(implementation: str, dtype: str, start: int, stop: int) -> Row:
    """One unit: all pairs whose first number's index lies in [start, stop).

    Returns:
        implementation, dtype, start, pairs, ulp_0, ulp_1, ulp_2, ulp_more (distance from the
        correctly rounded result), wrong (non-finite), escalated, max_ulp, witness.
    """
    subject, fmt = named(implementation, "logaddexp"), formats.of(dtype)
    total: Row = {"implementation": implementation, "dtype": dtype, "start": start, **_nothing()}
    for x in _pairs(fmt, start, stop):
        _add(total, _block(subject, x, fmt))
    return total


def gather(results: Iterable[Row]) -> list[Row]:
    """One row an implementation and format, from its units."""
    totals: dict[tuple[str, str], Row] = {}
    for row in results:
        key = (row["implementation"], row["dtype"])
        total = totals.setdefault(key, {"implementation": key[0], "dtype": key[1], **_nothing()})
        _add(total, row)
    return list(totals.values())


COUNTS = ("pairs", "ulp_0", "ulp_1", "ulp_2", "ulp_more", "wrong", "escalated")


def _nothing() -> Row:
    return dict.fromkeys(COUNTS, 0) | {"max_ulp": -1.0, "witness": None}


def _add(total: Row, row: Row) -> None:
    for key in COUNTS:
        total[key] += row[key]
    if row["max_ulp"] > total["max_ulp"]:
        total["max_ulp"], total["witness"] = row["max_ulp"], row["witness"]


def _pairs(fmt: Format, start: int, stop: int) -> Iterator[Array]:
    if fmt.name == "float32":
        for low in range(start, stop, BLOCK):
            gap = np.arange(low, min(low + BLOCK, stop), dtype=np.int32).view(np.float32)
            yield np.stack([np.zeros_like(gap), -gap], axis=1)
        return
    largest = count(fmt.name) // 2
    order = np.arange(-largest, largest + 1)
    numbers = np.where(order < 0, -32768 - order, order).astype(np.int16).view(fmt.dtype)
    for index in range(start, stop):
        yield np.stack([np.full(index + 1, numbers[index]), numbers[: index + 1]], axis=1)


def _block(subject: Subject, x: Array, fmt: Format) -> Row:
    got = np.asarray(subject(x, "contiguous", {}), dtype=np.float64)
    value, residual, escalated = _constant(x, got, fmt) or certified(x, fmt)
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs((got - value) / fmt.ulp(value) - residual)
        distance = np.abs(got - value) / fmt.ulp(value)
    wrong = (np.isfinite(got) != np.isfinite(value)) | (np.isinf(value) & (got != value))
    known = np.where(np.isfinite(error) & ~wrong, error, -1.0)
    worst = int(np.argmax(np.where(wrong, np.inf, known)))
    steps = np.where(np.isfinite(distance), np.ceil(distance), 0)[~wrong]
    tallied = {"ulp_0": steps == 0, "ulp_1": steps == 1, "ulp_2": steps == 2, "ulp_more": steps > 2}
    return {
        "pairs": len(x), "wrong": int(wrong.sum()), "escalated": escalated,
        **{key: int(np.count_nonzero(chosen)) for key, chosen in tallied.items()},
        "max_ulp": float(known[worst]) if not wrong.any() else 1e300,
        "witness": {
            "x": repeat.terms(x[worst]), "got": repeat.hexed(got[worst]),
            "expected": repeat.hexed(value[worst]),
            "code": repeat.code(subject.repeat, x[worst], None, {}, None),
        },
    }  # fmt: skip


def certified(x: Array, fmt: Format) -> tuple[Array, Array, int]:
    """Correctly rounded logaddexp of pairs (a, b), b ≤ a; residual in ulp; how many escalated."""
    a, b = np.asarray(x[:, 0], dtype=np.float64), np.asarray(x[:, 1], dtype=np.float64)
    gap = b - a
    tail = np.log1p(np.exp(gap))
    y = a + tail
    size = np.where(np.isfinite(gap), np.abs(gap), 0.0)
    error = (tail * (10.0 + size) + np.abs(y)) * 2.0**-53 + 2.0**-1070
    value = _rounded(y - error, fmt)
    open_ = np.flatnonzero(value != _rounded(y + error, fmt))
    value = value + 0.0  # a zero is +0
    residual = (y - value) / fmt.ulp(value)
    if open_.size:
        exact = reference.logaddexp(np.ascontiguousarray(x[open_]))
        value[open_] = np.asarray(exact.value, dtype=np.float64)
        residual[open_] = exact.residual
    return value, np.where(np.isfinite(residual), residual, 0.0), len(open_)


def _constant(x: Array, got: Array, fmt: Format) -> tuple[Array, Array, int] | None:
    """The same for gaps in ascending order that all round to what came out, found from both ends.

    log1p(exp(-d)) falls as d grows, so between ends with one correctly rounded result all have it,
    and the residual is largest at an end.
    """
    if fmt.name != "float32":
        return None
    value, residual, escalated = certified(x[[0, -1]], fmt)
    if value[0] != value[1] or not (got == value[0]).all():
        return None
    largest = residual[np.argmax(np.abs(residual))]
    return np.full(len(x), value[0]), np.full(len(x), largest), escalated


def _rounded(y: Array, fmt: Format) -> Array:
    if fmt.name == "bfloat16":
        return fmt.nearest(y)
    with np.errstate(over="ignore"):
        return y.astype(fmt.dtype).astype(np.float64)
