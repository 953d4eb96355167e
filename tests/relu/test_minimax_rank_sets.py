"""All rank sets at one d: which are best, and what their networks cost."""

from fractions import Fraction

import pytest

from lsetheory import work
from lsetheory.errors import InputError
from lsetheory.relu import families, rank_sets
from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks.maxima import tournament
from lsetheory.relu.networks.subpools import subpool_network


@pytest.fixture(scope="module")
def rows():
    return {d: rank_sets.gather(work.run(rank_sets.plan(d))) for d in range(2, 9)}


@pytest.mark.parametrize("d", range(2, 9))
def test_every_rank_set_has_its_row(rows, d):
    assert len({tuple(row["ranks"]) for row in rows[d]}) == 2 ** (d - 1)
    for row in rows[d][:: max(1, len(rows[d]) // 8)]:
        assert Fraction(row["error"]) == minimax(d, row["ranks"]).error


@pytest.mark.parametrize("d", range(4, 9))
def test_family_b_is_the_only_best_set_of_each_size(rows, d):
    best = rank_sets.best_of_each_size(rows[d])
    expected = [[0], *(list(families.family_b(d, k)) for k in range(1, d))]
    assert [row["ranks"] for row in best] == expected


@pytest.mark.parametrize("d", range(2, 8))
def test_counted_sizes_are_those_of_the_built_network(rows, d):
    for row in rows[d]:
        found = minimax(d, row["ranks"])
        if all(found.coefficients.values()):
            built = subpool_network(found)
            assert (list(built.widths), built.parameters) == (row["widths"], row["parameters"])


def test_the_frontier_falls_and_no_row_is_below_it(rows):
    front = rank_sets.frontier(rows[6])
    errors = [Fraction(row["error"]) for row in front]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == Fraction(1, 64)
    for budget in range(7, 1500, 10):
        least = min(Fraction(row["error"]) for row in rows[6] if row["parameters"] <= budget)
        assert least == min(Fraction(row["error"]) for row in front if row["parameters"] <= budget)


def test_at_8_inputs_the_tournament_is_exact_as_deep_and_smaller(rows):
    exact = tournament(8)
    for row in rows[8]:
        if max(row["ranks"]) > 4:
            assert row["depth"] == exact.depth
            assert row["parameters"] > exact.parameters


def test_bad_sizes_are_refused():
    with pytest.raises(InputError, match="number of inputs"):
        rank_sets.plan(0)
    with pytest.raises(InputError, match="expected d ≤ 16, got 40"):
        rank_sets.plan(40)
