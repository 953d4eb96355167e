"""What the scores excuse and what they do not, and that verdict, witness and judge agree."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lsetheory import testing
from lsetheory.audit import cases, cell, formats, score, subject
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.reference.judge import Disagreement
from lsetheory.audit.witness import worst

Array = np.ndarray[Any, Any]


def softmax(x: Array) -> Array:
    terms = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(terms / terms.sum(axis=-1, keepdims=True))


def textbook_softmax_gradient(x: Array, cotangent: Array) -> Array:
    p = softmax(x)
    return np.asarray(p * (cotangent - (p * cotangent).sum(axis=-1, keepdims=True)))


def textbook_log_softmax_gradient(x: Array, cotangent: Array) -> Array:
    return np.asarray(cotangent - softmax(x) * cotangent.sum(axis=-1, keepdims=True))


def rest(terms: Array) -> Array:
    """Σ_{j≠i}, the rows of a matrix without its diagonal summed."""
    return np.asarray(np.where(np.eye(terms.shape[-1]), 0, terms[:, None, :]).sum(axis=-1))


def softmax_gradient(x: Array, cotangent: Array) -> Array:
    """v_i (1 - p_i) - Σ_{j≠i} p_j v_j, 1 - p_i as the sum of the other shares."""
    p = softmax(x)
    return np.asarray((p * (cotangent * rest(p) - rest(p * cotangent))).astype(x.dtype))


def log_softmax_gradient(x: Array, cotangent: Array) -> Array:
    """v_i (1 - p_i) - p_i Σ_{j≠i} v_j, likewise."""
    p = softmax(x)
    return np.asarray((cotangent * rest(p) - p * rest(cotangent)).astype(x.dtype))


TEXTBOOK = {
    "softmax_gradient": textbook_softmax_gradient,
    "log_softmax_gradient": textbook_log_softmax_gradient,
}
REMEDY = {"softmax_gradient": softmax_gradient, "log_softmax_gradient": log_softmax_gradient}
ORDINARY = ["normal", "wide", "dominant", "near_zero_dominant", "offset", "ties", "all_equal"]


@pytest.mark.parametrize("operation", TEXTBOOK)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_gradient_that_cancels_is_unstable_and_its_remedy_is_not(
    operation: str, dtype: str
) -> None:
    def found(function: Any, chosen: list[str]) -> set[str]:
        rows = testing.audit(function, operation, dtype, chosen=chosen, rows=100)
        return {row["verdict"] for row in rows}

    assert found(TEXTBOOK[operation], ["dominant"]) == {"unstable"}
    assert found(TEXTBOOK[operation], ["near_zero_dominant"]) == {"unstable"}
    assert found(REMEDY[operation], ORDINARY) <= {"correct", "conditioning"}


@pytest.mark.parametrize("operation", TEXTBOOK)
def test_a_certain_class_and_its_label(operation: str) -> None:
    x, v = np.array([[40.0, 0.0]]), np.array([[1.0, 0.0]])
    case = cases.build(operation, x, {"cotangent": v})
    lost = score.scored(case, TEXTBOOK[operation](x, v))
    assert lost.rho[0, 0] > 1e13
    assert lost.kappa[0, 0] == pytest.approx(41)
    assert score.scored(case, REMEDY[operation](x, v)).rho.max() < 2


def test_half_of_the_cotangents_are_those_of_cross_entropy() -> None:
    v = cases.draw("softmax_gradient", "float32", (6, 5), np.random.default_rng(0))["cotangent"]
    assert ((v[1::2] == -1).sum(axis=1) == 1).all()
    assert ((v[1::2] == 0).sum(axis=1) == 4).all()
    assert (v[::2] != 0).all()


def test_weights_and_scale_are_in_the_rows_that_are_scored() -> None:
    x, n = np.array([[1.0, -30.0, 2.0]], "f4"), np.array([1.0, 0.0, 3.0], "f4")
    plain = np.array([[1.0, 2.0, 2.0, 2.0]], "f4")
    for given, rows in (({"weights": n}, plain), ({"scale": 0.5}, x * np.float32(0.5))):
        case, same = cases.build("logsumexp", x, given), cases.build("logsumexp", rows, {})
        got = np.nextafter(case.certified.value.astype("f4"), np.float32(9))
        first = score.scored(case, got, algorithm="shifted")
        second = score.scored(same, got, algorithm="shifted")
        assert (first.rho, first.kappa, first.ratio) == (second.rho, second.kappa, second.ratio)
    case = cases.build("logsumexp", x, {"scale": 1e-6})
    raw = score.score(OPERATIONS["logsumexp"], x, got, case.certified, formats.of("float32"))
    assert score.scored(case, got).kappa < 1e-3 * raw.kappa


# verdict and witness


def test_an_overflow_is_shown_by_an_overflow() -> None:
    x = np.array([[-500.0, -500.0], [100.0, 0.0], [1.0, 1.0]], "f4")
    thing = subject.function(lambda x: np.log(np.exp(x).sum(axis=-1)), "logsumexp")
    row = cell.audited(thing, cases.build("logsumexp", x, {}), 4.0, None)
    assert (row["underflow"], row["overflow"], row["verdict"]) == (1, 1, "overflow")
    assert row["witness"]["got"] == "inf"


def test_a_nan_outranks_both() -> None:
    x = np.array([[-500.0, -500.0], [100.0, 0.0], [1.0, 1.0]], "f4")
    got = np.array([-np.inf, np.inf, np.nan], "f4")
    thing = subject.function(lambda x: got[[float(t) in (-500, 1) for t in x[:, 0]]], "logsumexp")
    case = cases.build("logsumexp", x, {})
    scores = score.scored(case, got)
    assert worst(scores) == [(2,)]
    row = cell.measured(thing, case, got, 4.0, None)
    assert (row["verdict"], row["witness"]["got"]) == ("special", "nan")


def test_an_ulp_gate_is_shown_by_the_largest_error_in_ulp() -> None:
    x = np.array([[0.0, -40.0], [1.0, -0.999]], "f4")
    case = cases.build("logsumexp", x, {})
    scores = score.Scores(
        error=np.array([1.0, 9.0]), rho=np.array([2.0, 1.0]), kappa=np.ones(2), ratio=None,
        wrong=np.zeros(2, np.uint8),
    )  # fmt: skip
    assert worst(scores)[0] == (0,)
    assert worst(scores, gate=4.0) == [(1,)]
    assert case.certified.value.shape == (2,)


def test_a_gate_below_the_usual_one_excuses_no_underflow_above_it() -> None:
    x = np.array([[0.0, -103.0]], "f4")  # the share is a subnormal number or two, times -102
    case = cases.build("swap_gradient", x, {"r": 1.0})
    got = np.array([[1.0, 0.0]], "f4")
    assert 2 < score.scored(case, got).rho[0, 1] < 4
    assert not score.scored(case, got).wrong.any()
    assert score.scored(case, got, gate=2.0).wrong.tolist() == [[0, score.UNDERFLOW]]


def test_the_gate_does_not_decide_what_conditioning_is() -> None:
    none = np.zeros(1, np.uint8)
    assert score.verdict(none, 0.5, 3.0, 1.0, None) == "correct"
    assert score.verdict(none, 0.5, 5.0, 1e9, None) == "conditioning"


# the judge


def spoiled(case: cases.Case, rows: Any) -> cases.Case:
    """The case with certified results one ulp off in some rows."""
    value = case.certified.value.copy()
    value[rows] = np.nextafter(value[rows].astype("f4"), np.float32(np.inf))
    return replace(case, certified=replace(case.certified, value=value))


@pytest.mark.parametrize("n", [1, 2, 60, 3000])
def test_the_row_that_is_shown_is_judged_whatever_its_length(n: int) -> None:
    x = np.random.default_rng(0).standard_normal((50, n)).astype("f4")
    case = cases.build("logsumexp", x, {})
    got = case.certified.value.astype("f4")
    assert cell.judged(case, got, 7) >= 1
    with pytest.raises(Disagreement):
        cell.judged(spoiled(case, 7), got, 7)
    left = next(i for i in range(50) if i not in {7, *cell.sample(x, got)})
    cell.judged(spoiled(case, left), got, 7)


def test_some_rows_are_judged_that_are_not_shown_and_others_for_others() -> None:
    x = np.random.default_rng(0).standard_normal((500, 10)).astype("f4")
    case = cases.build("logsumexp", x, {})
    got = case.certified.value.astype("f4")
    drawn = cell.sample(x, got)
    assert len(drawn) == cell.SAMPLED // 10
    assert drawn == cell.sample(x.copy(), got.copy())
    assert drawn != cell.sample(x, -got) != cell.sample(x + 1, -got)
    assert cell.judged(case, got, None) == len(drawn)
    with pytest.raises(Disagreement):
        cell.judged(spoiled(case, min(drawn)), got, None)


def test_a_row_too_long_to_be_judged_is_left_to_the_reference() -> None:
    x = np.zeros((2, cell.JUDGED + 1), "f4")
    case = cases.build("logsumexp", x, {})
    assert cell.judged(case, case.certified.value.astype("f4"), 0) == 0
