"""The geometry under the proofs: the cones cover everything and the network is linear on each."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu.networks import cones, maxima
from lsetheory.relu.networks.build import HiddenLayer, assemble, variables
from lsetheory.relu.networks.exact import settle, sup_error
from lsetheory.relu.networks.network import Network, affine, combine, compose
from lsetheory.relu.networks.slim import kinks, row_basis, slim

NETWORKS = {
    "five": maxima.max_of_five(),
    "near 3": maxima.near_maximum(3, Fraction(7, 3)),
    "tournament 3": maxima.tournament(3),
}


@pytest.fixture(scope="module", params=NETWORKS)
def cut(request):
    network = NETWORKS[request.param]
    return network, cones.cut_cones(network, cones.sorted_cones(network.inputs))


def test_cut_cones_cover_all_of_space_without_overlap(cut):
    network, found = cut
    inverses = np.linalg.inv(found.astype(float))
    for x in np.random.default_rng(2).normal(size=(200, network.inputs)):
        shares = np.einsum("j,njk->nk", x, inverses)
        assert (shares > 0).all(axis=1).sum() == 1


def test_the_network_is_linear_on_every_cut_cone(cut):
    network, found = cut
    for rays in found[:: max(1, len(found) // 60)]:
        points = [[Fraction(int(v)) for v in ray] for ray in rays]
        inside = [sum((i + 1) * v for i, v in enumerate(vs)) for vs in zip(*points, strict=True)]
        values = [network.exact(p)[0] for p in points]
        assert network.exact(inside)[0] == sum((i + 1) * v for i, v in enumerate(values))


def test_sorted_cones_are_sorted():
    found = cones.sorted_cones(4)
    assert found.shape == (48, 4, 4)
    orders = set()
    for rays in found[::2]:
        inside = rays.sum(axis=0)
        orders.add(tuple(np.argsort(-inside)))
        assert sorted(inside) == [1, 2, 3, 4]
    assert orders == set(permutations(range(4)))


def test_a_sign_change_between_nested_sets_is_seen():
    points = cones.zero_one_points(3)
    keeps = affine([{0: Fraction(1), 1: Fraction(-1)}], 3)
    turns = affine([{0: Fraction(1), 1: Fraction(-2), 2: Fraction(1)}], 3)
    leans = affine([{0: Fraction(1), 1: Fraction(-1), 2: Fraction(1)}], 3)
    last = affine([{0: Fraction(1)}], 1)
    assert cones.keeps_signs(Network((keeps, last)), points)
    assert not cones.keeps_signs(Network((turns, last)), points)
    assert not cones.keeps_signs(Network((leans, last)), points)


def test_a_carried_value_is_no_kink():
    layer = HiddenLayer()
    carried = layer.carry({0: Fraction(1), 1: Fraction(1)})
    network = assemble(2, [layer], [carried])
    assert kinks(*network.layers) == {}
    assert slim(network) == network


def test_symmetry_is_seen_and_its_lack_too():
    assert cones.is_symmetric(maxima.max_of_six())
    assert cones.is_symmetric(maxima.near_maximum(4, 3))
    assert cones.is_symmetric(maxima.tournament(2))
    assert not cones.is_symmetric(maxima.tournament(4))
    assert not cones.is_symmetric(maxima.max_of_five())
    near = maxima.near_maximum(3, 5)
    last = near.layers[-1]
    heavier = [{**last.rows[0], 0: last.rows[0][0] * 2}]
    assert not cones.is_symmetric(Network((*near.layers[:-1], affine(heavier, last.fan_in))))


@pytest.mark.parametrize("scale", [Fraction(10**40), Fraction(1, 10**40), Fraction(10**20, 3)])
def test_weights_beyond_float_integers_are_exact(scale):
    x = variables(5)
    stretched = assemble(5, [], [combine((scale, form)) for form in x])
    shrunk = assemble(1, [], [{0: 1 / scale}])
    for network in (maxima.max_of_five(), maxima.tournament(5)):
        same = compose(compose(stretched, network), shrunk)
        assert settle(same).equal
        off = compose(compose(stretched, network), assemble(1, [], [{0: 1 / scale + 1 / scale**3}]))
        assert not settle(off).equal


def test_too_many_cones_are_refused(monkeypatch):
    monkeypatch.setattr(cones, "LIMIT", 100)
    with pytest.raises(InputError, match="at most 100 cones"):
        settle(maxima.max_of_five())


def test_too_many_inputs_are_refused():
    with pytest.raises(InputError, match="at most 12 inputs, got 13"):
        settle(maxima.tournament(13))
    with pytest.raises(InputError, match="9 inputs have more"):
        settle(maxima.shallow(9))
    with pytest.raises(InputError, match="9 inputs have more"):
        sup_error(maxima.shallow(9))


def test_row_basis_gives_back_the_forms():
    forms = [{0: Fraction(1), 1: Fraction(2)}, {1: Fraction(1)}, {0: Fraction(3)}, {}]
    basis, coordinates = row_basis(forms)
    assert len(basis) == 2
    for form, parts in zip(forms, coordinates, strict=True):
        assert combine(*((w, basis[i]) for i, w in parts.items())) == form
