"""The operations under audit: shape of the result, sensitivity, and the published error bounds.

A result that is as good as its inputs may lose, in units of u, `scale` = |y| + sensitivity: |y|
for rounding the result, and Σ_j |t_j ∂y/∂t_j| for rounding each input t_j once. The stability index
ρ is |error| / (u·scale + η/2), the condition number κ is sensitivity / |y|. These are estimates in
plain float64; nothing certified rests on them.

What counts as an input is part of that definition:

- Of log-sum-exp, which a common shift of the row moves with it, the terms x_j.
- Of softmax, log-softmax and every gradient, which it does not change, the gaps x_j - m to the
  largest term m, the smallest where r < 0. By the x_j themselves the shares of a row near 1e8
  might be off by 1e8 u = 6 of themselves in float32, so shares that sum to 2 would pass, which
  belong to no row at all, and of the same gaps near 0 they would not. Nor is it too much to ask: a
  gap takes one subtraction, so what subtracts m first loses what rounding the gaps costs.
- Of the averages (mean log-sum-exp, SWAP, ordinal) both: they are m plus an average of the gaps,
  and code that forms them so, lest something overflow, rounds both.
- The cotangent of a gradient, and the weights of ordinal pooling, by their gaps, as softmax is
  taken of them. The rate r is none: it meets the row in r·x_j alone, so what rounding it moves is
  at most what rounding the row moves, and the result.
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
    sensitivity: Callable[..., Array]  #: Σ_j |t_j ∂y/∂t_j|, of the result's shape
    rowwise: bool = False  #: True: a result of shape (rows, n); False: of shape (rows,)
    positive: bool = False  #: results are ≥ 0, so a wrong zero is an underflow
    n: int | None = None  #: fixed number of terms
    parameters: tuple[str, ...] = ()  #: keywords it takes
    #: how many times η/2 a result may lose beyond `scale`: once, or as its last factor magnifies it
    floor: Callable[..., Array | float] = lambda x, y, **_: 1.0


def gaps(x: Array, r: float = 1.0) -> Array:
    """r (x_j - m) ≤ 0, m the term that r favours; r x_j where m is not finite."""
    extreme = np.max if r >= 0 else np.min
    m = extreme(x, axis=-1, keepdims=True) if x.shape[-1] else 0.0
    return np.asarray(r * (x - np.where(np.isfinite(m), m, 0.0)))


def softmax(x: Array, r: float = 1.0) -> Array:
    """Plain float64 softmax of r x; rows without a finite maximum give zeros or ones."""
    terms = np.exp(gaps(x, r))
    return np.asarray(terms / np.maximum(terms.sum(axis=-1, keepdims=True), 1.0))


def size(x: Array) -> Array:
    """|x|; infinite entries count nothing: they carry weight 0 or decide the result alone."""
    return np.where(np.isfinite(x), np.abs(x), 0.0)


def others(terms: Array) -> Array:
    """Σ_{j≠i} of the terms, for each i: what is left out is never added, so nothing cancels."""
    before, after = np.zeros_like(terms), np.zeros_like(terms)
    before[..., 1:] = np.cumsum(terms[..., :-1], axis=-1)
    after[..., :-1] = np.cumsum(terms[..., :0:-1], axis=-1)[..., ::-1]
    return np.asarray(before + after)


def _deviation(p: Array, v: Array) -> Array:
    """v_i - Σ p v, as Σ_{j≠i} p_j v_i - p_j v_j: where p_i is near 1, 1 - p_i would be noise."""
    return np.asarray(v * others(p) - others(p * v))


def _pairs(weight: Array, terms: Array, more: float = 0.0) -> Array:
    """Σ_{j≠i} weight_j |terms_i + terms_j + more|, for each i."""
    total = np.zeros_like(terms)
    for i in range(terms.shape[-1]):
        sums = weight * np.abs(terms[..., i, None] + terms + more)
        total[..., i] = np.delete(sums, i, axis=-1).sum(axis=-1)
    return total


def _mean_size(x: Array, p: Array) -> Array:
    return np.asarray((p * size(x)).sum(axis=-1))


def _share(x: Array, r: float = 1.0) -> Array:
    """Σ_j |d_j ∂p_i/∂d_j| / p_i of the shares p = softmax(r x), by the gaps d."""
    p, gap = softmax(x, r), size(gaps(x, r))
    return np.asarray(gap * others(p) + others(p * gap))


def _lse(x: Array, y: Array, **_: Any) -> Array:
    return _mean_size(x, softmax(x))


def _softmax(x: Array, y: Array, r: float = 1.0, **_: Any) -> Array:
    return np.asarray(np.abs(y) * _share(x, r))


def _log_softmax(x: Array, y: Array) -> Array:
    return _share(x)


def _both(x: Array, weight: Array, r: float) -> Array:
    """Σ weight |x| + Σ weight |x - m|: an average by its terms, and by their gaps."""
    return _mean_size(x, weight) + _mean_size(gaps(x, np.sign(r)), weight)


def _pooled(x: Array, y: Array, r: float = 1.0, **_: Any) -> Array:
    return _both(x, softmax(x, r), r)


def _slopes(x: Array, p: Array, r: float) -> Array:
    """r (x_j - Σ p x), by the gaps; 0 at infinite entries."""
    d = gaps(x, r)
    return _deviation(p, np.where(np.isfinite(d), d, 0.0))


def _swap(x: Array, y: Array, r: float = 1.0) -> Array:
    p = softmax(x, r)
    return _both(x, p * np.abs(1 + _slopes(x, p, r)), r)


def _ordinal(x: Array, y: Array, weights: Array | None = None) -> Array:
    w = np.zeros(x.shape[-1]) if weights is None else np.asarray(weights, dtype=float)
    kept, p = -np.sort(-x, axis=-1)[..., : len(w)], softmax(w)
    return _both(kept, p, 1.0) + _mean_size(kept - y[..., None], p * size(gaps(w)))


def _softmax_gradient(x: Array, y: Array, cotangent: Array) -> Array:
    """y_i = p_i (v_i - Σ p v): by v, then by the gaps."""
    p, v, gap = softmax(x), np.asarray(cotangent, dtype=float), size(gaps(x))
    off = _deviation(p, v)
    by_v = np.abs(v) * others(p) + others(p * np.abs(v))
    by_gap = gap * np.abs(off * (1 - 2 * p)) + _pairs(p * gap, off)
    return np.asarray(p * (by_v + by_gap))


def _log_softmax_gradient(x: Array, y: Array, cotangent: Array) -> Array:
    """y_i = v_i - p_i Σ v: by v, then by the gaps."""
    p, v = softmax(x), np.asarray(cotangent, dtype=float)
    by_v = np.abs(v) * others(p) + p * others(np.abs(v))
    return np.asarray(by_v + p * np.abs(v.sum(axis=-1, keepdims=True)) * _share(x))


def _swap_gradient(x: Array, y: Array, r: float = 1.0) -> Array:
    """y_i = p_i (1 + s_i), s = r (x - Σ p x), by the gaps."""
    p, gap = softmax(x, r), size(gaps(x, r))
    s = _slopes(x, p, r)
    own = np.abs((2 + s) * others(p) - p * s)
    return np.asarray(p * (gap * own + _pairs(p * gap, s, 2.0)))


def _magnified(x: Array, y: Array, r: float = 1.0) -> Array:
    """1 + |s|: the last factor of a gradient of SWAP, whose share may be subnormal."""
    return np.asarray(1 + np.abs(_slopes(x, softmax(x, r), r)))


def _ordinal_gradient(x: Array, y: Array, weights: Array | None = None) -> Array:
    w = np.zeros(x.shape[-1]) if weights is None else np.asarray(weights, dtype=float)
    places = np.argsort(np.argsort(-x, axis=-1, kind="stable"), axis=-1)
    lost = np.concatenate([_share(w), np.zeros(x.shape[-1] - len(w))])
    return np.asarray(np.abs(y) * lost[places])


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
            floor=_magnified,
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


def _shifted_lse(x: Array, y: Array) -> Array:
    """The bound printed for it drops the rounding of its last addition, hence the |y| added."""
    return np.asarray(np.abs(y) + np.abs(y + x.shape[-1] - x.min(axis=-1)))


def _from_lse(x: Array, y: Array) -> Array:
    """exp(x_j - ŷ) carries the whole error of ŷ, and the rounding of x_j - ŷ."""
    top = x.max(axis=-1)
    lse = top + np.log(np.exp(x - top[..., None]).sum(axis=-1))
    carried = np.abs(x - lse[..., None]) + _shifted_lse(x, lse)[..., None]
    return np.asarray(np.abs(y) * (1 + carried))


#: (algorithm, operation) -> first-order absolute error bound in units of u, for sequential sums:
#: Blanchard, Higham & Higham 2021, sections 3 and 4; proved anew, from the standard model of
#: rounding, by the claims lse_rounding_bounds and softmax_rounding_bounds.
BOUNDS: dict[tuple[str, str], Callable[[Array, Array], Array]] = {
    ("naive", "logsumexp"): lambda x, y: np.abs(y) + x.shape[-1] + 1,
    ("shifted", "logsumexp"): _shifted_lse,
    ("naive", "softmax"): lambda x, y: np.abs(y) * (x.shape[-1] + 3),
    ("shifted", "softmax"): lambda x, y: np.abs(y) * (x.shape[-1] + 2 + 2 * _spread(x, y)),
    ("shifted-exp", "softmax"): _from_lse,
    ("shifted-exp", "logsumexp_gradient"): _from_lse,
}
