"""The sweeps over every pair: all of them once, certified, and a planted ulp is found."""

from itertools import pairwise

import numpy as np
import pytest

from lsetheory import work
from lsetheory.audit import exhaustive, formats, reference, subject
from lsetheory.errors import InputError


def test_gaps_cover_every_nonnegative_pattern_once() -> None:
    units = exhaustive.plan("logaddexp", ["float32"], ["numpy-logaddexp"])
    ranges = [(u.arguments["start"], u.arguments["stop"]) for u in units]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == 2_139_095_041
    assert all(a[1] == b[0] for a, b in pairwise(ranges))


def test_a_sweep_goes_stale_with_the_code_of_its_entry() -> None:
    (unit, *_) = exhaustive.plan("logaddexp", ["float16"], ["numpy-logaddexp"])
    assert "lsetheory.audit.implementations.numpy_" in unit.modules
    assert unit.key() != work.Unit(unit.function, unit.arguments).key()


def test_pairs_of_a_half_format_are_all_pairs() -> None:
    fmt = formats.of("float16")
    total = sum(len(x) for x in exhaustive._pairs(fmt, 0, 200))
    assert total == 200 * 201 // 2
    x = np.concatenate(
        [*exhaustive._pairs(fmt, exhaustive.count("float16") - 1, exhaustive.count("float16"))]
    )
    assert np.isfinite(x).all()
    assert (x[:, 1] <= x[:, 0]).all()
    assert len(np.unique(x[:, 1].astype(float))) == exhaustive.count("float16")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_fast_certificate_agrees_with_the_reference(dtype: str) -> None:
    fmt, rng = formats.of(dtype), np.random.default_rng(0)
    wide = rng.standard_normal((4000, 2)) * 10.0 ** rng.uniform(-6, 1.5, (4000, 1))
    x = fmt.store(fmt.nearest(-np.sort(-wide, axis=1)))
    value, residual, _ = exhaustive.certified(x, fmt)
    exact = reference.logaddexp(x)
    np.testing.assert_array_equal(value, np.asarray(exact.value, dtype=float))
    np.testing.assert_allclose(residual, exact.residual, atol=1e-3)


def test_a_sweep_counts_and_finds_a_planted_ulp() -> None:
    row = exhaustive.sweep("numpy-logaddexp", "float32", 0x3F000000, 0x3F000000 + 5000)
    assert row["pairs"] == 5000 == row["ulp_0"] + row["ulp_1"] + row["ulp_2"] + row["ulp_more"]
    x = next(exhaustive._pairs(formats.of("float32"), 0x3F000000, 0x3F000000 + 5000))
    exact = np.array(reference.logaddexp(x).value)
    exact[1234] = np.nextafter(exact[1234], np.float32(9))
    planted = subject.function(lambda rows: exact, "logaddexp")
    block = exhaustive._block(planted, x, formats.of("float32"))
    assert (block["ulp_0"], block["ulp_1"]) == (4999, 1)
    assert block["witness"]["x"][1] == float(x[1234, 1]).hex()


def test_constant_stretches_agree_with_the_long_way() -> None:
    fmt = formats.of("float32")
    x = next(exhaustive._pairs(fmt, 0x30000000, 0x30000000 + 3000))
    value, residual, _ = exhaustive.certified(x, fmt)
    short = exhaustive._constant(x, value, fmt)
    assert short is not None
    np.testing.assert_array_equal(short[0], value)
    assert abs(short[1][0]) == np.abs(residual).max()
    assert exhaustive._constant(x, value + np.eye(1, 3000)[0], fmt) is None


def test_only_logaddexp_can_be_swept() -> None:
    with pytest.raises(InputError, match="--exhaustive: expected logaddexp, got 'softmax'"):
        exhaustive.plan("softmax", [], [])
