"""A claim's bound as a function, and its derivative in balls."""

import numpy as np
import pytest

from lsetheory.proof import exp, log, real
from lsetheory.proof.balls import Undefined, compare, enclose, slope
from lsetheory.proof.evaluate import value
from lsetheory.proof.terms import inv, term
from lsetheory.proofs import pooled_bounds

t = real("t")


def test_bounds_of_a_claim_on_arrays():
    r = np.array([0.5, 1.0, 2.0])
    point = {"n": 3, "r": r, "x": [0.0, 1.0, 3.0]}
    lower, y = (value(side, point) for side in pooled_bounds.CLAIM.parts["lower"].args)
    np.testing.assert_allclose(lower, 3 - np.log(3) / r, rtol=1e-15)
    terms = np.exp(np.multiply.outer(r, [0.0, 1.0, 3.0]))
    np.testing.assert_allclose(y, np.log(terms.mean(axis=1)) / r, rtol=1e-14)


def test_slope_is_the_derivative():
    body = term("bound", 0, "real")
    assert slope(exp(body) * body, 1, {}, 100).overlaps(2 * enclose(exp(1), {}, 100))


@pytest.mark.parametrize("t_", [0, 2])
def test_undefined(t_):
    with pytest.raises(Undefined):
        compare("lt", inv(t * (t - 2)), log(t), {"t": t_})
