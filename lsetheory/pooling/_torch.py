"""A backward pass for folds over windows in torch that keeps no window: it streams too.

Plain autograd runs on the same code, but keeps every term of every kernel offset. Nothing flows
through the reference of a fold, so the gradient of a window is the sum, over its elements, of the
gradient of each one's own terms, found again from the input one kernel offset at a time. A second
derivative (`create_graph=True`) goes through plain autograd.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import torch

from lsetheory.pooling._bags import reduce, reference
from lsetheory.pooling._folds import Fold, Reference
from lsetheory.pooling._input import wide_dtype, widen
from lsetheory.pooling._windows import Grid, Windows

#: Outputs worked on at once on a processor: few enough that running quantities stay in its cache.
BLOCK = 2**16


class Streamed(torch.autograd.Function):  # type: ignore[misc]
    """`reduce(windows, fold)` that saves its input, the reference and dy/dsums."""

    @staticmethod
    def forward(ctx: Any, x: Any, grids: Sequence[Grid], fold: Fold) -> Any:
        """The fold of every window."""
        windows = Windows(x, grids)
        y = x.new_empty(windows.shape)
        wide = x.new_empty(windows.shape, dtype=wide_dtype(x))
        saved = [torch.empty_like(wide) for _ in range(1 + _carriers(fold, wide))]
        for part, y_part, *kept in _blocks(windows, y, *saved):
            ref = _reference(part, fold)
            sums = [s.requires_grad_() for s in part.sums(fold.terms, ref)]
            with torch.enable_grad():
                answer = fold.finish(tuple(sums), ref, part.count)
            slopes = torch.autograd.grad(answer, sums[: len(kept) - 1], torch.ones_like(answer))
            y_part.copy_(answer.detach())
            for store, value in zip(kept, (ref.value, *slopes), strict=True):
                store.copy_(value)
        ctx.grids, ctx.fold = grids, fold
        ctx.save_for_backward(x, *saved)
        return y

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> tuple[Any, None, None]:
        """The gradient of the input; differentiable again if torch asks for that."""
        x, *saved = ctx.saved_tensors
        if torch.is_grad_enabled():
            y = reduce(Windows(x, ctx.grids), ctx.fold)
            return torch.autograd.grad(y, x, upstream, create_graph=True)[0], None, None
        gradient = torch.zeros_like(x, memory_format=torch.contiguous_format)
        whole = Windows(x, ctx.grids)
        flat = gradient.view(-1, *gradient.shape[x.ndim - len(whole.grids) :])
        start = 0
        for part, up, value, *slopes in _blocks(whole, upstream, *saved):
            into = flat[start : start + len(up)]
            start += len(up)
            _add_gradient(into, part, ctx.fold, value, [up * slope for slope in slopes])
        return gradient, None, None


def _add_gradient(into: Any, part: Windows, fold: Fold, value: Any, weights: list[Any]) -> None:
    finite = torch.isfinite(value)
    ref = Reference(value, None if finite.all() else finite)
    for inputs, outputs in part.offsets():
        x = widen(part.x[inputs].detach()).requires_grad_()
        with torch.enable_grad():
            terms = fold.terms(x, ref.at(outputs))[: len(weights)]
        (gradient,) = torch.autograd.grad(terms, x, [weight[outputs] for weight in weights])
        into[inputs] += gradient


def _reference(part: Windows, fold: Fold) -> Reference:
    ref = reference(part, fold)
    return Reference(ref.value, None) if ref.finite is not None and ref.finite.all() else ref


def _carriers(fold: Fold, like: Any) -> int:
    """How many of a fold's terms carry a gradient; they come first."""
    x = like.new_zeros(1, requires_grad=True)
    with torch.enable_grad():
        terms = fold.terms(x, Reference(x.detach(), None))
    return sum(term.requires_grad for term in terms)


def _blocks(windows: Windows, *arrays: Any) -> Iterator[tuple[Any, ...]]:
    """Pieces of the windows, and of arrays of their shape, with all leading axes made one."""
    spatial = len(windows.grids)
    flat = [a.reshape(-1, *a.shape[a.ndim - spatial :]) for a in (windows.x, *arrays)]
    outputs = prod(grid.outputs for grid in windows.grids)
    rows = max(1, BLOCK // outputs) if windows.x.device.type == "cpu" else len(flat[0])
    for start in range(0, len(flat[0]), rows):
        x, *others = (a[start : start + rows] for a in flat)
        yield Windows(x, windows.grids), *others
