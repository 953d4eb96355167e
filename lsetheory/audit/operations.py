"""The operations under audit: shape of the result, sensitivity, and the published error bounds.

A result that is as good as its inputs may lose, in units of u, `scale` = |y| + sensitivity: |y|
for rounding the result, and Σ_j |x_j ∂y/∂x_j| for rounding each input once. The stability index
ρ is |error| / (u·scale + η/2). These are estimates in plain float64; nothing certified rests on
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Operation:
    """One operation on the last axis of rows of shape (rows, n)."""

    name: str
    sensitivity: Callable[..., Array]  #: Σ_j |x_j ∂y/∂x_j|, of the result's shape
    rowwise: bool = False  #: True: a result of shape (rows, n); False: of shape (rows,)
    positive: bool = False  #: results are ≥ 0, so a wrong zero is an underflow
    n: int | None = None  #: fixed number of terms
    parameters: tuple[str, ...] = ()  #: keywords it takes
    #: how many times η/2 a result may lose beyond `scale`: once, or as its last factor magnifies it
    floor: Callable[..., Array | float] = lambda x, y, **_: 1.0


def softmax(x: Array) -> Array:
    """Plain float64 softmax of the rows; rows without a finite maximum give zeros or ones."""
    m = np.max(x, axis=-1, keepdims=True, initial=-np.inf)
    terms = np.exp(x - np.where(np.isfinite(m), m, 0))
    return np.asarray(terms / np.maximum(terms.sum(axis=-1, keepdims=True), 1.0))


def size(x: Array) -> Array:
    """|x|; infinite entries count nothing: they carry weight 0 or decide the result alone."""
    return np.where(np.isfinite(x), np.abs(x), 0.0)


def _mean_size(x: Array, p: Array) -> Array:
    return np.asarray((p * size(x)).sum(axis=-1))


def _share(x: Array) -> Array:
    """What rounding each x_j − max x once may cost a share p_i, relative to it.

    Shares depend on differences alone, which every shifted algorithm forms with one rounding, so
    a common offset excuses nothing here.
    """
    p, m = softmax(x), np.max(x, axis=-1, keepdims=True, initial=-np.inf)
    gap = size(x - np.where(np.isfinite(m), m, 0.0))
    others = _mean_size(gap, p)[..., None] - p * gap
    return np.asarray(gap * (1 - p) + np.maximum(others, 0.0))


def _lse(x: Array, y: Array, **_: Any) -> Array:
    return _mean_size(x, softmax(x))


def _softmax(x: Array, y: Array, r: float = 1.0, **_: Any) -> Array:
    return np.asarray(np.abs(y) * _share(r * x))


def _log_softmax(x: Array, y: Array) -> Array:
    return _share(x)


def _shift(x: Array, y: Array, r: float) -> Array:
    """|m−y|, m the extreme of the row that r favours: what shifting an average by it may cost."""
    m = np.max(r * x, axis=-1, initial=-np.inf) / r
    return np.where(np.isfinite(m), np.abs(m - y), 0.0)


def _pooled(x: Array, y: Array, r: float = 1.0) -> Array:
    return np.asarray(_mean_size(x, softmax(r * x)) + _shift(x, y, r))


def _swap(x: Array, y: Array, r: float = 1.0) -> Array:
    slope = np.abs(1 + r * (x - y[..., None]))
    parts = softmax(r * x) * size(x) * (1 + np.where(np.isfinite(slope), slope, 0.0))
    return np.asarray(parts.sum(axis=-1) + _shift(x, y, r))


def _ordinal(x: Array, y: Array, weights: Array | None = None) -> Array:
    w = np.zeros(x.shape[-1]) if weights is None else np.asarray(weights, dtype=float)
    kept = -np.sort(-x, axis=-1)[..., : len(w)]
    parts = softmax(w) * (1 + _share(w)) * size(kept)
    return np.asarray(parts.sum(axis=-1) + size(np.max(x, axis=-1, initial=-np.inf) - y))


def _softmax_gradient(x: Array, y: Array, cotangent: Array) -> Array:
    p, v = softmax(x), np.abs(cotangent)
    return np.asarray(p * (v + (p * v).sum(axis=-1, keepdims=True)) * (1 + _share(x)))


def _log_softmax_gradient(x: Array, y: Array, cotangent: Array) -> Array:
    v = np.abs(cotangent)
    return np.asarray(v + softmax(x) * v.sum(axis=-1, keepdims=True) * (1 + _share(x)))


def _spread_of_slope(x: Array, y: Array, r: float = 1.0) -> Array:
    """1 + |r| (|x_i| + 2 Σ p|x|), a bound of |1 + r (x_i − Σ p x)| and of its rounding."""
    p = softmax(r * x)
    return np.asarray(1 + abs(r) * (size(x) + 2 * _mean_size(x, p)[..., None]))


def _swap_gradient(x: Array, y: Array, r: float = 1.0) -> Array:
    return np.asarray(softmax(r * x) * _spread_of_slope(x, y, r) * (1 + _share(r * x)))


def _ordinal_gradient(x: Array, y: Array, weights: Array | None = None) -> Array:
    top = 0.0 if weights is None else float(np.max(np.abs(weights)))
    return np.asarray(np.abs(y) * 2 * top)


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("logsumexp", _lse),
        Operation("softmax", _softmax, rowwise=True, positive=True),
        Operation("log_softmax", _log_softmax, rowwise=True),
        Operation("logaddexp", _lse, n=2),
        Operation("pooled_lse", _pooled, parameters=("r",)),
        Operation("swap", _swap, parameters=("r",)),
        Operation("ordinal", _ordinal, parameters=("weights",)),
        Operation("logsumexp_gradient", _softmax, rowwise=True, positive=True),
        Operation("logaddexp_gradient", _softmax, rowwise=True, positive=True, n=2),
        Operation("softmax_gradient", _softmax_gradient, rowwise=True, parameters=("cotangent",)),
        Operation(
            "log_softmax_gradient", _log_softmax_gradient, rowwise=True, parameters=("cotangent",)
        ),
        Operation("pooled_lse_gradient", _softmax, rowwise=True, positive=True, parameters=("r",)),
        Operation(
            "swap_gradient",
            _swap_gradient,
            rowwise=True,
            parameters=("r",),
            floor=_spread_of_slope,
        ),
        Operation(
            "ordinal_gradient",
            _ordinal_gradient,
            rowwise=True,
            positive=True,
            parameters=("weights",),
        ),
    )
}


def _spread(x: Array, y: Array) -> Array:
    return np.asarray(np.max(x, axis=-1) - np.min(x, axis=-1))[..., None]


#: (algorithm, operation) -> first-order absolute error bound in units of u, for sequential sums:
#: Blanchard, Higham & Higham 2021, sections 4 and 5. The one printed for the shifted log-sum-exp
#: drops the rounding of its last addition, hence the |y| added here.
BOUNDS: dict[tuple[str, str], Callable[[Array, Array], Array]] = {
    ("naive", "logsumexp"): lambda x, y: np.abs(y) + x.shape[-1] + 1,
    ("shifted", "logsumexp"): lambda x, y: np.abs(y) + np.abs(y + x.shape[-1] - x.min(axis=-1)),
    ("naive", "softmax"): lambda x, y: np.abs(y) * (x.shape[-1] + 3),
    ("shifted", "softmax"): lambda x, y: np.abs(y) * (x.shape[-1] + 2 + 2 * _spread(x, y)),
}
