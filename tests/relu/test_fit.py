"""Fits: the exact gradient, the sup error from both sides, the plan, the rows, planted faults."""

import os
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import scipy.optimize

from lsetheory import work
from lsetheory.errors import InputError
from lsetheory.relu import bounds, fit, sup, train

SMALL = {"points": 256, "rounds": 1, "steps": 30, "starts": 2, "nodes": 200, "most": 24}


def random_network(d, hidden, seed=0):
    """Random weights, half of the kinks inside the cube."""
    rng = np.random.default_rng(seed)
    sizes = (d, *hidden, 1)
    return train.unpack(rng.normal(0.0, 0.7, train.parameters(sizes)), sizes)


def gradient_defect(gradient, sizes, seed=3):
    """Largest gap between `gradient` and central differences of the loss."""
    rng = np.random.default_rng(seed)
    vector = rng.normal(0.0, 0.7, train.parameters(sizes))
    x = rng.random((64, sizes[0]))
    y = x.max(axis=1)
    h = 1e-6
    slopes = [
        (train.loss(vector + h * e, sizes, x, y)[0] - train.loss(vector - h * e, sizes, x, y)[0])
        / (2 * h)
        for e in np.eye(len(vector))
    ]
    return float(np.max(np.abs(gradient(vector, sizes, x, y) - slopes)))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (4, 5, 6, 1), (3, 4, 4, 4, 1)])
def test_the_gradient_is_that_of_the_loss_and_a_perturbed_one_is_noticed(sizes):
    def exact(*args):
        return train.loss(*args)[1]

    def perturbed(*args):
        gradient = train.loss(*args)[1].copy()
        gradient[len(gradient) // 2] += 1e-3
        return gradient

    assert gradient_defect(exact, sizes) < 1e-6
    assert gradient_defect(perturbed, sizes) > 5e-4


def test_packing_loses_nothing():
    network = random_network(3, [4, 5])
    again = train.unpack(train.pack(network), (3, 4, 5, 1))
    for layer, copy in zip(network, again, strict=True):
        np.testing.assert_array_equal(layer[0], copy[0])
        np.testing.assert_array_equal(layer[1], copy[1])
    assert len(train.pack(network)) == train.parameters((3, 4, 5, 1))


def test_exact_error_is_the_float_one_without_its_rounding():
    network = random_network(3, [6, 4])
    x = np.random.default_rng(1).random((20, 3))
    exact = [float(train.exact_error(network, point)) for point in x.tolist()]
    np.testing.assert_allclose(exact, train.forward(network, x) - x.max(axis=1), atol=1e-13)


TOURNAMENT = [
    (np.array([[0.0, 1, 0, 0], [1, -1, 0, 0], [0, 0, 0, 1], [0, 0, 1, -1]]), np.zeros(4)),
    (np.array([[0.0, 0, 1, 1], [1, 1, -1, -1]]), np.zeros(2)),
    (np.array([[1.0, 1]]), np.zeros(1)),
]


def test_the_smallest_width_holds_an_exact_network():
    assert train.smallest_width(4) == len(TOURNAMENT[0][0])
    x = np.random.default_rng(2).random((200, 4))
    np.testing.assert_allclose(train.forward(TOURNAMENT, x), x.max(axis=1), atol=1e-15)
    bound = bounds.upper(TOURNAMENT, 4)
    assert bound.method == "milp"
    assert 0 <= bound.value < 1e-3


@pytest.mark.parametrize("d", [2, 3])
def test_a_narrower_first_layer_is_blind_to_a_direction(d):
    """Along v in its null space the network is constant and max is not; so somewhere on a segment
    of that direction its error is at least half of the range of max, however it was trained."""
    network = train.fit(d, [d - 1, 6], 0, points=256, rounds=1, steps=30)
    v = np.linalg.svd(network[0][0])[2][-1]
    v /= np.abs(v).max()
    x = np.maximum(-v, 0) + np.linspace(0, 1, 11)[:, None] * v
    assert np.ptp(train.forward(network, x)) < 1e-10
    least = np.ptp(x.max(axis=1)) / 2
    _, found = sup.witness(network, d, np.random.default_rng(0))
    assert 0.15 < least <= found


def true_sup_in_two(network):
    """Exact sup error of a network of one hidden layer on two inputs: every vertex of the lines."""
    (weights, biases), _ = network
    kinks = np.column_stack([weights, -biases]).tolist()
    edges = [(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 1, 1), (1, -1, 0)]
    lines = [tuple(map(Fraction, line)) for line in [*kinks, *edges]]
    worst = Fraction(0)
    for (a, b, c), (e, f, g) in combinations(lines, 2):
        if (det := a * f - b * e) == 0:
            continue
        point = ((c * f - b * g) / det, (a * g - c * e) / det)
        if all(0 <= v <= 1 for v in point):
            worst = max(worst, abs(train.exact_error(network, point)))
    return worst


@pytest.mark.parametrize("seed", range(6))
def test_the_program_agrees_with_every_vertex_in_rational_arithmetic(seed):
    network = random_network(2, [6], seed)
    truth = true_sup_in_two(network)
    bound = bounds.milp_bound(network, 2)
    _, lower = sup.witness(network, 2, np.random.default_rng(0), bound.points)
    assert bound.method == "milp"
    assert truth <= bound.value < truth + 1e-3
    assert truth - 1e-6 < lower <= truth
    assert truth <= bounds.interval_bound(network, 2).value
    assert truth <= bounds.milp_bound(network, 2, nodes=0).value


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e-5, 1e6])
@pytest.mark.parametrize("seed", [0, 3, 7])
def test_how_a_network_spreads_its_scale_over_layers_does_not_matter(scale, seed):
    """The same function, its first layer times `scale`: HiGHS's tolerances are absolute."""
    (weights, biases), (last, bias) = random_network(2, [6], seed)
    network = [(weights * scale, biases * scale), (last / scale, bias)]
    truth = true_sup_in_two(network)
    for nodes, slack in ((bounds.NODES, 1e-3), (0, np.inf)):
        bound = bounds.milp_bound(network, 2, nodes)
        assert bound.method == ("milp" if nodes else "relaxation")
        assert truth <= bound.value < truth + slack


def test_a_network_whose_signs_are_settled_is_solved():
    """Without integers HiGHS solves a linear program, and reports no bound beside its optimum."""
    (weights, biases), last = random_network(2, [6], 1)
    network = [(weights, biases + 9 * np.sign(biases)), last]
    assert bounds.binaries(network, 2) == 0
    truth, bound = true_sup_in_two(network), bounds.milp_bound(network, 2)
    assert bound.method == "milp"
    assert truth <= bound.value < truth + 1e-3


def test_balancing_rounds_nothing():
    (first, a), (second, b), (last, c) = random_network(3, [5, 4], 6)
    network = [(first * 1e-7, a * 1e-7), (second * 1e12, b * 1e5), (last, c)]
    even = bounds.balanced(network, 3)
    for low, high in bounds.interval(even, 3)[:-1]:
        assert np.all((high - low >= 0.49) & (high - low <= 2.0))
    tiny = [(np.full((5, 3), 1e-310), a * 1e-300), *network[1:]]
    for found in (network, tiny):
        for x in np.random.default_rng(4).random((20, 3)).tolist():
            exact = train.exact_error(found, x)
            assert train.exact_error(bounds.balanced(found, 3), x) == exact


@pytest.mark.parametrize(
    ("most", "relaxed", "method"), [(0, 99, "relaxation"), (0, 0, "interval"), (99, 0, "milp")]
)
def test_every_upper_method_bounds_every_sample(most, relaxed, method):
    network = [(w, b + 0.1) for w, b in random_network(3, [7, 7], 4)]
    bound = bounds.upper(network, 3, most=most, relaxed=relaxed)
    x = np.random.default_rng(5).random((20000, 3))
    assert bound.method in (method, "interval")
    assert np.abs(train.forward(network, x) - x.max(axis=1)).max() <= bound.value


def test_bounds_that_cross_are_noticed():
    assert fit.checked(0.25, bounds.Bound(0.25, "milp")) == 0.25
    with pytest.raises(ArithmeticError, match=r"below the milp bound 0.24, got 0.25"):
        fit.checked(0.25, bounds.Bound(0.24, "milp"))


def test_a_fit_repeats_itself_and_learns():
    row, again = (fit.one("1x2", 1, 4, [0, 1], SMALL) for _ in range(2))
    assert work.plain(row) == work.plain(again)
    assert max(row["root_mean_square"], min(row["errors"])) < 0.05
    assert row["sup_lower"] <= row["sup_upper"]
    network = train.fit(2, [4], row["seed"], points=256, rounds=1, steps=30, starts=2)
    error = abs(train.exact_error(network, row["witness"]))
    assert row["sup_lower"] <= error <= row["sup_lower"] + 1e-15


def test_the_winner_is_measured_on_points_that_did_not_choose_it(monkeypatch):
    """The least of several errors is low on the points on which it is the least."""
    seen = []

    def recorded(network, x):
        seen.append(x)
        return forward(network, x)

    forward = train.forward
    monkeypatch.setattr(train, "forward", recorded)
    row = fit.one("1x2", 1, 3, [0, 1], SMALL)
    first, second, last = seen
    np.testing.assert_array_equal(first, second)
    assert first.shape == last.shape
    assert not np.isin(last, first).any()
    network = train.fit(2, [3], row["seed"], points=256, rounds=1, steps=30, starts=2)
    square = np.mean((forward(network, last) - last.max(axis=1)) ** 2)
    assert row["mean_square"] == pytest.approx(square)


def test_training_coordinates_are_folded_back_exactly():
    network, rng = random_network(3, [5, 4]), np.random.default_rng(8)
    x = rng.random((50, 3))
    scaled = train.forward(network, (x - 0.5) * np.sqrt(12))
    expected = scaled * train.deviation_of_max(3) + 3 / 4
    np.testing.assert_allclose(train.forward(train._on_cube(network, 3), x), expected, atol=1e-13)


def test_the_start_fits_its_last_layer():
    rng = np.random.default_rng(9)
    x, y = train._sample(4, 500, rng)
    assert [y.mean(), y.var()] == pytest.approx([0, 1], abs=0.2)
    start = train.initial((4, 12, 1), x, y, rng)
    assert np.mean((train.forward(start, x) - y) ** 2) < 0.5 * np.mean(y**2)


def test_the_solver_prints_nothing(capfd, monkeypatch):
    """HiGHS prints a line of its own, past Python, when it repairs a solution."""

    def chatty(*_args, **_keywords):
        os.write(1, b"HighsMipSolverData::transformNewIntegerFeasibleSolution")
        return solve(*_args, **_keywords)

    solve = scipy.optimize.milp
    monkeypatch.setattr(scipy.optimize, "milp", chatty)
    bounds.milp_bound(random_network(2, [3]), 2)
    os.write(1, b"heard again")
    assert capfd.readouterr().out == "heard again"


def test_a_stopped_program_still_bounds():
    network = train.fit(5, [12], 0, points=512, rounds=1, steps=30)
    stopped, solved = (bounds.milp_bound(network, 5, nodes=nodes) for nodes in (1, 5000))
    assert (stopped.method, solved.method) == ("milp_relaxed", "milp")
    assert solved.value <= stopped.value < np.inf


def test_a_solver_without_an_answer_bounds_nothing(monkeypatch):
    class Failed:
        status, message, mip_dual_bound, x, fun = 4, "no answer", -1.0, None, None

    monkeypatch.setattr(bounds._Program, "maximise", lambda *_, **__: Failed)
    network = random_network(2, [3])
    assert bounds.milp_bound(network, 2).value == np.inf
    assert bounds.upper(network, 2).method == "interval"


def test_plan_skips_large_networks_and_gathers_in_order():
    units = fit.plan(["2x2", "1x2"], ["1x", "4", "8x"], [1, 2], seeds=2, seed=5, largest=50)
    shapes = [(u.arguments["kernel"], u.arguments["depth"], u.arguments["width"]) for u in units]
    assert len(set(shapes)) == len(shapes)
    assert ("2x2", 2, 32) not in shapes
    assert all(u.arguments["seeds"] == [5, 6] for u in units)
    rows = [{"depth": 2, "kernel_size": 2, "width": 4}, {"depth": 1, "kernel_size": 9, "width": 4}]
    assert fit.gather(rows) == rows[::-1]


@pytest.mark.parametrize("kernel", ["2x2", "1x4", "4"])
def test_kernels_are_read(kernel):
    assert fit.kernel_size(kernel) == 4


@pytest.mark.parametrize("kernel", ["", "2x", "x2", "1", "1x1", "two", "2x2x2x2", "-2x2", "٣"])
def test_bad_kernels_are_refused(kernel):
    with pytest.raises(InputError, match="kernel: expected"):
        fit.kernel_size(kernel)


@pytest.mark.parametrize("width", ["0", "x", "2y", "-3", "1.5x", ""])
def test_bad_widths_are_refused(width):
    with pytest.raises(InputError, match="width: expected"):
        fit.width_of(width, 4)


def test_bad_plans_are_refused():
    with pytest.raises(InputError, match="depths and seeds of 1 or more"):
        fit.plan(depths=[0])
    with pytest.raises(InputError, match="every network has more than 3 parameters"):
        fit.plan(largest=3)
    with pytest.raises(InputError, match="counts of 1 or more"):
        train.fit(2, [0], 0)
