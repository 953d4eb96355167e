"""Random values for a theorem file's `sample`, exact in binary so that balls can decide `=`."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

#: Weights are multiples of one over this.
UNITS = 2**20


def probabilities(rng: np.random.Generator, n: int, least: int = 0) -> list[Fraction]:
    """n weights k/2^20 that sum to 1 exactly, each k >= `least`; even, uneven and very uneven."""
    shares = rng.dirichlet(np.full(n, float(rng.choice([0.1, 1.0, 30.0]))))
    units = rng.multinomial(UNITS - n * least, shares)
    return [Fraction(least + int(k), UNITS) for k in units]


def entries(rng: np.random.Generator, n: int, largest: float = 1e7) -> list[float]:
    """n numbers of one size between 1e-7 and `largest`, sometimes far from 0, sometimes tied."""
    size = min(float(rng.choice([1e-7, 1.0, 30.0, 1e7])), largest)
    centre = float(rng.choice([0.0, 0.0, 1.0]))
    spread = rng.standard_normal(n) if rng.random() < 0.8 else rng.integers(0, 2, size=n)
    return [float(size * (centre + v)) for v in spread]


def sorting(x: Sequence[Any]) -> list[int]:
    """The indices of x, the largest entry first."""
    return sorted(range(len(x)), key=lambda i: -x[i])
