"""Windows of a picture: how far the max stands out, and the error of every approximation on them.

Of the d pixels of a window, gap = max - second, spread = max - mean, range = max - min.

    distinct               gap >= 1 - 2^(-1/d), the median gap of d independent uniform numbers
    relatively distinct    gap >= (1 - 2^(-1/(d-2))) range, the same for gap / range

(For uniform numbers the gap is Beta(1, d), and gap / range is Beta(1, d - 2): spacings of order
statistics, David & Nagaraja 2003, section 6.4.) So half of all uniform windows are distinct, either
way; the second measure leaves out that pictures have little contrast within a window. A window of
equal pixels is not distinct and has no gap / range: shares of distinct windows are of all windows,
those of relatively distinct ones of the windows that are not constant.

Intervals are t-intervals at 95 % over the 16 tiles of a 4x4 partition of the picture: windows
nearby are alike, so they cannot be counted one by one. They are for the mean over more of the same
picture, as far as its tiles are a sample of that, and say nothing of other pictures. Where every
tile says the same, such as 0, the interval is that point; it cannot see what is too rare for tiles.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from lsetheory.errors import InputError
from lsetheory.relu.filters import ROUNDING
from lsetheory.relu.smooth import SMOOTH, Smooth
from lsetheory.relu.train import Array

#: Tiles along each side; quantiles reported; rates of the smooth operators.
TILES = 4
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
RATES = (1.0, 10.0, 100.0)
#: Rank sets of the estimators that are best relative to max - min on all of R^d.
RELATIVE: dict[str, Callable[[int], tuple[int, ...]]] = {
    "{1,d-1}": lambda d: (1, d - 1),
    "{d-2,d-1}": lambda d: (d - 2, d - 1),
    "{1..d-1}": lambda d: tuple(range(1, d)),
}


def cut(picture: Array, sides: tuple[int, int], stride: int | None) -> tuple[Array, Array]:
    """Windows of a picture, shape (windows, d), and the tile, 0 to 15, of each.

    Args:
        picture: shape (height, width).
        sides: height and width of a window.
        stride: step between windows; None means the window's sides.

    Raises:
        InputError: fewer than 4 windows down or across, so that a tile is empty.
    """
    steps = (stride, stride) if stride else sides
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(picture.shape, sides, steps, strict=True))
    if min(rows, columns) < TILES:
        raise InputError(
            f"images: expected a picture of {TILES}x{TILES} windows or more, got shape "
            f"{picture.shape} with windows {sides} at steps {steps}, take smaller steps"
        )
    view = np.lib.stride_tricks.sliding_window_view(picture, sides)[:: steps[0], :: steps[1]]
    down, across = (TILES * np.arange(n) // n for n in (rows, columns))
    return view.reshape(rows * columns, -1), (TILES * down[:, None] + across).ravel()


def distinct_gap(d: int) -> float:
    """Median gap of d uniform numbers; with d - 2 for d, median of gap over range."""
    return float(1 - 2 ** (-1 / d))


def gap_row(x: Array, tiles: Array) -> dict[str, Any]:
    """How far the max stands out in windows x, shape (windows, d), d >= 3, values in [0, 1].

    Values closer than `filters.ROUNDING` are the same: sums of a filter that are equal as integers
    differ by their rounding in floats.

    Returns:
        windows, d, threshold (the gap from which a window is distinct);
        gap_q5 ... gap_q99, spread_q5 ... spread_q99;
        equal (share of windows without any contrast), tied (share whose max is attained twice);
        gap, spread (means), distinct, relatively_distinct (shares; the latter of the windows with
        contrast), each with an interval _low, _high.
    """
    d = x.shape[1]
    ordered = np.sort(x, axis=1)
    gap, reach = (
        np.where(values < ROUNDING, 0.0, values)
        for values in (ordered[:, -1] - ordered[:, -2], ordered[:, -1] - ordered[:, 0])
    )
    spread = ordered[:, -1] - x.mean(axis=1)
    contrast, within = (reach > 0).astype(np.float64), gap >= distinct_gap(d - 2) * reach
    measures: dict[str, tuple[Array, Array | None]] = {
        "gap": (gap, None),
        "spread": (spread, None),
        "distinct": ((gap >= distinct_gap(d)).astype(np.float64), None),
        "relatively_distinct": (within.astype(np.float64), contrast),
    }
    row: dict[str, Any] = {"windows": len(x), "d": d, "threshold": distinct_gap(d)}
    for name, values in (("gap", gap), ("spread", spread)):
        found = np.quantile(values, QUANTILES).tolist()
        row |= {f"{name}_q{q:.0%}".rstrip("%"): v for q, v in zip(QUANTILES, found, strict=True)}
    row |= {"equal": 1 - float(contrast.mean()), "tied": float(np.mean(gap == 0))}
    for name, (values, among) in measures.items():
        row |= _with_interval(name, values, tiles, among, most=1.0)
    return row


def error_rows(x: Array, tiles: Array) -> list[dict[str, Any]]:
    """The error |max - approximation| of every estimator and operator on windows x.

    Args:
        x: windows, shape (windows, d).
        tiles: the tile of each.

    Returns:
        rows with approximation, r (None for estimators), windows, root_mean_square with _low and
        _high, mean_absolute, largest, worst_case (on the cube, exact), and share_of_worst:
        root_mean_square / worst_case.
    """
    top, rows = x.max(axis=1), []
    for name, r, function, worst in approximations(x.shape[1]):
        error = np.abs(top - function(x))
        found = _with_interval("root_mean_square", error**2, tiles)
        roots = {key: square**0.5 for key, square in found.items()}
        rows.append({
            "approximation": name, "r": r, "windows": len(x), **roots,
            "mean_absolute": float(error.mean()), "largest": float(error.max()),
            "worst_case": worst, "share_of_worst": roots["root_mean_square"] / worst,
        })  # fmt: skip
    return rows


Approximation = tuple[str, float | None, Callable[[Array], Array], float]


@cache
def approximations(d: int) -> tuple[Approximation, ...]:
    """Name, rate, function and worst error on [0,1]^d of everything that is compared.

    The mean; the best rank estimators, over the cube by named family and relative to max - min
    (these have no constant, so they are exact on flat windows); the smooth operators at RATES.
    """
    from lsetheory.relu.families import TRENDS
    from lsetheory.relu.minimax import minimax, minimax_relative

    sets = {name: ranks for name, of in TRENDS.items() if (ranks := of(d))}
    best = {f"ranks {name}": minimax(d, ranks) for name, ranks in sets.items()}
    for name, of in RELATIVE.items():
        best[f"relative {name}"] = minimax_relative(d, of(d))
    mean: Approximation = ("mean", None, lambda x: np.asarray(x.mean(axis=1)), 1 - 1 / d)
    return (
        mean,
        *((name, None, found, float(found.error)) for name, found in best.items()),
        *(
            (name, r, partial(_at, smooth, r), smooth.cube(d, r))
            for name, smooth in SMOOTH.items() for r in RATES
        ),
    )  # fmt: skip


def _at(smooth: Smooth, r: float, x: Array) -> Array:
    return smooth.at(x, r)


def _with_interval(
    name: str, values: Array, tiles: Array, among: Array | None = None, most: float = np.inf
) -> dict[str, float]:
    """Mean of values (where `among` is 1, not 0) and its interval over tiles, within [0, most]."""
    counted = np.ones_like(values) if among is None else among
    sums = np.bincount(tiles, values * counted, TILES**2)
    counts = np.bincount(tiles, counted, TILES**2)
    total = max(float(counts.sum()), 1.0)
    mean = float(sums.sum()) / total
    # The mean is a ratio of sums over tiles; to first order it varies as the sum of these does.
    off = (sums - mean * counts) / total
    half = t_quantile(TILES**2) * float(np.sqrt(TILES**2 * off.var(ddof=1)))
    return {
        name: mean,
        f"{name}_low": max(mean - half, 0.0),
        f"{name}_high": min(mean + half, most),
    }


def t_quantile(n: int) -> float:
    """Half width of a 95 % t-interval of a mean of n values, in standard errors."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.975))
