"""Proof that a rank estimator is best, by arithmetic that shares nothing with the solver.

max and every S(r;d) are symmetric, and linear on the simplex of sorted points of the box. Its
corners have c = 0..d coordinates at the upper end, so the error over the box is the largest of the
errors at these d + 1 vertices. Let w be a measure on them with Σ|w| = 1 that annihilates every
allowed function g. Then Σ w max = Σ w (max − g) ≤ ‖max − g‖: no g is closer than Σ w max.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from lsetheory.relu.estimator import RankEstimator


class CertificateError(ArithmeticError):
    """A certificate does not prove its claim; the message names the condition that fails."""


def check(estimator: RankEstimator) -> None:
    """Prove the estimator's error right and least among estimators with the same ranks.

    Raises:
        CertificateError: some condition fails.
    """
    _check_problem(estimator)
    if set(estimator.coefficients) != set(estimator.ranks):
        raise CertificateError("coefficients: expected one for each rank and no other")
    for true, claim in _attained(estimator):
        if not true:
            raise CertificateError(claim)
    if estimator.error:  # nothing is better than an exact estimator
        for true, claim in _least(estimator):
            if not true:
                raise CertificateError(claim)


def holds(estimator: RankEstimator) -> bool:
    """Whether `check` finds nothing wrong."""
    try:
        check(estimator)
    except CertificateError:
        return False
    return True


def _check_problem(estimator: RankEstimator) -> None:
    """Everything below divides by C(d, r) and takes sorted points from a to b."""
    d, ranks = estimator.d, estimator.ranks
    if d < 1:
        raise CertificateError(f"problem: expected one input or more, got {d}")
    if len(set(ranks)) < len(ranks) or not all(0 <= r <= d for r in ranks):
        raise CertificateError(f"problem: expected distinct ranks in 0..{d}, got {ranks}")
    if estimator.box is not None and not estimator.box[0] < estimator.box[1]:
        raise CertificateError(f"problem: expected a box from a to b > a, got {estimator.box}")


def _attained(estimator: RankEstimator) -> Iterator[tuple[bool, str]]:
    if estimator.box is None:  # Σβ = 1: the residual turns with x + t to itself, with s·x to s·it
        yield 0 not in estimator.ranks, "ranks: a constant is unbounded relative to max − min"
        yield sum(estimator.coefficients.values()) == 1, "coefficients: expected a sum of 1"
    residual = [_maximum(estimator, c) - v for c, v in enumerate(_values(estimator))]
    largest = max(abs(e) for e in residual)
    yield largest == estimator.error, f"value: error {estimator.error} claimed, {largest} attained"
    for c, w in estimator.certificate.items():
        yield 0 <= c < len(residual), f"certificate: {c} is no vertex"
        level = estimator.error if w > 0 else -estimator.error
        yield residual[c] == level, f"equioscillation: residual {residual[c]} at {c}, {level} due"


def _least(estimator: RankEstimator) -> Iterator[tuple[bool, str]]:
    weights = estimator.certificate
    total = sum(abs(w) for w in weights.values())
    yield total == 1, f"certificate: expected absolute weights that sum to 1, got {total}"
    everywhere = estimator.box is None
    moments = _moments(estimator)
    value = sum((w * _maximum(estimator, c) for c, w in weights.items()), start=Fraction(0))
    for r in estimator.ranks:
        # With Σβ = 1 the residual is Σ β_r (max − S(r)): each rank alone must have the moment.
        due = value - estimator.error if everywhere else 0
        yield moments[r] == due, f"certificate: moment {moments[r]} of rank {r}, {due} due"
    if not everywhere:
        yield value == estimator.error, f"value: {value} is proved, {estimator.error} claimed"


def _maximum(estimator: RankEstimator, c: int) -> Fraction:
    a, b = _ends(estimator)
    return b if c > 0 else a


def _ends(estimator: RankEstimator) -> tuple[Fraction, Fraction]:
    return estimator.box or (Fraction(0), Fraction(1))


def _values(estimator: RankEstimator) -> list[Fraction]:
    """The estimator at c = 0..d: β₀ + b Σ β_r − (b − a) Σ β_r C(d−c, r)/C(d, r), in integers."""
    d, (a, b) = estimator.d, _ends(estimator)
    missing = {r: _missing(d, r) for r in estimator.ranks}
    shares = {r: beta / missing[r][d] for r, beta in estimator.coefficients.items() if r}
    scale = lcm(*(g.denominator for g in shares.values()))
    scaled = {r: int(g * scale) for r, g in shares.items()}
    level = estimator.coefficients.get(0, Fraction(0)) + b * sum(
        (beta for r, beta in estimator.coefficients.items() if r), start=Fraction(0)
    )
    missed = (sum(g * missing[r][d - c] for r, g in scaled.items()) for c in range(d + 1))
    return [level - (b - a) * Fraction(n, scale) for n in missed]


def _moments(estimator: RankEstimator) -> dict[int, Fraction]:
    """Σ_c w_c g(vertex c) for each allowed function g, in integers."""
    d, (a, b) = estimator.d, _ends(estimator)
    weights = estimator.certificate
    scale = lcm(*(w.denominator for w in weights.values()))
    scaled = {c: int(w * scale) for c, w in weights.items()}
    mass = Fraction(sum(scaled.values()), scale)
    moments = {0: mass}
    for r in estimator.ranks:
        if r:
            missing = _missing(d, r)
            missed = sum(w * missing[d - c] for c, w in scaled.items())
            moments[r] = b * mass - (b - a) * Fraction(missed, scale * missing[d])
    return moments


def _missing(d: int, r: int) -> list[int]:
    """C(m, r) for m ≤ d: of the r-subsets, those that miss every one among m zeros."""
    column = [0] * min(r, d + 1) + [1] * (r <= d)
    for m in range(r + 1, d + 1):
        column.append(column[-1] * m // (m - r))
    return column
