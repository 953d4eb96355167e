"""The exact law of what a rank estimator leaves over when the inputs are uniform on its box.

The spacings of d uniform numbers are G ~ Dirichlet(1, ..., 1), and max − estimator is linear
between the vertices of the sorted simplex, so it is Σ e_c G_c with e_c its value at the vertex
with c ones. By the Hermite-Genocchi formula E f⁽ᵈ⁾(Σ e_c G_c) = d! [e_0, ..., e_d] f, a divided
difference: the density is a B-spline with knots e_c (Curry & Schoenberg 1966, "On Pólya frequency
functions IV"). An optimal estimator repeats its knots ±E many times: the differences are confluent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from lsetheory.errors import InputError
from lsetheory.relu.estimator import RankEstimator


@dataclass(frozen=True)
class Residual:
    """The law of Σ e_c G_c, G ~ Dirichlet(1^{d+1}); every value is an exact rational."""

    knots: tuple[Fraction, ...]  #: e_0..e_d in increasing order, not all equal

    @property
    def d(self) -> int:
        """The number of uniform inputs."""
        return len(self.knots) - 1

    def cdf(self, t: Fraction) -> Fraction:
        """P(residual ≤ t): one minus the divided difference of (x − t)₊^d."""
        return 1 - self._difference(t, self.d)

    def density(self, t: Fraction) -> Fraction:
        """The B-spline at t, left-continuous where a knot is repeated d times."""
        return self.d * self._difference(t, self.d - 1)

    def moment(self, k: int) -> Fraction:
        """E residual^k = h_k(knots) / C(d + k, k), h_k the complete homogeneous polynomial."""
        sums = [Fraction(1)] + [Fraction(0)] * k
        for knot in self.knots:
            for j in range(1, k + 1):
                sums[j] += knot * sums[j - 1]
        return sums[k] / comb(self.d + k, k)

    def quantile(self, p: Fraction, bits: int = 60) -> tuple[Fraction, Fraction]:
        """An interval that holds the p-quantile, `bits` halvings of the knots' range wide.

        Raises:
            InputError: p is not in [0, 1].
        """
        if not 0 <= p <= 1:
            raise InputError(f"quantile: expected a probability in [0, 1], got {p}")
        low, high = self.knots[0], self.knots[-1]
        for _ in range(bits):
            middle = (low + high) / 2
            low, high = (middle, high) if self.cdf(middle) < p else (low, middle)
        return low, high

    def within(self, t: Fraction) -> Fraction:
        """P(|residual| ≤ t); single points have no mass, as the knots are not all equal."""
        return self.cdf(t) - self.cdf(-t) if t >= 0 else Fraction(0)

    def _difference(self, t: Fraction, power: int) -> Fraction:
        """[e_0, ..., e_d] (x − t)₊^power for power ≥ d − 1."""
        return divided_difference(self.knots, lambda x, n: _truncated(x - t, power, n))


def residual(estimator: RankEstimator) -> Residual:
    """The law of max − estimator for x uniform on the estimator's box.

    Raises:
        InputError: the estimator has no box, or is exact (its residual is the constant 0).
    """
    if estimator.box is None:
        raise InputError("residual: expected an estimator on a box, got one on all of R^d")
    return law(estimator.residuals())


def law(values: Iterable[Fraction]) -> Residual:
    """The law of Σ e_c G_c for vertex values e_c in any order.

    Raises:
        InputError: all values are equal: the residual is constant and has no density.
    """
    knots = tuple(sorted(Fraction(v) for v in values))
    if len(set(knots)) < 2:
        raise InputError("residual: expected vertex values that differ, got a constant residual")
    return Residual(knots)


def divided_difference(
    knots: tuple[Fraction, ...], f: Callable[[Fraction, int], Fraction]
) -> Fraction:
    """[x_0, ..., x_n] f for increasing knots, repeated ones included.

    Args:
        knots: x_0 ≤ ... ≤ x_n.
        f: (x, n) -> f⁽ⁿ⁾(x)/n!, needed up to n = multiplicity of x − 1.
    """
    row = [f(x, 0) for x in knots]
    for n in range(1, len(knots)):
        row = [
            (row[i + 1] - row[i]) / (knots[i + n] - knots[i]) if knots[i + n] != knots[i]
            else f(knots[i], n)
            for i in range(len(row) - 1)
        ]  # fmt: skip
    return row[0]


def _truncated(x: Fraction, power: int, n: int) -> Fraction:
    """The n-th derivative of x₊^power over n!, right limit at 0."""
    if x < 0 or n > power or (x == 0 and n < power):
        return Fraction(0)
    return comb(power, n) * x ** (power - n)
