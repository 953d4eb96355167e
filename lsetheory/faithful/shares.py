"""The double-double tier of softmax and log-softmax.

With m the largest entry, d = r (x - m) and S = sum exp(d) as in `precise`:

**log-softmax** d - log S (r = 1): both parts are known as sums of two doubles; adding them is off
by 2**-104 of the larger. |error| <= 2**-83.8 + n 2**-91 + 2**-83.9 + 2**-101 |result|.

**softmax** exp(d)/S. Beyond -64, exp(d) = exp(d + 64 j) exp(-64 j), j = floor(-d/64): the shift is
exact (d's high part only loses leading bits), exp(-64 j) comes from repeated products, with
relative error 2**-97. With exp (2**-84), S (2**-83.8 + n 2**-91), a division and a product
(2**-100):

    |error| <= (2**-82.8 + n 2**-90) result + 2**-1070.

The last term is the underflow of low parts, of exp(-64 j) too (j = 11, 12), present only where the
result is below 2**-900. Below
d = -790 the result is given as 0 with error 0: it is below 2**-1139, or 2**-65 of the smallest
subnormal, which users of the error must grant.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful.doubledouble import DD
from lsetheory.faithful.precise import HUGE, Enclosed, by_blocks, cut, shifted, usual
from lsetheory.faithful.tables import DEPTH

Float64 = NDArray[np.float64]

_NOTHING = -790.0


def log_softmax(x: Float64) -> Enclosed:
    """x_i - log(sum exp(x)) of the rows of x (rows, n), n >= 1; same bounds as `precise.lse`."""
    return by_blocks(_log_softmax, x, x.shape)


def softmax(x: Float64, r: float = 1.0) -> Enclosed:
    """exp(r x_i)/sum exp(r x), r > 0, of the rows of x (rows, n), n >= 1."""
    return by_blocks(lambda block, axis: softmax_block(block, axis, r), x, x.shape)


def _log_softmax(block: Float64, axis: int) -> Enclosed:
    top, full = shifted(block, axis, 1.0, np.inf)
    d = cut(full, float(DEPTH))
    log = dd.log(dd.sum_exp(d.high, d.low, axis))
    s = dd.two_sum(full.high, -log.high)
    high, low = dd.fast_two_sum(s.high, s.low + (full.low - log.low))
    gone = block == -np.inf
    high, low = np.where(gone, -np.inf, high), np.where(gone, 0.0, low)
    error = dd.sum_error(block.shape[axis]) + dd.LOG_ERROR + 2.0**-101 * np.abs(high)
    error = np.where(block < -HUGE, np.inf, error)
    return _enclosed(high, low, np.where(gone, 0.0, error), usual(top, 1.0))


def softmax_block(block: Float64, axis: int, r: float) -> Enclosed:
    """`softmax` of one block, whose rows lie along `axis`."""
    top, full = shifted(block, axis, r, -_NOTHING)
    near = cut(full, float(DEPTH))
    total = dd.sum_exp(near.high, near.low, axis)
    p = dd.divide(_exp(full), total)
    nothing = full.high <= _NOTHING
    high, low = (np.where(nothing, 0.0, v) for v in p)
    error = dd.sum_error(block.shape[axis]) * 2.0 * high
    error += np.where((high < 2.0**-900) & ~nothing, 2.0**-1070, 0.0)
    return _enclosed(high, low, error, usual(top, r))


def _enclosed(high: Float64, low: Float64, error: Float64, fine: NDArray[np.bool_]) -> Enclosed:
    return Enclosed(high, low, np.where(fine & ~np.isnan(low), error, np.inf))


def _exp(d: DD) -> DD:
    """exp of d in [-790, 0], relative error 2**-83.9."""
    if d.high.min(initial=0.0) >= -DEPTH:
        return _exp_near(d.high, d.low)
    j = np.clip(np.floor(d.high / -DEPTH), 0.0, len(_powers().high) - 1.0)
    scale = DD(*(np.take(column, j.astype(np.int64), mode="clip") for column in _powers()))
    return dd.multiply(_exp_near(np.minimum(d.high + j * DEPTH, 0.0), d.low), scale)


def _exp_near(a: Float64, b: Float64) -> DD:
    high, product, lo = dd.exp_pieces(a, b)
    s = dd.fast_two_sum(high, product)
    return dd.fast_two_sum(s.high, s.low + lo)


@cache
def _powers() -> DD:
    """exp(-64 j), j = 0 .. 12, by repeated multiplication.

    The relative error is below 2**-97 up to j = 10; beyond, low parts underflow, off by 2**-1070.
    """
    step = _exp_near(np.array([-float(DEPTH)]), np.zeros(1))
    powers = [DD(np.ones(1), np.zeros(1))]
    for _ in range(12):
        powers.append(dd.multiply(powers[-1], step))
    return DD(np.concatenate([p.high for p in powers]), np.concatenate([p.low for p in powers]))
