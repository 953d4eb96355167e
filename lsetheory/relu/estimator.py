"""Rank estimators β₀ + Σ β_r S(r;d), where S(r;d) averages the maxima of all r-subsets of x ∈ R^d.

Matoba, Dimitriadis & Fleuret 2023, "Benefits of Max Pooling in Neural Networks: Theoretical and
Experimental Evidence" (TMLR), call them R-estimators and write R for the set of ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lsetheory.errors import InputError


@dataclass(frozen=True)
class RankEstimator:
    """A rank estimator of the maximum of d numbers with its error and the proof that it is best."""

    d: int
    ranks: tuple[int, ...]  #: increasing; 0 stands for the constant
    box: tuple[Fraction, Fraction] | None  #: x ∈ [a, b]^d; None: all of R^d, relative to max − min
    error: Fraction  #: greatest |max − estimator| over the box
    coefficients: dict[int, Fraction]  #: rank -> β_r
    certificate: dict[int, Fraction]  #: c -> weight of the vertex with c coordinates b, d − c at a

    def vertex_values(self) -> tuple[Fraction, ...]:
        """The estimator at the vertices of the box with c = 0..d coordinates at the upper end."""
        a, b = self.box or (Fraction(0), Fraction(1))
        return tuple(
            sum((beta * (a + (b - a) * vertex_mean(self.d, r, c) if r else 1)
                 for r, beta in self.coefficients.items()), start=Fraction(0))
            for c in range(self.d + 1)
        )  # fmt: skip

    def residuals(self) -> tuple[Fraction, ...]:
        """max − estimator at the same vertices."""
        a, b = self.box or (Fraction(0), Fraction(1))
        return tuple((b if c else a) - v for c, v in enumerate(self.vertex_values()))

    def order_weights(self) -> tuple[Fraction, ...]:
        """λ with estimator = β₀ + Σ λ_i x_(i), x_(1) ≤ ... ≤ x_(d); x_(i) tops C(i−1, r−1) sets."""
        return tuple(
            sum((beta * Fraction(comb(i, r - 1), comb(self.d, r))
                 for r, beta in self.coefficients.items() if r), start=Fraction(0))
            for i in range(self.d)
        )  # fmt: skip

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """The estimator on the last axis of x, by its order weights, in float64.

        Args:
            x: shape (..., d).

        Raises:
            InputError: the last axis does not have length d.
        """
        x = np.asarray(x, dtype=np.float64)
        if x.ndim == 0 or x.shape[-1] != self.d:
            raise InputError(f"estimator: expected a last axis of {self.d}, got shape {x.shape}")
        weights = np.array([float(w) for w in self.order_weights()])
        values: NDArray[np.float64] = np.sort(x, axis=-1) @ weights
        return values + float(self.coefficients.get(0, 0))

    def row(self) -> dict[str, Any]:
        """The estimator as plain data; fractions are spelled "p/q"."""
        return {
            "d": self.d,
            "ranks": list(self.ranks),
            "size": len(self.ranks),
            "box": None if self.box is None else [str(end) for end in self.box],
            "error": str(self.error),
            "error_float": float(self.error),
            "coefficients": {str(r): str(beta) for r, beta in self.coefficients.items()},
            "certificate": {str(c): str(w) for c, w in self.certificate.items()},
        }


def vertex_mean(d: int, r: int, c: int) -> Fraction:
    """S(r;d) where c coordinates are 1 and d − c are 0: the share of r-subsets that meet a one."""
    return 1 - Fraction(comb(d - c, r), comb(d, r))


def checked_ranks(d: int, ranks: Sequence[int]) -> tuple[int, ...]:
    """The ranks in increasing order.

    Raises:
        InputError: d is no positive integer, or a rank is repeated or outside 0..d.
    """
    if not _is_integer(d) or d < 1:
        raise InputError(f"minimax: expected the number of inputs d ≥ 1, got {d!r}")
    wrong = [r for r in ranks if not _is_integer(r) or not 0 <= r <= d]
    if wrong:
        raise InputError(f"minimax: expected ranks in 0..{d} (0 is the constant), got {wrong[0]!r}")
    if len(set(ranks)) != len(ranks):
        raise InputError(f"minimax: expected each rank once, got {list(ranks)}; drop the repeats")
    return tuple(sorted(int(r) for r in ranks))


def _is_integer(value: object) -> bool:
    """numpy's integers are, True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)
