"""Results near zero: the absolute error may be tiny and every digit wrong."""

import numpy as np

from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format

#: Averages of subnormal numbers, and of numbers times subnormal weights, keep an absolute error of
#: a few subnormals by nature; these families are for the operations that can do better.
SUMS = (
    "logsumexp", "logsumexp_gradient", "softmax", "softmax_gradient", "log_softmax",
    "log_softmax_gradient", "logaddexp", "logaddexp_gradient",
)  # fmt: skip


@family(
    "near_zero_dominant",
    "the result is near 0 because the one dominant term is: log must not be taken of 1+tiny",
    operations=SUMS,
)
def near_zero_dominant(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    depth = min(-fmt.exp_underflow, 60.0)
    x = -rng.uniform(0.3, 0.9, (rows, 1)) * depth + rng.uniform(-1.0, 0.0, (rows, n))
    rest = np.exp(x[:, 1:]).sum(axis=1)
    x[:, 0] = np.where(rng.random(rows) < 0.5, 0.0, rest * rng.uniform(-0.5, 3.0, rows))
    return x


@family(
    "near_zero_cancel",
    "the result is near 0 by cancellation between terms of ordinary size: ill-conditioned",
    operations=SUMS,
)
def near_zero_cancel(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    x = fmt.nearest(rng.standard_normal((rows, n)) - 0.5)
    x -= np.log(np.exp(x).sum(axis=1, keepdims=True)) + 0.2
    x = fmt.nearest(x)
    others = np.exp(x[:, 1:]).sum(axis=1)
    x[:, 0] = np.log1p(-np.minimum(others, 0.99))
    return x


@family(
    "subnormal_results",
    "the result is a subnormal number: flushing it to zero loses all of it",
    sizes=(3,),
    operations=SUMS,
)
def subnormal_results(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    low, high = fmt.exp_underflow, fmt.exp_subnormal
    x = rng.uniform(low - 1.0, high - 3.0, (rows, n))
    x[:, 0] = fmt.eta * rng.integers(0, 2 ** (fmt.precision // 2), rows)
    return x


@family(
    "subnormal_inputs",
    "subnormal terms: the result is log n plus nothing visible; n = 1 gives them back",
    sizes=(1, 10),
    operations=SUMS,
)
def subnormal_inputs(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    return np.asarray(fmt.eta * rng.integers(-(2**7), 2**7, (rows, n)))
