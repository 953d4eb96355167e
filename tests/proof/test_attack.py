"""The attack finds planted faults, wherever a claim may have them, and spares what is true."""

from fractions import Fraction

import flint
import numpy as np
import pytest

from lsetheory.proof import (
    Claim, Deriv, Equality, Exists, ForAll, Implies, Max, Sum, Tends, each, eq, exp, index_map, inv,
    le, log, lse, mean, nat, pooled, real, some, vector,
)  # fmt: skip
from lsetheory.proof.attack import attack
from lsetheory.proof.kernel.balls import BALLS, precision
from lsetheory.proof.kernel.evaluate import Memory, compiled
from lsetheory.proof.truth import truth

n, r, x = nat("n"), real("r"), vector("x")


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
    "a hypothesis that does not help": (Implies(0 < r, r * LSE <= r * TOP), ()),
}  # fmt: skip
TRUE = {
    "log-sum-exp's bounds": LSE <= TOP + log(n),
    "a derivative": Deriv(lambda t: lse(n, lambda i: t * x[i]), 0, mean(n, X)),
    "a limit": Tends(lambda t: pooled(n, t, X), "inf", TOP),
    "an index": some(n, lambda i: eq(x[i], TOP)),
    "a real": Exists("real", lambda t: eq(t, 1)),
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
