"""All pairs of a format, by number, and their certified logaddexp, a block at a time.

In float32 the pairs are (0, -d), d running over the 2,139,095,041 nonnegative bit patterns from 0
to infinity; in the half formats they are all (a, b) with b ≤ a, both finite, zero counted once.

Certificate of one pair: y = a + log1p(exp(b-a)) in float64. With exp and log1p trusted to 4 ulp
each (2^-50 of a normal result, 2^-1072 of a subnormal one), log1p not increasing a relative error
(it is concave, log1p(0) = 0) and b-a rounded once, the second term is off by less than
(17 + |b-a|)·2^-53 of itself, and y by half an ulp more. Beyond |b-a| = 746 both the term and what
is computed for it are below 2^-1071, so 764·2^-53 of the term and 2^-1070 cover every gap; another
ulp of y covers the rounding of what follows. Where both ends of that interval round to the same
number, that is the correctly rounded result; all others go to the reference.

Certificate of a block: y grows with b. So where the ends of a run of pairs with one a and ordered b
have the same correctly rounded result, every pair between them has it too, and its residual lies
between those of the ends. Runs of `STEP` pairs whose ends differ are certified pair by pair.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from lsetheory.audit import formats, reference
from lsetheory.audit.formats import Format
from lsetheory.audit.reference import Certified

Array = np.ndarray[Any, Any]

DTYPES = ("float32", "float16", "bfloat16")
#: Pairs between two that are certified on their own.
STEP = 2**6
#: What the second term may be off by, relative to itself.
TRUST = 764 * 2.0**-53


def count(dtype: str) -> int:
    """How many pairs there are: gaps from 0 to infinity, or finite (a, b) with b ≤ a."""
    if dtype == "float32":
        return int(np.float32(np.inf).view(np.int32)) + 1
    finite = len(_numbers(dtype))
    return finite * (finite + 1) // 2


@cache
def _numbers(dtype: str) -> Array:
    """The finite numbers of a half format in ascending order, zero once."""
    fmt = formats.of(dtype)
    largest = int(np.array([fmt.largest]).astype(fmt.dtype).view(np.int16)[0])
    order = np.arange(-largest, largest + 1)
    return np.where(order < 0, -32768 - order, order).astype(np.int16).view(fmt.dtype)


def numbered(dtype: str, start: int, stop: int) -> Array:
    """The pairs of these numbers, (stop - start, 2): by a, and by b for each a, both ascending.

    In float32 a = 0 and b descends.
    """
    if dtype == "float32":
        x = np.zeros((stop - start, 2), np.float32)
        x[:, 1] = -np.arange(start, stop, dtype=np.int32).view(np.float32)
        return x
    first, last = ((math.isqrt(8 * t + 1) - 1) // 2 for t in (start, stop - 1))
    rows = np.arange(first, last + 1)
    ends = np.clip((rows + 1) * (rows + 2) // 2, start, stop)
    a = np.repeat(rows, np.diff(ends, prepend=start))
    b = np.arange(start, stop) - a * (a + 1) // 2
    return np.take(_numbers(dtype), np.stack([a, b], axis=1))


@dataclass(frozen=True)
class Answers:
    """The correctly rounded results of a block of pairs."""

    value: Array  #: (n,), in the format
    residual: float  #: the largest one in size, in ulp
    at: int  #: which pair has it
    escalated: int  #: how many pairs the float64 pipeline left open


def block(x: Array) -> Answers:
    """Correctly rounded logaddexp of pairs (a, b), b ≤ a, ordered by b wherever a stays."""
    n, turns = len(x), np.flatnonzero(x[1:, 0] != x[:-1, 0]) + 1
    ends = np.unique(np.concatenate([np.arange(0, n, STEP), turns, turns - 1, [n - 1]]))
    found = certified(x[ends])
    lengths, steady = np.diff(ends), found.value[1:] == found.value[:-1]
    value = np.append(np.repeat(found.value[:-1], lengths), found.value[-1])
    inside = np.append(np.repeat(~steady, lengths), False)
    inside[ends] = False
    (rest,) = np.nonzero(inside)
    more = certified(x[rest])
    value[rest] = more.value
    residual = np.abs(np.concatenate([found.residual, more.residual]))
    top = int(np.argmax(residual))
    at = np.concatenate([ends, rest])[top]
    escalated = int(np.count_nonzero(found.tier) + np.count_nonzero(more.tier))
    return Answers(value, float(residual[top]), int(at), escalated)


def certified(x: Array) -> Certified:
    """Correctly rounded logaddexp of pairs (a, b), b ≤ a, in any order."""
    fmt, (a, b) = formats.of(x.dtype), np.asarray(x, dtype=np.float64).T
    tail = np.log1p(np.exp(b - a))
    y = a + tail
    error = tail * TRUST + np.abs(y) * 2.0**-51 + 2.0**-1070
    value = _rounded(y - error, fmt)
    (open_,) = np.nonzero(value != _rounded(y + error, fmt))
    value = value + fmt.dtype.type(0)  # a zero is +0
    unit = fmt.ulp(value)
    result = Certified(value, (y - value) / unit, error / unit, np.zeros(len(x), np.uint8))
    if open_.size:
        exact = reference.logaddexp(np.ascontiguousarray(x[open_]))
        for field in ("value", "residual", "residual_bound", "tier"):
            getattr(result, field)[open_] = getattr(exact, field)
    return result


def _rounded(y: Array, fmt: Format) -> Array:
    return fmt.store(fmt.nearest(y)) if fmt.name == "bfloat16" else y.astype(fmt.dtype)
