"""The compiled tiers: their bounds against mpmath, lengths around a tile, any memory layout."""

import math

import numpy as np
import pytest
from mpmath import exp, log, mpf, workprec

import lsetheory
from benchmarks._hard import draw
from lsetheory.audit import formats, reference
from lsetheory.faithful import compiled, precise

pytest.importorskip("numba", reason="the compiled engine needs numba (extra fast)")
TIERS = [("float32", compiled.narrow), ("float64", compiled.wide), ("float64", compiled.precise)]
ORDINARY = ["normal", "wide", "dominant", "near_zero_cancel", "near_zero_dominant", "long"]


def excess(row, parts, error):
    """How far the sum of the parts is off, less the bound, and half an ulp if there is one part."""
    with workprec(400):
        real = log(sum(exp(mpf(v)) for v in row.tolist()))
        rounding = 0.5 * np.spacing(abs(parts[0])) if len(parts) == 1 else 0.0
        return float(abs(sum(map(mpf, parts)) - real)) - error - rounding


def worst(tier, x):
    y = tier(x)
    return max(
        excess(row, parts[:-1], parts[-1])
        for row, parts in zip(x, zip(*y, strict=True), strict=True)
    )


@pytest.mark.parametrize("family", ORDINARY)
@pytest.mark.parametrize(("dtype", "tier"), TIERS, ids=lambda v: getattr(v, "__name__", v))
def test_bounds_are_kept(dtype, tier, family):
    x = draw(family, formats.of(dtype), 5 if family == "long" else 70, seed=31)
    assert worst(tier, x) <= 0.0


def test_a_bound_too_small_would_be_noticed(monkeypatch):
    x = draw("near_zero_cancel", formats.of("float64"), 70, seed=31)
    monkeypatch.setattr(compiled, "wide_error", lambda n: 2.0**-66)
    assert worst(compiled.wide, x) > 0.0


def test_double_double_is_that_of_numpy():
    for n in (2, 10, 64, 65, 200):
        x = np.random.default_rng(n).standard_normal((130, n)) * 5.0
        ours, other = compiled.precise(x), precise.lse(x)
        np.testing.assert_array_equal(ours.error, other.error)
        np.testing.assert_array_equal(ours.high, other.high)
        assert (np.abs(ours.low - other.low) <= 2.0 * other.error).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [2, 63, 64, 65, 127, 128, 129, 4096, 4097, 70001])
def test_every_length(dtype, n):
    rng = np.random.default_rng(n)
    for count in (0, 1, 3 if n > 4097 else 65):
        x = rng.standard_normal((count, n)).astype(dtype)
        got, real = lsetheory.logsumexp(x, engine="numba"), reference.logsumexp(x)
        fmt, value = formats.of(dtype), real.value.astype(np.float64)
        off = (got.astype(np.float64) - value) / fmt.ulp(value) - real.residual
        assert (np.abs(off) < 0.96).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_layout_gives_the_same_bits(dtype):
    x = np.random.default_rng(5).standard_normal((70, 9)).astype(dtype)
    plain = lsetheory.logsumexp(x, engine="numba")
    frozen = x.copy()
    frozen.flags.writeable = False
    spread = np.repeat(np.repeat(x, 2, axis=0), 3, axis=1)[::2, ::3]
    for view in (frozen, np.asfortranarray(x), spread, x[:, ::-1][:, ::-1]):
        np.testing.assert_array_equal(lsetheory.logsumexp(view, engine="numba"), plain)
    np.testing.assert_array_equal(lsetheory.logsumexp(x[::-1], engine="numba"), plain[::-1])


def test_compiled_where_no_cache_can_be_kept(monkeypatch):
    loops, asked = compiled.loops(), []

    def njit(cache=False, **options):
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(loops, "njit", njit)
    assert loops.plain(len) is len
    assert asked == [True, False]


def test_wide_rows_beyond_the_bound_go_on():
    x = np.array([[2.0**901, 0.0], [np.nan, 0.0], [np.inf, 1.0], [-np.inf, -np.inf], [1.0, 2.0]])
    assert np.isinf(compiled.wide(x).error).tolist() == [True] * 4 + [False]
    assert np.isinf(compiled.precise(x).error).tolist() == [True] * 4 + [False]
    assert compiled.wide_error(compiled.LONGEST) < 2.0**-56


def test_what_lanes_round_off_is_kept():
    """Multiples of 2**-40 that add up to more than 2**13 do not add exactly."""
    loops = compiled.loops()
    total = np.random.default_rng(3).integers(2**51, 2**52, loops.LANES) * 2.0**-40
    terms, plain, rest = total.tolist(), total.copy(), np.zeros_like(total)
    loops.joined(plain)
    loops.joined_exactly(total, rest)
    assert math.fsum([*terms, -total[0], -rest[0]]) == 0.0
    assert math.fsum([*terms, -plain[0]]) != 0.0
