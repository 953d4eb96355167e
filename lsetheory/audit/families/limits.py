"""The edges of the format: thresholds of exp by single ulps, the largest and smallest numbers."""

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.families.ordinary import signs
from lsetheory.audit.formats import Format


def steps(rng: Rng, fmt: Format, centre: float, shape: tuple[int, ...]) -> Array:
    """Numbers of the format within eight ulp of `centre`, both sides."""
    middle = fmt.nearest(centre)
    return np.asarray(middle + fmt.ulp(middle) * rng.integers(-8, 9, shape))


@family(
    "overflow_threshold",
    "terms within eight ulp of log(largest), or of log(largest/n): exp, or the sum, just overflows",
)
def overflow_threshold(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    one = fmt.exp_overflow - rng.uniform(0.0, 6.0, (rows, n))
    one[:, : 1 + n // 4] = steps(rng, fmt, fmt.exp_overflow, (rows, 1 + n // 4))
    together = steps(rng, fmt, fmt.exp_overflow - np.log(n), (rows, n))
    return np.where(rng.random((rows, 1)) < 0.5, one, together)


@family(
    "underflow_threshold",
    "terms, or gaps below the first term, within eight ulp of where exp is subnormal, or vanishes",
)
def underflow_threshold(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    vanishing = fmt.exp_underflow - np.log(2.0)
    low = steps(rng, fmt, vanishing, (rows, n))
    low = np.where(rng.random((rows, 1)) < 0.5, low, np.minimum(low, vanishing - fmt.ulp(low)))
    x = np.where(rng.random((rows, 1)) < 0.5, steps(rng, fmt, fmt.exp_subnormal, (rows, n)), low)
    gaps = rng.random(rows) < 0.5
    shift = rng.integers(1, 4, (rows, 1))[gaps]
    x[gaps] += shift
    x[gaps, 0] = shift[:, 0]
    return x


@family(
    "extreme_range", "magnitudes over the whole exponent range of the format, 10^±300 in float64"
)
def extreme_range(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    top = 0.975 * np.log10(fmt.largest)
    return np.asarray(
        rng.choice([-1.0, 1.0], (rows, n)) * 10.0 ** rng.uniform(-top, top, (rows, n))
    )


@family("largest", "terms at the largest finite numbers, both signs: differences overflow")
def largest(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = fmt.largest * (1 - fmt.u * 2.0 * rng.integers(0, 4, (rows, n)))
    return np.asarray(x * np.where(rng.random((rows, n)) < 0.3, -1.0, 1.0) * signs(rng, rows))


@family(
    "leading_neginf",
    "the row starts with -inf, as masks leave it: a running maximum starts with -inf − -inf",
)
def leading_neginf(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    top = 1.5 * fmt.exp_overflow
    x: Array = rng.standard_normal((rows, n)) + rng.choice([0.0, -top, top], (rows, 1))
    x[np.arange(n) < rng.integers(1, n, (rows, 1))] = -np.inf
    return x


@family("inner_neginf", "-inf inside the row: terms that count for nothing")
def inner_neginf(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = rng.standard_normal((rows, n))
    x[:, 1:][rng.random((rows, n - 1)) < 0.4] = -np.inf
    return x
