"""The loops behind `compiled`, in the part of Python that numba compiles (import needs numba).

Rows (count, n) are loaded into a tile (k, LANES) of float64: a short row fills one lane, a long one
is dealt out over all lanes, padded with -inf. All loops then run along lanes without branches, so
that LLVM turns them into vector instructions. Numba keeps what it compiled beside this file, or in
the user's cache folder, or, where neither can be written, for the process only. Its cache looks at
the file of a function only, so what calls each other stands in one file.

`fused` functions may contract a product and a sum into one rounding; `plain` ones may not.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Float64 = NDArray[np.float64]

#: Numbers worked on side by side.
LANES = 64
#: Rows up to this long lie each in a lane.
SHORT = 64

_ONE = 1023
_LOG2 = 0.6931471805599453
#: log 2 = high + low: multiple of 2**-44, and the rest to 2**-102
_LOG2_HIGH = float.fromhex("0x1.62e42fefa3a00p-1")
_LOG2_LOW = float.fromhex("-0x1.0ca86c3898d00p-49")
_INVERSE_LOG2 = 1.4426950408889634
_RINT = 1.5 * 2.0**52
_RINT_BITS = int(np.float64(_RINT).view(np.int64))
_ROOT_HALF_BITS = int(np.float64(0.5**0.5).view(np.int64))
_GRID_26 = 1.5 * 2.0**26
_GRID_10 = 1.5 * 2.0**42
_GRID_10_BITS = int(np.float64(_GRID_10).view(np.int64))
_GRID_36 = 1.5 * 2.0**16
_GRID_37 = 1.5 * 2.0**15
_GRID_40 = 1.5 * 2.0**12
_GRID_75 = 1.5 * 2.0**-23
_SPLITTER = 2.0**27 + 1.0
_HUGE = 2.0**900


def _compile(function: F, fastmath: bool | set[str]) -> F:
    try:
        done = njit(cache=True, error_model="numpy", fastmath=fastmath)(function)
    except RuntimeError:  # no folder for the cache can be written
        done = njit(error_model="numpy", fastmath=fastmath)(function)
    return cast(F, done)


plain = partial(_compile, fastmath=False)
fused = partial(_compile, fastmath={"contract"})


def _as(kind: Any, bits: Any) -> Any:
    def typed(context: Any, value: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return builder.bitcast(values[0], bits)

        return kind(value), code

    return intrinsic(typed)


#: The 64 bits of a float64 as an integer, and back.
bits = _as(types.int64, ir.IntType(64))
as_float = _as(types.float64, ir.DoubleType())


@plain
def tile_for(n: int) -> Float64:
    """Room for rows of n entries."""
    return np.empty((n if n <= SHORT else (n + LANES - 1) // LANES, LANES))


@plain
def load(x: NDArray[Any], start: int, tile: Float64) -> int:
    """Rows of x from `start` into the tile; how many."""
    n = x.shape[1]
    if n > SHORT:
        for j in range(tile.shape[0]):
            for w in range(LANES):
                place = j * LANES + w
                tile[j, w] = x[start, place] if place < n else -np.inf
        return 1
    rows = int(min(LANES, x.shape[0] - start))
    if rows < LANES:
        tile[:] = 0.0
    for w in range(rows):
        for j in range(n):
            tile[j, w] = x[start + w, j]
    return rows


@plain
def tops(tile: Float64, spread: bool, top: Float64) -> None:
    """The largest entry of each lane, or of all lanes; NaN may be passed over."""
    for w in range(LANES):
        top[w] = tile[0, w]
    for j in range(1, tile.shape[0]):
        for w in range(LANES):
            v = tile[j, w]
            top[w] = v if v > top[w] else top[w]
    if spread:
        top[:] = np.max(top)


@plain
def joined(total: Float64) -> None:
    """Put the sum over all lanes into the first one."""
    half = LANES // 2
    while half:
        for w in range(half):
            total[w] += total[w + half]
        half //= 2


@plain
def joined_exactly(total: Float64, rest: Float64) -> None:
    """Put the sums over all lanes into the first ones; what total rounds off goes to rest."""
    half = LANES // 2
    while half:
        for w in range(half):
            a, b = total[w], total[w + half]
            s = a + b
            c = s - a
            total[w] = s
            rest[w] += rest[w + half] + ((a - (s - c)) + (b - c))
        half //= 2


@fused
def exp(d: float) -> float:
    """exp(d), d <= 0; see `compiled`."""
    d = -700.0 if d < -700.0 else d
    t = d * _INVERSE_LOG2 + _RINT
    s = d - (t - _RINT) * _LOG2
    p = 1 / 362880 + s * (1 / 3628800 + s * (1 / 39916800 + s * (1 / 479001600)))
    p = 1 / 120 + s * (1 / 720 + s * (1 / 5040 + s * (1 / 40320 + s * p)))
    p = 1.0 + s * (1.0 + s * (0.5 + s * (1 / 6 + s * (1 / 24 + s * p))))
    return float(p * as_float((bits(t) - _RINT_BITS + _ONE) << 52))


@fused
def crude(v: float) -> float:
    """log(v), v >= 1/2; see `compiled`."""
    k = (bits(v) - _ROOT_HALF_BITS) >> 52
    f = as_float(bits(v) - (k << 52))
    g = (f - 1.0) / (f + 1.0)
    q = g * g
    p = 1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19 + q * (1 / 21))))
    p = 1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * p))))
    return float(k * _LOG2 + (2.0 * g + 2.0 * g * q * p))


@fused
def narrow(x: NDArray[Any], constant: float, y: Float64, error: Float64) -> None:
    """log(sum exp(x)) of rows of 24-bit entries, off by at most `error`."""
    tile, top, total = tile_for(x.shape[1]), np.empty(LANES), np.empty(LANES)
    place = 0
    while place < x.shape[0]:
        rows = load(x, place, tile)
        tops(tile, x.shape[1] > SHORT, top)
        total[:] = 0.0
        for j in range(tile.shape[0]):
            for w in range(LANES):
                total[w] += exp(tile[j, w] - top[w])
        if x.shape[1] > SHORT:
            joined(total)
        for w in range(LANES if rows > 1 else 1):
            value = top[w] + crude(total[w])
            known = total[w] < np.inf
            total[w] = 2.0**-53 * (constant + 2.0 * abs(value)) if known else np.inf
            top[w] = value if known else np.nan
        for w in range(rows):
            y[place + w] = top[w]
            error[place + w] = total[w]
        place += rows


@plain
def less(v: float, top: float) -> tuple[float, float]:
    """v - top exactly, as a sum of two; what is below -64 as -64."""
    v = -_HUGE if v < -_HUGE else v
    d = v - top
    c = d - v
    low = (v - (d - c)) - (top + c)
    return (-64.0 if d < -64.0 else d), (0.0 if d < -64.0 else low)


@fused
def term(d: float, low: float) -> tuple[float, float]:
    """exp(d + low) as a multiple of 2**-40 and the rest; see `compiled`."""
    t = d * _INVERSE_LOG2 + _RINT
    k = t - _RINT
    s, rest = d - k * _LOG2_HIGH, low - k * _LOG2_LOW
    h = (s + _GRID_26) - _GRID_26
    square, lack = 0.5 * h * h, s - h
    p = 1 / 39916800 + s * (1 / 479001600 + s * (1 / 6227020800 + s * (1 / 87178291200)))
    p = 1 / 5040 + s * (1 / 40320 + s * (1 / 362880 + s * (1 / 3628800 + s * p)))
    c = s * s * s * (1 / 6 + s * (1 / 24 + s * (1 / 120 + s * (1 / 720 + s * p))))
    q = c + (lack * (h + 0.5 * lack) + (rest + rest * (s + square + c)))
    a = as_float((bits(t) - _RINT_BITS + _ONE) << 52)
    grid = (a * (1.0 + (s + (square + q))) + _GRID_40) - _GRID_40
    return grid, (((a - grid) + a * s) + a * square) + a * q


@fused
def start(total: float) -> float:
    """The multiple of 2**-10 nearest to log(total), plus 1.5 * 2**42."""
    return crude(total) + _GRID_10


@fused
def refined(total: float, rest: float, head: float, tail: float) -> float:
    """log((total + rest)(head + tail)), a number near 0; see `fast._log`."""
    shift = total * 2.0**26
    front = (total + shift) - shift
    z = (front * head - 1.0) + (front * tail + ((total - front) + rest) * (head + tail))
    z = z if abs(z) < 2.0**-10.8 else np.nan
    return z - z * z * (0.5 - z * (1 / 3 - z * (0.25 - z * 0.2)))


@plain
def total_of(top: float, high: float, low: float) -> float:
    """top + high + low, rounded once and a little."""
    s = top + high
    c = s - top
    return s + (((top - (s - c)) + (high - c)) + low)


@fused
def wide(
    x: Float64, head: Float64, tail: Float64, constant: float, y: Float64, error: Float64
) -> None:
    """log(sum exp(x)) of float64 rows, off by at most `error` before the last rounding."""
    tile, top = tile_for(x.shape[1]), np.empty(LANES)
    total, rest, log, heads, tails = np.zeros((5, LANES))
    place = 0
    while place < x.shape[0]:
        rows = load(x, place, tile)
        tops(tile, x.shape[1] > SHORT, top)
        total[:], rest[:] = 0.0, 0.0
        for j in range(tile.shape[0]):
            for w in range(LANES):
                d, low = less(tile[j, w], top[w])
                coarse, fine = term(d, low)
                total[w] += coarse
                rest[w] += fine
        if x.shape[1] > SHORT:
            joined_exactly(total, rest)
        for w in range(LANES if rows > 1 else 1):
            log[w] = start(total[w] + rest[w])
        for w in range(rows):
            j = min(max(bits(log[w]) - _GRID_10_BITS, 0), head.size - 1)
            heads[w], tails[w] = head[j], tail[j]
        for w in range(LANES if rows > 1 else 1):
            low = refined(total[w], rest[w], heads[w], tails[w])
            top[w] = total_of(top[w], log[w] - _GRID_10, low)
        for w in range(rows):
            y[place + w] = top[w]
            error[place + w] = constant if abs(top[w]) < _HUGE else np.inf
        place += rows


@plain
def place_of(a: float, last: int) -> int:
    """The row of the table of exp for a <= 0."""
    return int(min(max(_GRID_10_BITS - bits(a + _GRID_10), 0), last))


@plain
def pieces(
    a: float, b: float, high: float, head: float, tail: float, low: float
) -> tuple[float, float]:
    """p and lo of `doubledouble.exp_pieces`, given the row of the table (G is `high`)."""
    r = a - ((a + _GRID_10) - _GRID_10)
    s = (r + _GRID_36) - _GRID_36
    square, lack = 0.5 * s * s, r - s
    w0 = r + square
    c = (r * r) * (r * (((r * (1 / 720) + 1 / 120) * r + 1 / 24) * r + 1 / 6))
    q = c + (lack * (s + 0.5 * lack) + (b + b * (w0 + c)))
    w1 = (w0 + _GRID_37) - _GRID_37
    w2 = ((r - w1) + square) + q
    return head * w1, (tail * w1 + high * w2) + (low + low * w0)


@plain
def gather(a: Float64, table: Float64, columns: Float64) -> None:
    """The rows of the table for the arguments a, as columns."""
    for w in range(LANES):
        row = table[place_of(a[w], table.shape[0] - 1)]
        for k in range(4):
            columns[k, w] = row[k]


@plain
def product_less_one(a: float, b: float) -> tuple[float, float]:
    """a b - 1 for a b near 1, as a sum of two, exactly (Veltkamp, Dekker)."""
    p = a * b
    c, d = a * _SPLITTER, b * _SPLITTER
    a1, b1 = c - (c - a), d - (d - b)
    a2, b2 = a - a1, b - b1
    return p - 1.0, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


@plain
def logs(sums: Float64, table: Float64, log: Float64, work: Float64) -> None:
    """`doubledouble.log` of sums (2, LANES), into log (2, LANES); work is (5, LANES)."""
    a, columns = work[4], work[:4]
    for w in range(LANES):
        log[0, w] = min(crude(sums[0, w]), 64.0)
        a[w] = -log[0, w]
    gather(a, table, columns)
    for w in range(LANES):
        g = columns[0, w]
        p, lo = pieces(a[w], 0.0, g, columns[1, w], columns[2, w], columns[3, w])
        high = g + p
        low = (p - (high - g)) + lo
        first, second = product_less_one(sums[0, w], high)
        z = first + (second + (sums[0, w] * low + sums[1, w] * high))
        log[1, w] = z - 0.5 * z * z if abs(z) <= 2.0**-40 else np.nan


@plain
def add_terms(tile: Float64, top: Float64, table: Float64, sums: Float64, work: Float64) -> None:
    """Each lane's sum of exp(x - top), gridded, finer and dust, as in `doubledouble`."""
    sums[:] = 0.0
    a, b, columns = work[4], work[5], work[:4]
    for j in range(tile.shape[0]):
        for w in range(LANES):
            a[w], b[w] = less(tile[j, w], top[w])
        gather(a, table, columns)
        for w in range(LANES):
            g = columns[0, w]
            p, lo = pieces(a[w], b[w], g, columns[1, w], columns[2, w], columns[3, w])
            t = ((g + p) + _GRID_40) - _GRID_40
            rest = ((g - t) + p) + lo
            u = (rest + _GRID_75) - _GRID_75
            sums[0, w] += t
            sums[1, w] += u
            sums[2, w] += rest - u


@plain
def precise(
    x: Float64, table: Float64, absolute: float, high: Float64, low: Float64, error: Float64
) -> None:
    """`precise.lse` of float64 rows, r = 1, sum form; table (rows, 4)."""
    tile, top = tile_for(x.shape[1]), np.empty(LANES)
    sums, log, work = np.empty((3, LANES)), np.empty((2, LANES)), np.empty((6, LANES))
    place, size = 0, np.log(x.shape[1])
    while place < x.shape[0]:
        rows = load(x, place, tile)
        tops(tile, x.shape[1] > SHORT, top)
        add_terms(tile, top, table, sums, work)
        if x.shape[1] > SHORT:
            for part in sums:
                joined(part)
        for w in range(LANES):
            s = sums[0, w] + sums[1, w]
            rest = (sums[1, w] - (s - sums[0, w])) + sums[2, w]
            sums[0, w] = s + rest
            sums[1, w] = rest - (sums[0, w] - s)
        logs(sums[:2], table, log, work)
        for w in range(rows):
            s = top[w] + log[0, w]
            c = s - top[w]
            rest = ((top[w] - (s - c)) + (log[0, w] - c)) + log[1, w]
            h = s + rest
            high[place + w], low[place + w] = h, rest - (h - s)
            known = abs(top[w]) < 0.5 * _HUGE and abs(log[1, w]) < np.inf
            bound = absolute + 2.0**-101 * (log[0, w] + size + abs(h))
            error[place + w] = bound if known else np.inf
        place += rows
