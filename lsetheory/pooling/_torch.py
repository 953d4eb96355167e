"""A backward pass for folds over windows in torch that keeps no window: it streams too.

Plain autograd runs on the same code, but keeps every term of every kernel offset. Here the backward
pass computes the terms again: nothing flows through the reference of a fold, so an element's
gradient is dy/dsums times the derivative of its own terms, which takes the element and the
reference alone. It goes through the kernel one offset at a time, as the forward pass does.

A second derivative (`create_graph=True`), the transforms of `torch.func` and forward-mode
derivatives go through plain autograd.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from lsetheory.pooling._bags import reduce
from lsetheory.pooling._folds import Fold, Reference
from lsetheory.pooling._grids import Grid
from lsetheory.pooling._input import wide_dtype, widen
from lsetheory.pooling._windows import Windows


def serves(x: Any) -> bool:
    """Whether x asks for a gradient that `Streamed` gives."""
    # the question that torch.autograd.Function.apply asks itself, which has no public name
    transformed = getattr(torch._C, "_are_functorch_transforms_active", lambda: False)
    return (
        x.requires_grad
        and torch.is_grad_enabled()
        and not transformed()
        and torch.autograd.forward_ad.unpack_dual(x).tangent is None
    )


class Streamed(torch.autograd.Function):  # type: ignore[misc]
    """`reduce(windows, fold)` that saves its input, the reference and dy/dsums."""

    @staticmethod
    def forward(ctx: Any, x: Any, grids: Sequence[Grid], fold: Fold) -> Any:
        """The fold of every window."""
        windows = Windows(x, grids)
        y = x.new_empty(windows.shape)
        wide = x.new_empty(windows.shape, dtype=wide_dtype(x))
        saved = [torch.empty_like(wide) for _ in range(1 + _carriers(fold, wide))]
        for at in windows.cuts():
            part, kept = _Dealt(x[at], grids), [store[at] for store in saved]
            ref = _known(widen(part.extreme(fold.lowest)))
            sums = [s.requires_grad_() for s in part.sums(fold.terms, ref)]
            with torch.enable_grad():
                answer = fold.finish(tuple(sums), ref, part.count)
            slopes = torch.autograd.grad(answer, sums[: len(kept) - 1], torch.ones_like(answer))
            y[at] = answer.detach()
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
        gradient = torch.empty_like(x)
        for at in Windows(x, ctx.grids).cuts():
            value, *slopes = (store[at] for store in saved)
            weights = [upstream[at] * slope for slope in slopes]
            _fill_gradient(gradient[at], _Dealt(x[at], ctx.grids), ctx.fold, value, weights)
        return gradient, None, None


def _fill_gradient(into: Any, part: "_Dealt", fold: Fold, value: Any, weights: list[Any]) -> None:
    ref = _known(value)
    sums = [torch.zeros_like(hand, dtype=value.dtype) for hand in part.hands]
    for inputs, outputs in part.offsets():
        own = [weight[outputs] for weight in weights]
        _add_gradient(_dealt(sums, inputs), fold, widen(part.part(inputs)), ref.at(outputs), own)
    for first, hand in enumerate(sums):
        into[..., first :: len(sums)] = hand


def _add_gradient(into: Any, fold: Fold, x: Any, ref: Reference, weights: list[Any]) -> None:
    """Add the gradient in x of the weighted terms that carry one."""
    if fold.slopes is not None:
        for weight, slope in zip(weights, fold.slopes(x, ref), strict=True):
            into.addcmul_(weight, slope)
        return
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        terms = fold.terms(x, ref)[: len(weights)]
    into.add_(torch.autograd.grad(terms, x, weights)[0])


@dataclass(frozen=True)
class _Dealt(Windows):
    """Windows that read contiguous memory: x is dealt, along its last axis, to `stride` hands."""

    @cached_property
    def hands(self) -> list[Any]:
        """Every stride-th element of the last axis, from each start."""
        step = self.grids[-1].stride
        return [self.x[..., first::step].contiguous() for first in range(step)]

    def part(self, inputs: tuple[Any, ...]) -> Any:
        """See `Windows`."""
        return _dealt(self.hands, inputs)


def _dealt(hands: list[Any], inputs: tuple[Any, ...]) -> Any:
    *front, last = inputs
    start, first = divmod(last.start, last.step)
    size = len(range(last.start, last.stop, last.step))
    return hands[first][(*front, slice(start, start + size))]


def _known(value: Any) -> Reference:
    """The reference; one pass over it tells that all of it is finite, but where sums overflow."""
    return Reference(value, None if value.sum().isfinite() else ~value.isinf())


def _carriers(fold: Fold, like: Any) -> int:
    """How many of a fold's terms carry a gradient; they come first."""
    x = like.new_zeros(1, requires_grad=True)
    with torch.enable_grad():
        terms = fold.terms(x, Reference(x.detach(), None))
    return sum(term.requires_grad for term in terms)
