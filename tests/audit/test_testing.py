"""What other people's test suites import."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import logsumexp

from lsetheory.audit import cases, families
from lsetheory.errors import InputError
from lsetheory.testing import assert_accurate, inputs


def good(x: np.ndarray) -> np.ndarray:
    return np.asarray(logsumexp(x, axis=-1))


def naive(x: np.ndarray) -> np.ndarray:
    return np.log(np.exp(x).sum(axis=-1))


def test_an_accurate_function_passes() -> None:
    assert_accurate(good, operation="logsumexp", dtype="float64", max_rho=4, rows=30)


def test_a_failure_shows_a_witness_ready_to_paste() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_accurate(naive, dtype="float32", chosen=["near_zero_dominant"], rows=30)
    told = str(failed.value)
    assert "logsumexp in float32, family near_zero_dominant: unstable" in told
    for word in ("got       0x", "expected  0x", "ulp, stability index", "import numpy as np; "):
        assert word in told
    line = next(part for part in told.splitlines() if part.startswith("  repeat"))
    assert "naive(x)" in line


def test_what_has_no_measure_is_not_given_one() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_accurate(naive, dtype="float32", chosen=["overflow_threshold"], rows=30)
    assert "overflow" in str(failed.value)
    assert "nan" not in str(failed.value)


def test_a_failing_function_is_told_in_one_line() -> None:
    with pytest.raises(AssertionError, match=r"failed, raised ZeroDivisionError"):
        assert_accurate(lambda x: 1 / 0, chosen=["normal"])


@pytest.mark.parametrize("name", ["operation", "dtype", "chosen"])
def test_unknown_names_are_told(name: str) -> None:
    with pytest.raises(InputError, match="nothing_such"):
        assert_accurate(good, **{name: ["nothing_such"] if name == "chosen" else "nothing_such"})  # type: ignore[arg-type]


@given(inputs("offset", dtype="float32", n=7))
@settings(max_examples=20, deadline=None)
def test_families_are_strategies(x: np.ndarray) -> None:
    assert x.shape == (7,)
    assert x.dtype == np.float32
    expected = cases.expected("logsumexp", x[None], {}).value
    np.testing.assert_allclose(good(x[None]), expected, rtol=1e-5)


@given(inputs("normal"))
@settings(max_examples=10, deadline=None)
def test_sizes_are_those_of_the_family(x: np.ndarray) -> None:
    assert len(x) in families.get("normal").sizes
