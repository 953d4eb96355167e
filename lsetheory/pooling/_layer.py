"""Pooling over windows in one to three dimensions: one call a layer, no window materialised."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from lsetheory.errors import InputError
from lsetheory.pooling import _folds, operators
from lsetheory.pooling._bags import Axis, bag, reduce
from lsetheory.pooling._grids import PerAxis, checked_grids
from lsetheory.pooling._input import Array, namespace, widen
from lsetheory.pooling._windows import Windows
from lsetheory.pooling.operators import quiet

#: Name -> the fold it streams, if it is one, and the function whose parameters it takes.
_NAMED: dict[str, tuple[Callable[..., _folds.Fold] | None, Callable[..., Array]]] = {
    "lse": (_folds.lse, operators.lse),
    "swap": (_folds.swap, operators.swap),
    "ordinal": (None, operators.ordinal),
    "max": (_folds.extreme, operators.max),
    "mean": (_folds.mean, operators.mean),
}

#: From that many elements on, a window that is all there is of its axes is reduced as one axis:
#: faster, and libraries sum an axis more accurately than one element after the other.
LONG = 32


@quiet
def pool(
    x: Array,
    operator: str | Callable[..., Array],
    kernel: Sequence[int],
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    **parameters: Any,
) -> Array:
    """The operator over sliding windows of the last one, two or three axes of x.

    Args:
        x: real floating-point array; the axes before the pooled ones are a batch of any shape.
        operator: "lse" (r, form), "swap" (r), "ordinal" (weights, pool_range), "max" or "mean",
            streamed over the kernel; or a function of (windows, axis=-1, **parameters), for which
            the windows are materialised along a last axis.
        kernel: window size along each of the last axes, for example (3, 3).
        stride, padding, dilation: an int or one for each pooled axis, as torch's MaxPool takes
            them; stride None means the kernel. Padded positions count for nothing: a window is
            its elements of x, and ordinal pooling of one with fewer than pool_range of them takes
            the softmax of as many weights. One window that is the whole of the pooled axes, of 32
            elements or more, is reduced as an axis (global pooling; ordinal streams it too): that
            is faster, and takes the memory that the operator along an axis takes.
        parameters: what the operator takes besides x and axis, with the same defaults.

    Returns:
        An array of x's format; each pooled axis has
        floor((length + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 entries.

    Raises:
        InputError: a size that does not fit, an unknown operator, and what the operator raises.
        TypeError: a wrong kind of argument or a parameter that the operator does not take.
    """
    namespace(x)
    windows = Windows(x, checked_grids(x, kernel, stride, padding, dilation))
    if callable(operator):
        return _assembled(windows, lambda real: operator(real, axis=-1, **parameters))
    if operator not in _NAMED:
        raise InputError(
            f"operator: expected a function or one of {', '.join(_NAMED)}, got {operator!r}, "
            f"pass one of those"
        )
    fold, function = _NAMED[operator]
    parameters = _bound(operator, function, parameters)
    if fold is None:
        return _cut(windows, lambda part: _ordinal(part, **parameters))
    return _folded(windows, fold(bag(windows), **parameters))


def _cut(windows: Windows, work: Callable[[Windows], Array]) -> Array:
    """Work done a piece of the batch, or a band of the image, at a time."""
    axis, pieces = windows.pieces()
    parts = [work(piece) for piece in pieces]
    return parts[0] if len(parts) == 1 else namespace(parts[0]).concat(parts, axis=axis)


def _folded(windows: Windows, fold: _folds.Fold) -> Array:
    if windows.most >= LONG and all(grid.is_whole for grid in windows.grids):
        row = windows.row()
        return namespace(row).reshape(reduce(Axis(row, row.ndim - 1), fold), windows.shape)
    if getattr(windows.x, "requires_grad", False):
        from lsetheory.pooling import _torch

        if _torch.serves(windows.x):
            return _torch.Streamed.apply(windows.x, windows.grids, fold)
    return _cut(windows, lambda part: reduce(part, fold))


def _ordinal(windows: Windows, weights: Array, pool_range: int) -> Array:
    """Keep the largest of each window in a sorted list, by compare-exchange with each new slice."""
    xp = namespace(windows.x)
    kept = operators.checked_range(pool_range, windows.most)
    logits = operators.checked_weights(weights, kept, windows.x)
    tops: list[Array] = []
    for new in windows.slices(-float("inf")):
        for j, top in enumerate(tops):
            tops[j], new = xp.maximum(top, new), xp.minimum(top, new)
        if len(tops) < kept:
            tops.append(new)
    shares = _shares(windows, logits, kept)[: len(tops)]  # a tiny input may fill no window
    y = operators.weighted(xp, [widen(top) for top in tops], shares)
    return xp.astype(y, windows.x.dtype, copy=False)


def _shares(windows: Windows, logits: Array, kept: int) -> list[Array]:
    """Share of the j-th largest in each window: softmax over the weights it has elements for."""
    xp = namespace(logits)
    if isinstance(windows.count, int):
        shares = operators.softmax(logits)
        return [shares[j] for j in range(kept)]
    fewer = [operators.softmax(logits[: n + 1]) for n in range(kept)]
    table = xp.stack([xp.concat([row, 0 * logits[n + 1 :]]) for n, row in enumerate(fewer)])
    elements = windows.count
    rows = xp.astype(xp.minimum(elements, xp.full_like(elements, kept)) - 1, xp.int64)
    chosen = xp.take(table, xp.reshape(rows, (-1,)), axis=0)
    return [xp.reshape(chosen[:, j], rows.shape) for j in range(kept)]


def _assembled(windows: Windows, operator: Callable[[Array], Array]) -> Array:
    """The operator on materialised windows, for each run of windows with the same real elements."""
    return _joined(windows, operator, ())


def _joined(windows: Windows, operator: Callable[[Array], Array], runs: tuple[Any, ...]) -> Array:
    axis = len(runs)
    if axis == len(windows.grids):
        return operator(windows.stacked(runs))
    parts = [_joined(windows, operator, (*runs, run)) for run in windows.grids[axis].runs()]
    xp = namespace(parts[0], "result of operator")
    return parts[0] if len(parts) == 1 else xp.concat(parts, axis=axis - len(windows.grids))


def _bound(name: str, function: Callable[..., Array], parameters: dict[str, Any]) -> dict[str, Any]:
    """The operator's parameters with defaults filled in.

    Raises:
        TypeError: one is missing or not the operator's.
    """
    known = {
        key: value.default
        for key, value in inspect.signature(function).parameters.items()
        if key not in ("x", "axis")
    }
    full = {**known, **parameters}
    missing = any(value is inspect.Parameter.empty for value in full.values())  # == is an array's
    if full.keys() != known.keys() or missing:
        raise TypeError(
            f"parameters of {name!r}: expected {', '.join(known) or 'none'}, got "
            f"{', '.join(parameters) or 'none'}, pass those by name"
        )
    return full
