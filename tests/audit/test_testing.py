"""What other people's test suites import."""

import math
import sys
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import find, given, settings
from scipy.special import logsumexp

from lsetheory import testing
from lsetheory.audit import cases, cell, families, formats, subject
from lsetheory.errors import InputError
from lsetheory.testing import SHORTEST, assert_accurate, audit, inputs


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


def zeros(x: np.ndarray) -> np.ndarray:
    return np.zeros(len(x), x.dtype if x.dtype.kind == "f" else float)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"chosen": ["long_float16"]}, "long_float16: expected dtype float16, got float32"),
        (
            {"chosen": ["leading_neginf"], "operation": "softmax", "rows": 3},
            "leading_neginf: expected rows=10 or more for rows of 10 terms, got 3",
        ),
        (
            {"chosen": ["long_float16"], "dtype": "float16", "rows": 1},
            "long_float16: expected rows=700 or more for rows of 70000 terms, got 1",
        ),
        ({"operation": "logaddexp_gradient", "rows": 1}, "expected rows=2 or more"),
        ({"chosen": ["normal", "scaled"], "operation": "softmax"}, "scaled: expected logsumexp"),
        ({"chosen": "special", "operation": "softmax_gradient"}, "no answers are agreed on"),
        ({"rows": 0}, "rows: expected a whole number of 1 or more, got 0"),
        ({"rows": 2.5}, "rows: expected a whole number of 1 or more, got 2.5"),
        ({"rows": True}, "rows: expected a whole number of 1 or more, got True"),
        ({"rows": 10**5000}, "rows: expected 1,000,000,000 at most, got one of more"),
        ({"seed": -1}, "seed: expected a whole number of 0 or more, got -1"),
        ({"seed": "a"}, "seed: expected a whole number of 0 or more, got 'a'"),
        ({"limit": -1}, "limit: expected a number of 0.1 to 86400, got -1"),
        ({"limit": 0}, "limit: expected a number of 0.1 to 86400, got 0"),
        ({"limit": math.inf}, "limit: expected a number of 0.1 to 86400, got inf"),
        ({"limit": math.nan}, "limit: expected a number of 0.1 to 86400, got nan"),
        ({"max_rho": math.nan}, "max_rho: expected a number of 0 or more, got nan"),
        ({"max_ulp": math.nan}, "max_ulp: expected a number of 0 or more, got nan"),
        ({"max_rho": "4"}, "max_rho: expected a number of 0 or more, got '4'"),
        ({"max_rho": 10**400}, "max_rho: expected .* got one of more than 99 digits"),
        ({"chosen": None}, "family: expected a name, or several, got None"),
        ({"chosen": [3]}, "family: expected a name, got 3"),
        ({"operation": 3}, "operation: expected a name, got 3"),
        ({"dtype": np.int32}, "dtype: expected one of float16, .* got int32"),
        ({"dtype": 3}, "dtype: expected one of float16, .* got 3"),
        ({"dtype": None}, "dtype: expected one of float16, .* got "),
    ],
)
def test_nothing_to_check_is_no_pass(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        assert_accurate(zeros, **options)


@pytest.mark.parametrize("thing", [None, 3, [0.0], "logsumexp"])
def test_what_cannot_be_called_is_no_inaccurate_function(thing: Any) -> None:
    with pytest.raises(InputError, match="function: expected one to call, got"):
        audit(thing)


@pytest.mark.parametrize("name", ["integers", "weights", "scaled"])
def test_families_that_ask_for_more_are_audited_where_named(name: str) -> None:
    def able(x: np.ndarray, weights: Any = None, scale: float = 1.0) -> np.ndarray:
        x = x * x.dtype.type(scale) if x.dtype.kind == "f" else x.astype(float)
        return np.asarray(logsumexp(x, axis=-1, b=weights), dtype=x.dtype)

    assert name not in {row["family"] for row in audit(able, dtype="float64", rows=2)}
    assert_accurate(able, dtype="float64", chosen=[name], rows=20)
    with pytest.raises(AssertionError, match=f"family {name}: "):
        assert_accurate(zeros, dtype="float64", chosen=[name], rows=20)


@pytest.mark.parametrize(
    "dtype", [np.float32, np.dtype("float64"), np.float16, ml_dtypes.bfloat16, float, "float32"]
)
def test_formats_are_names_or_dtypes_and_one_family_is_a_list_of_one(dtype: Any) -> None:
    for row in audit(zeros, dtype=dtype, chosen="normal", rows=2):
        assert (row["family"], row["dtype"]) == ("normal", np.dtype(dtype).name)


@pytest.mark.parametrize("result", [None, [0.0], (0.0,), "0"])
def test_what_is_no_array_is_told_as_returned(result: Any) -> None:
    says = f"failed, returned {type(result).__name__}, expected an array"
    with pytest.raises(AssertionError, match=says):
        assert_accurate(lambda x: result, chosen="normal")


def test_a_function_that_ends_the_process_does_not_end_the_suite() -> None:
    with pytest.raises(AssertionError, match="failed, raised SystemExit: 3"):
        assert_accurate(lambda x: sys.exit(3), chosen="normal")


def test_the_users_own_interrupt_is_not_taken_for_a_failure() -> None:
    def interrupted(x: np.ndarray) -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assert_accurate(interrupted, chosen="normal")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("normal", "float64", -1), "n: expected a whole number of 1 or more, got -1"),
        (("normal", "float64", 2.0), "n: expected a whole number of 1 or more, got 2.0"),
        (("leading_neginf", "float64", 1), "leading_neginf: expected n of 4 or more, got 1"),
        (("integers", "float16"), "integers: expected dtype float32 or float64, got float16"),
        (("normal", np.int64), "dtype: expected one of"),
        ((None,), "family: expected a name, got None"),
        ((["normal"],), "family: expected a name, got list"),
        (("special", "float64", True), "n: expected a whole number of 1 or more, got True"),
    ],
)
def test_rows_that_no_family_has_are_told(given: tuple[Any, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        inputs(*given)
    assert inputs("normal", np.float32, 1) is not None


@pytest.mark.parametrize("dtype", ["bfloat16", "float64"])
@pytest.mark.parametrize("family", ["wide", "special"])
def test_a_report_shows_the_row_to_the_last_bit(family: str, dtype: str) -> None:
    failing = []

    @given(x=inputs(family, dtype))
    @settings(max_examples=30, database=None, derandomize=True, deadline=None)
    def test(x: np.ndarray) -> None:
        if not np.abs(x.astype(float)).max() < 1.5:
            failing.append(x)
            raise ValueError("large")

    with pytest.raises(ValueError, match="large") as told:
        test()
    notes = "\n".join(told.value.__notes__)
    assert f"x={failing[-1]!r}" in notes
    written = next(
        line.partition(": ")[2] for line in notes.splitlines() if line.startswith(family)
    )
    again = eval(written, {"np": np})
    assert again.dtype == failing[-1].dtype
    assert again.tobytes() == failing[-1].tobytes()


def test_a_report_names_nan_and_the_infinities() -> None:
    text = testing._text(np.array([np.nan, -np.inf, np.inf, -0.0], ml_dtypes.bfloat16))
    assert text == "np.array([np.nan, -np.inf, np.inf, -0.0], dtype='bfloat16')"


def swallowed(x: np.ndarray) -> np.ndarray:
    """Wrong on the empty row, and of a NaN beside a number."""
    with np.errstate(all="ignore"):
        y = logsumexp(x, axis=-1) if x.shape[1] else np.zeros(len(x))
    return np.where(np.isnan(x).any(axis=-1) & (x.shape[1] > 1), 0.0, y)


def test_the_witness_of_the_special_values_is_the_one_that_says_most() -> None:
    (row,) = audit(swallowed, dtype="float64", chosen="special")
    assert len(row["witness"]["x"]) == 2
    assert "nan" in row["witness"]["x"]
    (row,) = audit(lambda x: np.zeros(len(x)), dtype="float64", chosen="special")
    assert len(row["witness"]["x"]) == 2


def test_the_sign_of_zero_is_not_judged() -> None:
    def negative(x: np.ndarray) -> np.ndarray:
        y = np.asarray(logsumexp(x, axis=-1) if x.shape[1] else np.full(len(x), -np.inf))
        return np.where(y == 0, -0.0, y)

    assert_accurate(negative, dtype="float64", chosen="special")


def subtracts_in_place(x: np.ndarray) -> np.ndarray:
    x -= x.max(axis=-1, keepdims=True)
    return np.log(np.exp(x).sum(axis=-1))


@pytest.mark.parametrize("family", ["normal", "transposed", "broadcast", "special"])
def test_a_function_that_changes_its_input_spoils_no_later_one(family: str) -> None:
    for rows in (1, 50):
        with pytest.raises(AssertionError, match="failed, changed its input in place"):
            assert_accurate(subtracts_in_place, chosen=family, rows=rows)
        assert_accurate(good, chosen=family, rows=rows)


def test_a_function_that_changes_a_keyword_is_told_and_spoils_no_later_one() -> None:
    def gradient(x: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
        p = np.exp(x - good(x)[:, None])
        p /= p.sum(axis=-1, keepdims=True)
        return np.asarray(p * (cotangent - (p * cotangent).sum(axis=-1, keepdims=True)))

    def doubles(x: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
        cotangent *= 2
        return gradient(x, cotangent / 2)

    with pytest.raises(AssertionError, match="failed, changed its keyword cotangent in place"):
        assert_accurate(doubles, "softmax_gradient", "float64", chosen="normal", rows=10)
    assert_accurate(gradient, "softmax_gradient", "float64", chosen="normal", rows=10)


@pytest.mark.parametrize("row", [[100.0, 0.0], [-200.0, -300.0], [1.0, 2.0]])
def test_a_nan_is_called_special_whether_exp_overflows_or_not(row: list[float]) -> None:
    thing = subject.function(lambda x: np.full(len(x), np.nan, x.dtype), "logsumexp")
    found = cell.audited(thing, cases.build("logsumexp", np.array([row], "f4"), {}), 4.0, None)
    assert (found["verdict"], found["nan"], found["overflow"]) == ("special", 1, 0)
    assert (found["witness"]["rho"], found["witness"]["ulp"]) == (None, None)


def test_an_error_that_a_row_alone_does_not_show_is_told_as_such() -> None:
    def last_row(x: np.ndarray) -> np.ndarray:
        y = good(x)
        y[-1] += len(x) > 1
        return y

    with pytest.raises(AssertionError, match=r"row alone does not show it.*\(contiguous\)"):
        assert_accurate(last_row, operation="logsumexp", dtype="float64", chosen="normal")
