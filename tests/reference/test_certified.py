"""The certified reference against mpmath, on every hard family, format and operation."""

import re

import numpy as np
import pytest

from benchmarks._hard import FAMILIES, draw
from lsetheory.audit import formats, reference
from lsetheory.audit.reference import tiers
from lsetheory.audit.reference.judge import Disagreement, judge
from lsetheory.errors import InputError

FORMATS = list(formats.FORMATS)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_logsumexp_is_correctly_rounded(dtype, family):
    x = draw(family, formats.of(dtype), 4 if family == "long" else 40, seed=11)
    result = reference.logsumexp(x)
    assert judge("logsumexp", x, result, range(len(x))) >= len(x) * 0.6
    assert result.value.dtype == formats.of(dtype).dtype
    assert (np.abs(result.residual) <= 0.5).all()
    assert (result.residual_bound <= tiers.GOOD).all()


CALLS = [
    ("softmax", {}), ("log_softmax", {}), ("logsumexp_gradient", {}), ("softmax_gradient", {}),
    ("log_softmax_gradient", {}), ("ordinal", {}), ("ordinal", {"pool_range": 2}),
    ("ordinal", {"weights": [2.0, -1.0, 2.0]}), ("ordinal_gradient", {"weights": [3.0, 1.0]}),
    *[(name, {"r": r}) for r in (-2.5, 1e-20, np.inf, -np.inf, 30.0)
      for name in ("pooled_lse", "swap", "pooled_lse_gradient", "swap_gradient")],
    *[("pooled_lse", {"r": r, "form": "mean"}) for r in (0.0, 1e-300, 1.0, -7.0)],
    ("swap", {"r": 0.0}), ("swap_gradient", {"r": 0.0}),
]  # fmt: skip


def mixed(dtype, rows=10, n=5, seed=2):
    """Small rows with ties, constants, tiny numbers, far entries and -inf among them."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, n)) * rng.choice([0.01, 1.0, 30.0], (rows, 1))
    x[0, 2], x[1], x[2, :3], x[3, 1:] = -np.inf, x[1, 0], x[2, 0], -1e4
    x[4] *= 1e-30
    fmt = formats.of(dtype)
    return fmt.store(fmt.nearest(x))


@pytest.mark.parametrize(("operation", "parameters"), CALLS, ids=str)
@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
def test_every_operation(dtype, operation, parameters):
    x = mixed(dtype)
    if operation in ("softmax_gradient", "log_softmax_gradient"):
        v = np.random.default_rng(1).integers(-2, 3, x.shape)
        parameters = {"cotangent": v}
    result = reference.OPERATIONS[operation](x, **parameters)
    assert judge(operation, x, result, range(len(x)), **parameters) > 0


@pytest.mark.parametrize("operation", ["logaddexp", "logaddexp_gradient"])
def test_two_entries(operation):
    x = draw("dominant", formats.of("float32"), 20, seed=1, n=2)
    judge(operation, x, reference.OPERATIONS[operation](x), range(20))


def test_all_tiers_are_used():
    x = np.array([[1.0, 2.0], [-np.log(2.0), -np.log(2.0)], [1e-30, -80.0]], np.float32)
    assert reference.logsumexp(x).tier.tolist() == [0, 1, 2]


def test_gradients_are_derivatives():
    """Divided differences of the certified values themselves, at step 2**-20."""
    x, step = mixed("float64")[5:], 2.0**-20
    for operation, parameters in CALLS:
        if operation.endswith("_gradient") and operation[:-9] in ("swap", "pooled_lse", "ordinal"):
            scalar = reference.OPERATIONS[operation[:-9]]
            near = [scalar(x + s * np.eye(5)[2], **parameters).value for s in (step, -step)]
            slope = (near[0] - near[1]) / (2 * step)
            gradient = reference.OPERATIONS[operation](x, **parameters).value[:, 2]
            if 1e-3 < abs(parameters.get("r", 1.0)) < 10:
                assert slope == pytest.approx(gradient, abs=1e-6)


def test_a_midpoint_with_an_infinitesimal_behind_it():
    """log_softmax of (0, -a) is -a - log1p(exp(-a)): just beyond the midpoint that -a is."""
    a = 2.0**40 + 2.0**16  # in bfloat16 sums, halfway between two numbers
    x = formats.of("bfloat16").store(np.array([[2.0**16, -(2.0**40)], [2.0**40, -(2.0**32)]]))
    result = reference.log_softmax(x)
    assert float(result.value[1, 1]) == -(2.0**40 + 2.0**33)
    assert result.residual[1, 1] == 0.5
    assert float(result.value[0, 1]) == -(2.0**40)
    assert result.residual[0, 1] == pytest.approx(-(a - 2.0**40) / 2.0**33)


@pytest.mark.parametrize("fault", ["value", "residual", "bound"])
def test_the_judge_notices(fault):
    x = draw("normal", formats.of("float32"), 5, seed=4)
    result = reference.logsumexp(x)
    if fault == "value":
        result.value[3] = np.nextafter(result.value[3], np.float32(9))
    elif fault == "residual":
        result.residual[3] += 2.0**-19
    else:
        result.residual_bound[3] = 0.0
        result.residual[3] += 2.0**-60
    with pytest.raises(Disagreement, match="mpmath says"):
        judge("logsumexp", x, result, range(5))


@pytest.mark.parametrize(("call", "message"), [
    (lambda x: reference.certify("lse", x), "expected one of logsumexp.*got 'lse'"),
    (lambda x: reference.logsumexp(x.astype(int)), "got int64; convert first"),
    (lambda x: reference.logsumexp(x[0]), r"expected x of shape \(rows, n\)"),
    (lambda x: reference.logaddexp(x), "expected rows of 2, got 3; use logsumexp"),
    (lambda x: reference.softmax(x, r=2.0), "expected parameters none, got r"),
    (lambda x: reference.pooled_lse(x, r=np.nan), "expected a real r"),
    (lambda x: reference.pooled_lse(x, r=0.0), 'pass form="mean"'),
    (lambda x: reference.pooled_lse(x, form="max"), 'expected form "sum" or "mean"'),
    (lambda x: reference.ordinal(x, pool_range=4), "got pool_range = 4"),
    (lambda x: reference.ordinal(x, weights=[np.inf]), "expected finite weights"),
    (lambda x: reference.OPERATIONS["softmax_gradient"](x, cotangent=[1.0]), "finite cotangent"),
    (lambda x: reference.logsumexp(x.tolist()), "a numpy array, got list; pass numpy.asarray"),
    (lambda x: reference.swap(np.ma.ones((2, 3))), "without a mask, got a masked array; pass x.f"),
])  # fmt: skip
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call(np.zeros((2, 3)))


#: operation, parameter, a value of the wrong kind, the message from "expected" on
WRONG_KIND = [
    *[("swap", "r", value, f"r to be a real number, got {got}; pass floats")
      for value, got in ((None, "None"), ("1", "'1'"), (1j, "1j"), ([2.0], "[2.0]"))],
    *[("ordinal", "weights", value, f"weights to be a list of real numbers, got {got}; pass floats")
      for value, got in (("ab", "'ab'"), (["1"], "['1']"), (2.0, "2.0"), ([[1], [1, 2]],) * 2,
                         (np.ma.ones(2), "masked_array(...l_value=1e+20)"))],
    *[("ordinal", "pool_range", value, f"an integer pool_range, got {value!r}; pass an int")
      for value in (1.5, True, "2", None)],
    *[("log_softmax_gradient", "cotangent", value,
       f"a finite cotangent of shape (2, 3), got {got}; pass")
      for value, got in (("v", "'v'"), (None, "None"), (np.full((2, 3), np.inf), "shape (2, 3)"),
                         (np.ma.ones((2, 3)), "masked_array(...l_value=1e+20)"))],
    ("pooled_lse", "form", np.array(["sum"]), "form \"sum\" or \"mean\", got array(['sum']"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "name", "value", "message"), WRONG_KIND, ids=str)
def test_parameters_of_the_wrong_kind_are_named(operation, name, value, message):
    with pytest.raises(InputError, match=re.escape(f"{operation}: expected {message}")):
        reference.certify(operation, np.zeros((2, 3)), **{name: value})
