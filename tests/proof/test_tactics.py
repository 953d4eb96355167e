"""Tactics prove what they say they do."""

import pytest

from lsetheory.proof import (
    Deriv, ForAll, Implies, Min, Or, Sum, absolute, as_term, each, eq, exp, index_map, inv, log,
    max2, nat, real, vector,
)  # fmt: skip
from lsetheory.proof.kernel.theorem import Refused
from lsetheory.proof.tactics import Prover

b, r, t, x = real("b"), real("r"), real("t"), vector("x")


def test_grows():
    """exp t - t grows on [0, b], by its derivative."""
    k = Prover()
    order = k.assume(0 < b)
    slope = k.on_interval(as_term(0), b, lambda s, low, up: k.derivative(
        lambda u: exp(u) - u, s, value=exp(s) - 1))  # fmt: skip
    sign = k.on_interval(as_term(0), b, lambda s, low, up: k.by(
        0 <= exp(s) - 1, k.exp_tangent(s), low))  # fmt: skip
    assert k.restate(k.grows(order, slope, sign), 1 <= exp(b) - b).hypotheses == {0 < b}


def test_by_finds_equations_and_strictness():
    k = Prover()
    th = k.by(r < b, k.assume(eq(r, t)), k.assume(t < b))
    assert th.conclusion is (r < b)
    with pytest.raises(Refused):
        k.by(r < b, k.assume(eq(r, t)), k.assume(t <= b))


def test_replace_and_flip():
    k = Prover()
    th = k.replace(k.assume(eq(r, log(b))), k.assume(exp(r) < t))
    assert th.conclusion is (exp(log(b)) < t)


def test_pigeonhole():
    """Two pigeons and one hole."""
    k = Prover()
    p, n, m = index_map("p"), nat("n"), nat("m")
    apart = each(n, lambda i: each(n, lambda j: Implies(eq(p[i], p[j]), eq(i, j))))
    th = k.pigeonhole(k.assume(each(n, lambda i: p[i] < m)), k.assume(apart))
    assert th.conclusion is (n <= m)


def test_derivative_of_the_inverse():
    k = Prover()
    th = k.derivative(inv, r, k.assume(0 < r), value=-(inv(r) ** 2))
    assert th.conclusion is Deriv(inv, r, -(inv(r) ** 2))


def test_min_lower():
    k = Prover()
    n, j = nat("n"), nat("j")
    goal = Min(n, lambda i: x[i]) <= x[j]
    assert k.min_lower(goal, k.assume(j < n)).conclusion is goal
    with pytest.raises(Refused):
        k.min_lower(goal, k.assume(j <= n))


def test_dichotomy():
    th = Prover().dichotomy(r, b)
    assert th.conclusion is Or(r <= b, b < r)
    assert not th.hypotheses


def test_congruent():
    k = Prover()
    th = k.congruent(lambda u: r * log(u), k.assume(eq(b, t)))
    assert th.conclusion is eq(r * log(b), r * log(t))
    with pytest.raises(Refused):
        k.congruent(log, k.assume(b < t))


def test_multiply():
    k = Prover()
    positive, nonnegative = k.assume(0 < t), k.assume(0 <= t)
    assert k.multiply(positive, k.assume(r < b)).conclusion is (t * r < t * b)
    assert k.multiply(nonnegative, k.assume(r < b)).conclusion is (t * r <= t * b)
    assert k.multiply(positive, k.assume(r <= b)).conclusion is (t * r <= t * b)
    with pytest.raises(Refused):
        k.multiply(k.assume(-1 <= t), k.assume(r <= b))


def test_integrate():
    """t²/2 - t³/6 <= exp(-t) - 1 + t for 0 <= t, from exp(-t) <= 1."""
    k = Prover()
    zero = as_term(0)
    ladder = (
        lambda u: exp(-u) - 1 + u - u**2 / 2 + u**3 / 6,
        lambda u: -exp(-u) + 1 - u + u**2 / 2,
        lambda u: exp(-u) - 1 + u,
        lambda u: 1 - exp(-u),
    )
    top = k.real(lambda u: k.suppose(0 <= u, lambda later: k.by(
        0 <= ladder[-1](u), k.exp_increasing(k.by(-u <= zero, later)))))  # fmt: skip
    th = k.integrate(ladder, lambda u: (), top)
    assert th.conclusion is ForAll("real", lambda u: Implies(0 <= u, 0 <= ladder[0](u)))
    with pytest.raises(Refused):
        k.integrate((lambda u: ladder[2](u) - 1, ladder[3]), lambda u: (), top)


def test_within():
    above, below = Prover().within(Prover().assume(absolute(r) <= b))
    assert (above.conclusion, below.conclusion) == (r <= b, -r <= b)


def test_size_of_product():
    k = Prover()
    th = k.size_of_product(k.assume(absolute(r) <= b), k.assume(absolute(t) <= 2))
    assert th.conclusion is (absolute(r * t) <= b * 2)
    with pytest.raises(Refused):
        k.size_of_product(k.assume(absolute(r) <= b), k.assume(t <= 2))


def test_largest2():
    k = Prover()
    th = k.largest2(k.assume(r <= b), k.assume(-r <= b))
    assert th.conclusion is (absolute(r) <= b)
    with pytest.raises(Refused):
        k.largest2(k.assume(r <= b), k.assume(t <= r))


def test_supposing():
    k = Prover()
    th = k.supposing((r < b, b < t), k.chain)
    assert th.conclusion is Implies(r < b, b < t, r < t)
    assert not th.hypotheses


def test_rising():
    """t²/2 <= exp t - 1 - t for 0 <= t, from exp s >= 1 + s."""
    k = Prover()
    zero = as_term(0)

    def body(u):
        return exp(u) - 1 - u - u**2 / 2

    start = k.restate(k.by(zero <= zero), 0 <= body(zero))
    above = k.real(lambda s: k.by(0 <= exp(s) - 1 - s, k.exp_tangent(s)))
    sign = k.real(lambda s: k.suppose(0 <= s, lambda _: k.use(above, s)))
    slope = lambda s: k.derivative(body, s, value=exp(s) - 1 - s)  # noqa: E731
    th = k.rising(body, start, slope, sign)
    assert th.conclusion is ForAll("real", lambda u: Implies(0 <= u, 0 <= body(u)))
    assert not th.hypotheses
    with pytest.raises(Refused):
        k.rising(lambda u: body(u) - 1, k.by(0 <= body(zero)), slope, sign)


def test_piecewise_splits_maxima():
    k = Prover()
    median = max2(r, b) + max2(b, t) - max2(max2(r, b), t)
    th = k.piecewise(b <= median, k.assume(r <= t), k.assume(b <= t))
    assert th.hypotheses == {r <= t, b <= t}
    assert k.piecewise(eq(absolute(-r), absolute(r))).hypotheses == frozenset()


def test_piecewise_refuses_what_fails_on_one_piece():
    k = Prover()
    for goal in (absolute(r) <= r, r < absolute(r), eq(max2(r, b), r)):
        with pytest.raises(Refused):
            k.piecewise(goal)


def test_below_or_equal():
    k = Prover()
    assert k.below_or_equal(k.assume(r <= b)).conclusion is Or(r < b, eq(r, b))


def test_a_bound_index_is_never_shown_by_the_name_of_a_free_one():
    k, i = Prover(), nat("i")
    th = k.by(Sum(i + 1, lambda j: x[j]) <= Sum(i + 1, lambda j: x[j]))
    assert "Σ[j<i + 1] x[j]" in repr(th)
