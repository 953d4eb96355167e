"""The recursion: as few layers as it promises, the maximum by substitution and at exact points."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from lsetheory.relu.networks import maxima, recursion
from lsetheory.relu.networks.build import HiddenLayer, assemble, variables
from lsetheory.relu.networks.exact import Verdict, settle
from lsetheory.relu.networks.network import compose, part


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6, 7, 8, 13])
def test_networks_have_their_depth_and_are_the_maximum(d):
    network = recursion.recursive(d)
    assert network.depth == maxima.depth_rows([d])[0]["pairs"]
    assert recursion.settle_recursive(d).equal
    x = np.random.default_rng(d).normal(size=(200, d))
    np.testing.assert_allclose(network(x), x.max(1), atol=1e-13)
    point = [Fraction((5 * i + 3) % (d + 2), 7) - 1 for i in range(d)]
    assert network.exact(point) == [max(point)]


@pytest.mark.parametrize(("layers", "largest"), [(1, 2), (2, 6), (3, 18), (4, 54), (5, 162)])
def test_reach_grows_threefold_a_layer_and_beats_the_known_bounds(layers, largest):
    within, beyond = maxima.depth_rows([largest, largest + 1])
    assert (within["pairs"], beyond["pairs"]) == (layers, layers + 1)
    assert within["pairs"] <= min(within["stages"], within["tournament"])
    assert within["subdivision"] is None or within["pairs"] <= within["subdivision"]
    assert recursion.settle_recursive(largest).equal


def test_six_is_its_pairs_maxima_followed_by_the_network_of_pairs():
    low, x = HiddenLayer(), variables(6)
    maxima_of_two = [low.shared_maximum(x[i], x[j]) for i, j in combinations(range(6), 2)]
    pairs = assemble(6, [low], maxima_of_two)
    for i, pair in enumerate(combinations(range(6), 2)):
        block, used = part(pairs, i)
        assert used == pair
        assert settle(block).equal
    assert compose(pairs, maxima.six_of_pairs()) == maxima.max_of_six()


def test_a_refuted_part_refutes_the_whole(monkeypatch):
    refuted = Verdict(False, "points", 0, (Fraction(1),))
    monkeypatch.setattr(recursion, "settle", lambda network: refuted)
    recursion.settle_recursive.cache_clear()
    assert recursion.settle_recursive(18) == refuted
    recursion.settle_recursive.cache_clear()
