"""What the operators accept: arrays, numbers and axes; what they refuse, and what to pass."""

from numbers import Real
from operator import index
from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_array_api_obj

from lsetheory.errors import InputError

#: Any array of a library that follows the Python array API standard.
Array = Any

#: Format of the input -> format the arithmetic is done in.
WIDER = {
    "float16": "float32",
    "bfloat16": "float32",
    "float32": "float32",
    "float64": "float64",
}


def dtype_name(x: Array) -> str:
    """`float32` for numpy's, torch's, jax's and array-api-strict's float32."""
    return str(x.dtype).rsplit(".", 1)[-1]


def namespace(x: Array, name: str = "x") -> Any:
    """The array library of x.

    Raises:
        TypeError: x is not an array, or a masked one, or does not hold real floating-point numbers.
    """
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(
            f"{name}: expected an array without a mask, which no operator heeds, got a masked "
            f"array, pass for example {name}.filled(-inf)"
        )
    if not is_array_api_obj(x):
        raise TypeError(
            f"{name}: expected an array (numpy, torch, jax, ...), got {type(x).__name__}, "
            f"pass for example numpy.asarray({name}, dtype=float)"
        )
    if dtype_name(x) not in WIDER:
        raise TypeError(
            f"{name}: expected an array of {', '.join(WIDER)}, got {dtype_name(x)}, "
            f"convert it first, for example to float32"
        )
    return array_namespace(x)


def wide_dtype(x: Array) -> Any:
    """The format the arithmetic is done in: float32 for half precision, others as they are."""
    return getattr(array_namespace(x), WIDER[dtype_name(x)])


def widen(x: Array) -> Array:
    """x in the format the arithmetic is done in."""
    return array_namespace(x).astype(x, wide_dtype(x), copy=False)


def constant(x: Array) -> Array:
    """x with no gradient flowing through it; the one place that tells libraries apart.

    The array API has no word for this. torch spells it as a method; jax as a function, which is
    reached through the array's own library, so neither is imported here.
    """
    if hasattr(x, "detach"):
        return x.detach()
    if hasattr(x, "aval"):
        from jax.lax import stop_gradient

        return stop_gradient(x)
    return x


def checked_axis(x: Array, axis: int) -> int:
    """The axis as a number from 0.

    Raises:
        TypeError: axis is not an integer.
        InputError: x has no such axis, or nothing along it.
    """
    position = whole(axis, "axis")
    if x.ndim == 0:
        raise InputError(
            "x: expected an array with an axis to reduce, got one of shape (), "
            "pass for example numpy.atleast_1d(x)"
        )
    if not -x.ndim <= position < x.ndim:
        raise InputError(
            f"axis: expected an integer from {-x.ndim} to {x.ndim - 1} for x of shape "
            f"{tuple(x.shape)}, got {axis}, pass an axis that x has"
        )
    if x.shape[position] == 0:
        raise InputError(
            f"axis: expected at least one element along axis {axis}, got x of shape "
            f"{tuple(x.shape)}, pass an array that is not empty there"
        )
    return position % int(x.ndim)


def checked_rate(r: object) -> float:
    """r as a Python float.

    Raises:
        TypeError: r is not a real number.
        InputError: r is NaN, or an integer beyond the largest float.
    """
    if not isinstance(r, Real):
        raise TypeError(
            f"r: expected a real number, got {type(r).__name__}, pass a float, such as 1.0"
        )
    try:
        rate = float(r)
    except OverflowError:
        raise InputError(
            "r: expected a number that a float can hold, got a larger one, pass math.inf"
        ) from None
    if rate != rate:
        raise InputError(
            "r: expected a real number or an infinity, got nan, "
            "pass for example 1.0, or math.inf for the maximum"
        )
    return rate


def checked_form(form: str, r: float) -> str:
    """The form of log-sum-exp.

    Raises:
        InputError: neither "sum" nor "mean", or the sum form at r = 0.
    """
    if form not in ("sum", "mean"):
        raise InputError(f"form: expected 'sum' or 'mean', got {form!r}, pass one of the two")
    if form == "sum" and r == 0:
        raise InputError(
            "r: expected r != 0 with form='sum', where log(n)/r has no limit at 0, got 0, "
            "pass form='mean' for the average"
        )
    return form


def whole(value: object, name: str) -> int:
    """An integer of any library as Python's.

    Raises:
        TypeError: not an integer.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {value!r}, pass for example 1") from None
