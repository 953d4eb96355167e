"""Sliding windows over the last axes of an array, streamed one element of the kernel at a time."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import Any, NamedTuple

from array_api_compat import array_namespace, device, is_jax_array

from lsetheory.errors import InputError
from lsetheory.pooling._folds import Reference, Terms
from lsetheory.pooling._input import Array, whole, wide_dtype, widen

PerAxis = int | Sequence[int]

#: Bytes of a running quantity that are worked on at once, so that a sweep stays in a cache.
CACHED = 2**19


@dataclass(frozen=True)
class Grid:
    """The windows along one axis: element j of window o is at o*stride + j*dilation - padding."""

    length: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def span(self) -> int:
        """The effective size of the kernel."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def outputs(self) -> int:
        """How many windows there are."""
        return (self.length + 2 * self.padding - self.span) // self.stride + 1

    def real(self, j: int) -> range:
        """The outputs whose element j is not padding."""
        first = j * self.dilation - self.padding
        lo = max(0, -(first // self.stride))
        hi = min(self.outputs, (self.length - 1 - first) // self.stride + 1)
        return range(lo, max(lo, hi))

    def inputs(self, j: int, outputs: range) -> slice:
        """Where element j of some outputs lies."""
        start = outputs.start * self.stride + j * self.dilation - self.padding
        return slice(start, start + (len(outputs) - 1) * self.stride + 1, self.stride)

    def runs(self) -> list[tuple[range, list[int]]]:
        """The outputs cut into runs with the same real elements, and which elements those are."""
        real = [self.real(j) for j in range(self.kernel)]
        cuts = sorted({0, self.outputs} | {cut for r in real if r for cut in (r.start, r.stop)})
        return [
            (range(lo, hi), [j for j in range(self.kernel) if lo in real[j]])
            for lo, hi in pairwise(cuts)
        ]

    def counts(self) -> list[int]:
        """How many elements each window has that are not padding."""
        return [len(elements) for outputs, elements in self.runs() for _ in outputs]


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
        if not any(grid.padding for grid in self.grids):
            return self.most
        wide = wide_dtype(self.x)
        xp, total = array_namespace(self.x), 1
        for axis, grid in enumerate(self.grids, -len(self.grids)):
            along = xp.asarray(grid.counts(), dtype=wide, device=device(self.x))
            total = total * xp.reshape(along, (-1,) + (1,) * (-1 - axis))
        return total

    def cuts(self) -> list[tuple[Any, ...]]:
        """Indices that cut the longest leading axis so that a running quantity fits a cache."""
        lead = self.shape[: -len(self.grids)]
        if is_jax_array(self.x) or not prod(self.shape) or not lead:
            return [(...,)]  # XLA fuses the sweep by itself
        axis = lead.index(max(lead))
        bits = array_namespace(self.x).finfo(wide_dtype(self.x)).bits
        rows = max(1, 8 * CACHED * lead[axis] // (prod(self.shape) * bits))
        starts = range(0, lead[axis], rows)
        return [(slice(None),) * axis + (slice(i, min(i + rows, lead[axis])), ...) for i in starts]

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


def checked_grids(
    x: Array, kernel: Sequence[int], stride: PerAxis | None, padding: PerAxis, dilation: PerAxis
) -> tuple[Grid, ...]:
    """The windows along each pooled axis of x.

    Raises:
        TypeError: kernel is not a sequence, or a size not an integer.
        InputError: wrong rank, a size out of range, or a window of padding alone.
    """
    sizes = _sizes(kernel)
    if x.ndim < len(sizes):
        raise InputError(
            f"kernel: expected at most one size for each of the {x.ndim} axes of x, got "
            f"{len(sizes)}, pass an array with at least {len(sizes)} axes or a shorter kernel"
        )
    lengths = [int(n) for n in x.shape[x.ndim - len(sizes) :]]
    strides = sizes if stride is None else _each(stride, "stride", len(sizes), 1)
    paddings = _each(padding, "padding", len(sizes), 0)
    dilations = _each(dilation, "dilation", len(sizes), 1)
    columns = zip(lengths, sizes, strides, paddings, dilations, strict=True)
    return tuple(_fitting(Grid(*column)) for column in columns)


def _sizes(kernel: Sequence[int]) -> tuple[int, ...]:
    if not isinstance(kernel, (tuple, list)):
        raise TypeError(
            f"kernel: expected a tuple with one size for each pooled axis, got {kernel!r}, "
            f"pass for example (3, 3) to pool the last two axes"
        )
    if not 1 <= len(kernel) <= 3:
        raise InputError(
            f"kernel: expected sizes for the last 1, 2 or 3 axes, got {len(kernel)}, "
            f"pass for example (3, 3)"
        )
    return _each(kernel, "kernel", len(kernel), 1)


def _each(value: PerAxis, name: str, axes: int, least: int) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)):
        value = (whole(value, name),) * axes
    if len(value) != axes:
        raise InputError(
            f"{name}: expected an int or {axes} of them, one for each axis of the kernel, got "
            f"{value!r}, pass {least} or {(least,) * axes}"
        )
    for size in value:
        if whole(size, name) < least:
            raise InputError(f"{name}: expected at least {least}, got {size}, pass {least} or more")
    return tuple(whole(size, name) for size in value)


def _fitting(grid: Grid) -> Grid:
    if 2 * grid.padding > grid.span:
        raise InputError(
            f"padding: expected at most half the effective kernel size {grid.span}, got "
            f"{grid.padding}, pass at most {grid.span // 2}"
        )
    if grid.outputs < 1:
        raise InputError(
            f"kernel: expected an effective size, dilation * (kernel - 1) + 1, of at most the "
            f"padded length {grid.length + 2 * grid.padding}, got {grid.span}, "
            f"pass a smaller kernel or dilation"
        )
    if not all(elements for _, elements in grid.runs()):
        raise InputError(
            f"padding: expected an element of x in every window, got a window of padding alone "
            f"(length {grid.length}, dilation {grid.dilation}, padding {grid.padding}), "
            f"pass less padding"
        )
    return grid
