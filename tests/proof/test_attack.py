"""The attack finds planted faults, wherever a claim may have them, and spares what is true."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from lsetheory.proof import (
    And, Claim, Deriv, Equality, Exists, ForAll, Implies, Max, Or, Sum, Tends, each, eq, exp,
    index_map, inv, le, log, lse, lt, mean, nat, pooled, real, some, vector,
)  # fmt: skip
from lsetheory.proof.attack import attack, equality_holds
from lsetheory.proof.kernel.balls import BALLS, precision
from lsetheory.proof.kernel.evaluate import Memory, compiled
from lsetheory.proof.secondary import violated
from lsetheory.proof.truth import truth

n, r, x = nat("n"), real("r"), vector("x")
m, i, j, t = nat("m"), nat("i"), nat("j"), real("t")


def X(i):
    return x[i]


LSE, TOP, SMALL = lse(n, X), Max(n, X), Fraction(1, 10**9)
EVEN = Equality("it", {"n": 3, "x": (5, 5, 5)})


def attacked(part, *given, seeds=(), points=400):
    claim = Claim(words="", source="", given=(1 <= n, *given), parts={"it": part})
    return attack(claim, seeds, np.random.default_rng(0), points)


FALSE = {
    "LSE above max by a margin, for one entry too": (TOP + SMALL <= LSE, ()),
    "LSE <= max": (LSE <= TOP, ()),
    "LSE = max + log n": (eq(LSE, TOP + log(n)), ()),
    "log n sharper by 1e-9, from the equality case": (
        LSE <= TOP + (1 - SMALL) * log(n), (EVEN,)),
    "a bound too sharp by 1e-12": (LSE <= TOP + log(n) - Fraction(1, 10**12), ()),
    "some entry is the mean": (some(n, lambda i: eq(x[i], mean(n, X))), ()),
    "all entries are the largest": (each(n, lambda i: eq(x[i], TOP)), ()),
    "exp is its tangent for some real": (ForAll("real", lambda t: eq(exp(t), 1 + t)), ()),
    "a wrong derivative": (Deriv(lambda t: pooled(n, t, X), 1, mean(n, X)), ()),
    "a wrong limit": (Tends(lambda t: pooled(n, t, X), "inf", mean(n, X)), ()),
    "a wrong limit at 0": (Tends(lambda t: pooled(n, t, X), 0, TOP, "above"), ()),
    "a wrong limit, from below": (Tends(lambda t: exp(t), 0, 2, "below"), ()),
    "a wrong limit at minus infinity": (Tends(lambda t: pooled(n, t, X), "-inf", TOP), ()),
    "a hypothesis that does not help": (Implies(0 < r, r * LSE <= r * TOP), ()),
    "natural numbers are equal": (eq(n, m), ()),
    "natural numbers are positive": (1 <= m, ()),
    "natural numbers are small": (m <= 6, ()),
    "entries are equal": (Implies(i < n, j < n, x[i] <= x[j]), ()),
    "fewer than a real number": (each(r, lambda k: k <= 1), ()),
}  # fmt: skip
TRUE = {
    "log-sum-exp's bounds": LSE <= TOP + log(n),
    "a derivative": Deriv(lambda t: lse(n, lambda i: t * x[i]), 0, mean(n, X)),
    "a limit": Tends(lambda t: pooled(n, t, X), "inf", TOP),
    "an index": some(n, lambda i: eq(x[i], TOP)),
    "a real": Exists("real", lambda t: eq(t, 1)),
    "fewer than a real number": Implies(eq(r, Fraction(5, 2)), some(r, lambda k: 2 <= k)),
    "a slow limit": Tends(lambda t: inv(log(log(t))), "inf", 0),
    "a slower limit": Tends(lambda t: exp(log(t) * Fraction(-1, 200)), "inf", 0),
    "a limit of logarithms": Tends(lambda t: log(t) * inv(1 + log(t)), "inf", 1),
}


@pytest.mark.parametrize("name", FALSE)
def test_planted_fault_is_found(name):
    part, seeds = FALSE[name]
    row = attacked(part, seeds=seeds)
    assert row["counterexamples"] > 0
    assert row["witness"]


@pytest.mark.parametrize("name", TRUE)
def test_truth_is_spared(name):
    row = attacked(TRUE[name], points=200)
    assert (row["points"], row["counterexamples"]) == (200, 0)


def test_hypotheses_are_met():
    """A claim that is false elsewhere only is not refuted; its points are on the right side."""
    assert attacked(0 < r * LSE * inv(LSE) + 1, 0 < r)["counterexamples"] == 0
    assert attacked(r < 0, 0 < r, r < 0, points=20)["points"] == 0


def test_bounds_on_both_sides_leave_what_is_between():
    given = (0 <= t, t <= 1)
    assert attacked(eq(t * (2 * t - 1) * (t - 1), 0), *given)["counterexamples"] > 0
    assert attacked(And(0 <= t, t <= 1), *given)["points"] == 400


@pytest.mark.parametrize("ends", [(-1e9, 1e9), (-1e6, 1e6), (-1, 1e6), (0, 1e9), (-1e308, 1e308)])
@pytest.mark.parametrize("gap", [(0.01, 3), (-3, -0.01)])
def test_wide_bounds_leave_what_is_small(ends, gap):
    (low, high), (a, b) = (tuple(map(Fraction, pair)) for pair in (ends, gap))
    if low <= a:
        row = attacked(Or(r <= a, b <= r), low <= r, r <= high)
        assert row["counterexamples"] > 0
        assert row["points"] == 400


def test_a_bound_that_no_float_holds_is_met():
    row = attacked(r <= 10**399, r <= 10**400)
    assert (row["points"], row["counterexamples"]) == (400, 0)


def test_a_part_that_never_speaks_is_told():
    """Its hypotheses contradict each other, so whatever it says is not tried."""
    row = attacked(Implies(r < x[0], x[0] < r, lt(1, 0)), points=50)
    assert (row["counterexamples"], row["untried"]) == (0, ["it"])
    assert attacked(Implies(r < x[0], r <= x[0]), points=50)["untried"] == []


def test_the_second_evaluator_looks_behind_hypotheses_and_at_every_index():
    here = {"n": 3, "x": (1, 2, 3), "r": -1}
    for part, fails in {
        Implies(r < 0, le(x[1], x[0])): True,
        Implies(r < 0, le(x[0], x[1])): False,
        Implies(0 < r, le(x[1], x[0])): None,
        each(n, lambda i: x[i] <= 2): True,
        each(n, lambda i: each(n, lambda j: Implies(i < j, x[i] < x[j]))): False,
        And(le(x[0], x[1]), le(x[2], x[1])): True,
        Tends(lambda t: t, 0, 1): None,
    }.items():
        assert violated(part, here) is fails, part


def test_an_equality_case_meets_the_hypotheses_of_its_part():
    claim = Claim(words="", source="", given=(), parts={"it": Implies(r < 0, r <= 5)})
    assert not equality_holds(claim, Equality("it", {"r": 5}))


def test_memory_keeps_values_apart_by_precision():
    total = compiled(Sum(n, lambda i: exp(x[i])), BALLS)
    point = Memory({"n": 2, "x": [1, 2]})
    with precision(64):
        rough = total(point, ())
        assert total(point, ()) is rough
    with precision(256):
        fine = total(point, ())
    assert fine.rad() < rough.rad()
    assert rough.overlaps(fine)
    assert flint.ctx.prec == 53


def test_index_comparisons_are_exact():
    assert truth(eq(n * 2, 6), {"n": 3}) is True
    assert truth(n + 1 <= 3, {"n": 3}) is False


def test_index_maps_are_no_numbers_to_move():
    """Near a seed vectors are moved, but a map stays a map."""
    p = index_map("p")
    apart = each(n, lambda i: each(n, lambda j: Implies(eq(p[i], p[j]), eq(i, j))))
    inside = each(n, lambda i: p[i] < n)
    seed = {"n": 2, "x": (0, 0), "p": (1, 0)}
    claim = Claim(words="", source="", given=(inside, apart, le(x[0], x[1])), parts={
        "it": eq(mean(n, X), mean(n, lambda i: x[p[i]]))})  # fmt: skip
    row = attack(claim, [Equality("it", seed)], np.random.default_rng(0), 200)
    assert (row["points"], row["counterexamples"]) == (200, 0)
