"""Where floats lose the estimator: rows that must show both the loss and its absence."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lsetheory.relu import stability
from lsetheory.relu.minimax import minimax, minimax_relative

ROWS = {(r["d"], r["dtype"], r["form"]): r for r in stability.stability_rows([8, 20, 40])}


@pytest.mark.parametrize(
    ("d", "dtype", "lost"),
    [(8, "float32", False), (20, "float32", True), (8, "float64", False), (20, "float64", False),
     (40, "float64", True)],
)  # fmt: skip
def test_the_sum_over_ranks_loses_the_error_level(d, dtype, lost):
    row = ROWS[d, dtype, "ranks"]
    assert row["lost"] is lost
    assert row["coefficient_sum"] == float(Fraction(3, 2) ** d - 1)


@pytest.mark.parametrize("d", [8, 20, 40])
def test_collected_by_order_statistics_float64_keeps_it(d):
    assert not ROWS[d, "float64", "sorted"]["lost"]


def test_measured_errors_respect_their_bounds():
    for row in ROWS.values():
        assert row["measured"] <= 1.01 * row["bound"] + 1e-300


def test_a_wrong_evaluation_is_measured(monkeypatch):
    found = minimax(6, range(6))
    evaluate, terms = stability.FORMS["ranks"]
    off = {"ranks": (lambda e, x: evaluate(e, x) + x.dtype.type(0.25), terms)}
    monkeypatch.setattr(stability, "FORMS", off)
    assert all(row["measured"] > 0.24 for row in stability.evaluation_rows(found))


def test_values_beyond_float32_count_as_lost():
    found = minimax(6, range(6))
    huge = replace(found, coefficients={**found.coefficients, 5: Fraction(10) ** 60})
    row = stability.evaluation_rows(huge)[0]
    assert (row["dtype"], row["measured"], row["lost"]) == ("float32", np.inf, True)


@pytest.mark.parametrize("found", [minimax(5, (1, 4), box=(-3, 2)), minimax_relative(5, (1, 4))])
def test_boxes_and_the_whole_space_are_evaluated_on_their_points(found):
    assert all(0 < row["measured"] <= row["bound"] for row in stability.evaluation_rows(found))


def test_the_float_program_goes_wrong_silently():
    rows = {row["d"]: row for row in stability.program_rows([8, 16, 32])}
    assert rows[8]["ratio"] == pytest.approx(1, abs=1e-6)
    assert not rows[8]["silent"]
    assert [rows[d]["status"] for d in (16, 32)] == [0, 0]
    assert rows[16]["silent"]
    assert rows[32]["ratio"] > 100
