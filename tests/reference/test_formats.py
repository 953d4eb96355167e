"""The four formats against numpy's and ml_dtypes' own tables and rounding."""

from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest

from lsetheory.audit import formats
from lsetheory.errors import InputError

ALL = list(formats.FORMATS.values())


@pytest.fixture(params=ALL, ids=lambda f: f.name)
def fmt(request):
    return request.param


def test_constants(fmt):
    info = ml_dtypes.finfo(fmt.dtype)
    assert fmt.largest == float(info.max)
    assert fmt.tiny == float(info.tiny)
    assert fmt.eta == float(info.smallest_subnormal)
    assert 2 * fmt.u == float(info.eps)


def test_thresholds_of_exp():
    table = {f.name: (f.exp_underflow, f.exp_subnormal, f.exp_overflow) for f in ALL}
    assert table["bfloat16"] == pytest.approx((-92.2, -87.3, 88.7), abs=0.05)
    assert table["float16"] == pytest.approx((-16.6, -9.70, 11.1), abs=0.05)
    assert table["float32"] == pytest.approx((-103.3, -87.3, 88.7), abs=0.05)
    assert table["float64"] == pytest.approx((-744.4, -708.4, 709.8), abs=0.05)


def sample(fmt, seed=3):
    rng = np.random.default_rng(seed)
    exponents = rng.uniform(fmt.emin - fmt.precision - 2, fmt.emax + 1, 400)
    x = rng.choice([-1.0, 1.0], 400) * 2.0 ** np.minimum(exponents, 1023.9)
    return np.concatenate([x, [0.0, fmt.eta, fmt.eta / 2, fmt.tiny, fmt.largest, -fmt.largest]])


def test_ulp_is_the_gap_above(fmt):
    values = np.abs(fmt.nearest(sample(fmt)))
    values = values[values < fmt.largest]
    above = np.nextafter(fmt.store(values), fmt.store(np.array(np.inf))).astype(np.float64)
    assert (fmt.ulp(values) == above - values).all()
    assert (fmt.ulp(-values) == fmt.ulp(values)).all()


def test_ulp_at_the_ends(fmt):
    assert fmt.ulp(0.0) == fmt.eta
    assert fmt.ulp(fmt.largest) == 2.0 ** (fmt.emax - fmt.precision + 1)
    assert np.isnan(fmt.ulp([np.inf, -np.inf, np.nan])).all()


def test_nearest_agrees_with_exact_rationals(fmt):
    for x in sample(fmt):
        value, residual = fmt.nearest_fraction(Fraction(float(x)))
        assert value == fmt.nearest(x)
        assert abs(residual) <= 0.5


def test_what_rounds_to_zero_is_left_over_in_units_of_the_smallest_subnormal(fmt):
    assert fmt.nearest_fraction(Fraction(fmt.eta) / -4) == (0.0, -0.25)
    assert fmt.nearest_fraction(Fraction(0)) == (0.0, 0.0)


@pytest.mark.parametrize("fmt", ALL[:3], ids=lambda f: f.name)  # float64 carries: no rounding
def test_nearest_rounds_ties_to_even_and_overflows(fmt):
    assert fmt.nearest(1 + fmt.u) == 1.0
    assert fmt.nearest(1 + 3 * fmt.u) == 1 + 4 * fmt.u
    assert fmt.nearest(1.5 * fmt.eta) == 2 * fmt.eta
    top = fmt.ulp(fmt.largest)
    assert fmt.nearest(fmt.largest + 0.49 * top) == fmt.largest
    assert fmt.nearest(-(fmt.largest + 0.5 * top)) == -np.inf


def test_nearest_does_not_round_twice_to_bfloat16():
    fmt = formats.FORMATS["bfloat16"]
    x = 1 + fmt.u + 2.0**-40  # float32 first would give the tie 1 + u, and then 1
    assert fmt.nearest(x) == 1 + 2 * fmt.u


def test_an_unknown_dtype_is_named():
    with pytest.raises(InputError, match="bfloat16, float32, float64, got int64"):
        formats.of(np.int64)
    assert formats.of("bfloat16").name == formats.of(ml_dtypes.bfloat16).name == "bfloat16"
