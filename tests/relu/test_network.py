"""Networks: sizes, exact and float evaluation, and what they are proved to compute."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks import maxima
from lsetheory.relu.networks.build import HiddenLayer, assemble, variables
from lsetheory.relu.networks.exact import (
    estimator_target,
    maximum,
    mean_square,
    settle,
    settle_stages,
    sup_error,
)
from lsetheory.relu.networks.network import Layer, Network, affine, combine, compose, part
from lsetheory.relu.networks.slim import slim
from lsetheory.relu.networks.subpools import plan, subpool_network
from lsetheory.relu.residual import residual

MAXIMA = {
    **{f"tournament {d}": maxima.tournament(d) for d in (1, 2, 3, 5, 6, 8)},
    "five": maxima.max_of_five(),
    "six": maxima.max_of_six(),
    "shallow 4": maxima.shallow(4),
}

ESTIMATORS = [
    (d, ranks) for d in (2, 3, 4, 5) for n in range(d) for ranks in combinations(range(1, d), n)
] + [(6, (1, 5)), (7, (2, 5, 6)), (8, (1, 7)), (4, (1, 2, 4))]


@pytest.mark.parametrize("name", MAXIMA)
def test_networks_of_the_maximum_are_proved(name):
    verdict = settle(MAXIMA[name])
    assert verdict.equal
    assert verdict.row()["witness"] is None


@pytest.mark.parametrize("name", ["tournament 5", "tournament 8", "five", "six"])
def test_slim_is_narrower_and_the_same_function(name):
    network = MAXIMA[name]
    small = slim(network)
    assert all(s <= n for s, n in zip(small.widths, network.widths, strict=True))
    assert small.depth == network.depth
    if name != "six":  # renaming inputs does not only rename its neurons: too many cones for a test
        assert settle(small).equal


@pytest.mark.parametrize(("d", "ranks"), ESTIMATORS)
def test_subpool_networks_are_their_estimators_on_all_of_space(d, ranks):
    found = minimax(d, ranks)
    network = subpool_network(found)
    assert settle(network, estimator_target(found)).equal
    assert settle(slim(network), estimator_target(found)).equal
    largest = max([r for r, beta in found.coefficients.items() if r and beta], default=1)
    assert network.depth == (largest - 1).bit_length()


def test_named_widths():
    assert subpool_network(minimax(5, (0, 1, 4))).widths == (26, 22)
    assert subpool_network(minimax(5, (0, 1, 4))).parameters == 6 * 26 + 27 * 22 + 23
    assert maxima.max_of_five().widths == (17, 11)
    assert maxima.max_of_six().depth == 2
    assert maxima.near_maximum(4, 10).widths == (4 * 5, 8)
    assert maxima.tournament(8).widths == (16, 8, 4)


def published_widths(d, ranks):
    """Widths of the published construction, counted from its description: every subset of a level
    is cut into first and last parts of one size, one average is carried for each rank made below.
    """
    level = lambda r: (r - 1).bit_length()  # noqa: E731
    terms = sorted({1, *ranks})
    done = False
    while not done:  # add halves until each rank is at most twice a rank of a lower level
        done = True
        for r in terms[::-1]:
            cut = 2 ** (level(r) - 1) if r > 1 else 1
            if r > 1 and 2 * max(t for t in terms if t <= cut) < r:
                terms, done = sorted({*terms, -(-r // 2)}), False
                break
    depth, passed, widths = level(max(ranks)), set(), []
    for at in range(depth, 0, -1):
        own = {s for r in ranks if level(r) == at for s in combinations(range(d), r)}
        size = max(t for t in terms if level(t) == at - 1)
        carried = sum(level(r) < at for r in ranks)
        widths.append(4 * len(own | passed) + 2 * carried)
        passed = {p for s in own | passed for p in (s[:size], s[-size:])}
    return tuple(widths[::-1])


@pytest.mark.parametrize("d", [4, 5, 6, 7])
def test_no_layer_is_wider_than_the_published_construction(d):
    assert published_widths(5, (1, 4)) == (26, 22)
    for n in range(1, d):
        for ranks in combinations(range(2, d), n - 1):
            found = minimax(d, (1, *ranks))
            if all(found.coefficients[r] for r in found.ranks):
                widths = subpool_network(found).widths
                published = published_widths(d, (1, *ranks))
                assert all(w <= p for w, p in zip(widths, published, strict=True)), ranks


@pytest.mark.parametrize("d", [4, 5, 8, 9, 17, 26, 40])
def test_maxima_a_layer_for_0_1_d_minus_1_in_closed_form(d):
    """With h = 2^{L−l}, L = ⌈log₂(d−1)⌉: h(1 + ⌈(d−1)/h⌉) maxima in layer l > 1 (appendix E)."""
    depth = (d - 2).bit_length()
    halves = [2 ** (depth - layer) for layer in range(2, depth + 1)]
    sizes = [1 << (d - 2).bit_length() - 1, *halves]
    expected = [sizes[0] + d - 1, *(h * (1 + -(-(d - 1) // h)) for h in halves)]
    assert [len(level.subsets) for level in plan(d, (1, d - 1))[1:]] == expected


def wrong_weight(network):
    """The same network with one weight of its first layer off by one thousandth."""
    first = network.layers[0]
    row = dict(first.rows[0])
    j = min(row)
    row[j] += Fraction(1, 1000)
    changed = replace(first, rows=(row, *first.rows[1:]))
    return Network((changed, *network.layers[1:]))


@pytest.mark.parametrize("name", ["tournament 3", "tournament 8", "five", "six"])
def test_a_wrong_weight_is_refuted_with_a_witness(name):
    broken = wrong_weight(MAXIMA[name])
    verdict = settle(broken)
    assert not verdict.equal
    assert broken.exact(verdict.witness)[0] != max(verdict.witness)


def test_a_wrong_target_is_refuted():
    found, other = minimax(5, (0, 1, 4)), minimax(5, (0, 4))
    assert not settle(subpool_network(found), estimator_target(other)).equal
    assert not settle(subpool_network(found), maximum).equal


def test_a_difference_only_inside_a_sorted_cone_is_found():
    """[min(x₀ − x₁, x₁ − x₂)]₊ vanishes at all zero-one points, and not where x₀ > x₁ > x₂."""
    low, top, x = HiddenLayer(), HiddenLayer(), variables(3)
    largest = top.maximum(low.maximum(x[0], x[1]), low.carry(x[2]))
    step = low.carry({0: Fraction(1), 1: Fraction(-1)})
    above = low.relu({0: Fraction(1), 1: Fraction(-2), 2: Fraction(1)})
    bump = top.relu(combine((Fraction(1), step), (Fraction(-1), above)))
    output = combine((Fraction(1), largest), (Fraction(1), bump))
    verdict = settle(assemble(3, [low, top], [output]))
    assert not verdict.equal
    assert verdict.method == "cut cones"
    assert settle(assemble(3, [low, top], [largest])).equal


def test_stages_prove_larger_maxima_and_their_composition_has_their_depth():
    for d in (7, 10, 12):
        found, network = maxima.stages(d), maxima.shallow(d)
        assert d == 12 or settle_stages(found).equal  # 12 is pairs, then the six proved above
        assert network.depth == sum(stage.depth for stage in found) == 3
        x = [Fraction((7 * i) % 11, 3) for i in range(d)]
        assert network.exact(x) == [max(x)]
    assert [row["stages"] for row in maxima.depth_rows([12, 13, 36, 37])] == [3, 4, 4, 5]


def test_stages_that_are_not_maxima_or_share_inputs_are_refused():
    assert not settle_stages([maxima.near_maximum(3, 7)]).equal
    both = affine([{0: Fraction(1)}, {0: Fraction(1)}], 1)
    with pytest.raises(InputError, match="divide the inputs"):
        settle_stages([Network((both,)), maxima.tournament(2)])
    constant = affine([{0: Fraction(1), 1: Fraction(0)}, {1: Fraction(1)}, {}], 2)
    with pytest.raises(InputError, match="divide the inputs"):
        settle_stages([Network((constant,)), maxima.tournament(3)])


TWO_PAIRS = maxima.parallel([maxima.tournament(2)] * 2)


@pytest.mark.parametrize(
    "stages",
    [[], [TWO_PAIRS], [maxima.identity(3)], [TWO_PAIRS, maxima.tournament(3)],
     [maxima.tournament(4), TWO_PAIRS]],
)  # fmt: skip
def test_stages_that_do_not_end_in_one_maximum_are_refused(stages):
    with pytest.raises(InputError, match="settle_stages: expected"):
        settle_stages(stages)


def test_every_way_to_stage_a_maximum_is_accepted():
    assert settle_stages([maxima.identity(1)]).equal
    assert settle_stages([TWO_PAIRS, maxima.tournament(2)]).equal
    assert settle_stages([maxima.identity(4), TWO_PAIRS, maxima.tournament(2)]).equal


@pytest.mark.parametrize("d", [2, 3, 4])
def test_near_maximum_is_its_formula_and_misses_by_d_minus_1_whatever_alpha(d):
    x = [Fraction((-1) ** i * (3 * i + 1), 4) for i in range(d)]
    relu = lambda t: max(t, Fraction(0))  # noqa: E731
    for alpha in (1, Fraction(7, 2), 1000):
        network = maxima.near_maximum(d, alpha)
        penalty = [sum(relu(alpha * (b - a)) for j, b in enumerate(x) if j != i)
                   for i, a in enumerate(x)]  # fmt: skip
        pairs = list(zip(x, penalty, strict=True))
        formula = sum(relu(relu(a) - p) - relu(relu(-a) - p) for a, p in pairs)
        assert network.exact(x) == [formula]
        error, where = sup_error(network)
        assert error == d - 1
        assert abs(network.exact(where)[0] - max(where)) == error


@pytest.mark.parametrize("d", [2, 3, 4])
def test_near_maximum_has_the_mean_square_error_of_its_leading_term(d):
    """d(d − 1)/(3(d + 2)(1 + α)): exact for two inputs, else up to a factor 1 + O(1/α)."""
    for alpha in (100, 10000):
        exact = mean_square(maxima.near_maximum(d, alpha))
        leading = Fraction(d * (d - 1), 3 * (d + 2) * (1 + alpha))
        excess = exact / leading - 1
        assert excess == 0 if d == 2 else 0 < excess < Fraction(d, 4 * alpha)


def test_mean_square_agrees_with_simulation():
    network = maxima.near_maximum(4, 5)
    x = np.random.default_rng(0).random((100000, 4))
    squares = (network(x) - x.max(1)) ** 2
    spread = squares.std() / np.sqrt(len(squares))
    assert abs(squares.mean() - float(mean_square(network))) < 5 * spread


@pytest.mark.parametrize(("d", "ranks"), [(3, (1, 2)), (4, (1, 3)), (5, (1, 4)), (5, (3,))])
def test_the_networks_exact_errors_are_the_proved_ones(d, ranks):
    found = minimax(d, ranks)
    network = subpool_network(found)
    assert sup_error(network)[0] == found.error
    assert mean_square(network) == residual(found).moment(2)


def test_exact_and_float_evaluation_agree_on_numpy_and_torch():
    network = subpool_network(minimax(5, (0, 1, 4)))
    x = np.random.default_rng(1).random((2, 3, 5))
    exact = [[float(network.exact(p)[0]) for p in block] for block in x]
    np.testing.assert_allclose(network(x), exact, rtol=1e-13)
    single = network(x.astype(np.float32))
    assert single.dtype == np.float32
    assert single.shape == (2, 3)
    torch = pytest.importorskip("torch", reason="torch is optional")
    there = network(torch.asarray(x))
    assert there.dtype == torch.float64
    np.testing.assert_allclose(there.numpy(), exact, rtol=1e-13)


def test_forward_on_other_namespaces():
    x = np.random.default_rng(1).random((4, 5))
    strict = pytest.importorskip("array_api_strict", reason="array-api-strict is optional")
    y = maxima.max_of_five()(strict.asarray(x))
    np.testing.assert_allclose(np.asarray(y), x.max(1), atol=1e-14)
    numpy_jax = pytest.importorskip("jax.numpy", reason="jax is optional")
    y = maxima.max_of_five()(numpy_jax.asarray(x, dtype="float32"))
    np.testing.assert_allclose(np.asarray(y), x.max(1), atol=1e-5)


def test_forward_is_differentiable_in_torch():
    torch = pytest.importorskip("torch", reason="torch is optional")
    x = torch.tensor([[0.1, 0.9, 0.4]], dtype=torch.float64, requires_grad=True)
    maxima.tournament(3)(x).sum().backward()
    assert x.grad.tolist() == [[0.0, 1.0, 0.0]]


def test_parts_compositions_and_several_outputs():
    pairs = maxima.parallel([maxima.tournament(2)] * 2)
    block, used = part(pairs, 1)
    assert used == (2, 3)
    assert settle(block).equal
    assert settle(compose(pairs, maxima.tournament(2))).equal
    x = np.array([[0.0, 1.0, 5.0, 2.0]])
    np.testing.assert_array_equal(pairs(x), [[1.0, 5.0]])


def test_sizes_as_a_row():
    row = maxima.tournament(2).row()
    assert row == {
        "inputs": 2, "outputs": 1, "depth": 1, "widths": [4], "parameters": 17, "nonzeros": 12,
    }  # fmt: skip
    weights, bias = maxima.tournament(2).weights()[0]
    assert weights == [[1, -1], [-1, 1], [1, 1], [-1, -1]]
    assert bias == [0, 0, 0, 0]


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="at most 1000000 subsets"):
        subpool_network(minimax(40, (0, 20)))
    with pytest.raises(InputError, match="expected at least one input, got 0"):
        maxima.tournament(0)
    with pytest.raises(InputError, match="expected a last axis of 3"):
        maxima.tournament(3)(np.zeros((2, 4)))
    with pytest.raises(InputError, match="floating dtype, got int64"):
        maxima.tournament(3)(np.zeros((2, 3), dtype=np.int64))
    with pytest.raises(InputError, match="expected an array, got list"):
        maxima.tournament(3)([1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="fan-in 1"):
        Network((affine([{0: Fraction(1)}], 1), affine([{0: Fraction(1)}], 2)))
    biased = Network((Layer(1, ({0: Fraction(1)},), (Fraction(1),)), affine([{0: Fraction(1)}], 1)))
    for verb in (settle, sup_error, mean_square):
        with pytest.raises(InputError, match="no hidden biases"):
            verb(biased)
        with pytest.raises(InputError, match="expected one output"):
            verb(maxima.identity(2))
