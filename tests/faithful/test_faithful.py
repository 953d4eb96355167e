"""logsumexp, softmax, log_softmax: below one ulp on every family, any layout, special values."""

import importlib
import sys
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import lsetheory
from benchmarks._hard import FAMILIES, draw
from lsetheory.audit import formats, reference
from lsetheory.errors import InputError, MissingExtra

NAN, INF = np.nan, np.inf
DTYPES = ["float32", "float64"]
FUNCTIONS = ["logsumexp", "softmax", "log_softmax"]


def ulps(got, certified):
    """Signed distance from the exact result, in ulp of the correctly rounded one."""
    fmt, value = formats.of(got.dtype), certified.value.astype(np.float64)
    with np.errstate(invalid="ignore"):
        off = (got.astype(np.float64) - value) / fmt.ulp(value) - certified.residual
    same = (got == certified.value) | (np.isnan(got) & np.isnan(value))
    return np.where(np.isfinite(value), off, np.where(same, 0.0, INF))


def worst(name, x, **parameters):
    operation = "pooled_lse" if parameters else name
    certified = reference.OPERATIONS[operation](x, **parameters)
    return np.abs(ulps(getattr(lsetheory, name)(x, **parameters), certified)).max(initial=0.0)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_below_one_ulp(name, dtype, family):
    rows = 3 if family == "long" else 60
    assert worst(name, draw(family, formats.of(dtype), rows, seed=5)) < 0.96


@pytest.mark.parametrize("form", ["sum", "mean"])
@pytest.mark.parametrize("r", [0.3, -7.0, 1e-10, 1e5, 1e-300])
@pytest.mark.parametrize("dtype", DTYPES)
def test_below_one_ulp_at_any_temperature(dtype, r, form):
    for family in ("normal", "near_zero_cancel", "range", "equal", "subnormal"):
        assert (
            worst("logsumexp", draw(family, formats.of(dtype), 20, seed=6), r=r, form=form) < 0.96
        )


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_at_other_temperatures(dtype):
    x = draw("wide", formats.of(dtype), 20, seed=8)
    for r in (0.1, -3.0):
        certified = reference.OPERATIONS["pooled_lse_gradient"](x, r=r)
        assert np.abs(ulps(lsetheory.softmax(x, r=r), certified)).max() < 0.96


def finite_rows(dtype):
    width = 32 if dtype == "float32" else 64
    numbers = st.floats(width=width, allow_nan=False, allow_infinity=False)
    near = st.floats(-30, 30, width=width) | st.sampled_from([0.0, -0.5, 1.0, -30.0])
    shapes = st.tuples(st.integers(1, 3), st.integers(1, 6))
    return shapes.flatmap(lambda s: hnp.arrays(dtype, s, elements=numbers) | hnp.arrays(
        dtype, s, elements=near))  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_below_one_ulp_on_anything_finite(name, dtype):
    @given(finite_rows(dtype))
    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    def check(x):
        assert worst(name, x) < 0.96

    check()


@pytest.mark.parametrize("dtype", DTYPES)
def test_long_rows(dtype):
    """Lengths on both sides of every limit of the blocks, the tiers and the exact runs."""
    rng = np.random.default_rng(3)
    for n in (2, 63, 64, 65, 4096, 4097, 20_000):
        assert worst("logsumexp", rng.standard_normal((2, n)).astype(dtype)) < 0.96


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_layouts(name, dtype):
    x = np.random.default_rng(1).standard_normal((4, 6, 5, 3)).astype(dtype)
    views = [x, x.T, x[::-1, ::2], np.asfortranarray(x), np.broadcast_to(x[:1], x.shape)]
    for view in views:
        before = view.copy()
        for axis in (-1, 0, 1, -2):
            got = getattr(lsetheory, name)(view, axis=axis)
            rows = np.ascontiguousarray(np.moveaxis(view, axis, -1))
            plain = getattr(lsetheory, name)(rows)
            np.testing.assert_array_equal(np.moveaxis(got, axis, -1) if name != "logsumexp" else
                                          got, plain)  # fmt: skip
            assert got.dtype == x.dtype
        np.testing.assert_array_equal(view, before)


@pytest.mark.parametrize("dtype", DTYPES)
def test_special_values(dtype):
    x = np.array([[NAN, INF, 0], [INF, -INF, 0], [-INF] * 3, [-INF, 0, 0], [INF, NAN, 0],
                  [-INF, NAN, -INF]], dtype)  # fmt: skip
    expected = reference.logsumexp(x).value
    np.testing.assert_array_equal(lsetheory.logsumexp(x), expected)
    np.testing.assert_array_equal(lsetheory.softmax(x)[3], np.array([0, 0.5, 0.5], dtype))
    assert np.isnan(lsetheory.softmax(x)[[0, 1, 2, 4, 5]]).all()
    assert np.isnan(lsetheory.log_softmax(x)[[0, 1, 2, 4, 5]]).all()
    assert lsetheory.log_softmax(x)[3, 0] == -INF
    np.testing.assert_array_equal(lsetheory.logsumexp(-x, r=-1.0), -expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_nothing_and_one(dtype):
    assert lsetheory.logsumexp(np.zeros((2, 0), dtype)).tolist() == [-INF, -INF]
    assert np.isnan(lsetheory.logsumexp(np.zeros((2, 0), dtype), form="mean")).all()
    assert lsetheory.logsumexp(np.zeros((0, 3), dtype)).shape == (0,)
    for name in ("softmax", "log_softmax"):
        for shape in ((0, 3), (3, 0)):
            assert getattr(lsetheory, name)(np.zeros(shape, dtype)).shape == shape
    one = np.array([[-0.0], [NAN], [5.0]], dtype)
    np.testing.assert_array_equal(lsetheory.logsumexp(one), one[:, 0])
    assert np.signbit(lsetheory.logsumexp(one)[0])
    assert lsetheory.logsumexp(np.array([1.0, 1.0], dtype)).shape == ()


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_products_of_54_bits(engine):
    """A difference whose product with the table would need one bit more than a double has."""
    if engine == "numba":
        pytest.importorskip("numba", reason="the compiled engine needs numba (extra fast)")
    row = [float.fromhex("-0x1.9f4a5e795f2c8p-2"), float.fromhex("-0x1.193297e13b6ebp+0")]
    got = lsetheory.logsumexp(np.array([row]), engine=engine)
    assert got[0] == pytest.approx(7.450580519651293e-09, rel=1e-15, abs=0)
    row = [-0.404323711420267, -1.0971948160747003]
    assert lsetheory.exact_logsumexp(np.array([row]))[0].hex() == "0x1.43561ded5ba0fp-10"


def test_no_warnings_and_no_global_state():
    x = draw("range", formats.of("float64"), 30, seed=9)
    before = np.geterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lsetheory.logsumexp(x)
        lsetheory.softmax(x)
        lsetheory.logsumexp(np.array([[3e38, 1.0]], "f4"), r=1e-310)
        lsetheory.log_softmax(np.array([[3e38, -3e38, 0]], "f4"))
    assert np.geterr() == before


@pytest.mark.parametrize("r", [
    np.float16(1.5), np.float32(2.0**90), np.float32(0.3), np.int64(2), np.longdouble(0.7),
    Fraction(1, 3), 2**53 + 1, True,
])  # fmt: skip
def test_r_is_taken_as_float64(r):
    """In its own type it would round the arithmetic it takes part in, and the bounds with it."""
    x = draw("near_zero_cancel", formats.of("float64"), 20, seed=6, n=2)
    x = np.concatenate([x, [[1e300, 1e300]], [[-3.7e-28, -8.3e-28]]])
    for form in ("sum", "mean"):
        got = lsetheory.logsumexp(x, r=r, form=form)
        np.testing.assert_array_equal(got, lsetheory.logsumexp(x, r=float(r), form=form))
        certified = reference.OPERATIONS["pooled_lse"](x, r=float(r), form=form)
        assert np.abs(ulps(got, certified)).max() < 0.96
    np.testing.assert_array_equal(lsetheory.softmax(x, r=r), lsetheory.softmax(x, r=float(r)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_byte_order(name):
    x = np.random.default_rng(2).standard_normal((3, 4))
    got = getattr(lsetheory, name)(x.astype(">f8"))
    np.testing.assert_array_equal(got, getattr(lsetheory, name)(x))
    assert got.dtype.isnative


@pytest.mark.parametrize(("call", "message"), [
    (lambda x: lsetheory.logsumexp(x.astype(int)), "expected float32 or float64, got int64"),
    (lambda x: lsetheory.logsumexp([[1.0], [1.0, 2.0]]), "expected an array, got none"),
    (lambda x: lsetheory.softmax(x, axis=2), "expected an axis of 2 axes, got 2"),
    (lambda x: lsetheory.logsumexp(x, r=0.0), "expected a finite float64 r other than 0, got 0.0"),
    (lambda x: lsetheory.softmax(x, r=INF), "expected a finite float64 r other than 0, got inf"),
    (lambda x: lsetheory.logsumexp(x, r=10**400), "other than 0, got inf"),
    (lambda x: lsetheory.softmax(x, r=Fraction(1, 10**400)), "other than 0, got 0.0"),
    (lambda x: lsetheory.logsumexp(x, form="max"), "got 'max'; pass one of them"),
    (lambda x: lsetheory.logsumexp(x, engine="c"), 'expected engine "numpy" or "numba"'),
    (lambda x: lsetheory.log_softmax(x.astype(np.float16)), "log_softmax: expected float32"),
])  # fmt: skip
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call(np.zeros((2, 3)))


@pytest.mark.parametrize("axis", [None, (0, 1), 1.0, "0"])
@pytest.mark.parametrize("name", [*FUNCTIONS, "exact_logsumexp"])
def test_an_axis_is_one_integer(name, axis):
    with pytest.raises(TypeError, match=f"{name}: expected one axis, an integer"):
        getattr(lsetheory, name)(np.zeros((2, 3)), axis)


@pytest.mark.parametrize("r", ["1", None, 1j])
def test_r_is_a_real_number(r):
    with pytest.raises(TypeError, match="expected r to be a real number"):
        lsetheory.logsumexp(np.zeros((2, 3)), r=r)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_compiled_engine_is_faithful_too(dtype, family):
    pytest.importorskip("numba", reason="the compiled engine needs numba (extra fast)")
    x = draw(family, formats.of(dtype), 3 if family == "long" else 60, seed=5)
    got = lsetheory.logsumexp(x, engine="numba")
    assert np.abs(ulps(got, reference.logsumexp(x))).max() < 0.96


@pytest.mark.parametrize("dtype", DTYPES)
def test_special_values_of_the_compiled_engine(dtype):
    pytest.importorskip("numba", reason="the compiled engine needs numba (extra fast)")
    x = np.array([[NAN, INF, 0], [0, NAN, 1], [INF, NAN, 0], [-INF, NAN, -INF], [INF, -INF, 0],
                  [-INF] * 3, [-INF, 0, 0]], dtype)  # fmt: skip
    for rows in (x, np.tile(x, 40)):
        got = lsetheory.logsumexp(rows, engine="numba")
        np.testing.assert_array_equal(got[:6], [NAN, NAN, NAN, NAN, INF, -INF])
        assert np.abs(ulps(got, reference.logsumexp(rows))).max() < 0.96


def test_a_missing_numba_is_named(monkeypatch):
    compiled = importlib.import_module("lsetheory.faithful.compiled")
    compiled.loops.cache_clear()
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(MissingExtra, match=r"pip install 'lsetheory\[fast\]'"):
        lsetheory.logsumexp(np.zeros((2, 3)), engine="numba")
