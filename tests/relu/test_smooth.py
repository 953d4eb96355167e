"""Smooth operators on the cube: what is found, what is exact, and what is proved agree in order."""

import dataclasses

import numpy as np
import pytest

from lsetheory import work
from lsetheory.errors import InputError
from lsetheory.relu import smooth

CASES = [(name, n, r) for name in smooth.SMOOTH for n in (2, 5, 9) for r in (0.5, 3.0, 40.0)]


@pytest.mark.parametrize(("name", "n", "r"), CASES)
def test_the_search_finds_the_exact_worst_case_within_the_bound(name, n, r):
    row = smooth.one(name, n, r)
    assert row["found"] == pytest.approx(row["cube"], rel=1e-6, abs=1e-12)
    assert row["cube"] <= row["bound"] * (1 + 1e-12)
    assert len(row["witness"]) == n
    assert all(0 <= v <= 1 for v in row["witness"])


STEEP = [("swap", n, r) for n in (2, 3, 25, 100) for r in (1e3, 1e4, 1e6)]


@pytest.mark.parametrize(
    ("name", "n", "r"), [tuple(unit.arguments.values()) for unit in smooth.plan()] + STEEP
)
def test_the_search_misses_no_worst_case_of_the_plan(name, n, r):
    """For swap it lies at distance (1 + W)/r from the top, between the steps of an even grid.

    The absolute tolerance is for errors that are themselves the rounding of values near 1.
    """
    row = smooth.one(name, n, r)
    assert row["found"] == pytest.approx(row["cube"], rel=1e-6, abs=1e-15)


def test_a_bound_that_underflows_is_attained():
    row = smooth.one("ordinal", 2, 1e3)
    assert (row["found"], row["bound"], row["share"]) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(("name", "n", "r"), CASES)
def test_no_random_point_beats_the_exact_worst_case(name, n, r):
    x = np.random.default_rng(3).random((5000, n))
    error = np.abs(x.max(axis=-1) - smooth.SMOOTH[name].at(x, r))
    assert error.max() <= smooth.SMOOTH[name].cube(n, r) + 1e-12


def test_swaps_bound_is_attained_once_the_rate_fits_it_into_the_cube():
    assert smooth.one("swap", 9, 40.0)["share"] == pytest.approx(1)
    assert smooth.one("swap", 9, 0.5)["share"] < 0.5


@pytest.mark.parametrize("name", smooth.SMOOTH)
def test_a_bound_that_is_too_small_is_noticed(name, monkeypatch):
    honest = smooth.SMOOTH[name]
    wrong = dataclasses.replace(honest, bound=lambda n, r: 0.999 * honest.cube(n, r))
    monkeypatch.setitem(smooth.SMOOTH, name, wrong)
    with pytest.raises(ArithmeticError, match=f"{name}: expected at most"):
        smooth.one(name, 4, 5.0)


def test_plan_and_gather():
    units = smooth.plan(["lse", "swap"], [2, 3], [1.0, 2.0])
    rows = smooth.gather(work.run(units))
    assert [(row["operator"], row["n"], row["r"]) for row in rows] == [
        (name, n, r) for name in ("lse", "swap") for n in (2, 3) for r in (1.0, 2.0)
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["softmax"],), "expected operators out of lse"),
        ((["lse"], [1]), "expected n >= 2"),
        ((["lse"], [2], [0.0]), "finite r > 0"),
        ((["lse"], [2], [float("nan")]), "finite r > 0"),
    ],
)
def test_bad_plans_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        smooth.plan(*arguments)
