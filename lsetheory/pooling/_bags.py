"""Where the elements of a fold come from, and the fold of them; a whole axis at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from array_api_compat import array_namespace

from lsetheory.pooling._folds import Bag, Fold, Reference, Terms
from lsetheory.pooling._input import WIDER, Array, constant, dtype_name, widen


class Elements(Protocol):
    """Rows of elements that a fold reduces."""

    @property
    def x(self) -> Array:
        """The array that holds them."""

    @property
    def most(self) -> int:
        """The most elements a row holds."""

    @property
    def count(self) -> Any:
        """How many elements each row holds: an int, or an array that broadcasts with the rows."""

    def extreme(self, lowest: bool) -> Array:
        """The largest (smallest) element of each row, in x's format; NaN where one is NaN."""

    def sums(self, terms: Callable[[Array, Reference], Terms], ref: Reference) -> Terms:
        """The sum of each term over each row."""


def bag(elements: Elements) -> Bag:
    """What a fold is built from."""
    x = elements.x
    return Bag(array_namespace(x), WIDER[dtype_name(x)], elements.most)


def reference(elements: Elements, fold: Fold) -> Reference:
    """The extreme that the fold asks for, in the format of the arithmetic, without gradient."""
    value = widen(constant(elements.extreme(fold.lowest)))
    return Reference(value, ~array_namespace(value).isinf(value))


def reduce(elements: Elements, fold: Fold) -> Array:
    """The fold of each row, in x's format."""
    ref = reference(elements, fold)
    y = fold.finish(elements.sums(fold.terms, ref), ref, elements.count)
    return array_namespace(y).astype(y, elements.x.dtype, copy=False)


@dataclass(frozen=True)
class Axis:
    """The elements along one axis; rows keep that axis with length 1."""

    x: Array
    axis: int

    @property
    def most(self) -> int:
        """The length of the axis."""
        return int(self.x.shape[self.axis])

    count = most

    def extreme(self, lowest: bool) -> Array:
        """See `Elements`."""
        xp = array_namespace(self.x)
        return (xp.min if lowest else xp.max)(self.x, axis=self.axis, keepdims=True)

    def sums(self, terms: Callable[[Array, Reference], Terms], ref: Reference) -> Terms:
        """See `Elements`."""
        xp = array_namespace(self.x)
        parts = terms(widen(self.x), ref)
        return tuple(xp.sum(part, axis=self.axis, keepdims=True) for part in parts)
