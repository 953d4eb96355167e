"""A claim's bound as a function, and its derivative in balls."""

import numpy as np
import pytest

from lsetheory import pooling
from lsetheory.proof import descending, exp, index_map, log, nat, ordinal, real, swap, vector
from lsetheory.proof.kernel.evaluate import Undefined
from lsetheory.proof.kernel.balls import compare, enclose, slope
from lsetheory.proof.kernel.evaluate import value
from lsetheory.proof.kernel.terms import inv, term
from lsetheory.proof.truth import truth
from lsetheory.proofs import pooled_bounds

t = real("t")
n, x, w, s = nat("n"), vector("x"), vector("w"), index_map("s")


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


def test_claims_speak_of_the_operators_of_the_library():
    """Ordinal pooling and SWAP as terms are those of lsetheory.pooling."""
    entries, logits = np.array([0.5, -2.0, 3.0, 3.0]), np.array([0.0, 1.0, -1.0])
    point = {"n": 4, "x": entries, "s": [2, 3, 0, 1], "w": pooling.softmax(logits)}
    pooled = value(ordinal(3, w, s, lambda i: x[i]), point)
    np.testing.assert_allclose(pooled, pooling.ordinal(entries, logits, 3), rtol=1e-15)
    average = value(swap(n, 2, lambda i: x[i]), point)
    np.testing.assert_allclose(average, pooling.swap(entries, 2), rtol=1e-15)


@pytest.mark.parametrize(
    ("order", "holds"),
    [([2, 3, 0, 1], True), ([3, 2, 0, 1], True), ([2, 3, 1, 0], False), ([2, 2, 0, 1], False)],
)
def test_descending_is_a_sorted_order_with_every_index_once(order, holds):
    point = {"n": 4, "x": [0.5, -2.0, 3.0, 3.0], "s": order}
    assert all(truth(f, point) for f in descending(n, s, lambda i: x[i])) is holds
