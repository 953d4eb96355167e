"""Array tiers of averages and shares: bounds that hold, and that are noticed if they do not."""

import numpy as np
import pytest

from benchmarks._hard import FAMILIES, draw
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import averages, narrow
from lsetheory.audit.reference.certified import DOUBLE_DOUBLE, PIPELINE
from lsetheory.audit.reference.judge import Disagreement, judge
from lsetheory.faithful.doubledouble import DD

WEIGHTS = [0.5, -1.25, 0.0, 0.5]


def keywords(operation, shape):
    """One set of keywords for an operation."""
    if operation == "ordinal":
        return {"weights": WEIGHTS}
    if operation.startswith("swap"):
        return {"r": -2.5}
    return {"cotangent": np.random.default_rng(4).standard_normal(shape)}


OPERATIONS = ["swap", "swap_gradient", "ordinal", "softmax_gradient", "log_softmax_gradient"]


@pytest.mark.parametrize("family", [f for f in FAMILIES if f not in ("single", "long")])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_double_double_certifies_is_right(operation, family):
    for dtype in ("bfloat16", "float64"):
        x = draw(family, formats.of(dtype), 30, seed=5, n=5)
        given = keywords(operation, x.shape)
        result = reference.OPERATIONS[operation](x, **given)
        assert judge(operation, x, result, range(len(x)), **given) > 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_ordinary_rows_need_no_arb(operation, dtype):
    for n in (5, 70):  # both layouts of blocks
        x = draw("normal", formats.of(dtype), 300, seed=2, n=n)
        result = reference.OPERATIONS[operation](x, **keywords(operation, x.shape))
        rows = result.tier.reshape(300, -1).max(axis=1)
        assert (rows <= DOUBLE_DOUBLE).mean() > 0.7
        assert (result.residual_bound <= 2.0**-20).all()


def test_long_rows():
    x = draw("long", formats.of("float64"), 2, seed=2)
    result = reference.swap(x, r=0.5)
    assert (result.tier == DOUBLE_DOUBLE).all()
    assert judge("swap", x, result, range(2), r=0.5) == 2


def test_equal_entries_and_equal_cotangents_are_exact():
    x = np.full((3, 4), 0.1)
    assert averages.swap(x).high.tolist() == [0.1] * 3
    found = averages.softmax_gradient(np.array([[1.0, 0.3, -2.0]]), np.full((1, 3), 0.7))
    assert found.high.tolist() == [[0.0] * 3]
    assert found.error.tolist() == [[0.0] * 3]


def test_rows_out_of_reach_are_left_to_arb():
    x = np.array([[np.nan, 0.0], [np.inf, 0.0], [1e300, 0.0], [-np.inf, -np.inf]])
    v = np.array([[1e300, 0.0]] * 4)
    for found in (
        averages.swap(x), averages.swap_gradient(x), averages.ordinal(x, (0.0, 1.0)),
        averages.softmax_gradient(x, v), averages.log_softmax_gradient(np.zeros((4, 2)), v),
    ):  # fmt: skip
        assert np.isinf(found.error).all()


FAULTS = {
    "bound too small": ("_SLACK", 2.0**-40),
    "low parts dropped": ("dd.total", lambda t, axis: DD(
        t.high.sum(axis=axis, keepdims=True), np.zeros(1))),
    "no error of the average": ("_average", lambda p, z, axis, floor: averages._Average(
        DD((p.high * z.high).sum(axis=axis, keepdims=True), np.zeros(1)), np.zeros(1))),
}  # fmt: skip


@pytest.mark.parametrize("operation", ["swap", "swap_gradient", "softmax_gradient", "ordinal"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(monkeypatch, fault, operation):
    x = draw("normal", formats.of("float64"), 60, seed=5, n=5)
    given = keywords(operation, x.shape)
    name, wrong = FAULTS[fault]
    monkeypatch.setattr(f"lsetheory.audit.reference.averages.{name}", wrong)
    result = reference.OPERATIONS[operation](x, **given)
    with pytest.raises(Disagreement, match="mpmath says"):
        judge(operation, x, result, range(len(x)), **given)


def dominated(rows=40):
    """One entry 7 to 600 above the others."""
    rng = np.random.default_rng(8)
    x = rng.standard_normal((rows, 4)) - rng.uniform(8, 600, (rows, 1))
    x[:, 2] = 0.25
    return x


def test_log_softmax_of_a_dominant_entry_needs_no_arb():
    x = dominated()
    result = reference.log_softmax(x)
    assert (result.tier == DOUBLE_DOUBLE).mean() > 0.95
    assert judge("log_softmax", x, result, range(len(x))) == x.size
    assert (result.residual_bound <= 2.0**-20).all()


@pytest.mark.parametrize("third", [(1 / 3, 0.0), (1 / 3 + 2.0**-20, 0.0)])
def test_a_planted_fault_in_log1p_is_noticed(monkeypatch, third):
    """1/3 without its low part, or a wrong one."""
    x = np.linspace(-6.4, -9.0, 40)[:, None] * [1.0, 0.0]
    monkeypatch.setattr("lsetheory.audit.reference.tails._THIRD", third)
    result = reference.log_softmax(x)
    with pytest.raises(Disagreement, match="mpmath says"):
        judge("log_softmax", x, result, range(len(x)))


@pytest.mark.parametrize("operation", ["swap", "softmax"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_short_formats_are_mostly_settled_in_float64(dtype, operation):
    x = draw("normal", formats.of(dtype), 200, seed=2, n=6)
    x[::7, 3], x[::9] = -np.inf, np.nan
    result = reference.OPERATIONS[operation](x)
    assert (result.tier == PIPELINE).mean() > 0.6
    assert judge(operation, x, result, range(len(x))) > 0
    assert np.isnan(np.asarray(result.value[0], float)).all()


@pytest.mark.parametrize("operation", ["swap", "softmax"])
def test_a_planted_fault_in_float64_is_noticed(monkeypatch, operation):
    """A bound 2**-12 of what it should be."""
    monkeypatch.setattr(narrow, "_SLACK", 2.0**-12)
    x = draw("normal", formats.of("float32"), 200, seed=2, n=6)
    result = reference.OPERATIONS[operation](x)
    with pytest.raises(Disagreement, match="mpmath says"):
        judge(operation, x, result, range(len(x)))
