"""The exact law of the residual against simulation and against moments found another way."""

from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu.minimax import minimax, minimax_relative
from lsetheory.relu.residual import law, residual

CASES = [
    (2, (0, 1)), (3, (0, 1)), (4, (0, 1, 2, 3)), (5, (0, 1, 4)), (9, (0, 1, 7, 8)), (6, (0, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("d", "ranks"), CASES)
def test_cdf_and_moments_agree_with_simulation(d, ranks):
    found, n = minimax(d, ranks), 20000
    exact = residual(found)
    x = np.random.default_rng(d).random((n, d))
    e = np.sort(x.max(1) - found(x))
    places = range(500, n, 1000)
    gaps = [abs(float(exact.cdf(Fraction(e[i]))) - i / n) for i in places]
    assert max(gaps) < 2 / np.sqrt(n)  # Dvoretzky-Kiefer-Wolfowitz: chance 2 exp(-8) for all x
    for k in (1, 2, 3, 4):
        spread = np.std(e**k) / np.sqrt(n)
        assert abs(np.mean(e**k) - float(exact.moment(k))) < 5 * spread


def dirichlet_moment(knots, k):
    """E (Σ e_c G_c)^k by the multinomial theorem: E ΠG^a = n! Πa! / (n + k)! for n + 1 knots."""
    n = len(knots) - 1
    total = Fraction(0)
    for chosen in combinations_with_replacement(range(n + 1), k):
        total += np.prod([knots[c] for c in chosen], initial=Fraction(1))
    rising = np.prod([Fraction(n + j, j) for j in range(1, k + 1)], initial=Fraction(1))
    return total / rising


@pytest.mark.parametrize(("d", "ranks"), CASES[:4])
def test_moments_are_those_of_the_dirichlet_law(d, ranks):
    exact = residual(minimax(d, ranks))
    for k in range(5):
        assert exact.moment(k) == dirichlet_moment(exact.knots, k)


@pytest.mark.parametrize(("d", "ranks"), CASES)
def test_cdf_runs_from_0_to_1_and_density_is_its_slope(d, ranks):
    found = minimax(d, ranks)
    exact, error = residual(found), found.error
    assert exact.cdf(-error - 1) == 0
    assert exact.cdf(error) == 1
    assert exact.within(error) == 1
    assert exact.within(-error) == 0
    t, h = error / 3, error / 10**6
    slope = (exact.cdf(t + h) - exact.cdf(t - h)) / (2 * h)
    assert float(exact.density(t)) == pytest.approx(float(slope), rel=1e-4)


def test_two_equal_and_one_other_knot_is_a_ramp():
    ramp = law([Fraction(0), Fraction(1), Fraction(0)])
    assert [ramp.cdf(Fraction(k, 4)) for k in range(5)] == [
        1 - (1 - Fraction(k, 4)) ** 2 for k in range(5)
    ]
    assert ramp.density(Fraction(1, 2)) == 1


@pytest.mark.parametrize("p", [Fraction(0), Fraction(1, 20), Fraction(1, 2), Fraction(19, 20)])
def test_quantiles_are_enclosed(p):
    exact = residual(minimax(5, (0, 1, 4)))
    low, high = exact.quantile(p)
    assert exact.cdf(low) <= p <= exact.cdf(high)
    assert high - low < Fraction(1, 2**55)


def test_the_density_has_area_one():
    exact, n = residual(minimax(5, (0, 1, 4))), 100
    low, high = exact.knots[0], exact.knots[-1]
    step = (high - low) / n
    assert float(sum(exact.density(low + i * step) for i in range(n)) * step) == pytest.approx(
        1, abs=1e-3
    )


def test_what_has_no_law_is_refused():
    with pytest.raises(InputError, match="got a constant residual"):
        residual(minimax(3, (0, 3)))
    with pytest.raises(InputError, match="expected an estimator on a box"):
        residual(minimax_relative(3, (1, 2)))
    with pytest.raises(InputError, match="probability"):
        residual(minimax(3, (0, 1))).quantile(Fraction(2))
