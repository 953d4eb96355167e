"""Results beside a midpoint that no precision in reach resolves, and the signs that decide them."""

from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from lsetheory.audit import formats, reference
from lsetheory.audit.reference import signs
from lsetheory.audit.reference.certified import beside
from lsetheory.audit.reference.row import Parameters

FAR = -1e5  # exp of it is below 2**-144000
LONG_AGO = 2 * FAR

#: Weights, entries 1 + k ulp by their k, and the k of the result.
BESIDE = [
    ((0, 0), (2, 1), 2),  # the midpoint itself: to even
    ((0, 0, FAR), (2, 1, 0), 1),
    ((FAR, 0, 0), (7, 1, 0), 1),
    ((FAR, 0, 0), (7, 2, 1), 2),
    ((FAR, 0, 0, FAR), (3, 2, 1, 0), 2),  # both groups have the same mean: still the midpoint
    ((FAR, 0, 0, FAR, LONG_AGO), (3, 2, 1, 0, -1), 1),
    ((LONG_AGO, FAR, 0, 0, FAR), (9, 3, 2, 1, 0), 2),
]


@pytest.mark.parametrize(("weights", "k", "expected"), BESIDE)
@pytest.mark.parametrize("dtype", formats.FORMATS)
def test_ordinal_beside_a_midpoint(dtype, weights, k, expected):
    fmt = formats.of(dtype)
    x = fmt.store(np.array([1 + 2 * fmt.u * np.array(k)]))
    result = reference.ordinal(x, weights=list(weights))
    assert float(result.value[0]) == 1 + 2 * fmt.u * expected
    assert abs(result.residual[0]) == 0.5


@pytest.mark.parametrize(("far", "units"), [(-9.0, 2), (9.0, 0), (-1.0, 2), (1.0, 0)])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_gradient_of_softmax_beside_a_midpoint(dtype, far, units):
    """(v_0 - v_1)/4 is 1 + half an ulp; a share of exp(-10**5) lifts it where v_2 < v_1."""
    fmt = formats.of(dtype)
    v = np.array([[4 * (1 + fmt.u), 0.0, far]])
    x = fmt.store(fmt.nearest(np.array([[0.0, 0.0, FAR if fmt.emax > 15 else -65504.0]])))
    value = reference.OPERATIONS["softmax_gradient"](x, cotangent=v).value
    assert float(value[0, 0]) == 1 + units * fmt.u


def test_beside_a_midpoint_below_a_power_of_two():
    """There the gap is half as wide: 1 - u/2 lies between 1 - u and 1."""
    fmt = formats.of("bfloat16")
    middle = Fraction(1) - Fraction(fmt.u) / 2
    for side, value in ((-1, 1 - fmt.u), (0, 1.0), (1, 1.0)):
        with ctx.workprec(4000):
            found = beside(arb(float(middle)), fmt, lambda m, side=side: side)
        assert found.value == value


FORMS = ["lse", "softmax", "log_softmax", "swap", "swap_gradient", "softmax_gradient",
         "log_softmax_gradient", "ordinal"]  # fmt: skip
OPERATION = {"lse": "pooled_lse"}


@pytest.mark.parametrize("form", FORMS)
def test_comparisons_agree_with_the_certified_values(form):
    """Each result lies above its own value less an ulp, below it plus one, as its residual says."""
    x = np.random.default_rng(3).standard_normal((6, 4)).round(2)
    v = np.random.default_rng(4).standard_normal((6, 4))
    weights = (0.5, -1.0, 2.0)
    operation = OPERATION.get(form, form)
    keywords = {"softmax_gradient": {"cotangent": v}, "log_softmax_gradient": {"cotangent": v},
                "ordinal": {"weights": weights}}.get(form, {})  # fmt: skip
    result = reference.OPERATIONS[operation](x, **keywords)
    value, residual = (a.reshape(6, -1) for a in (result.value, result.residual))
    for i, row in enumerate(x.tolist()):
        given = Parameters(4, weights=weights, cotangent=tuple(v[i]))
        for place, exact in enumerate(value[i]):
            compare = partial(getattr(signs, form), row, given, place)
            ulp = Fraction(abs(float(exact))) / 2**50
            for step, expected in ((-ulp, 1), (ulp, -1), (0, np.sign(residual[i, place]))):
                assert signs.sign(compare(Fraction(float(exact)) + step)) == expected


def test_signs_of_sums():
    half = Fraction(1, 2)
    assert signs.sign([(half, half), (half, -half)]) == 0
    assert signs.sign([(Fraction(-(10**6)), Fraction(-1))]) == -1
    tiny = Fraction(1, 2**900)  # exp(tiny) - 1 - tiny = tiny**2 / 2
    assert signs.sign([(tiny, Fraction(1)), (Fraction(0), -1 - tiny)]) == 1
    rng = np.random.default_rng(0)
    for _ in range(20):
        terms = [(Fraction(float(a)), Fraction(float(c))) for a, c in rng.standard_normal((5, 2))]
        with mpmath.workprec(100):
            total = mpmath.fsum(mpmath.exp(float(a)) * float(c) for a, c in terms)
        assert signs.sign(terms) == mpmath.sign(total)
