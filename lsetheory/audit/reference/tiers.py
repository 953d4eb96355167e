"""Tiers 0 and 1: whole arrays of rows through float64 and double-double, then the rounding test.

`lsetheory.faithful` gives y = high + low with |error| <= e for each result (bounds derived there).
The rounding test of `certified.settle`, on arrays: with v = high rounded to the format and rho =
((high - v) + low) / ulp(v), both operations exact up to u |rho|, v is the correctly rounded result
if the whole of [rho - e/ulp - 2**-50, rho + e/ulp + 2**-50] lies strictly between the midpoints.
Results are accepted if besides the residual is good to 2**-20.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lsetheory.audit.formats import Format
from lsetheory.audit.reference import averages, compiled, narrow, tails
from lsetheory.audit.reference.certified import DOUBLE_DOUBLE, PIPELINE, Certified
from lsetheory.audit.reference.parameters import Given
from lsetheory.faithful import fast, precise, shares
from lsetheory.faithful.layout import blocks
from lsetheory.faithful.precise import Enclosed

Float64 = NDArray[np.float64]
Rows = NDArray[np.intp]

#: Residuals of tiers 0 and 1 are good to this.
GOOD = 2.0**-20


def settle(result: Certified, operation: str, x: Float64, given: Given, fmt: Format) -> Rows:
    """Settle what these tiers can of `operation` on the rows x; the rows that are left."""
    left = np.arange(len(x))
    r = abs(given.r)
    if r == 0 or np.isinf(r) or given.n == 0:
        return left
    if compiled.usable(operation, x, given):
        return compiled.settle(result, x, fmt, GOOD)
    with np.errstate(all="ignore"):
        for tier, enclose in _tiers(operation, given, fmt):
            rows = -x[left] if given.r < 0 else x[left]
            accepted = _accept(result, left, enclose(rows, left), tier, fmt, given.r < 0)
            left = left[~accepted]
    return left


#: Of rows, and of their places in all of x.
Encloser = Callable[[Float64, Rows], Enclosed]


def _tiers(operation: str, given: Given, fmt: Format) -> list[tuple[int, Encloser]]:
    fast = _fast(operation, given) if fmt.precision <= 24 else []
    return [(PIPELINE, enclose) for enclose in fast] + [
        (DOUBLE_DOUBLE, enclose) for enclose in _double(operation, given)
    ]


def _fast(operation: str, given: Given) -> list[Encloser]:
    r, mean = abs(given.r), given.form == "mean"
    if operation in _SUMS and given.n > 1:
        return [lambda x, _: _narrow(x, r, mean)]
    if not 1 < given.n <= narrow.LONGEST:
        return []
    if operation in _SHARES:
        return [lambda x, _: narrow.softmax(x, r)]
    return [lambda x, _: narrow.swap(x, r)] if operation == "swap" else []


def _double(operation: str, given: Given) -> list[Encloser]:
    r, mean = abs(given.r), given.form == "mean"
    if operation in _SUMS and given.n > 1:
        return [lambda x, _: precise.lse(x, r, mean)]
    if operation in _SHARES:
        return [lambda x, _: shares.softmax(x, r)]
    if operation == "log_softmax":
        return [lambda x, _: shares.log_softmax(x), lambda x, _: tails.log_softmax(x)]
    if operation in _AVERAGES and given.n > 1:
        return [lambda x, rows: _AVERAGES[operation](x, given, rows)]
    return []


_SUMS = ("logsumexp", "logaddexp", "pooled_lse")
_SHARES = (
    "softmax", "logsumexp_gradient", "logaddexp_gradient", "pooled_lse_gradient",
)  # fmt: skip
_AVERAGES: dict[str, Callable[[Float64, Given, Rows], Enclosed]] = {
    "swap": lambda x, given, _: averages.swap(x, abs(given.r)),
    "swap_gradient": lambda x, given, _: averages.swap_gradient(x, abs(given.r)),
    "ordinal": lambda x, given, _: averages.ordinal(x, given.weights),
    "softmax_gradient": lambda x, given, rows: averages.softmax_gradient(x, given.v(rows)),
    "log_softmax_gradient": lambda x, given, rows: averages.log_softmax_gradient(x, given.v(rows)),
}


def _narrow(x: Float64, r: float, mean: bool) -> Enclosed:
    result = Enclosed(np.empty(len(x)), np.zeros(len(x)), np.empty(len(x)))
    for part, block, axis in blocks(x):
        y = fast.narrow(block, axis, r, mean)
        result.high[part], result.error[part] = y.value.ravel(), y.error.ravel()
    return result


def _accept(
    result: Certified, rows: Rows, y: Enclosed, tier: int, fmt: Format, turned: bool
) -> NDArray[np.bool_]:
    """Write the results that pass the rounding test; which rows passed in all their entries."""
    value = fmt.nearest(y.high)
    unit = fmt.ulp(value)
    residual = ((y.high - value) + y.low) / unit
    bound = y.error / unit + 2.0**-50
    # On the near side of zero from a power of two the gap is half as wide.
    inner = (np.abs(np.frexp(value)[0]) == 0.5) & (np.abs(value) > fmt.tiny)
    limit = np.where(inner & (residual * value < 0), 0.25, 0.5)
    good = (np.abs(residual) + bound < limit) & (bound <= GOOD) & (np.abs(value) <= fmt.largest)
    good |= (y.high == -np.inf) & (y.error == 0.0)
    accepted = np.asarray(good if good.ndim == 1 else good.all(axis=1))
    sign = -1.0 if turned and value.ndim == 1 else 1.0
    where = rows[accepted]
    result.value[where] = fmt.store(sign * value[accepted] + 0.0)
    infinite = np.isinf(value[accepted])
    result.residual[where] = np.where(infinite, 0.0, sign * residual[accepted])
    result.residual_bound[where] = np.where(infinite, 0.0, bound[accepted])
    result.tier[where] = tier
    return accepted
