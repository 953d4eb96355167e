"""The textbook algorithms for log-sum-exp, in any float format, over the last axis.

`total` sums the last axis: numpy's pairwise sum, or one addition at a time with each rounded.
Written with numpy functions alone, so that ml_dtypes arrays round every single operation.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Total = Callable[[Array], Array]


def pairwise(terms: Array) -> Array:
    """numpy's own sum: pairwise in blocks of 128, float16 in float32."""
    return np.asarray(np.sum(terms, axis=-1))


def sequential(terms: Array) -> Array:
    """One addition after the other, each rounded to the format."""
    result = np.zeros_like(terms, shape=terms.shape[:-1])
    for column in range(terms.shape[-1]):
        result = result + terms[..., column]
    return result


def compensated(terms: Array) -> Array:
    """Neumaier's sum: the rounding error of each addition is summed beside it."""
    result = np.zeros_like(terms, shape=terms.shape[:-1])
    carried = np.zeros_like(result)
    for column in range(terms.shape[-1]):
        term = terms[..., column]
        new = result + term
        swap = np.abs(term) > np.abs(result)
        carried = carried + np.where(swap, (term - new) + result, (result - new) + term)
        result = new
    return np.asarray(np.where(np.isfinite(result), result + carried, result))


def shift(x: Array) -> Array:
    """The maximum where it is finite, else 0: subtracting it makes no NaN."""
    largest = np.max(x, axis=-1, initial=-np.inf)
    return np.asarray(np.where(np.isfinite(largest), largest, np.zeros_like(largest)))


def naive(x: Array, total: Total) -> Array:
    """log Σ exp x."""
    return np.asarray(np.log(total(np.exp(x))))


def shifted(x: Array, total: Total) -> Array:
    """m + log Σ exp(x−m), m = max x (Blanchard, Higham & Higham 2021, section 4)."""
    m = shift(x)
    return np.asarray(m + np.log(total(np.exp(x - m[..., None]))))


def shifted_log1p(x: Array, total: Total) -> Array:
    """m + log1p Σ' exp(x−m), the sum leaving out one maximum (same paper, algorithm 4.1)."""
    if not x.shape[-1]:
        return naive(x, total)
    m = shift(x)
    terms = np.exp(x - m[..., None])
    first = np.argmax(x, axis=-1)[..., None]
    lead = np.take_along_axis(terms, first, axis=-1)[..., 0]
    rest = terms.copy()
    np.put_along_axis(rest, first, np.zeros_like(lead)[..., None], axis=-1)
    one = np.ones_like(lead)
    return np.where(lead == one, m + np.log1p(total(rest)), m + np.log(lead + total(rest)))


def online(x: Array, total: Total) -> Array:
    """One pass with a running maximum m and a sum scaled to it (Milakov & Gimelshein 2018)."""
    return online_blocks(x, total, width=1)


def online_blocks(x: Array, total: Total, width: int = 64) -> Array:
    """The same, a block of columns at a time, as flash attention does."""
    m = np.full_like(x, -np.inf, shape=x.shape[:-1])
    s = np.zeros_like(m)
    for start in range(0, x.shape[-1], width):
        block = x[..., start : start + width]
        new = np.maximum(m, np.max(block, axis=-1))
        safe = np.where(np.isfinite(new), new, np.zeros_like(new))
        s = s * np.exp(m - safe) + total(np.exp(block - safe[..., None]))
        m = new
    return np.asarray(np.where(np.isfinite(m), m, np.zeros_like(m)) + np.log(s))


def logaddexp_fold(x: Array, total: Total) -> Array:
    """logaddexp from left to right; `total` is not used."""
    result = np.full_like(x, -np.inf, shape=x.shape[:-1])
    for column in range(x.shape[-1]):
        result = pair(result, x[..., column])
    return result


def pair(a: Array, b: Array) -> Array:
    """log(exp a + exp b) = max + log1p(exp(−|a−b|))."""
    high, low = np.maximum(a, b), np.minimum(a, b)
    gap = np.where(high == low, np.zeros_like(high), low - high)
    return np.asarray(high + np.log1p(np.exp(gap)))


def softmax_naive(x: Array, total: Total) -> Array:
    """exp x / Σ exp x."""
    terms = np.exp(x)
    return np.asarray(terms / total(terms)[..., None])


def softmax_shifted(x: Array, total: Total) -> Array:
    """exp(x−m) / Σ exp(x−m)."""
    return softmax_naive(x - shift(x)[..., None], total)


def softmax_by_lse(x: Array, total: Total) -> Array:
    """exp(x−y), y the shifted log-sum-exp: no division, less accurate (same paper, section 4)."""
    return np.asarray(np.exp(x - shifted(x, total)[..., None]))


def log_softmax_shifted(x: Array, total: Total) -> Array:
    """(x−m) − log Σ exp(x−m)."""
    d = x - shift(x)[..., None]
    return np.asarray(d - np.log(total(np.exp(d)))[..., None])


def log_softmax_by_log(x: Array, total: Total) -> Array:
    """log of the shifted softmax: −inf wherever the softmax underflows."""
    return np.asarray(np.log(softmax_shifted(x, total)))
