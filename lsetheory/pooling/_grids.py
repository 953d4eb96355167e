"""Where windows lie along each axis, and which sizes are refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lsetheory.errors import InputError
from lsetheory.pooling._input import Array, whole

PerAxis = int | Sequence[int]


@dataclass(frozen=True)
class Grid:
    """The windows along one axis: element j of window o is at o*stride + j*dilation - padding."""

    length: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    #: Padding at the end, where it is another one.
    after: int | None = None

    @property
    def span(self) -> int:
        """The effective size of the kernel."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def outputs(self) -> int:
        """How many windows there are."""
        after = self.padding if self.after is None else self.after
        return (self.length + self.padding + after - self.span) // self.stride + 1

    @property
    def is_whole(self) -> bool:
        """Whether there is one window, and it is the axis."""
        return self.kernel == self.length and self.outputs == 1 and not (self.padding or self.after)

    def piece(self, lo: int, hi: int) -> tuple[slice, "Grid"]:
        """The part of the axis that the windows from lo to before hi need, and those windows."""
        start = lo * self.stride - self.padding
        stop = (hi - 1) * self.stride - self.padding + self.span
        part = slice(max(0, start), min(self.length, stop))
        ends = {"padding": max(0, -start), "after": max(0, stop - self.length)}
        return part, replace(self, length=part.stop - part.start, **ends)

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
