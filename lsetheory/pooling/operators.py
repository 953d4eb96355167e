"""The operators along one axis of any array: lse, softmax, swap, ordinal, max and mean."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from array_api_compat import device

from lsetheory.errors import InputError
from lsetheory.pooling import _folds
from lsetheory.pooling._bags import Axis, bag, reduce, reference
from lsetheory.pooling._input import (
    Array,
    checked_axis,
    checked_rate,
    constant,
    namespace,
    whole,
    wide_dtype,
    widen,
)

#: Where the arithmetic meets infinities on purpose, numpy is not to warn.
quiet = np.errstate(all="ignore")


@quiet
def _along(x: Array, axis: int, build: Callable[..., _folds.Fold], **parameters: Any) -> Array:
    xp = namespace(x)
    row = Axis(x, checked_axis(x, axis))
    return xp.squeeze(reduce(row, build(bag(row), **parameters)), axis=row.axis)


def lse(x: Array, r: float = 1, axis: int = -1, form: str = "sum") -> Array:
    """Log-sum-exp with rate r: (1/r) log sum_k exp(r x_k), or with the mean in place of the sum.

    Args:
        x: real floating-point array.
        r: one real number for all rows, or infinity, of Python or a numpy scalar, not an array, so
            it is not differentiated or traced; the mean form at 0 is the mean.
        axis: the axis that is reduced.
        form: "sum", or "mean": LSE pooling with r of Pinheiro & Collobert 2015 and of
            Wang et al. 2017 (ChestX-ray8), the mellowmax of Asadi & Littman 2017.

    Returns:
        An array of x's format and shape, less the axis. Its gradient is softmax(x, r).

    Raises:
        InputError: r NaN, r = 0 with the sum form, unknown form, empty or missing axis.
        TypeError: x is not a real floating-point array, r not a number, axis not an integer.
    """
    return _along(x, axis, _folds.lse, r=r, form=form)


def swap(x: Array, r: float = 1, axis: int = -1) -> Array:
    """Softmax-weighted average sum_k p_k x_k with p = softmax(r x), the Boltzmann operator.

    Arguments, result and errors as for `lse`; r = 0 gives the mean. An element of weight 0 counts
    for nothing, even -inf.
    """
    return _along(x, axis, _folds.swap, r=r)


def max(x: Array, axis: int = -1) -> Array:
    """The largest element; tied elements share the gradient equally. Errors as for `lse`."""
    return _along(x, axis, _folds.extreme)


def mean(x: Array, axis: int = -1) -> Array:
    """The average, without overflow. Errors as for `lse`."""
    return _along(x, axis, _folds.mean)


@quiet
def softmax(x: Array, r: float = 1, axis: int = -1) -> Array:
    """exp(r x_k) / sum_j exp(r x_j) along the axis; arguments and errors as for `lse`.

    Where r is infinite, or the largest element is (the smallest for r < 0), those equal to it
    share the weight equally; r = 0 gives every element the same weight.
    """
    xp, rate = namespace(x), checked_rate(r)
    row = Axis(x, checked_axis(x, axis))
    weight = _weights(xp, row, rate)
    # the ones counted apart, so that small shares do not round away against them one by one
    ones = constant(xp.floor(weight))
    total = xp.sum(weight - ones, axis=row.axis, keepdims=True) + xp.sum(
        ones, axis=row.axis, keepdims=True
    )
    return xp.astype(weight / total, x.dtype, copy=False)


def _weights(xp: Any, row: Axis, r: float) -> Array:
    x, known = widen(row.x), bag(row)
    ref = reference(row, _folds.extreme(known, lowest=r < 0))
    chosen = xp.ones_like(x) if r == 0 else xp.astype(x == ref.value, x.dtype)
    tied = xp.where(xp.isnan(x), x, chosen)  # also ties a result that is constant to x's graph
    if r == 0:
        return tied
    if _folds.is_limit(r, known):
        return tied
    scale = _folds.scale_of(r, known)
    t = _folds.times(_folds.gap_of(x, ref, scale), _folds.factors(r, scale, known.wide))
    return ref.where_finite(xp.exp(t), tied)


@quiet
def ordinal(x: Array, weights: Array, pool_range: int, axis: int = -1) -> Array:
    """Ordinal pooling: the pool_range largest, descending, averaged with softmax(weights).

    From Kumar 2018 and Deliège et al. 2021.

    Args:
        x: real floating-point array.
        weights: pool_range finite logits, for the largest element first: a list or tuple of
            numbers, or an array of x's library (a gradient flows to it), whose values are taken as
            they are: a NaN among them makes every answer NaN.
        pool_range: how many elements are kept, from 1 to the length of the axis.
        axis: the axis that is reduced.

    Returns:
        An array of x's format and shape, less the axis.

    Raises:
        InputError: pool_range out of range, weights of another length, a list of them that is not
            finite, and as for `lse`.
        TypeError: weights of another library or not floating-point, and as for `lse`.
    """
    xp, axis = namespace(x), checked_axis(x, axis)
    kept = checked_range(pool_range, int(x.shape[axis]))
    logits = checked_weights(weights, kept, x)
    # not descending=True, which on jax gives equal elements their shares in reverse order
    tops = xp.moveaxis(widen(-xp.sort(-x, axis=axis)), axis, 0)
    shares = softmax(logits)
    y = weighted(xp, [tops[j, ...] for j in range(kept)], [shares[j] for j in range(kept)])
    nan = xp.any(xp.isnan(x), axis=axis)
    return xp.astype(xp.where(nan, xp.nan, y), x.dtype, copy=False)


def weighted(xp: Any, tops: Sequence[Array], shares: Sequence[Array]) -> Array:
    """sum_j shares_j tops_j, the largest first, as c + sum_j shares_j (tops_j - c) with c = tops_0.

    Halves are taken so that no difference overflows; an element of share 0 counts for nothing.
    Beyond nine terms the sum is pairwise, so that its rounding errors grow with the logarithm of
    its length (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2).
    """
    first = constant(tops[0])
    base = xp.where(xp.isfinite(first), first, 0.0)
    half = _half(xp, tops, shares, base)
    return (base + half) + half


def _half(xp: Any, tops: Sequence[Array], shares: Sequence[Array], base: Array) -> Array:
    """sum_j shares_j (tops_j - base)/2."""
    middle = len(tops) // 2
    if middle > 4:
        first = _half(xp, tops[:middle], shares[:middle], base)
        return first + _half(xp, tops[middle:], shares[middle:], base)
    return sum(
        share * xp.where(share > 0, top * 0.5 - base * 0.5, 0.0)
        for top, share in zip(tops, shares, strict=True)
    )


def checked_range(pool_range: int, most: int) -> int:
    """pool_range as an int from 1 to `most`.

    Raises:
        TypeError: not an integer.
        InputError: out of that range.
    """
    kept = whole(pool_range, "pool_range")
    if not 1 <= kept <= most:
        raise InputError(
            f"pool_range: expected an integer from 1 to the {most} elements pooled, got {kept}, "
            f"pass how many of the largest to keep"
        )
    return kept


def checked_weights(weights: Array, kept: int, x: Array) -> Array:
    """The logits of ordinal pooling as an array beside x.

    Raises:
        TypeError: an array of another library, or not of real floating-point numbers.
        InputError: not exactly `kept` of them, or one of a list or tuple that is not finite.
    """
    xp = namespace(x)
    if isinstance(weights, (list, tuple)):
        _check_finite(weights)
        weights = xp.asarray(weights, dtype=wide_dtype(x), device=device(x))
    if namespace(weights, "weights") is not xp:
        raise TypeError(
            f"weights: expected an array of x's library or a list of numbers, got "
            f"{type(weights).__module__}.{type(weights).__name__}, pass one beside x"
        )
    if tuple(weights.shape) != (kept,):
        raise InputError(
            f"weights: expected pool_range = {kept} logits in one axis, got shape "
            f"{tuple(weights.shape)}, pass one for each element kept"
        )
    return widen(weights)


def _check_finite(logits: Sequence[float]) -> None:
    """Refuse infinities and NaN.

    Raises:
        InputError: one of those, or an integer beyond the largest float.
        TypeError: what are no numbers.
    """
    try:
        if all(map(math.isfinite, logits)):
            return
    except TypeError:
        raise TypeError(
            f"weights: expected a list of numbers, got {logits!r}, pass one logit an element kept"
        ) from None
    except OverflowError:
        raise InputError(
            "weights: expected finite logits, got one that no float can hold, pass real numbers"
        ) from None
    raise InputError(f"weights: expected finite logits, got {list(logits)}, pass real numbers")
