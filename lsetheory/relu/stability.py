"""Where floats lose a rank estimator: in its evaluation, and in the linear program behind it.

The coefficients of good estimators alternate and grow: with all ranks Σ|β_r| = (3/2)^d − 1, 2^-d of
which is the constant. The error falls as 2^-d, so the rounding errors of Σ β_r S(r;d) overtake it.
Collected by order statistics first, Σ λ_i x_(i), the same function is harmless to evaluate.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import comb, inf, isfinite, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.relu import families
from lsetheory.relu.estimator import RankEstimator
from lsetheory.relu.minimax import minimax

#: Points an evaluation is tried on besides the vertices.
_TRIALS = 200
#: Numbers in all the vertices that are tried, and in all the other points: with many inputs, fewer.
_NUMBERS = 500_000

DTYPES = ("float32", "float64")


def stability_rows(ds: Iterable[int]) -> list[dict[str, Any]]:
    """Evaluation of the best estimator with all ranks 0..d−1, in each dtype and form.

    Returns:
        The rows of `evaluation_rows` for each d.
    """
    return [row for d in ds for row in evaluation_rows(minimax(d, families.family_a(d, d - 2)))]


def evaluation_rows(estimator: RankEstimator) -> list[dict[str, Any]]:
    """Greatest rounding error of evaluating the estimator, against the error it is meant to have.

    Returns:
        Rows with keys d, ranks, dtype ("float32", "float64"), form ("ranks": Σ β_r S(r);
        "sorted": Σ λ_i x_(i)), error, coefficient_sum (Σ|β|), measured (greatest |float − exact|
        over vertices, up to 706 inputs all of them, and random points), bound (first order, any
        input), lost (measured reaches error: what is left of the estimator is rounding).
    """
    return [_evaluation_row(estimator, dtype, form) for dtype in DTYPES for form in FORMS]


def _evaluation_row(estimator: RankEstimator, dtype: str, form: str) -> dict[str, Any]:
    x = _points(estimator).astype(dtype)
    evaluate, terms = FORMS[form]
    with np.errstate(over="ignore", invalid="ignore"):  # coefficients can leave float32's range
        got = evaluate(estimator, x)
    measured = max(_distances(estimator, x, got))
    error = float(estimator.error)
    return {
        "d": estimator.d,
        "ranks": list(estimator.ranks),
        "dtype": dtype,
        "form": form,
        "error": error,
        "coefficient_sum": float(sum(abs(b) for b in estimator.coefficients.values())),
        "measured": measured,
        "bound": float(np.finfo(dtype).eps / 2) * terms(estimator),
        "lost": measured > 0 and measured >= error,
    }


def _points(estimator: RankEstimator) -> NDArray[np.float64]:
    """Sorted points of the box: its vertices and seeded uniform ones, shape (n, d)."""
    rng = np.random.default_rng([estimator.d, *estimator.ranks])
    a, b = (float(end) for end in estimator.box or (0, 1))
    d, most = estimator.d, max(_NUMBERS // estimator.d, 2)
    ones = np.unique(np.linspace(0, d, min(most, d + 1)).round())
    vertices = (np.arange(d) >= d - ones[:, None]).astype(float)
    x = np.concatenate([vertices, rng.random((min(most, _TRIALS), d))])
    return np.sort(a + (b - a) * x, axis=-1)


def _by_ranks(estimator: RankEstimator, x: NDArray[Any]) -> NDArray[Any]:
    """Σ β_r S(r), each S(r) a dot product with the law of its largest index, all in x's dtype."""
    d, one = estimator.d, x.dtype.type
    total = np.full(x.shape[0], one(float(estimator.coefficients.get(0, Fraction(0)))))
    for r, beta in estimator.coefficients.items():
        if r:
            shares = [float(Fraction(comb(i, r - 1), comb(d, r))) for i in range(d)]
            total = total + one(float(beta)) * (x @ np.array(shares, dtype=x.dtype))
    return total


def _by_order(estimator: RankEstimator, x: NDArray[Any]) -> NDArray[Any]:
    """Σ λ_i x_(i) in x's dtype."""
    weights = np.array([float(w) for w in estimator.order_weights()], dtype=x.dtype)
    constant = x.dtype.type(float(estimator.coefficients.get(0, Fraction(0))))
    values: NDArray[Any] = constant + x @ weights
    return values


def _terms_by_ranks(estimator: RankEstimator) -> float:
    """Each S(r) ≤ max|x| is rounded at most d + 1 times, its product and its sum once each."""
    size = sum(abs(beta) for r, beta in estimator.coefficients.items() if r)
    steps = estimator.d + 3 + len(estimator.ranks)
    return float(size * steps * _reach(estimator) + len(estimator.ranks) * _constant(estimator))


def _terms_by_order(estimator: RankEstimator) -> float:
    size = sum(abs(w) for w in estimator.order_weights())
    return float(size * (estimator.d + 2) * _reach(estimator) + 2 * _constant(estimator))


def _reach(estimator: RankEstimator) -> Fraction:
    return max(abs(end) for end in estimator.box or (Fraction(1),))


def _constant(estimator: RankEstimator) -> Fraction:
    return abs(estimator.coefficients.get(0, Fraction(0)))


#: How an estimator is evaluated -> (the evaluation, its first-order error in units of u).
FORMS: dict[
    str,
    tuple[Callable[[RankEstimator, NDArray[Any]], NDArray[Any]], Callable[[RankEstimator], float]],
] = {"ranks": (_by_ranks, _terms_by_ranks), "sorted": (_by_order, _terms_by_order)}


def _distances(estimator: RankEstimator, x: NDArray[Any], got: NDArray[Any]) -> Iterator[float]:
    """|got − exact|, the exact value in rationals on the floats x; inf where got is no number."""
    weights = estimator.order_weights()
    constant = estimator.coefficients.get(0, Fraction(0))
    scale = lcm(*(w.denominator for w in weights))
    whole = [int(w * scale) for w in weights]
    for value, point in zip(got.tolist(), x.tolist(), strict=True):
        ratios = [t.as_integer_ratio() for t in point]
        base = max(q for _, q in ratios)  # the denominators are powers of two
        dot = sum(w * p * (base // q) for w, (p, q) in zip(whole, ratios, strict=True))
        exact = constant + Fraction(dot, scale * base)
        yield abs(float(Fraction(value) - exact)) if isfinite(value) else inf


def program_rows(ds: Iterable[int]) -> list[dict[str, Any]]:
    """What a float linear program (scipy's HiGHS, default tolerances) makes of the same problem.

    Returns:
        Rows for all ranks 0..d−1 with keys d, status (scipy's; 0 means optimal), error (exact),
        found (the program's optimum), attained (the greatest error its coefficients really have),
        ratio (attained / error), both None where status is not 0, silent (status 0 although
        attained is over 1 % above error).
    """
    return [_program_row(d) for d in ds]


def _program_row(d: int) -> dict[str, Any]:
    ranks = families.family_a(d, d - 2)
    error = float(families.error_a(d, d - 2))
    status, found, beta = float_program(d, ranks)
    attained = float(_attained(d, ranks, beta)) if status == 0 else None
    ratio = None if attained is None else attained / error
    return {
        "d": d, "status": status, "error": error, "found": found, "attained": attained,
        "ratio": ratio, "silent": ratio is not None and ratio > 1.01,
    }  # fmt: skip


def float_program(d: int, ranks: tuple[int, ...]) -> tuple[int, float, NDArray[np.float64]]:
    """min h with |max − Σ β_r S(r)| ≤ h at the vertices, by scipy's HiGHS: status, h, β."""
    from scipy.optimize import linprog

    columns = [[1 - comb(d - c, r) / comb(d, r) if r else 1.0 for r in ranks] for c in range(d + 1)]
    a, y = np.array(columns), (np.arange(d + 1) > 0).astype(float)
    slack = np.ones((d + 1, 1))
    result = linprog(
        np.array([0.0] * len(ranks) + [1.0]),
        A_ub=np.block([[a, -slack], [-a, -slack]]),
        b_ub=np.concatenate([y, -y]),
        bounds=[(None, None)] * len(ranks) + [(0, None)],
        method="highs",
    )
    if result.x is None:
        return int(result.status), float("nan"), np.full(len(ranks), np.nan)
    return int(result.status), float(result.fun), np.asarray(result.x[:-1])


def _attained(d: int, ranks: tuple[int, ...], beta: NDArray[np.float64]) -> Fraction:
    """The exact greatest error of float coefficients on the unit cube."""
    given = {r: Fraction(float(b)) for r, b in zip(ranks, beta, strict=True)}
    box = (Fraction(0), Fraction(1))
    return max(abs(e) for e in RankEstimator(d, ranks, box, Fraction(0), given, {}).residuals())
