"""Scaling laws: exponential against power, fitted on the log scale, with intervals and AICc.

    exponential    log y = a + b d             rate e^b a step
    power          log y = a + b log d         exponent b
    shifted power  log y = a + b log(d + s)    exponent b, shift s fitted too

AICc is Akaike's criterion with the small-sample term (Hurvich & Tsai 1989); least wins. Intervals
are at 95 %: the envelope of the percentiles of a bootstrap over seeds (nothing but the spread of
the seeds) and of the t-interval of the regression (nothing but the misfit of the law).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsetheory.errors import InputError
from lsetheory.relu.train import Array

#: Parameters each law fits.
LAWS = {"exponential": 2, "power": 2, "shifted power": 3}
#: Shifts tried, from 1/2 - min d, where d + s is still positive, to this: with larger ones a power
#: of d + s can no longer be told from an exponential.
LARGEST_SHIFT = 100.0
#: Bootstrap replicates.
REPLICATES = 300
#: Numbers of inputs of the exact errors that the fitter is checked on.
EXACT_SIZES = range(4, 25)
#: Rank sets whose least error is known: the law, its rate (base or exponent) and its factor.
EXACT: dict[str, tuple[str, float, float]] = {
    "{0..d-1}": ("exponential", 0.5, 1.0),
    "{0,1,d-2,d-1}": ("power", -2.0, 1.0),
    "{0,1,d-1}": ("shifted power", -1.0, 0.5),
}


@dataclass(frozen=True)
class Fit:
    """log y = a + b g(d), g by `law` and `shift`; `misfit` is the residual sum of squares."""

    law: str
    a: float
    b: float
    shift: float
    misfit: float
    spread: float  #: standard error of b
    at_limit: bool = False  #: the best shift tried is the least or the largest

    def rate(self, b: float | None = None) -> float:
        """Factor a step of d (exponential), or exponent."""
        b = self.b if b is None else b
        return float(np.exp(b)) if self.law == "exponential" else b


def fit_law(law: str, d: Array, log_y: Array) -> Fit:
    """Least squares on the log scale.

    Args:
        law: a name of LAWS.
        d: positive sizes, more distinct ones than the law has parameters, shape (points,).
        log_y: natural logarithms of what is fitted, same shape.

    Raises:
        InputError: too few distinct sizes for the law, or one that is not positive.
    """
    _check_sizes(d)
    if len(set(d.tolist())) <= LAWS[law]:
        raise InputError(f"{law} law: expected over {LAWS[law]} distinct sizes, got {d.tolist()}")
    shift, b = (float(found[0]) for found in _slopes(law, d, log_y[None]))
    g = _regressor(law, d, np.array([shift]))[0]
    a = float(np.mean(log_y - b * g))
    floor = len(d) * (8 * np.finfo(float).eps * max(1.0, np.abs(log_y).max())) ** 2
    misfit = float(np.sum((log_y - a - b * g) ** 2) + floor)
    columns = [np.ones_like(d), g, b / (d + shift)][: LAWS[law]]
    inverse = np.linalg.pinv(np.stack(columns) @ np.stack(columns).T)
    spread = float(np.sqrt(inverse[1, 1] * misfit / (len(d) - LAWS[law])))
    limits = _limits(d) if law == "shifted power" else ()
    at_limit = any(abs(shift - limit) < 1e-6 * (LARGEST_SHIFT + limit) for limit in limits)
    return Fit(law, a, b, shift, misfit, spread, at_limit)


def _limits(d: Array) -> tuple[float, float]:
    return 0.5 - float(d.min()), LARGEST_SHIFT


def _check_sizes(d: Array) -> None:
    if not np.all((d > 0) & np.isfinite(d)):
        raise InputError(f"scaling: expected positive finite sizes, got {d.tolist()}")


def _regressor(law: str, d: Array, shifts: Array) -> Array:
    """g(d) of the law, for shifts of any shape: shape (*shifts.shape, points)."""
    moved = d + shifts[..., None]
    return moved if law == "exponential" else np.log(moved)


def _slopes(law: str, d: Array, log_y: Array) -> tuple[Array, Array]:
    """Best shift and slope b of each curve in log_y, shape (curves, points)."""
    shifts = _shifts(d, log_y) if law == "shifted power" else np.zeros(len(log_y))
    return shifts, _line(_regressor(law, d, shifts), log_y)[0]


def _line(g: Array, log_y: Array) -> tuple[Array, Array]:
    """Slope, and residual sum of squares, of log_y against g along the last axis."""
    g = g - g.mean(axis=-1, keepdims=True)
    y = log_y - log_y.mean(axis=-1, keepdims=True)
    slope = np.sum(g * y, axis=-1) / np.sum(g * g, axis=-1)
    return slope, np.sum((y - slope[..., None] * g) ** 2, axis=-1)


def _shifts(d: Array, log_y: Array, rounds: int = 11, size: int = 64) -> Array:
    """The shift of least misfit of each curve, on grids that zoom in on it."""
    (low, high), unit, every = _limits(d), np.linspace(0.0, 1.0, size), np.arange(len(log_y))
    grid = np.tile(low + (high - low) * unit**3, (len(log_y), 1))
    for _ in range(rounds):
        best = _line(np.log(d + grid[..., None]), log_y[:, None])[1].argmin(axis=1)
        left = grid[every, np.maximum(best - 1, 0)]
        right = grid[every, np.minimum(best + 1, size - 1)]
        grid = left[:, None] + (right - left)[:, None] * unit
    best = _line(np.log(d + grid[..., None]), log_y[:, None])[1].argmin(axis=1)
    return np.asarray(grid[every, best])


def aicc(misfit: float, points: int, fitted: int) -> float:
    """AICc of a least-squares fit with normal residuals; infinite where it is not defined."""
    k = fitted + 1
    if points <= k + 1:
        return float("inf")
    return float(points * np.log(misfit / points) + 2 * k + 2 * k * (k + 1) / (points - k - 1))


def compare(
    sizes: Sequence[float], samples: Sequence[Sequence[float]], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Every law fitted to one curve, the best first.

    Args:
        sizes: d of each point.
        samples: the positive values seen at each d, one a seed; a law is fitted to their
            geometric means.
        rng: for the bootstrap.

    Returns:
        rows with law, rate (factor a step, or exponent), rate_low, rate_high, factor (e^a), shift,
        at_limit (the shift is the last one tried, so that rate and shift are not determined),
        points, aicc, aicc_above_best, weight (Akaike's), best.

    Raises:
        InputError: fewer than five sizes, or a size or value that is not positive and finite.
    """
    d, logs = np.asarray(sizes, dtype=float), [np.log(_positive(values)) for values in samples]
    _check_sizes(d)
    if len(set(d.tolist())) < 5:
        raise InputError(f"scaling: expected five sizes or more to tell laws, got {list(sizes)}")
    centre = np.array([values.mean() for values in logs])
    fits = [fit_law(law, d, centre) for law in LAWS if aicc(1.0, len(d), LAWS[law]) < np.inf]
    draws = _resampled(logs, rng)
    score = {fit.law: aicc(fit.misfit, len(d), LAWS[fit.law]) for fit in fits}
    least = min(score.values())
    total = sum(np.exp((least - s) / 2) for s in score.values())
    rows = [
        {
            "law": fit.law, "rate": fit.rate(), **_interval(fit, d, draws),
            "factor": float(np.exp(fit.a)), "shift": fit.shift,
            "at_limit": fit.at_limit, "points": len(d),
            "aicc": score[fit.law], "aicc_above_best": score[fit.law] - least,
            "weight": float(np.exp((least - score[fit.law]) / 2) / total),
            "best": score[fit.law] == least,
        }
        for fit in fits
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["aicc"])


def _resampled(logs: Sequence[Array], rng: np.random.Generator) -> Array:
    """Bootstrap curves, shape (REPLICATES, points): at each d the seeds drawn again, averaged."""
    columns = [v[rng.integers(0, len(v), (REPLICATES, len(v)))].mean(axis=1) for v in logs]
    return np.column_stack(columns)


def _positive(values: Sequence[float]) -> Array:
    found = np.asarray(values, dtype=float)
    if not len(found) or not np.all((found > 0) & np.isfinite(found)):
        raise InputError(f"scaling: expected positive finite values, got {list(values)}")
    return found


def _interval(fit: Fit, d: Array, draws: Array) -> dict[str, float]:
    from scipy.stats import t

    half = float(t.ppf(0.975, len(d) - LAWS[fit.law])) * fit.spread
    again = np.percentile(_slopes(fit.law, d, draws)[1], [2.5, 97.5]).tolist()
    low, high = min(fit.b - half, again[0]), max(fit.b + half, again[1])
    return {"rate_low": fit.rate(low), "rate_high": fit.rate(high)}


def exact_check(rng: np.random.Generator) -> list[dict[str, Any]]:
    """The fitter on errors known exactly: 2^-d, d^-2 and 1/(2(d+1)) must come out.

    Returns:
        rows with family (rank set), expected_law, expected_rate, expected_factor, then the keys of
        `compare` for the law chosen, and holds: that law is the expected one and its interval
        contains the rate.
    """
    from lsetheory.relu.minimax import trend_rows

    rows = []
    for family, (law, rate, factor) in EXACT.items():
        trend = trend_rows(EXACT_SIZES, [family])
        best = compare([r["d"] for r in trend], [[r["error_float"]] for r in trend], rng)[0]
        holds = best["law"] == law and best["rate_low"] <= rate <= best["rate_high"]
        expected = {"expected_law": law, "expected_rate": rate, "expected_factor": factor}
        rows.append({"family": family, **expected, **best, "holds": holds})
    return rows
