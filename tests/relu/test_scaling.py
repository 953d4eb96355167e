"""Scaling laws: known laws come out, wrong ones lose, intervals cover, curves are read right."""

import math

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu import curves, scaling
from lsetheory.relu.train import deviation_of_max

SIZES = list(range(3, 12))


def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("row", scaling.exact_check(rng()), ids=lambda row: row["family"])
def test_exact_minimax_errors_come_out(row):
    assert row["holds"], row
    assert row["law"] == row["expected_law"]
    assert row["factor"] == pytest.approx(row["expected_factor"], rel=1e-9)
    assert row["rate_high"] - row["rate_low"] < 1e-9


CURVES = {
    "exponential": lambda d: 3 * 0.6**d,
    "power": lambda d: 2 * d**-1.5,
    "shifted power": lambda d: 0.5 * (d + 4.0) ** -2,
}


@pytest.mark.parametrize("law", CURVES)
def test_the_law_that_made_the_data_wins_even_with_noise(law):
    noise = rng()
    samples = [[CURVES[law](d) * math.exp(noise.normal(0, 1e-3)) for _ in range(4)] for d in SIZES]
    best = scaling.compare(SIZES, samples, rng())[0]
    assert best["law"] == law
    assert best["best"]
    assert best["aicc_above_best"] == 0


@pytest.mark.parametrize(("law", "rate"), [("exponential", 0.6), ("power", -1.5)])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(law, rate):
    scale = np.log if law == "exponential" else np.asarray
    noise, inside, widths, trials = rng(), 0, [], 25
    for _ in range(trials):
        factors = np.exp(noise.normal(0, 0.1, (len(SIZES), 3)))
        samples = [CURVES[law](d) * factor for d, factor in zip(SIZES, factors, strict=True)]
        rows = scaling.compare(SIZES, samples, rng())
        row = next(row for row in rows if row["law"] == law)
        inside += row["rate_low"] <= rate <= row["rate_high"]
        widths.append(scale(row["rate_high"]) - scale(row["rate_low"]))
    assert inside >= 0.9 * trials
    # No wider than an envelope of two has to be: the t-interval for the noise that is known.
    g = scale(np.exp(SIZES)) if law == "exponential" else np.log(SIZES)
    half = 2.365 * 0.1 / 3**0.5 / np.sqrt(np.sum((g - np.mean(g)) ** 2))
    assert 2 * half * 0.6 < np.median(widths) < 2 * half * 1.5


def test_a_wrong_law_is_not_let_through():
    """Planted faults: data of another law, and a rate just off, both fall outside."""
    rows = scaling.compare(SIZES, [[0.51**d] for d in SIZES], rng())
    assert not rows[0]["rate_low"] <= 0.5 <= rows[0]["rate_high"]
    rows = scaling.compare(SIZES, [[d**-2.0 + 1e-3] for d in SIZES], rng())
    power = next(row for row in rows if row["law"] == "power")
    assert not power["rate_low"] <= -2 <= power["rate_high"]


def test_weights_sum_to_one_and_order_by_aicc():
    rows = scaling.compare(SIZES, [[1 / d + 0.01 * (d % 3)] for d in SIZES], rng())
    assert sum(row["weight"] for row in rows) == pytest.approx(1)
    assert [row["aicc"] for row in rows] == sorted(row["aicc"] for row in rows)


def test_the_bootstrap_repeats_with_its_seed():
    samples = [[1 / d, 1.3 / d, 0.8 / d] for d in SIZES]
    assert scaling.compare(SIZES, samples, rng()) == scaling.compare(SIZES, samples, rng())


@pytest.mark.parametrize("samples", [[0.0], [-1.0], [math.nan], [math.inf], []])
def test_values_without_a_logarithm_are_refused(samples):
    with pytest.raises(InputError, match="expected positive finite values"):
        scaling.compare(SIZES, [samples] * len(SIZES), rng())


@pytest.mark.parametrize("size", [0.0, -1.0, math.nan, math.inf])
def test_sizes_that_are_not_positive_are_refused(size):
    sizes = [size, *SIZES]
    with pytest.raises(InputError, match="expected positive finite sizes"):
        scaling.compare(sizes, [[1.0]] * len(sizes), rng())
    with pytest.raises(InputError, match="expected positive finite sizes"):
        scaling.fit_law("power", np.array(sizes), np.zeros(len(sizes)))


def shifted(law):
    rows = scaling.compare(SIZES, [[law(d)] for d in SIZES], rng())
    assert not any(row["at_limit"] for row in rows if row["law"] != "shifted power")
    return next(row for row in rows if row["law"] == "shifted power")


def test_a_shift_at_the_end_of_its_range_is_marked():
    assert shifted(lambda d: 0.6**d)["at_limit"]
    assert shifted(lambda d: 0.6**d * (1 + 0.05 * (d % 2)))["shift"] == pytest.approx(100)
    assert shifted(lambda d: (d - min(SIZES) + 0.1) ** -2.0)["at_limit"]
    for s in (-1.5, 0.0, 4.0, 60.0):
        row = shifted(lambda d, s=s: (d + s) ** -2.0)
        assert not row["at_limit"]
        assert row["shift"] == pytest.approx(s, abs=1e-3)


def test_too_few_sizes_are_refused():
    with pytest.raises(InputError, match="five sizes or more"):
        scaling.compare([3, 4, 5, 6], [[1.0]] * 4, rng())
    with pytest.raises(InputError, match="over 2 distinct sizes"):
        scaling.fit_law("power", np.array([3.0, 4.0]), np.zeros(2))


def test_aicc_charges_for_parameters_and_is_infinite_without_points():
    assert scaling.aicc(1.0, 20, 3) > scaling.aicc(1.0, 20, 2)
    assert scaling.aicc(1.0, 4, 2) == math.inf


def fit_rows(depth=1, widths=(8, 16, 32), law=lambda d, w: 1.5**d / w):
    """Rows as `fit.gather` gives them, whose relative error is `law` (times 1 and 1.1)."""
    return [
        {"depth": depth, "kernel_size": d, "width": w,
         "errors": [f * law(d, w) * deviation_of_max(d) for f in (1.0, 1.1)]}
        for d in SIZES for w in widths
    ]  # fmt: skip


def test_deviation_of_max_is_that_of_uniform_samples():
    x = rng().random((200_000, 5)).max(axis=1)
    assert deviation_of_max(5) == pytest.approx(x.std(), rel=0.01)


def test_error_laws_find_the_planted_rate():
    rows = curves.error_laws(fit_rows(), rng())
    best = [row for row in rows if row["best"] and row["curve"] == "error at width 16"]
    assert [(row["law"], row["sizes"]) for row in best] == [("exponential", SIZES)]
    assert best[0]["rate"] == pytest.approx(1.5)


def test_sizes_a_tournament_settles_are_left_out():
    assert {tuple(row["sizes"]) for row in curves.error_laws(fit_rows(depth=2), rng())} == {
        tuple(d for d in SIZES if d > 4)
    }


def test_width_needed_is_interpolated():
    rows = fit_rows(widths=(2, 4, 8, 64, 4096), law=lambda d, w: 1.5**d / w)
    needed = curves.widths_needed(rows, 0.25)
    for row in needed:
        assert row["reached"] == 2
        assert row["widths"][0] == pytest.approx(1.5 ** row["kernel_size"] / 0.25)
    laws = curves.width_laws(rows, rng(), [0.25])
    assert laws[0]["law"] == "exponential"
    assert laws[0]["rate"] == pytest.approx(1.5)


def test_a_target_out_of_reach_or_met_at_once_makes_no_law():
    rows = fit_rows(widths=(8, 16), law=lambda d, w: 1.0)
    assert all(row["reached"] == 0 for row in curves.widths_needed(rows, 0.5))
    assert curves.width_laws(rows, rng(), [0.5, 2.0]) == []
