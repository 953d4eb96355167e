"""The independent judge where it is hardest to be right: results that only many bits can tell."""

import numpy as np
import pytest

from benchmarks._hard import draw
from lsetheory.audit import formats, reference
from lsetheory.audit.reference.judge import Disagreement, judge

FORMATS = list(formats.FORMATS)


def subnormal_terms(dtype, rows=12):
    """A subnormal largest entry, of either sign, and others whose exp is about as small."""
    return draw("subnormal", formats.of(dtype), rows, seed=3, n=4)


@pytest.mark.parametrize("operation", ["log_softmax", "log_softmax_gradient", "softmax"])
@pytest.mark.parametrize("dtype", FORMATS)
def test_subnormal_terms_are_judged(dtype, operation):
    x = subnormal_terms(dtype)
    result = reference.OPERATIONS[operation](x)
    assert judge(operation, x, result, range(len(x))) == x.size


def test_log_softmax_of_a_subnormal_term_is_known_by_hand():
    """x - log(exp(x) + exp(-a)) = -log1p(exp(-a - x)), here -exp(-a) up to a part in 10**310."""
    a = 715.25
    x = np.array([[3 * 5e-324, -a], [-7e-310, -a], [5e-324, -1e300]])
    value = reference.log_softmax(x).value[:, 0]
    assert value[:2] == pytest.approx(-np.exp(-a), rel=1e-13, abs=0)
    assert value[2] == 0
    judge("log_softmax", x, reference.log_softmax(x), range(3))


@pytest.mark.parametrize("fault", ["the term itself", "zero", "one step"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_planted_errors_in_subnormal_results_are_noticed(dtype, fault):
    """Evaluated with too few bits, x - log(exp(x) + t) is x: the fault `the term itself`."""
    x = subnormal_terms(dtype)
    result = reference.log_softmax(x)
    top = (np.arange(len(x)), x.argmax(axis=1))
    row = int(np.argmax(np.abs(result.value[top])))
    near = np.nextafter(result.value[top][row], x.dtype.type(1))
    wrong = {"the term itself": x[top][row], "zero": 0.0, "one step": near}
    result.value[row, top[1][row]] = wrong[fault]
    with pytest.raises(Disagreement, match="mpmath says"):
        judge("log_softmax", x, result, [row])


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("operation", ["softmax_gradient", "log_softmax_gradient"])
def test_cotangents_of_any_size(dtype, operation):
    """Also where the row has -inf and the result is the cotangent, rounded."""
    rng = np.random.default_rng(0)
    x = draw("equal", formats.of(dtype), 20, seed=3, n=5)
    v = rng.standard_normal(x.shape) * 10.0 ** rng.uniform(-290, 290, x.shape)
    result = reference.OPERATIONS[operation](x, cotangent=v)
    assert judge(operation, x, result, range(20), cotangent=v) > 0


@pytest.mark.parametrize("r", [1e-300, 1e200])
@pytest.mark.parametrize("operation", ["pooled_lse", "swap", "swap_gradient"])
def test_rates_of_any_size(operation, r):
    x = draw("normal", formats.of("float64"), 3, seed=3, n=3)
    result = reference.OPERATIONS[operation](x, r=r)
    assert judge(operation, x, result, range(3), r=r) > 0
