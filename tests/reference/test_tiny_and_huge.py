"""Gradients and averages at both ends of float64: factors that underflow, sums that overflow."""

from fractions import Fraction

import numpy as np
import pytest

from lsetheory.audit import formats, reference
from lsetheory.audit.reference import averages
from lsetheory.audit.reference.judge import Disagreement, judge

ETA = 5e-324
FORMATS = list(formats.FORMATS)
PRODUCTS = ["softmax_gradient", "log_softmax_gradient"]

#: cotangents: the exponents between which they lie, and whether those are one a row.
SIZES = {
    "subnormal": (-1074.0, -1066.0, False),
    "tiny": (-1074.0, -900.0, False),
    "small": (-900.0, -600.0, False),
    "huge": (880.0, 1023.99, False),
    "any": (-1074.0, 1023.99, False),
    "one a row": (-1074.0, 1020.0, True),
}


def entries(dtype, rows, n, seed=0):
    """Rows of several widths, a quarter of the entries up to 780 below the rest, some -inf."""
    rng, fmt = np.random.default_rng(seed), formats.of(dtype)
    x = rng.standard_normal((rows, n)) * rng.choice([0.5, 2.0, 30.0, 150.0], (rows, 1))
    x -= rng.uniform(0, 780, x.shape) * (rng.random(x.shape) < 0.25)
    x[rng.random(x.shape) < 0.05] = -np.inf
    return fmt.store(fmt.nearest(x))


def cotangents(size, shape, seed=1):
    """Numbers of both signs of a size in SIZES."""
    low, high, level = SIZES[size]
    rng = np.random.default_rng(seed)
    exponents = rng.uniform(low, high, (shape[0], 1) if level else shape)
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 1.0, shape) * 2.0**exponents


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("operation", PRODUCTS)
def test_cotangents_of_every_size(operation, dtype, size):
    x = entries(dtype, 100 if dtype == "float64" else 20, 3)
    v = cotangents(size, x.shape)
    result = reference.OPERATIONS[operation](x, cotangent=v)
    assert judge(operation, x, result, range(len(x)), cotangent=v) > 0


@pytest.mark.parametrize("operation", PRODUCTS)
def test_a_planted_fault_is_noticed(monkeypatch, operation):
    """Nothing allowed for underflow."""
    monkeypatch.setattr(averages, "_LOST", 0.0)
    x = entries("float64", 100, 3)
    v = cotangents("tiny", x.shape)
    result = reference.OPERATIONS[operation](x, cotangent=v)
    with pytest.raises(Disagreement, match="mpmath says"):
        judge(operation, x, result, range(100), cotangent=v)


@pytest.mark.parametrize("operation", PRODUCTS)
def test_equal_entries_are_known_by_hand(operation):
    """v_i - mean(v), divided by n for softmax: subnormal v, compared as exact fractions."""
    v, fmt = np.random.default_rng(2).integers(-9, 10, (200, 3)) * ETA, formats.of("float64")
    result = reference.OPERATIONS[operation](np.ones(v.shape), cotangent=v)
    for row, value, residual in zip(v, result.value, result.residual, strict=True):
        exact = [Fraction(t) - sum(map(Fraction, row)) / 3 for t in row]
        for q, *got in zip(exact, value, residual, strict=True):
            known = fmt.nearest_fraction(q / 3 if operation == "softmax_gradient" else q)
            assert got == pytest.approx(known, rel=1e-15, abs=0)


@pytest.mark.parametrize(("v", "first"), [([5, 6], 0.0), ([5, 2], 2 * ETA), ([6, 5], 0.0)])
def test_halves_of_the_smallest_number_go_to_even(v, first):
    v = np.array([v]) * ETA
    result = reference.OPERATIONS["log_softmax_gradient"](np.ones((1, 2)), cotangent=v)
    assert result.value[0, 0] == first
    assert abs(result.residual[0, 0]) == 0.5


RATES = [1.0, -3.0, 1e-150, 1e150, 1e-250, 1e-308, 1e300]


@pytest.mark.parametrize("r", RATES)
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize(
    "operation", ["swap", "swap_gradient", "pooled_lse", "pooled_lse_gradient"]
)
def test_rates_of_every_size(operation, dtype, r):
    """Beside rows of the usual entries, of entries like 1/r, and of the smallest numbers."""
    fmt, rng = formats.of(dtype), np.random.default_rng(5)
    x = entries(dtype, 12, 3)
    x[4:8] = fmt.store(fmt.nearest(rng.uniform(-1, 1, (4, 3)) * min(1 / abs(r), fmt.largest)))
    x[8:] = fmt.store(rng.integers(-9, 9, (4, 3)) * fmt.eta)
    result = reference.OPERATIONS[operation](x, r=r)
    assert judge(operation, x, result, range(12), r=r) > 0


WEIGHTS = [[0.0, -700.0, -760.0], [1e308, -1e308], [ETA, 0.0], [0.0, -300.0, -745.0]]


@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("operation", ["ordinal", "ordinal_gradient"])
def test_weights_of_every_size(operation, dtype, weights):
    fmt, rng = formats.of(dtype), np.random.default_rng(6)
    x = rng.choice([-1.0, 1.0], (15, 4)) * 2.0 ** rng.uniform(fmt.emin, fmt.emax + 0.9, (15, 4))
    x[::3] = rng.integers(-9, 9, (5, 4)) * fmt.eta
    x = fmt.store(fmt.nearest(x))
    result = reference.OPERATIONS[operation](x, weights=weights)
    assert judge(operation, x, result, range(15), weights=weights) > 0


@pytest.mark.parametrize("operation", ["logsumexp_gradient", "logaddexp_gradient"])
@pytest.mark.parametrize("dtype", FORMATS)
def test_shares_of_every_size(operation, dtype):
    x = entries(dtype, 40, 2)
    result = reference.OPERATIONS[operation](x)
    assert judge(operation, x, result, range(40)) > 0
