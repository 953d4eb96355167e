"""The float64 tier of softmax and swap, for entries of at most 24 bits.

u = 2**-53; d = r (x - m) is off by 2u of itself, exp is trusted to 4 ulp (8u), additions are in any
order. As in `faithful.fast` the sum S of exp(d) is off by (8 + 1.74 n) u of itself, so a share p =
exp(d)/S is off by less than e = (20 + 2 n + 2 |d|) u of itself. Then:

- softmax p: e p;
- swap m + sum p_j z_j, z = x - m off by u of itself: sum p_j |z_j| (e_j + (n + 3) u), and u of the
  result.

Arguments below -700 are read as -700, for which 2**-960 (1 + 1/r) allows. The bounds are raised by
a 16th, for second order and their own rounding, and serve rows of up to LONGEST entries. Gradients
and log-softmax gain nothing here: in most rows one entry or another needs double-double.
"""

import numpy as np
from numpy.typing import NDArray

from lsetheory.faithful.fast import U
from lsetheory.faithful.precise import Enclosed, by_blocks

Float64 = NDArray[np.float64]

LONGEST = 200
_DEPTH = 700.0
_TINY = 2.0**-960
_SLACK = 1.0625


def softmax(x: Float64, r: float = 1.0) -> Enclosed:
    """exp(r x_i)/sum exp(r x), r > 0, of the rows of x (rows, n)."""
    return by_blocks(lambda block, axis: _softmax(block, axis, r), x, x.shape)


def swap(x: Float64, r: float = 1.0) -> Enclosed:
    """sum_i p_i x_i, p = softmax(r x), (rows,)."""
    return by_blocks(lambda block, axis: _swap(block, axis, r), x, x.shape[:1])


def _softmax(block: Float64, axis: int, r: float) -> Enclosed:
    _, p, error = _shares(block, axis, r)
    return _enclosed(p, p * error + _TINY)


def _swap(block: Float64, axis: int, r: float) -> Enclosed:
    top, p, error = _shares(block, axis, r)
    terms = p * np.maximum(block - top, -_DEPTH / r)
    error += (block.shape[axis] + 3.0) * U
    off = (np.abs(terms) * error).sum(axis=axis, keepdims=True)
    y = top + terms.sum(axis=axis, keepdims=True)
    return _enclosed(y, off + U * np.abs(y) + _TINY * (1.0 + 1.0 / r))


def _shares(block: Float64, axis: int, r: float) -> tuple[Float64, Float64, Float64]:
    """The largest entries, the shares, and how far they are off of themselves."""
    top = np.max(block, axis=axis, keepdims=True)
    d = np.maximum(r * (block - top), -_DEPTH)
    p = np.exp(d)
    p /= p.sum(axis=axis, keepdims=True)
    return top, p, U * (20.0 + 2.0 * block.shape[axis] - 2.0 * d)


def _enclosed(y: Float64, error: Float64) -> Enclosed:
    return Enclosed(y, np.zeros_like(y), np.where(np.isfinite(y), _SLACK * error, np.inf))
