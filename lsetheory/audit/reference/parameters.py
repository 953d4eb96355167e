"""What a caller may pass to an audited operation, checked once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from reprlib import repr as short
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.audit import formats
from lsetheory.audit.formats import Format
from lsetheory.audit.reference.exact import FORMULAS
from lsetheory.errors import InputError
from lsetheory.faithful import shape

Float64 = NDArray[np.float64]

#: parameter -> the operations that take it, and their gradients do too where marked so.
TAKERS = {
    "r": ("pooled_lse", "swap", "pooled_lse_gradient", "swap_gradient"),
    "form": ("pooled_lse", "pooled_lse_gradient"),
    "weights": ("ordinal", "ordinal_gradient"),
    "pool_range": ("ordinal", "ordinal_gradient"),
    "cotangent": ("softmax_gradient", "log_softmax_gradient"),
}


@dataclass(frozen=True)
class Given:
    """The parameters of one call, in their canonical form."""

    n: int
    r: float = 1.0
    form: str = "sum"
    weights: tuple[float, ...] = ()
    cotangent: Float64 | None = None

    def v(self, rows: NDArray[np.intp]) -> Float64:
        """The cotangent's rows; zeros for an operation that takes none."""
        return np.zeros((len(rows), self.n)) if self.cotangent is None else self.cotangent[rows]


def is_vector(operation: str) -> bool:
    """Whether the result has one entry an input."""
    return operation.endswith("_gradient") or operation in ("softmax", "log_softmax")


def rows(operation: str, x: NDArray[Any]) -> tuple[Float64, Format]:
    """The rows of x as float64 (exact), and the format they came in.

    Raises:
        InputError: an unknown operation, or x is not an array, without a mask, two-dimensional, of
            one of the four formats.
    """
    if operation not in FORMULAS:
        raise InputError(f"reference: expected one of {', '.join(FORMULAS)}, got {operation!r}")
    if not isinstance(x, np.ndarray):
        raise InputError(
            f"{operation}: expected x to be a numpy array, got {type(x).__name__}; pass "
            f"numpy.asarray(x) in the format that is meant"
        )
    x = shape.unmasked(operation, x)
    fmt = formats.of(x.dtype)
    if x.ndim != 2:
        raise InputError(f"{operation}: expected x of shape (rows, n), got {x.shape}; reshape it")
    if operation.startswith("logaddexp") and x.shape[1] != 2:
        raise InputError(f"{operation}: expected rows of 2, got {x.shape[1]}; use logsumexp")
    return x.astype(np.float64), fmt


def read(operation: str, x: Float64, parameters: Mapping[str, Any]) -> Given:
    """The parameters of `operation` on the rows x.

    Raises:
        InputError: one the operation does not take, or one out of its range.
    """
    for name in parameters:
        if operation not in TAKERS.get(name, ()):
            taken = [p for p, takers in TAKERS.items() if operation in takers] or ["none"]
            raise InputError(f"{operation}: expected parameters {', '.join(taken)}, got {name}")
    rate = float(_numbers(operation, "r to be a real number", parameters.get("r", 1.0), 0))
    r, form = _temperature(operation, rate, parameters.get("form", "sum"))
    n = x.shape[1]
    return Given(
        n, r, form, _weights(operation, parameters, n), _cotangent(operation, parameters, x)
    )


def _numbers(operation: str, expected: str, value: object, ndim: int) -> Float64:
    """A parameter as float64, if it is made of numbers that convert to that without doubt."""
    try:
        array = shape.unmasked(operation, value)
    except ValueError:  # ragged, or masked
        array = np.array(None)
    if array.ndim != ndim or not np.can_cast(array.dtype, np.float64):
        raise InputError(f"{operation}: expected {expected}, got {_short(value)}; pass floats")
    return array.astype(np.float64)


def _short(value: object) -> str:
    return " ".join(short(value).split())


def _temperature(operation: str, r: float, form: object) -> tuple[float, str]:
    if math.isnan(r):
        raise InputError(f"{operation}: expected a real r or +-inf, got NaN")
    if not isinstance(form, str) or form not in ("sum", "mean"):
        raise InputError(f'{operation}: expected form "sum" or "mean", got {form!r}')
    if operation.startswith("pooled_lse") and r == 0 and form == "sum":
        raise InputError(f'{operation}: expected r other than 0 in sum form, pass form="mean"')
    return r, form


def _weights(operation: str, parameters: Mapping[str, Any], n: int) -> tuple[float, ...]:
    if operation not in TAKERS["weights"]:
        return ()
    given = parameters.get("weights", [0.0] * n)
    weights = _numbers(operation, "weights to be a list of real numbers", given, 1).tolist()
    kept = _whole(operation, parameters.get("pool_range", len(weights)))
    if not 1 <= kept <= min(n, len(weights)):
        raise InputError(
            f"{operation}: expected 1 <= pool_range <= n = {n} and at least as many weights, "
            f"got pool_range = {kept} and {len(weights)} weights"
        )
    if not all(map(math.isfinite, weights)):
        raise InputError(f"{operation}: expected finite weights, got {weights}")
    return tuple(weights[:kept])


def _whole(operation: str, pool_range: Any) -> int:
    try:
        if isinstance(pool_range, bool):
            raise TypeError
        return index(pool_range)
    except TypeError:
        raise InputError(
            f"{operation}: expected an integer pool_range, got {_short(pool_range)}; pass an int"
        ) from None


def _cotangent(operation: str, parameters: Mapping[str, Any], x: Float64) -> Float64 | None:
    if operation not in TAKERS["cotangent"]:
        return None
    expected = f"a finite cotangent of shape {x.shape}"
    v = _numbers(operation, expected, parameters.get("cotangent", np.ones(x.shape)), 2)
    if v.shape != x.shape or not np.isfinite(v).all():
        raise InputError(f"{operation}: expected {expected}, got shape {v.shape}; pass such floats")
    return v
