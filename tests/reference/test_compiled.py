"""The compiled tiers of the reference: same values as without numba, honest residuals."""

import numpy as np
import pytest

from benchmarks._hard import FAMILIES, draw
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import compiled
from lsetheory.audit.reference.judge import Disagreement, judge

pytest.importorskip("numba", reason="the compiled tiers need numba (extra fast)")


@pytest.fixture
def always(monkeypatch):
    """Compiled loops for any number of rows; returns what was settled by them."""
    calls, settle = [], compiled.settle

    def counted(*arguments):
        calls.append(settle(*arguments))
        return calls[-1]

    monkeypatch.setattr(compiled, "FROM", 0)
    monkeypatch.setattr(compiled, "settle", counted)
    return calls


def both(x, monkeypatch):
    """With and without the compiled loops."""
    with monkeypatch.context() as patch:
        patch.setattr(compiled, "FROM", 0)
        fast = reference.logsumexp(x)
    return fast, reference.logsumexp(x)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", list(formats.FORMATS))
def test_results_are_the_same_with_and_without(dtype, family, monkeypatch):
    x = draw(family, formats.of(dtype), 6 if family == "long" else 150, seed=21)
    fast, slow = both(x, monkeypatch)
    np.testing.assert_array_equal(fast.value, slow.value)
    same_tier = fast.tier == slow.tier
    special = np.isneginf(x).all(axis=1)  # the float64 tier takes these, the compiled one does not
    assert (same_tier | special).all()
    finite = np.isfinite(slow.value.astype(np.float64))
    apart = np.abs(fast.residual - slow.residual)[finite]
    assert (apart <= (fast.residual_bound + slow.residual_bound)[finite]).all()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", list(formats.FORMATS))
def test_the_judge_agrees(dtype, family, always):
    x = draw(family, formats.of(dtype), 4 if family == "long" else 40, seed=22)
    result = reference.logsumexp(x)
    assert judge("logsumexp", x, result, range(len(x))) >= len(x) * 0.6
    assert len(always) == (x.shape[1] > 1)


@pytest.mark.parametrize("dtype", list(formats.FORMATS))
def test_special_values(dtype, monkeypatch):
    inf, nan = np.inf, np.nan
    rows = [[nan, inf, 0], [0, 1, nan], [inf, -inf, 0], [-inf] * 3, [-inf, 0, 0], [0.0, -inf, -inf]]
    x = formats.of(dtype).store(np.array(rows, float))
    for block in (x, np.tile(x, 40), np.asfortranarray(np.repeat(x, 70, axis=0))):
        fast, slow = both(block, monkeypatch)
        values = (v.value.astype(np.float64) for v in (fast, slow))
        np.testing.assert_array_equal(*values)


def test_only_plain_and_large_calls_are_compiled(always):
    x = np.random.default_rng(0).standard_normal((4, 3))
    reference.pooled_lse(x, r=2.0)
    reference.softmax(x)
    assert not always
    for name, parameters in (("pooled_lse", {"r": 1.0}), ("logsumexp", {}), ("logaddexp", {})):
        reference.OPERATIONS[name](x[:, :2], **parameters)
    assert len(always) == 3


def test_small_calls_are_left_to_numpy(monkeypatch):
    monkeypatch.setattr(compiled, "settle", None)
    reference.logsumexp(np.zeros((4, 3)))


@pytest.mark.parametrize("fault", ["low", "error"])
def test_a_fault_is_noticed(fault, always, monkeypatch):
    """A lost low part, or a bound far too small on tiny results, and the judge disagrees."""
    precise = compiled.compiled.precise

    def faulty(x):
        return precise(x)._replace(**{fault: np.zeros(len(x))})

    monkeypatch.setattr(compiled.compiled, "precise", faulty)
    x = draw("normal" if fault == "low" else "subnormal", formats.of("float64"), 99, 3)
    with pytest.raises(Disagreement):
        judge("logsumexp", x, reference.logsumexp(x), range(len(x)))
