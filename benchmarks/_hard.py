"""Families of rows that are hard to round correctly: (rows, n) of one format, from a generator."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.audit.formats import Format

Float64 = NDArray[np.float64]
Family = Callable[[np.random.Generator, Format, int, int], Float64]


def normal(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Standard normal entries."""
    return rng.standard_normal((rows, n))


def wide(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Normal entries, standard deviation 30."""
    return 30.0 * rng.standard_normal((rows, n))


def single(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Rows of one entry, over all exponents."""
    return _all_exponents(rng, fmt, rows, 1)


def long(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Rows of 1000 entries, of standard deviations 0.01 to 10."""
    return rng.standard_normal((rows, 1000)) * 10.0 ** rng.uniform(-2, 1, (rows, 1))


def dominant(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """One dominant term, the others 5 to 80 below it."""
    x = -rng.uniform(5, 80, (rows, n))
    x[:, 0] = 0.0
    return rng.permuted(x, axis=1) + rng.uniform(-100, 100, (rows, 1))


def near_zero_dominant(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """A result near zero because the dominant entry is tiny, of either sign."""
    x = -rng.uniform(10, 100, (rows, n))
    x[:, 0] = rng.choice([-1.0, 1.0], rows) * 10.0 ** rng.uniform(-30, -4, rows)
    return rng.permuted(x, axis=1)


def near_zero_cancel(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Log-probabilities: normal entries less their own log-sum-exp, a result of rounding size."""
    x = rng.standard_normal((rows, n)) * 10.0 ** rng.uniform(-1, 1, (rows, 1))
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


def offset(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """A common offset up to 1e15 (1e4 where the format ends early)."""
    top = 15.0 if fmt.emax > 15 else 4.0
    signs = rng.choice([-1.0, 1.0], (rows, 1))
    return rng.standard_normal((rows, n)) + signs * 10.0 ** rng.uniform(0, top, (rows, 1))


def range_(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Sizes over the whole exponent range, 10**-300 to 10**300 in float64, both signs."""
    return _all_exponents(rng, fmt, rows, n)


def subnormal(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Subnormal results: a subnormal largest entry, the others where exp is about as small."""
    depth = -fmt.exp_underflow
    x = -depth * rng.uniform(0.93, 1.1, (rows, n))
    x[:, 0] = rng.integers(-1000, 1000, rows) * fmt.eta
    return rng.permuted(x, axis=1)


def tie(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Results next to a midpoint of two floats: one entry lifts the largest by half an ulp."""
    m = fmt.nearest(rng.uniform(1, 2, rows) * 2.0 ** rng.integers(-3, 4, rows))
    half = 0.5 * fmt.ulp(m)
    x = np.full((rows, n), -np.inf)
    x[:, 0], x[:, 1] = m, m + np.log(np.expm1(half))
    x[:, 2:] = m[:, None] - 120.0
    return x


def threshold(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Entries around the overflow and underflow thresholds of exp, and the largest numbers."""
    edges = [fmt.exp_overflow, fmt.exp_subnormal, fmt.exp_underflow, -1.0, fmt.largest / 2]
    x = rng.choice(edges, (rows, n))
    return x + np.abs(x) * fmt.u * rng.integers(-8, 9, (rows, n))


def equal(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """All entries equal, or equal in two groups, some -inf."""
    x = rng.choice([0.0, 1.0, 0.5, -2.0], (rows, n)) * rng.integers(0, 2, (rows, 1))
    x += rng.standard_normal((rows, 1)) * rng.integers(0, 2, (rows, 1))
    x[:, 1:][rng.random((rows, n - 1)) < 0.2] = -np.inf
    return x


def cell(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    """Differences at edges of cells of 2**-10, a table's, whose exp is just below a power of two.

    There the products of a table's entries with what remains are longest; half of the results are
    near zero.
    """
    k = np.arange(1, 2**14)
    mantissa, _ = np.frexp(np.exp(-k / 1024))
    longest = k[np.argsort(-mantissa)[:12]]
    d = (rng.choice([-0.5, 0.5], (rows, n)) - rng.choice(longest, (rows, n))) / 1024
    d += rng.uniform(-(2.0**-24), 2.0**-24, (rows, n))
    d[:, 0] = 0.0
    return d - np.log(np.exp(d).sum(axis=1, keepdims=True)) * rng.integers(0, 2, (rows, 1))


def _all_exponents(rng: np.random.Generator, fmt: Format, rows: int, n: int) -> Float64:
    most = min(300.0, fmt.emax * 0.3)
    return rng.choice([-1.0, 1.0], (rows, n)) * 10.0 ** rng.uniform(-most, most, (rows, n))


#: name -> family.
FAMILIES: Mapping[str, Family] = {
    family.__name__.rstrip("_"): family
    for family in (
        normal, wide, single, long, dominant, near_zero_dominant, near_zero_cancel, offset,
        range_, subnormal, tie, threshold, equal, cell,
    )
}  # fmt: skip


def draw(name: str, fmt: Format, rows: int, seed: int, n: int = 10) -> NDArray[Any]:
    """Rows of a family, rounded to the format and stored in its dtype."""
    rng = np.random.default_rng([seed, len(name), rows])
    return fmt.store(fmt.nearest(FAMILIES[name](rng, fmt, rows, n)))
