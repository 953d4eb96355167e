"""Checks of arguments, and the way from an array with an axis to rows and back."""

import math
from numbers import Real
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError


def checked(name: str, x: NDArray[Any], axis: int) -> NDArray[Any]:
    """x as an array in native byte order, once its dtype and the axis are found to be usable.

    Raises:
        InputError: a masked array, a dtype other than float32 and float64, an axis out of range.
        TypeError: an axis that is no integer.
    """
    array = unmasked(name, x)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype not in (np.float32, np.float64):
        raise InputError(f"{name}: expected float32 or float64, got {array.dtype}; convert x")
    checked_axis(name, array, axis)
    return array


def checked_rate(name: str, r: object) -> float:
    """r as a float64 number: arithmetic with other types of number rounds otherwise.

    Raises:
        InputError: it is 0 or not finite, or becomes so.
        TypeError: it is no number.
    """
    if not isinstance(r, Real):
        raise TypeError(f"{name}: expected r to be a real number, got {r!r}; pass a float")
    try:
        rate = float(r)
    except OverflowError:
        rate = math.inf
    if rate == 0.0 or not math.isfinite(rate):
        raise InputError(
            f"{name}: expected a finite float64 r other than 0, got {rate}; see lsetheory.pooling"
        )
    return rate


def unmasked(name: str, x: Any) -> NDArray[Any]:
    """x as a plain array.

    Raises:
        InputError: x is masked, which no operation here heeds, or is no array.
    """
    if isinstance(x, np.ma.MaskedArray):
        raise InputError(
            f"{name}: expected an array without a mask, got a masked array; pass x.filled(-inf) "
            f"or another value"
        )
    try:
        return np.asarray(x)
    except ValueError as error:  # rows of several lengths
        raise InputError(f"{name}: expected an array, got none: {error}; pass one") from None


def checked_axis(name: str, x: NDArray[Any], axis: int) -> None:
    """See that x has the axis.

    Raises:
        InputError: it has not.
        TypeError: the axis is no integer; True is none either.
    """
    if x.ndim == 0:
        raise InputError(f"{name}: expected x of at least one axis, got a number; pass [x]")
    try:
        if isinstance(axis, bool):
            raise TypeError
        here = -x.ndim <= index(axis) < x.ndim
    except TypeError:
        raise TypeError(
            f"{name}: expected one axis, an integer, got {axis!r}; reduce one axis at a time"
        ) from None
    if not here:
        raise InputError(f"{name}: expected an axis of {x.ndim} axes, got {axis}; pass another")


def rows(x: NDArray[Any], axis: int) -> NDArray[Any]:
    """x as (rows, n) with n the length of `axis`: a view where strides allow it, else a copy."""
    moved = np.moveaxis(x, axis, -1)
    return moved.reshape(math.prod(moved.shape[:-1]), moved.shape[-1])


def reduced(result: NDArray[Any], x: NDArray[Any], axis: int) -> NDArray[Any]:
    """(rows,) back to the shape of x without `axis`."""
    return result.reshape(tuple(np.delete(x.shape, axis)))


def restored(result: NDArray[Any], x: NDArray[Any], axis: int) -> NDArray[Any]:
    """(rows, n) back to the shape of x."""
    moved = np.moveaxis(x, axis, -1)
    return np.moveaxis(result.reshape(moved.shape), -1, axis)
