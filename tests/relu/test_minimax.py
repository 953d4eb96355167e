"""The exact solver: closed forms, every rank set, boxes, the whole space, errors."""

from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu import certificate, families
from lsetheory.relu.estimator import vertex_mean
from lsetheory.relu.minimax import minimax, minimax_relative, trend_rows
from lsetheory.relu.stability import float_program


@pytest.mark.parametrize("d", range(2, 41))
def test_family_a_is_its_closed_form(d):
    for k in range(d - 1):
        found = minimax(d, families.family_a(d, k))
        assert found.error == families.error_a(d, k)
        assert found.coefficients == families.coefficients_a(d, k)
        assert found.certificate == families.certificate_a(d, k)


@pytest.mark.parametrize("d", range(2, 41))
def test_family_b_is_its_closed_form(d):
    for k in range(1, d):
        assert minimax(d, families.family_b(d, k)).error == families.error_b(d, k)


@pytest.mark.parametrize("d", range(4, 10))
def test_named_errors_of_the_paper(d):
    assert minimax(d, (0, 1, d - 1)).error == Fraction(1, 2 * (d + 1))
    assert minimax(d, (0, 1, d - 2, d - 1)).error == Fraction(1, d**2)
    assert minimax(d, range(d)).error == Fraction(1, 2**d)


def rank_sets(d):
    return [ranks for size in range(d) for ranks in combinations(range(1, d), size)]


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6])
def test_every_rank_set_agrees_with_the_float_program(d):
    for ranks in rank_sets(d):
        found = minimax(d, ranks)
        status, value, _ = float_program(d, (0, *ranks))
        assert status == 0
        assert float(found.error) == pytest.approx(value, rel=1e-7)
        assert certificate.holds(found)


@pytest.mark.parametrize("d", [3, 5, 8])
def test_no_constant_costs_e_over_one_minus_e(d):
    for ranks in rank_sets(d):
        if ranks:
            error = minimax(d, ranks).error
            assert minimax(d, ranks, constant=False).error == error / (1 - error)


@pytest.mark.parametrize("box", [(-1, 1), ("1/3", 5), (-2.5, -0.5), (0, "1/7")])
def test_a_box_scales_the_error_and_moves_only_the_constant(box):
    unit, found = minimax(6, (0, 1, 4, 5)), minimax(6, (0, 1, 4, 5), box=box)
    a, b = found.box
    assert found.error == (b - a) * unit.error
    for r in (1, 4, 5):
        assert found.coefficients[r] == unit.coefficients[r]
    total = sum(unit.coefficients[r] for r in (1, 4, 5))
    assert found.coefficients[0] == a * (1 - total) + (b - a) * unit.coefficients[0]


@pytest.mark.parametrize("box", [(-1, 1), (1, 2), (-3, -1), (-1, 0)])
def test_a_box_without_constant_is_proved_too(box):
    for ranks in rank_sets(5)[1:]:
        found = minimax(5, ranks, constant=False, box=box)
        assert found.error >= minimax(5, ranks, box=box).error


@pytest.mark.parametrize("d", range(3, 12))
def test_whole_space_relative_to_the_spread(d):
    assert minimax_relative(d, (1, d - 1)).error == Fraction(1, 2 * d)
    assert minimax_relative(d, (d - 2, d - 1)).error == Fraction(2, d * (d + 1))
    assert minimax_relative(d, range(1, d)).error == Fraction(1, 2**d - 2)
    assert minimax_relative(d, (d - 1,)).error == Fraction(1, d)


def test_whole_space_bound_holds_and_is_nearly_attained_far_outside_the_cube():
    found = minimax_relative(4, (1, 3))
    x = np.random.default_rng(3).normal(size=(20000, 4)) * 100 + 37
    ratio = np.abs(x.max(1) - found(x)) / np.ptp(x, axis=1)
    assert 0.9 * float(found.error) < ratio.max() <= float(found.error) * (1 + 1e-9)


def test_numpy_integers_are_integers():
    assert minimax(np.int64(8), np.array([0, 1, 7])) == minimax(8, (0, 1, 7))


def test_rank_d_is_max_itself():
    found = minimax(4, (0, 2, 4))
    assert (found.error, found.coefficients) == (0, {0: 0, 2: 0, 4: 1})
    assert minimax_relative(4, (1, 4)).error == 0


@pytest.mark.parametrize("ranks", [(2,), (3, 4), (2, 5, 6), (1, 2, 3)])
def test_degenerate_rank_sets_whose_lowest_functions_vanish_together(ranks):
    found = minimax(7, ranks)
    assert len(found.certificate) <= len(found.ranks) + 1
    assert max(abs(e) for e in found.residuals()) == found.error


@pytest.mark.parametrize("d", [16, 32])
def test_the_exact_solver_is_right_where_the_float_program_is_not(d):
    exact = float(minimax(d, range(d)).error)
    status, value, _ = float_program(d, tuple(range(d)))
    assert exact == 2.0**-d
    assert status == 0
    assert value > 1.05 * exact


def test_estimator_on_arrays_is_the_mean_of_subset_maxima():
    found = minimax(4, (0, 1, 3))
    x = np.random.default_rng(0).random((50, 4))
    means = {r: np.mean([x[:, list(s)].max(1) for s in combinations(range(4), r)], axis=0)
             for r in (1, 3)}  # fmt: skip
    expected = float(found.coefficients[0]) + sum(
        float(found.coefficients[r]) * means[r] for r in (1, 3)
    )
    np.testing.assert_allclose(found(x), expected, atol=1e-14)
    assert np.abs(x.max(1) - found(x)).max() <= float(found.error)


def test_vertex_mean_counts_subsets():
    for r, c in permutations(range(1, 5), 2):
        ones = set(range(c))
        subsets = list(combinations(range(5), r))
        meeting = sum(bool(ones & set(subset)) for subset in subsets)
        assert vertex_mean(5, r, c) == Fraction(meeting, len(subsets))


def test_trend_rows_follow_the_families():
    rows = trend_rows([4, 9], ["{0,1,d-1}", "{0..d-1}"])
    assert [(row["d"], row["error"]) for row in rows] == [
        (4, "1/10"), (9, "1/20"), (4, "1/16"), (9, "1/512"),
    ]  # fmt: skip
    assert rows[0]["ranks"] == [0, 1, 3]
    with pytest.raises(InputError, match="expected families out of"):
        trend_rows([4], ["nonsense"])


WRONG = [
    ((0, (0,)), {}, "inputs d ≥ 1, got 0"),
    ((4, (0, 5)), {}, "ranks in 0..4"),
    ((4, (1, 1)), {}, "each rank once"),
    ((4, (1.5,)), {}, "ranks in 0..4"),
    ((4, (0, 1)), {"constant": False}, "ranks ≥ 1 with constant=False"),
    ((4, ()), {"constant": False}, "at least one rank"),
    ((4, (1,)), {"box": (1, 1)}, "lower end first"),
    ((4, (1,)), {"box": (0, float("inf"))}, "two finite numbers"),
    ((4, (1,)), {"box": (0, "one")}, "two finite numbers"),
    ((4, (1,)), {"box": (0,)}, "two finite numbers"),
    ((4, (1,)), {"box": (0, "1e400")}, "a box within ±1e.38"),
    ((4, (1,)), {"box": (-(10**5000), 1e30)}, "a box within ±1e.38"),
    ((4, (1,)), {"box": (0, 1e300)}, "a box within ±1e.38"),
    ((4, (1,)), {"box": (Fraction(1, 10**5000), 1)}, "denominators below"),
    ((4, (1,)), {"box": (0, "1e99999999")}, "exponents of three digits, got more"),
    ((4, (1,)), {"box": ("1e-9_9999_999", 1)}, "exponents of three digits, got more"),
    ((10**8, (0, 1)), {}, "250 MB of exact numbers at most"),
    ((3000, range(3000)), {}, "times 3000 ranks r"),
]


@pytest.mark.parametrize(("arguments", "keywords", "message"), WRONG)
def test_bad_input_is_one_clear_line(arguments, keywords, message):
    with pytest.raises(InputError, match=message) as caught:
        minimax(*arguments, **keywords)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ranks", [(), (0, 1)])
def test_relative_needs_ranks_without_constant(ranks):
    with pytest.raises(InputError, match=r"expected ranks in 1\.\.4"):
        minimax_relative(4, ranks)
