"""Checks of arguments, and the way from an array with an axis to rows and back."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError


def checked(name: str, x: NDArray[Any], axis: int, r: float = 1.0) -> NDArray[Any]:
    """x as an array, once dtype, axis and r are found to be usable.

    Raises: InputError: a dtype other than float32 and float64, an axis out of range, r = 0 or not
    finite.
    """
    array = np.asarray(x)
    if array.dtype not in (np.float32, np.float64):
        raise InputError(f"{name}: expected float32 or float64, got {array.dtype}; convert x")
    if not -array.ndim <= axis < array.ndim:
        raise InputError(f"{name}: expected an axis of {array.ndim} axes, got {axis}; pass another")
    if r == 0 or not math.isfinite(r):
        raise InputError(
            f"{name}: expected a finite r other than 0, got {r}; see lsetheory.pooling"
        )
    return array


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
