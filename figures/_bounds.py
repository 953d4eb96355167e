"""The curves of proved bounds, read from the claims, so that a figure and a theorem agree."""

import math
from collections.abc import Callable

from scipy.special import lambertw

#: Bound -> its value; every entry names the theorem it belongs to.
BOUNDS: dict[str, Callable[..., float]] = {
    "pooled_bounds": lambda n, r: math.log(n) / r,
    "hoeffding": lambda r, width: r * width**2 / 8,
    "lse_rounding_bounds": lambda n, y, least: abs(y + n - least) / abs(y) + 1,
    "minimax_family_b": lambda d, k: 1 / (2 * sum(math.comb(d - 1, j) for j in range(k + 1))),
    "swap_gap_lambert": lambda n, r: float(lambertw((n - 1) / math.e).real) / r,
}


def bound(theorem: str, **values: float) -> float:
    """The right-hand side of a theorem's inequality at these values of its parameters."""
    return BOUNDS[theorem](**values)
