"""The auditor audited: faults planted in correct code are found, each with the right verdict."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from lsetheory import testing
from lsetheory.audit import cases, cell, families, reference, subject
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.score import GATE, VERDICTS

Array = np.ndarray[Any, Any]


def perfect(operation: str) -> Callable[..., Array]:
    """A correctly rounded implementation."""

    def exact(x: Array, **parameters: Any) -> Array:
        return np.array(cases.expected(operation, x, parameters).value)

    return exact


def good(x: Array) -> Array:
    """Shift by the maximum, leave one of its terms out of the sum, log1p."""
    x = np.ascontiguousarray(x)
    m = x.max(axis=-1, initial=-np.inf)
    m = np.where(np.isfinite(m), m, np.zeros_like(m))
    terms = np.exp(x - m[:, None])
    if not x.shape[1]:
        return np.full(len(x), -np.inf, x.dtype)
    first = x.argmax(axis=-1)[:, None]
    lead = np.take_along_axis(terms, first, -1)[:, 0]
    np.put_along_axis(terms, first, 0.0, -1)
    rest = terms.sum(axis=-1)
    return np.where(lead == 1, m + np.log1p(rest), m + np.log(lead + rest))


def softmax(x: Array) -> Array:
    m = x.max(axis=-1, keepdims=True, initial=-np.inf)
    terms = np.exp(x - np.where(np.isfinite(m), m, 0).astype(x.dtype))
    return terms / terms.sum(axis=-1, keepdims=True)


def missing_shift(x: Array) -> Array:
    return np.log(np.exp(x).sum(axis=-1))


def missing_shift_in_softmax(x: Array) -> Array:
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def missing_log1p(x: Array) -> Array:
    m = x.max(axis=-1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=-1))


def shift_by_minimum(x: Array) -> Array:
    m = x.min(axis=-1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=-1))


def wrong_axis(x: Array) -> Array:
    return softmax(x.T).T


def reduced_over_rows(x: Array) -> Array:
    return good(x.T)


def narrow_accumulation(x: Array) -> Array:
    m = x.max(axis=-1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=-1, dtype=np.float32)).astype(x.dtype)


def narrow_exp(x: Array) -> Array:
    return good(x.astype(ml_dtypes.bfloat16).astype(x.dtype))


def sequential_sum(x: Array) -> Array:
    m = x.max(axis=-1)
    total = np.zeros_like(m)
    for column in np.exp(x - m[:, None]).T:
        total = total + column
    return m + np.log(total)


def swallowed_nan(x: Array) -> Array:
    return good(np.where(np.isnan(x), -np.inf, x).astype(x.dtype))


def flushed_result(x: Array) -> Array:
    y = good(x)
    return np.where(np.abs(y) < np.finfo(x.dtype).smallest_normal, 0, y).astype(x.dtype)


def flushed_softmax(x: Array) -> Array:
    p = softmax(x)
    return np.where(p < np.finfo(x.dtype).smallest_normal, 0, p).astype(x.dtype)


def rarely_off_by_one_ulp(x: Array) -> Array:
    y = perfect("logaddexp")(x)
    rare = x[:, 0].view(np.uint32) % 10_000 < 2
    return np.where(rare, np.nextafter(y, np.float32(np.inf)), y)


def exp_minus_lse(x: Array) -> Array:
    return np.exp(x - good(x)[:, None])


def dropped_last_term(x: Array) -> Array:
    return good(x[:, :-1]) if x.shape[1] > 1 else good(x)


def loses_what_is_left_over(x: Array) -> Array:
    return good(x[:, :-1]) if x.shape[1] % 64 == 1 and x.shape[1] > 1 else good(x)


def loses_a_term_of_an_unfinished_vector(x: Array) -> Array:
    n = x.shape[1]
    return good(x[:, :-1]) if n > 64 and n % 32 not in (0, 4, 8) else good(x)


def loses_a_whole_last_block(x: Array) -> Array:
    n = x.shape[1]
    return good(x[:, :-64]) if n and n % 64 == 0 else good(x)


def online_blocks(x: Array, width: int, starts: Callable[[Array], Array]) -> Array:
    """A block of columns at a time, as flash attention does; `starts` is the first maximum."""
    m, s = starts(x[:, :width]), np.zeros(len(x), x.dtype)
    for start in range(0, x.shape[1], width):
        block = x[:, start : start + width]
        new = np.maximum(m, block.max(axis=-1))
        s = s * np.exp(m - new) + np.exp(block - new[:, None]).sum(axis=-1)
        m = new
    return m + np.log(s)


def nan_of_a_masked_first_block(x: Array) -> Array:
    if x.shape[1] < 64:
        return good(x)
    return online_blocks(x, 64, lambda first: first.max(axis=-1))


def nan_of_a_masked_block(x: Array) -> Array:
    """Whatever block it is: log-sum-exp by blocks, each shifted by its own maximum."""
    if x.shape[1] < 128:
        return good(x)
    cuts = [x[:, i : i + 128] for i in range(0, x.shape[1], 128)]
    with np.errstate(invalid="ignore"):
        return good(np.stack([missing_log1p(cut) for cut in cuts], axis=-1))


def integer_wrap(x: Array) -> Array:
    m = x.max(axis=-1)
    return (m + np.log(np.exp((x - m[:, None]).astype(np.float32)).sum(axis=-1))).astype(np.float32)


def online_from_minus_infinity(x: Array) -> Array:
    m, s = np.full(len(x), -np.inf, x.dtype), np.zeros(len(x), x.dtype)
    for column in x.T:
        new = np.maximum(m, column)
        s = s * np.exp(m - new) + np.exp(column - new)
        m = new
    return m + np.log(s)


def online_without_rescaling(x: Array) -> Array:
    m, s = np.full(len(x), -np.inf, x.dtype), np.zeros(len(x), x.dtype)
    for column in x.T:
        m = np.maximum(m, column)
        s = s + np.exp(column - m)
    return m + np.log(s)


def first_infinity_wins(x: Array) -> Array:
    infinite = np.isinf(x)
    first = np.take_along_axis(x, infinite.argmax(axis=-1)[:, None], -1)[:, 0]
    return np.where(infinite.any(axis=-1) & ~np.isnan(x).any(axis=-1), first, good(x))


def all_maxima_left_out(x: Array) -> Array:
    m = x.max(axis=-1)
    terms = np.where(x == m[:, None], 0, np.exp(x - m[:, None]))
    return m + np.log1p(terms.sum(axis=-1))


def clipped(x: Array) -> Array:
    m = x.max(axis=-1, keepdims=True)
    return good(np.maximum(x, m - 5))


def ignores_strides(x: Array) -> Array:
    memory = x if x.base is None else np.asarray(x.base)
    return good(np.resize(memory, x.shape))


def log_of_softmax(x: Array) -> Array:
    return np.log(softmax(x))


def backward_without_cross_terms(x: Array, cotangent: Array) -> Array:
    return softmax(x) * cotangent


def rate_forgotten_outside(x: Array, r: float) -> Array:
    return good(x.dtype.type(r) * x) - np.log(x.dtype.type(x.shape[1]))


def half_sum_overflows(x: Array) -> Array:
    m = x.max(axis=-1)
    total = np.exp(x - m[:, None]).astype(np.float32).sum(axis=-1).astype(np.float16)
    return m + np.log(total)


def changes_its_input(x: Array) -> Array:
    x -= x.max(axis=-1, keepdims=True)
    return missing_shift(x)


def keeps_the_axis(x: Array) -> Array:
    return good(x)[:, None]


def widens(x: Array) -> Array:
    return good(x.astype(np.float64))


def raises(x: Array) -> Array:
    raise ZeroDivisionError("no rows today")


def hangs(x: Array) -> Array:
    time.sleep(30)
    return good(x)


@dataclass(frozen=True)
class Fault:
    function: Callable[..., Any]
    family: str
    verdict: str
    operation: str = "logsumexp"
    dtype: str = "float32"
    rows: int = 50
    max_ulp: float | None = None
    says: str = ""  #: part of the error of a row that failed


FAULTS = [
    Fault(missing_shift, "offset", "overflow"),
    Fault(missing_shift, "subnormal_results", "underflow"),
    Fault(missing_shift_in_softmax, "overflow_threshold", "special", "softmax"),
    Fault(missing_log1p, "near_zero_dominant", "unstable"),
    Fault(missing_log1p, "near_zero_dominant", "unstable", dtype="float64"),
    Fault(shift_by_minimum, "wide", "overflow"),
    Fault(wrong_axis, "normal", "unstable", "softmax"),
    Fault(reduced_over_rows, "wide", "failed", says="returned shape (10,), expected (50,)"),
    Fault(narrow_accumulation, "normal", "unstable", dtype="float64"),
    Fault(narrow_exp, "normal", "unstable"),
    Fault(sequential_sum, "long_stagnating", "unstable", dtype="float16"),
    Fault(swallowed_nan, "special", "special"),
    Fault(flushed_result, "subnormal_results", "underflow"),
    Fault(flushed_softmax, "wide", "underflow", "softmax", rows=300),
    Fault(rarely_off_by_one_ulp, "offset", "unstable", "logaddexp", rows=20_000, max_ulp=0.5),
    Fault(exp_minus_lse, "offset", "unstable", "logsumexp_gradient"),
    Fault(dropped_last_term, "normal", "unstable"),
    *(
        Fault(function, "block_edges", "unstable", operation, dtype, 100)
        for function in (
            loses_what_is_left_over,
            loses_a_term_of_an_unfinished_vector,
            loses_a_whole_last_block,
        )
        for operation, dtype in (("logsumexp", "float32"), ("logsumexp", "bfloat16"))
    ),
    Fault(nan_of_a_masked_first_block, "masked_blocks", "special", rows=1),
    Fault(nan_of_a_masked_first_block, "masked_blocks", "special", rows=100),
    Fault(nan_of_a_masked_block, "masked_blocks", "special", dtype="float64", rows=100),
    Fault(integer_wrap, "integers", "overflow"),
    Fault(online_from_minus_infinity, "leading_neginf", "special"),
    Fault(online_without_rescaling, "offset_sorted", "unstable"),
    Fault(first_infinity_wins, "special", "special"),
    Fault(all_maxima_left_out, "ties", "unstable"),
    Fault(clipped, "dominant", "unstable"),
    Fault(ignores_strides, "strided", "unstable"),
    Fault(log_of_softmax, "wide", "underflow", "log_softmax", rows=300),
    Fault(backward_without_cross_terms, "normal", "unstable", "softmax_gradient"),
    Fault(rate_forgotten_outside, "normal", "unstable", "pooled_lse"),
    Fault(half_sum_overflows, "long_float16", "overflow", dtype="float16", rows=1000),
    Fault(changes_its_input, "normal", "failed", says="changed its input"),
    Fault(keeps_the_axis, "normal", "failed", says="returned shape (50, 1), expected (50,)"),
    Fault(widens, "normal", "failed", says="returned dtype float64, expected float32"),
    Fault(raises, "normal", "failed", says="raised ZeroDivisionError: no rows today"),
    Fault(hangs, "dominant", "failed", says="took longer than 0.2 s; stopped"),
]


def rows_of(fault: Fault) -> list[dict[str, Any]]:
    if families.entries().get(fault.family) and families.get(fault.family).integers:
        thing = subject.function(fault.function, fault.operation)
        case = cases.case(fault.operation, fault.dtype, fault.family, 10, fault.rows, 0)
        return [cell.audited(thing, case, GATE, None)]
    return list(
        testing.audit(
            fault.function, fault.operation, fault.dtype, chosen=[fault.family], rows=fault.rows,
            max_ulp=fault.max_ulp, limit=0.2 if fault.function is hangs else 60.0,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.function.__name__}-{fault.family}-{fault.dtype}"
)
def test_planted_fault_is_found(fault: Fault) -> None:
    found = rows_of(fault)
    assert fault.verdict in [row["verdict"] for row in found]
    row = next(row for row in found if row["verdict"] == fault.verdict)
    if fault.verdict == "failed":
        assert fault.says in row["error"]
    else:
        assert row["witness"]["got"] != row["witness"]["expected"]


def test_at_least_fifteen_different_faults() -> None:
    assert len({fault.function for fault in FAULTS}) >= 15
    assert {fault.verdict for fault in FAULTS} == {*VERDICTS, cell.FAILED} - {
        "correct",
        "conditioning",
    }


@pytest.mark.parametrize("operation", [*OPERATIONS])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_correctly_rounded_implementation_has_no_finding_in_any_family(
    operation: str, dtype: str
) -> None:
    for row in testing.audit(perfect(operation), operation, dtype, rows=4, max_ulp=0.5000001):
        assert row["verdict"] == "correct", row


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_nor_in_half_precision(dtype: str) -> None:
    for row in testing.audit(perfect("logsumexp"), "logsumexp", dtype, rows=10, max_ulp=0.5000001):
        assert row["verdict"] == "correct", row


def test_summing_well_is_not_blamed_where_summing_badly_is() -> None:
    (row,) = testing.audit(good, "logsumexp", "float16", chosen=["long_stagnating"], rows=50)
    assert row["verdict"] == "correct"


def test_ill_conditioning_is_not_blamed_on_the_code() -> None:
    (row,) = testing.audit(good, "logsumexp", "float32", chosen=["near_zero_cancel"], rows=300)
    assert row["verdict"] == "conditioning"
    assert row["max_ulp"] > 100
    assert row["max_rho"] < GATE


def test_the_reference_itself_is_what_perfect_returns() -> None:
    x = np.array([[0.0, 1.0]], dtype=np.float32)
    assert perfect("logsumexp")(x) == reference.logsumexp(x).value
