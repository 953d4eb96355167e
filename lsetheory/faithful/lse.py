"""logsumexp of numpy arrays with less than one ulp of error on every input.

Each row starts in the fast tier; its error bound decides, row by row, whether double-double takes
over, and that one's bound whether arb does. Let u be the unit roundoff of the format asked for and
y' a value with |y' - y| <= e <= 0.45 u |y|. As ulp(y) > u |y|, rounding y' to the format, at most
half an ulp more, gives an error below 0.95 ulp(y); where y' has passed a power of two that y has
not, it rounds to that power or stays on y's grid. Subnormal results: ulp(y) is larger still.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError
from lsetheory.faithful import balls, compiled, doubledouble, fast, precise, shape
from lsetheory.faithful.layout import blocks

Float64 = NDArray[np.float64]


def logsumexp(
    x: NDArray[Any], axis: int = -1, r: float = 1.0, form: str = "sum", *, engine: str = "numpy"
) -> NDArray[Any]:
    """log(sum exp(r x))/r along an axis, faithfully rounded.

    Args:
        x: float32 or float64, any shape, memory layout and byte order.
        axis: which axis to reduce.
        r: inverse temperature, any finite number but 0, taken as float64; negative r gives the
            smooth minimum.
        form: "sum", or "mean" for log(mean exp(r x))/r.
        engine: "numpy", or "numba" for compiled loops (r = 1, sum form; others fall back), which
            take some seconds to compile, once a machine where numba can keep its cache. Both are
            faithful; their bits may differ.

    Returns:
        An array of x's dtype, in native byte order, and x's shape without `axis`. The error is
        below one ulp (unit in the last place of the exact result) wherever that is finite. Any NaN
        gives NaN; else +inf gives +inf (r > 0); a row of -inf gives -inf; an empty row -inf (mean
        form NaN); one entry gives itself. For r < 0 the row is -logsumexp(-x, r=-r).

    Raises:
        InputError: another dtype, an axis out of range, r = 0 or not finite, an unknown form or
            engine.
        MissingExtra: engine="numba" without numba.
    """
    array, r = shape.checked("logsumexp", x, axis), shape.checked_rate("logsumexp", r)
    if form not in ("sum", "mean"):
        raise InputError(
            f'logsumexp: expected form "sum" or "mean", got {form!r}; pass one of them'
        )
    if engine not in ("numpy", "numba"):
        raise InputError(f'logsumexp: expected engine "numpy" or "numba", got {engine!r}')
    flat, mean, numba = shape.rows(array, axis), form == "mean", engine == "numba"
    result = -_reduced(-flat, -r, mean, numba) if r < 0 else _reduced(flat, r, mean, numba)
    return shape.reduced(result, array, axis)


def _reduced(x: NDArray[Any], r: float, mean: bool, numba: bool) -> NDArray[Any]:
    count, n = x.shape
    if n == 0:
        return np.full(count, np.nan if mean else -np.inf, x.dtype)
    if n == 1:
        return x[:, 0].copy()
    result = np.empty(count, x.dtype)
    with np.errstate(all="ignore"):
        if numba and r == 1.0 and not mean and n <= compiled.LONGEST:
            left = _compiled(x, result)
        else:
            left = _fast(x, result, r, mean)
        left = _precise(x, result, left, r, mean)
        for i in left:
            result[i] = _exact(x[i], r, mean)
    return result


def decided(y: Float64, error: Float64, dtype: np.dtype[Any]) -> NDArray[np.bool_]:
    """Which results y, off by at most `error`, are faithful once rounded to dtype."""
    unit = 2.0**-24 if dtype == np.float32 else 2.0**-53
    near = (error <= 0.45 * unit * np.abs(y)) & (error < np.inf)
    return np.asarray(near | (error == 0.0))


def _fast(x: NDArray[Any], result: NDArray[Any], r: float, mean: bool) -> NDArray[np.intp]:
    """Fill in what the fast tier can decide; the rows it cannot."""
    narrow = x.dtype == np.float32
    if not narrow and (r != 1.0 or mean or x.shape[1] > fast.LONGEST):
        return np.arange(len(x))
    left = []
    for part, block, axis in blocks(x):
        y, error = (
            v.ravel()
            for v in (fast.narrow(block, axis, r, mean) if narrow else fast.wide(block, axis))
        )
        result[part] = y
        left.append(part.start + np.flatnonzero(~decided(y, error, x.dtype)))
    return np.concatenate(left or [np.arange(0)])


def _compiled(x: NDArray[Any], result: NDArray[Any]) -> NDArray[np.intp]:
    """Fill in what the compiled tiers can decide; the rows they cannot."""
    tier = compiled.narrow if x.dtype == np.float32 else compiled.wide
    step, parts = max(1, compiled.BLOCK // x.shape[1]), []
    for start in range(0, len(x), step):
        part = slice(start, start + step)
        y, error = tier(x[part])
        result[part] = y
        parts.append(start + np.flatnonzero(~decided(y, error, x.dtype)))
    left = np.concatenate(parts or [np.arange(0)])
    if x.shape[1] > doubledouble.RUN:
        return left
    high, _, error = compiled.precise(x[left].astype(np.float64))
    result[left] = high
    still: NDArray[np.intp] = left[~decided(high, error, x.dtype)]
    return still


def _precise(
    x: NDArray[Any], result: NDArray[Any], left: NDArray[np.intp], r: float, mean: bool
) -> NDArray[np.intp]:
    """Fill in what special values or double-double decide of the rows `left`; the others."""
    some = x[left].astype(np.float64)
    top = np.max(some, axis=1, initial=-np.inf)
    y = precise.lse(some, r, mean)
    special = ~np.isfinite(top)
    result[left] = np.where(special, top, y.high)
    still: NDArray[np.intp] = left[~special & ~decided(y.high, y.error, x.dtype)]
    return still


def _exact(row: NDArray[Any], r: float, mean: bool) -> float:
    """A row with a finite maximum and no NaN."""
    entries = row[row > -np.inf].tolist()
    return balls.floats(lambda: [balls.lse(entries, r, len(row) if mean else None)])[0]
