"""The fast tier compiled by numba (extra `fast`): fewer passes over memory than numpy makes.

Numba may reassociate sums, and maxima, in loops that do nothing else: the bounds of `fast` hold for
sums in any order. Everywhere else operations stay as written, without fused multiply-adds.

`wide` is `fast.wide` term for term. `narrow` (r = 1) has its own exp, so that no library is
trusted: d = x - m, k = rint(d / log 2), s = d - k log 2 (|s| <= 0.347, off by u |d|, as log 2
rounded to a double is off by 2**-55.7 and k < 2**11), exp(d) = 2**k times the Taylor polynomial of
degree 8: truncation |s|^9/9! (1.05) < 2**-32.1, rounding below 2**-50. Below -700, d counts as
-700. With the errors that d brings, of the sum and of the logarithm as in `fast`:

    |error of y| <= 2**-32 + u (3 n + 20 + 12 log n + 2 |y|).
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import optional
from lsetheory.faithful import fast
from lsetheory.faithful.fast import Bounded, U
from lsetheory.faithful.layout import SHORT

Float64 = NDArray[np.float64]

#: Entries worked on at once outside the compiled loops.
BLOCK = 131072
#: Entries of a chunk: the working arrays stay in cache, and calls are few.
CHUNK = 16384

_ROUND = 1.5 * 2.0**42
_LOWEST = -(2.0**40)
_INVERSE_LOG2 = 1.4426950408889634
_LOG2 = 0.6931471805599453
_RINT = 1.5 * 2.0**52


class Kernels(NamedTuple):
    """The compiled loops, over (rows, n) chunks."""

    tops: Callable[..., None]
    sums: Callable[..., None]
    dots: Callable[..., None]
    shift: Callable[..., None]
    exp: Callable[..., None]
    terms: Callable[..., None]


@cache
def kernels() -> Kernels:
    """Compile for this process, a few seconds once.

    Raises:
        MissingExtra: numba is not installed.
    """
    njit = optional("numba", "fast").njit
    return Kernels(
        njit(_tops, fastmath={"nnan", "nsz"}),
        njit(_sums, fastmath={"reassoc", "nsz"}),
        njit(_dots, fastmath={"reassoc", "nsz"}),
        njit(_shift, error_model="numpy"),
        njit(_exp, error_model="numpy"),
        njit(_terms, error_model="numpy"),
    )


def narrow(x: NDArray[Any]) -> Bounded:
    """log(sum exp(x)) of float32 rows (rows, n), n >= 1."""
    compiled, (count, n) = kernels(), x.shape
    top, total = np.empty((2, count))
    first, second = _work(n)
    powers = second.view(np.int64)
    for part, rows in _chunks(count, n):
        _top(x[part], top[part])
        compiled.shift(x[part], top[part], first[:rows])
        compiled.exp(first[:rows].reshape(-1), powers[:rows].reshape(-1))
        compiled.dots(first[:rows], second[:rows], total[part])
    y = top + np.log(total)
    error = 2.0**-32 + U * (3.0 * n + 20.0 + 12.0 * np.log(n) + 2.0 * np.abs(y))
    return _fixed(top, y, error)


def wide(x: Float64) -> Bounded:
    """log(sum exp(x)) of float64 rows (rows, n), 1 <= n <= `fast.LONGEST`."""
    compiled, (count, n) = kernels(), x.shape
    top, total, rest = np.empty((3, count))
    first, second = _work(n)
    for part, rows in _chunks(count, n):
        _top(x[part], top[part])
        compiled.terms(x[part], top[part], first, second, *fast.gridded())
        compiled.sums(first[:rows], total[part])
        compiled.sums(second[:rows], rest[part])
    error = np.where(np.abs(top) <= 2.0**39, fast.wide_error(n), np.inf)
    return _fixed(top, fast.joined(top, total, rest), error)


def _fixed(top: Float64, y: Float64, error: Float64) -> Bounded:
    """Rows whose largest entry is not finite have it as their result."""
    special = ~np.isfinite(top)
    if not special.any():
        return Bounded(y, error)
    return Bounded(np.where(special, top, y), np.where(special, 0.0, error))


def _work(n: int) -> tuple[Float64, Float64]:
    first, second = np.empty((2, max(1, CHUNK // n), n))
    return first, second


def _chunks(count: int, n: int) -> Iterator[tuple[slice, int]]:
    step = max(1, CHUNK // n)
    for start in range(0, count, step):
        rows = min(step, count - start)
        yield slice(start, start + rows), rows


def _top(x: NDArray[Any], top: Float64) -> None:
    """The largest entries, NaN where there is one."""
    if x.shape[1] >= SHORT:
        top[:] = np.maximum.reduce(x, axis=1)
    else:
        kernels().tops(x, top)


def _tops(x, top):  # type: ignore[no-untyped-def]
    for i in range(x.shape[0]):
        most = x[i, 0]
        for j in range(1, x.shape[1]):
            most = max(most, x[i, j])
        top[i] = most


def _sums(terms, total):  # type: ignore[no-untyped-def]
    for i in range(terms.shape[0]):
        s = 0.0
        for j in range(terms.shape[1]):
            s += terms[i, j]
        total[i] = s


def _dots(a, b, total):  # type: ignore[no-untyped-def]
    for i in range(a.shape[0]):
        s = 0.0
        for j in range(a.shape[1]):
            s += a[i, j] * b[i, j]
        total[i] = s


def _shift(x, top, d):  # type: ignore[no-untyped-def]
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            d[i, j] = np.float64(x[i, j]) - top[i]


def _exp(values, powers):  # type: ignore[no-untyped-def]
    """exp(d) = values * 2**k: polynomials in place of d, the bits of 2**k in `powers`."""
    for j in range(values.size):
        d = values[j]
        d = -700.0 if d < -700.0 else d
        k = (d * _INVERSE_LOG2 + _RINT) - _RINT
        s = d - k * _LOG2
        p = 1 / 720 + s * (1 / 5040 + s * (1 / 40320))
        p = 1 / 6 + s * (1 / 24 + s * (1 / 120 + s * p))
        values[j] = 1.0 + s * (1.0 + s * (0.5 + s * p))
        powers[j] = (np.int64(k) + 1023) << 52


def _terms(x, top, first, second, grid, rest):  # type: ignore[no-untyped-def]
    last = grid.size - 1
    for i in range(x.shape[0]):
        start = top[i] + _ROUND
        for j in range(x.shape[1]):
            v = max(x[i, j], _LOWEST)
            t = v + _ROUND
            s = v - (t - _ROUND)
            k = min(max(np.int64((start - t) * 1024.0), 0), last)
            p = s * (1.0 + s * (0.5 + s * (1 / 6 + s * (1 / 24))))
            first[i, j] = grid[k]
            second[i, j] = rest[k] + (grid[k] + rest[k]) * p
