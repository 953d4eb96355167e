"""Sliding windows over the last axes of an array, streamed one element of the kernel at a time."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, NamedTuple

from array_api_compat import array_namespace, device, is_jax_array

from lsetheory.pooling._folds import Reference, Terms
from lsetheory.pooling._grids import Grid
from lsetheory.pooling._input import Array, wide_dtype, widen

#: Bytes of a running quantity that are worked on at once, so that a sweep stays in a cache.
CACHED = 2**19


class Offset(NamedTuple):
    """One element of the kernel: where it lies in the input, and which outputs it is real for."""

    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]


@dataclass(frozen=True)
class Windows:
    """The windows over the last axes of x, one kernel offset at a time."""

    x: Array
    grids: Sequence[Grid]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the output."""
        lead = self.x.shape[: self.x.ndim - len(self.grids)]
        return (*lead, *(grid.outputs for grid in self.grids))

    @property
    def most(self) -> int:
        """The elements in a window without padding."""
        return prod(grid.kernel for grid in self.grids)

    @property
    def count(self) -> Any:
        """How many elements of each window are not padding."""
        if not any(grid.padding or grid.after for grid in self.grids):
            return self.most
        wide = wide_dtype(self.x)
        xp, total = array_namespace(self.x), 1
        for axis, grid in enumerate(self.grids, -len(self.grids)):
            along = xp.asarray(grid.counts(), dtype=wide, device=device(self.x))
            total = total * xp.reshape(along, (-1,) + (1,) * (-1 - axis))
        return total

    def row(self) -> Array:
        """The pooled axes as one, where a window is the whole of them."""
        lead = self.x.shape[: self.x.ndim - len(self.grids)]
        return array_namespace(self.x).reshape(self.x, (*lead, self.most))

    def cuts(self) -> list[tuple[Any, ...]]:
        """Indices that cut the longest leading axis so that a running quantity fits a cache."""
        lead = self.shape[: -len(self.grids)]
        if is_jax_array(self.x) or not prod(self.shape) or not lead:
            return [(...,)]  # XLA fuses the sweep by itself
        axis = lead.index(max(lead))
        return [(slice(None),) * axis + (slice(lo, hi), ...) for lo, hi in self._steps(axis)]

    def pieces(self) -> tuple[int, list["Windows"]]:
        """Windows that make these up, and the axis along which: of one image, bands of it."""
        cuts, first = self.cuts(), self.x.ndim - len(self.grids)
        if len(cuts) > 1 or is_jax_array(self.x) or prod(self.shape[:first]) != 1:
            return len(cuts[0]) - 2, [Windows(self.x[at], self.grids) for at in cuts]
        bands = [self.grids[0].piece(lo, hi) for lo, hi in self._steps(first)]
        lead, rest = (slice(None),) * first, self.grids[1:]
        return first, [Windows(self.x[(*lead, part, ...)], (grid, *rest)) for part, grid in bands]

    def _steps(self, axis: int) -> list[tuple[int, int]]:
        """An axis of the output cut so that a running quantity fits a cache."""
        bits, length = array_namespace(self.x).finfo(wide_dtype(self.x)).bits, self.shape[axis]
        step = max(1, 8 * CACHED * length // (prod(self.shape) * bits))
        return [(lo, min(lo + step, length)) for lo in range(0, length, step)]

    def offsets(self) -> Sequence[Offset]:
        """Every element of the kernel that meets an element of x, as indices into x and output."""
        return _offsets(tuple(self.grids))

    def spread(self, part: Array, outputs: tuple[Any, ...], fill: float) -> Array:
        """A part that covers some outputs, with `fill` at the others."""
        xp, first = array_namespace(part), -len(self.grids)
        for axis, (grid, real) in enumerate(zip(self.grids, outputs[1:], strict=True), first):
            before, after = real.start, grid.outputs - real.stop
            if before or after:
                ends = [_filled(part, axis, size, fill) for size in (before, after)]
                part = xp.concat([ends[0], part, ends[1]], axis=axis)
        return part

    def part(self, inputs: tuple[Any, ...]) -> Array:
        """The elements of x that one element of the kernel meets."""
        return self.x[inputs]

    def slices(self, fill: float) -> Iterator[Array]:
        """Element j of every window, for each j of the kernel; `fill` where that is padding."""
        for inputs, outputs in self.offsets():
            yield self.spread(self.part(inputs), outputs, fill)

    def stacked(self, runs: Sequence[tuple[range, list[int]]]) -> Array:
        """The windows of one run along each axis, their real elements along a new last axis."""
        slices = [
            [grid.inputs(j, outputs) for j in elements]
            for grid, (outputs, elements) in zip(self.grids, runs, strict=True)
        ]
        parts = [self.x[(..., *at)] for at in product(*slices)]
        return array_namespace(self.x).stack(parts, axis=-1)

    def extreme(self, lowest: bool) -> Array:
        """See `Elements`."""
        xp = array_namespace(self.x)
        pick, fill = (xp.minimum, float("inf")) if lowest else (xp.maximum, -float("inf"))
        return functools.reduce(pick, self.slices(fill))

    def sums(self, terms: Callable[[Array, Reference], Terms], ref: Reference) -> Terms:
        """See `Elements`."""
        totals: list[Array] = []
        for inputs, outputs in self.offsets():
            parts = terms(widen(self.part(inputs)), ref.at(outputs))
            totals = totals or [array_namespace(ref.value).zeros_like(ref.value) for _ in parts]
            self._add(totals, parts, outputs)
            del parts  # else they would live on beside the next ones
        return tuple(totals)

    def _add(self, totals: list[Array], parts: Terms, outputs: tuple[Any, ...]) -> None:
        for i, part in enumerate(parts):
            totals[i] += self.spread(part, outputs, 0.0)


@functools.lru_cache(maxsize=64)  # a layer asks for the same ones for each piece of the batch
def _offsets(grids: tuple[Grid, ...]) -> tuple[Offset, ...]:
    """See `Windows.offsets`."""
    found = []
    for at in product(*(range(grid.kernel) for grid in grids)):
        pairs = list(zip(grids, at, strict=True))
        real = [grid.real(j) for grid, j in pairs]
        if all(real):
            inputs = (grid.inputs(j, o) for (grid, j), o in zip(pairs, real, strict=True))
            outputs = (slice(o.start, o.stop) for o in real)
            found.append(Offset((..., *inputs), (..., *outputs)))
    return tuple(found)


def _filled(like: Array, axis: int, size: int, fill: float) -> Array:
    shape = list(like.shape)
    shape[axis] = size
    xp = array_namespace(like)
    return xp.full(tuple(shape), fill, dtype=like.dtype, device=device(like))
