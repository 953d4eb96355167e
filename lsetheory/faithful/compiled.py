"""The tiers compiled by numba (extra `fast`), r = 1, sum form; the loops are in `loops`.

u = 2**-53. No library is trusted; Gappa proves what names a script of tests/faithful. Rows whose
largest entry is not finite, and rows with a NaN, get an infinite error.

**24-bit entries** (`narrow`). d = x - m, below -700 counted as -700; k = rint(d / log 2), s = d - k
log 2, |s| <= 0.3466, exp(d) = 2**k P(s), P the Taylor polynomial of degree 12: truncation
|s|^13/13! (1.05) < 1.6 u, or 2.3 u of P. Its roundings are below 2.9 u of it (`narrow_exp.g`), so
that it is off by less than 5.3 u. d, k log 2 (log 2 as a double is off by 2**-55.2, that is k log 2
by 0.32 u |d|) and s round once each: as t exp(-t) <= 1/e, 2.3 u (n-1)/e in S, and 0.35 u.
log S = k log 2 + log f, f in [0.7, 1.42), by the series of 2 artanh((f-1)/(f+1)) to the 21st power
(truncation 2**-61.9) is off by less than 4 u (1 + log S). Sums add (n-1) u. As in `fast.narrow`,
with room to spare,

    |error of y| <= u (2 n + 20 + 12 log n + 2 |y|).

**float64** (`wide`). d = x - m exactly as d + e (Knuth), |e| <= u |d|, below -64 counted as -64.
s = d - k L1, L1 being log 2 to 44 bits: exact; rest = e - k L2, |rest| < 2**-42.3, off by 2**-94.
With h next to s on the grid 2**-26, a = 2**k,

    exp(d + e) = a (1 + s + h^2/2 + q),  q = c + (s-h)(h + (s-h)/2) + rest exp(s),

c = s^3/6 + ... + s^14/14!; a, a s, a h^2/2 are exact, |q| < 2**-6.9.

- q is off by less than 2**-57.9 by rounding (`wide_exp.g`), 2**-63 by truncation, 2**-66 by
  neglected products; relative to exp(d), > 0.706 a: together 2**-57.35.
- the term, rounded to the grid 2**-40, is taken off exactly or up to 3 u 2**-40: (a - grid) + a s
  and the next sum leave less than |a q| + 2**-40, on the grid of their summands. 4096 gridded parts
  of a lane sum exactly, and so do the lanes, what a sum rounds off, u of it, going to the rests.
  The rests, below 2**-39.9, sum with an error below n min(n, n/LANES + 12) u 2**-39.9 <= n u
  2**-27.7, the lanes' roundings with less than 2**-50 u of S.
- terms cut at exp(-64) add n 2**-92.3; the logarithm 2**-8.1 u (`wide_log.g`), as in `fast`; the
  last sum, of m, j/1024 and a number below 2**-10.7, 2**-10 u before its own rounding.

Together below `wide_error`(n) = 2**-4 u + n u 2**-27 for n <= LONGEST, |m| < 2**900.

**Double-double** (`precise`). The operations of `lsetheory.faithful.precise`, one by one, with its
bound; n <= RUN. The third part of the sum and the start of the logarithm may differ,
and with them the low part of y within its error.
"""

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import optional
from lsetheory.faithful import doubledouble, fast
from lsetheory.faithful.doubledouble import RUN
from lsetheory.faithful.fast import Bounded, U
from lsetheory.faithful.precise import Enclosed
from lsetheory.faithful.tables import exp_table

Float64 = NDArray[np.float64]

#: Entries given to the compiled loops at once: results and bounds stay in cache.
BLOCK = 262144
#: Longest row of the narrow and wide tiers: RUN entries a lane.
LONGEST = 64 * RUN


@cache
def loops() -> ModuleType:
    """The compiled loops; each takes a few seconds to compile, once a machine where it can cache.

    Raises:
        MissingExtra: numba is not installed.
    """
    optional("numba", "fast")
    from lsetheory.faithful import loops

    return loops


def narrow(x: NDArray[Any]) -> Bounded:
    """log(sum exp(x)) of rows (rows, n) of entries of at most 24 bits, n >= 1."""
    n = x.shape[1]
    constant = 2.0 * n + 20.0 + 12.0 * float(np.log(n))
    return Bounded(*_blocks(loops().narrow, x, (constant,), 2))


def wide(x: Float64) -> Bounded:
    """log(sum exp(x)) of float64 rows (rows, n), 1 <= n <= LONGEST."""
    return Bounded(*_blocks(loops().wide, x, (*fast.headed(), wide_error(x.shape[1])), 2))


def wide_error(n: int) -> float:
    """Error of `wide` before its last rounding."""
    return U * (2.0**-4 + n * 2.0**-27)


def precise(x: Float64) -> Enclosed:
    """log(sum exp(x)) of float64 rows (rows, n), 1 <= n <= RUN, in double-double."""
    error = doubledouble.sum_error(x.shape[1]) + doubledouble.LOG_ERROR
    return Enclosed(*_blocks(loops().precise, x, (_table(), error), 3))


@cache
def _table() -> Float64:
    return np.stack(exp_table(), axis=1)


def _blocks(
    loop: Callable[..., None], x: NDArray[Any], given: tuple[Any, ...], results: int
) -> Float64:
    """Run a loop over blocks of x; its results, one a row."""
    found = np.empty((results, len(x)))
    step = max(1, BLOCK // x.shape[1])
    for start in range(0, len(x), step):
        block = x[start : start + step]
        if not (block.flags.c_contiguous and block.flags.writeable):
            block = block.copy()  # the loops are compiled for plain arrays only
        loop(block, *given, *found[:, start : start + step])
    return found
