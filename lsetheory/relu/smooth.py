"""Smooth operators as approximations of max on the cube: worst case found, exact, and bounded.

    lse        (1/r) log sum exp(r x)          above max by at most log(n)/r, at equal inputs
    mellowmax  (1/r) log mean exp(r x)         below max by at most log(n)/r
    swap       sum softmax(r x)_i x_i          below max by at most W((n-1)/e)/r (Lambert's W)
    ordinal    sum softmax(-r k) x_(k)         below max by at most (1 - p_0)(max - min)

(ordinal: x_(0) >= x_(1) >= ..., logits -r k, so r tells how fast the weights fall.) The bounds
hold on all of R^n, for ordinal where max - min <= 1; on the cube [0,1]^n the worst case is known:

- lse grows away from max as inputs rise to it, so log(n)/r at x = (1, ..., 1).
- mellowmax grows in every input and max - mellowmax in the top one: worst at (1, 0, ..., 0).
- swap: with d_i = max - x_i the error is the v with v = sum over i of (d_i - v) e^(-r d_i), whose
  terms each grow up to d_i = v + 1/r: worst at n - 1 equal others, at that distance or at 1.
- ordinal is linear on sorted inputs: worst at a vertex, (1, 0, ..., 0).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsetheory import pooling
from lsetheory.errors import InputError
from lsetheory.relu.train import Array
from lsetheory.work import Unit

SIZES = (2, 3, 4, 6, 9, 16, 25)
RATES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0)


@dataclass(frozen=True)
class Smooth:
    """One operator: itself, its worst error on the cube, a bound on it, and what the bound says."""

    at: Callable[[Array, float], Array]  #: (points, n) and r to (points,)
    cube: Callable[[int, float], float]  #: exact worst |max - operator| on [0,1]^n
    bound: Callable[[int, float], float]
    says: str


def _ordinal_logits(n: int, r: float) -> list[float]:
    return [-r * k for k in range(n)]


def _ordinal(x: Array, r: float) -> Array:
    n = x.shape[-1]
    return np.asarray(pooling.ordinal(x, _ordinal_logits(n, r), n))


def _lambert(n: int) -> float:
    from scipy.special import lambertw

    return float(lambertw((n - 1) / np.e).real)


def _swap_on_cube(n: int, r: float) -> float:
    distance = min(1.0, (1 + _lambert(n)) / r)
    others = (n - 1) * np.exp(-r * distance)
    return float(distance * others / (1 + others))


def _log_over_rate(n: int, r: float) -> float:
    return float(np.log(n) / r)


def _ordinal_loss(n: int, r: float) -> float:
    rest = np.exp(_ordinal_logits(n, r)[1:]).sum()
    return float(rest / (1 + rest))


SMOOTH: Mapping[str, Smooth] = {
    "lse": Smooth(
        lambda x, r: np.asarray(pooling.lse(x, r)), _log_over_rate, _log_over_rate, "log(n)/r"
    ),
    "mellowmax": Smooth(
        lambda x, r: np.asarray(pooling.lse(x, r, form="mean")),
        lambda n, r: float((np.log(n) - np.log1p((n - 1) * np.exp(-r))) / r),
        _log_over_rate, "log(n)/r",
    ),
    "swap": Smooth(
        lambda x, r: np.asarray(pooling.swap(x, r)),
        _swap_on_cube, lambda n, r: _lambert(n) / r, "W((n-1)/e)/r",
    ),
    "ordinal": Smooth(_ordinal, _ordinal_loss, _ordinal_loss, "(1 - p_0)(max - min)"),
}  # fmt: skip


def plan(
    operators: Iterable[str] = SMOOTH, sizes: Sequence[int] = SIZES, rates: Sequence[float] = RATES
) -> list[Unit]:
    """One unit an operator, number of inputs and rate.

    Raises:
        InputError: an unknown operator, fewer than two inputs, or a rate that is not positive.
    """
    chosen = list(operators)
    unknown = [name for name in chosen if name not in SMOOTH]
    if unknown:
        raise InputError(f"smooth: expected operators out of {', '.join(SMOOTH)}, got {unknown[0]}")
    if min(sizes, default=0) < 2 or not all(0 < r < np.inf for r in rates):
        raise InputError(f"smooth: expected n >= 2 and finite r > 0, got n {sizes}, r {rates}")
    return [
        Unit("lsetheory.relu.smooth:one", {"operator": name, "n": n, "r": r})
        for name in chosen for n in sizes for r in rates
    ]  # fmt: skip


def gather(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `one`, as they come."""
    return [dict(row) for row in results]


def one(operator: str, n: int, r: float, seed: int = 0) -> dict[str, Any]:
    """Search the cube for the worst error of one operator.

    Returns:
        operator, n, r;
        found: |max - operator| at the point `witness`, in float64;
        cube: the exact worst case on the cube; bound: the proved bound, `says` in words;
        share: found / bound, 1 where the bound is 0 in float64.

    Raises:
        ArithmeticError: the witness beats the bound, so something is wrong.
    """
    chosen = SMOOTH[operator]
    witness = _worst(chosen, n, r, np.random.default_rng([seed, n]))
    found, bound = float(_error(chosen, witness[None], r)[0]), chosen.bound(n, r)
    share = found / bound if bound else 1.0
    if found > bound * (1 + 1e-12) + 1e-15:
        raise ArithmeticError(f"{operator}: expected at most {bound}, got {found} at {witness}")
    return {
        "operator": operator, "n": n, "r": r, "found": found, "witness": witness.tolist(),
        "cube": chosen.cube(n, r), "bound": bound, "says": chosen.says, "share": share,
    }  # fmt: skip


def _error(operator: Smooth, x: Array, r: float) -> Array:
    return np.asarray(np.abs(x.max(axis=-1) - operator.at(x, r)))


def _worst(operator: Smooth, n: int, r: float, rng: np.random.Generator) -> Array:
    """The worst point seen: a grid of two-valued points and random ones, the best five improved.

    Operators change over distances of 1/r from the top, so the lower level takes these too: for
    large r an even grid steps over all that happens, and leaves no slope to follow.
    """
    levels = np.union1d(np.linspace(0.0, 1.0, 21), np.clip(1.0 - np.linspace(0, 8, 33) / r, 0, 1))
    tops = np.arange(n) < np.arange(1, n + 1)[:, None]
    grid = np.where(tops[:, None], 1.0, levels[:, None]).reshape(-1, n)
    starts = np.concatenate([grid, rng.random((256, n))])
    order = np.argsort(-_error(operator, starts, r), kind="stable")
    points = np.stack([*(_improved(operator, x, r) for x in starts[order[:5]]), starts[order[0]]])
    return np.asarray(points[_error(operator, points, r).argmax()])


def _improved(operator: Smooth, x: Array, r: float) -> Array:
    """L-BFGS on the cube from x; central differences, all in one call of the operator."""
    from scipy.optimize import minimize

    h = min(1e-7, 1e-3 / r)
    shifts = h * np.concatenate([np.zeros((1, len(x))), np.eye(len(x)), -np.eye(len(x))])

    def loss(point: Array) -> tuple[float, Array]:
        # Of size 1 or so, as the absolute tolerances of L-BFGS expect.
        value = -max(r, 1.0) * _error(operator, point + shifts, r)
        up, down = np.split(value[1:], 2)
        return float(value[0]), (up - down) / (2 * h)

    found = minimize(loss, x, jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(x))
    return np.asarray(np.clip(found.x, 0.0, 1.0))
