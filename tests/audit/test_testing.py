"""What other people's test suites import."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings
from scipy.special import logsumexp

from lsetheory.audit import cases, families, formats
from lsetheory.errors import InputError
from lsetheory.testing import SHORTEST, assert_accurate, inputs


def good(x: np.ndarray) -> np.ndarray:
    return np.asarray(logsumexp(x, axis=-1))


def naive(x: np.ndarray) -> np.ndarray:
    return np.log(np.exp(x).sum(axis=-1))


def found(strategy: Any, wanted: Callable[[Any], Any]) -> Any:
    """The simplest example of what is wanted, the same every time."""
    quick = settings(max_examples=300, database=None, derandomize=True)
    return find(strategy, lambda x: bool(wanted(x)), settings=quick)


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
    assert len(x) in {SHORTEST, *families.get("normal").sizes}


@pytest.mark.parametrize("name", families.names())
def test_every_family_has_rows_of_the_fewest_terms(name: str) -> None:
    family = families.get(name)
    for dtype in family.dtypes:
        assert family.rows(np.random.default_rng(0), dtype, 2, SHORTEST).shape == (2, SHORTEST)


@pytest.mark.parametrize("name", ["ties", "photographs"])
def test_rows_shrink_to_the_fewest_terms(name: str) -> None:
    assert len(found(inputs(name), lambda x: True)) == SHORTEST


def test_a_failing_row_shrinks_to_few_terms() -> None:
    assert len(found(inputs("long_uniform"), lambda x: len(x) > SHORTEST)) == 1000
    assert len(found(inputs("wide", "float32"), lambda x: x.max() > 30)) == SHORTEST


WANTED = {
    "NaN": lambda x: np.isnan(x).any(),
    "a row of +inf": lambda x: (x == np.inf).all(),
    "a row of -inf": lambda x: len(x) > 1 and (x == -np.inf).all(),
    "both infinities": lambda x: np.inf in x and -np.inf in x,
    "NaN behind +inf": lambda x: len(x) > 1 and np.isinf(x[0]) and np.isnan(x[1]),
    "one entry": lambda x: len(x) == 1,
}


@pytest.mark.parametrize("dtype", ["bfloat16", "float64"])
@pytest.mark.parametrize("what", WANTED)
def test_special_values_are_a_strategy(what: str, dtype: str) -> None:
    with np.errstate(invalid="ignore"):
        x = found(inputs("special", dtype), lambda x: WANTED[what](x.astype(np.float64)))
    assert x.dtype == formats.of(dtype).dtype


def test_special_values_shrink_to_a_plain_number() -> None:
    assert found(inputs("special"), lambda x: True).tolist() == [0.0]
    assert found(inputs("special", n=3), lambda x: True).shape == (3,)
    with pytest.raises(InputError, match="expected n of 1, 2 or 3, got 4"):
        inputs("special", n=4)
