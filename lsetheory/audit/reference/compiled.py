"""Tiers 0 and 1 of plain log-sum-exp compiled by numba, twice as fast and more.

The bounds, the rounding test and the order of tiers are those of `tiers`, so values are the same
bit for bit (a correctly rounded value is unique); residuals agree within their bounds. Used on its
own accord where the extra `fast` is installed and the rows are many: below FROM entries, importing
numba costs more than it saves.
"""

from functools import cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from lsetheory.audit.formats import Format
from lsetheory.audit.reference.certified import DOUBLE_DOUBLE, PIPELINE, Certified
from lsetheory.audit.reference.parameters import Given
from lsetheory.faithful import compiled, doubledouble
from lsetheory.faithful.precise import Enclosed

Float64 = NDArray[np.float64]
Rows = NDArray[np.intp]

#: Fewer entries than this are left to numpy.
FROM = 2**20


def usable(operation: str, x: Float64, given: Given) -> bool:
    """Whether these tiers take such rows."""
    plain = operation in ("logsumexp", "logaddexp") or (
        operation == "pooled_lse" and given.r == 1 and given.form == "sum"
    )
    return plain and x.size >= FROM and 1 < given.n <= doubledouble.RUN and _installed()


@cache
def _installed() -> bool:
    return find_spec("numba") is not None


def settle(result: Certified, x: Float64, fmt: Format, good: float) -> Rows:
    """Settle what these tiers can on the rows x; the rows that are left.

    Args:
        result: where settled rows are written.
        x: (rows, n).
        fmt: the format of the entries and the results.
        good: the largest bound of a residual that is accepted.
    """
    from lsetheory.audit.reference import loops

    limits = (fmt.precision, fmt.emin, fmt.largest, good)
    value, left = np.full(len(x), np.nan), np.arange(len(x))
    found = value, result.residual, result.residual_bound
    for tier in (DOUBLE_DOUBLE,) if fmt.precision > 24 else (PIPELINE, DOUBLE_DOUBLE):
        others = [np.arange(0)]
        step = max(1, compiled.BLOCK // x.shape[1])
        for start in range(0, len(left), step):
            rows = left[start : start + step]
            some = x[start : start + step] if len(left) == len(x) else x[rows]
            rest = np.empty_like(rows)
            count = loops.accept(
                _enclosed(some, tier), rows, limits, found, result.tier, tier, rest
            )
            others.append(rest[:count])
        left = np.concatenate(others)
    result.value[:] = fmt.store(value)
    return left


def _enclosed(x: Float64, tier: int) -> Enclosed:
    if tier == DOUBLE_DOUBLE:
        return compiled.precise(x)
    y = compiled.narrow(x)
    return Enclosed(y.value, np.zeros(len(x)), y.error)
