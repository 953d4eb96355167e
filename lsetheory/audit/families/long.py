"""Long sums: the rounding errors of the additions pile up, or small terms never arrive."""

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format

SIZES = (1000, 100_000, 1_000_000)
ONES = ("logsumexp", "softmax", "log_softmax")


@family("long_uniform", "long sums of terms of like size", sizes=SIZES, operations=ONES)
def long_uniform(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return rng.uniform(-1.0, 0.0, (rows, n))


@family("long_ascending", "long sums, smallest term first", sizes=SIZES, operations=ONES)
def long_ascending(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.sort(rng.uniform(-8.0, 0.0, (rows, n)), axis=1)


@family(
    "long_descending",
    "long sums, largest term first: the small ones meet a large sum",
    sizes=SIZES,
    operations=ONES,
)
def long_descending(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return -np.sort(rng.uniform(0.0, 8.0, (rows, n)), axis=1)


@family(
    "long_stagnating",
    "one large term and many below half an ulp of it: added one by one, none arrives",
    sizes=SIZES,
    operations=ONES,
)
def long_stagnating(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = np.full((rows, n), np.log(0.4 * fmt.u)) + rng.uniform(-0.2, 0.2, (rows, 1))
    x[:, 0] = 0.0
    return x


@family(
    "long_float16",
    "more than 65504 equal terms: their sum overflows float16 though its log is 11",
    sizes=(70_000,),
    dtypes=("float16",),
    operations=ONES,
)
def long_float16(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.repeat(rng.uniform(-4.0, 4.0, (rows, 1)), n, axis=1)
