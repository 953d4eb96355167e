"""What rules conclude, and that they keep every hypothesis they rest on: one row a theorem."""

import pytest

from lsetheory.proof import (
    Deriv, Exists, Implies, Or, Sum, Tends, as_term, eq, exp, function, function2, inv, log,
    nat, ne, power, real, vector,
)  # fmt: skip
from lsetheory.proof.kernel.equality import facts_from, vanishes
from lsetheory.proof.tactics import Prover
from lsetheory.proof.kernel.terms import IllFormed, is_nat, term
from lsetheory.proof.kernel.binders import opened, substitute

n, a, b, r, s, t = nat("n"), real("a"), real("b"), real("r"), real("s"), real("t")
x, y = vector("x"), vector("y")
k = Prover()
A = k.assume
f, g, h = 0 < a, 0 < b, 0 < r
LOOSE = term("bound", 0, "real")


def keep(formula, *others):
    """The formula, from assumptions of it and of others that it does not need."""
    th = A(formula)
    for other in others:
        th = k.first(k.both(th, A(other)))
    return th


#: The theorem, what it assumes, what it concludes.
SEQUENTS = {
    "discharge one of two": (lambda: k.discharge(f, keep(h, f, g)), {h, g}, Implies(f, h)),
    "apply keeps both": (lambda: k.apply(A(Implies(f, g)), keep(f, h)), {Implies(f, g), f, h}, g),
    "both keep both": (lambda: k.first(k.both(A(f), A(g))), {f, g}, f),
    "cases keep what is not the case": (
        lambda: k.cases(A(Or(f, g)), keep(h, f), keep(h, f, g)), {Or(f, g), h, f}, h),
    "choose keeps what gives existence": (
        lambda: k.choose(A(Exists("real", lambda u: u < a)), s, keep(h, s < a)),
        {Exists("real", lambda u: u < a), h}, h),
    "instantiate hypotheses too": (lambda: k.put(A(h), r=2 * s), {0 < 2 * s}, 0 < 2 * s),
    "instantiate under a sum": (
        lambda: k.put(A(0 < Sum(n, lambda i: x[i])), x=function(
            lambda i: Sum(n, lambda j: y[i] * y[j]))),
        {0 < Sum(n, lambda i: Sum(n, lambda j: y[i] * y[j]))},
        0 < Sum(n, lambda i: Sum(n, lambda j: y[i] * y[j]))),
    "instantiate two indices under a sum": (
        lambda: k.put(A(0 < Sum(n, lambda i: x[i, n])), x=function2(
            lambda i, j: Sum(i, lambda q: y[j] * y[q]))),
        {0 < Sum(n, lambda i: Sum(i, lambda q: y[n] * y[q]))},
        0 < Sum(n, lambda i: Sum(i, lambda q: y[n] * y[q]))),
    "instantiate two indices of two sums": (
        lambda: k.put(A(0 < Sum(n, lambda i: Sum(n, lambda j: x[i, j]))), x=function2(
            lambda i, j: y[i] * x[j])),
        {0 < Sum(n, lambda i: Sum(n, lambda j: y[i] * x[j]))},
        0 < Sum(n, lambda i: Sum(n, lambda j: y[i] * x[j]))),
    "rewrite keeps the equation": (
        lambda: k.rewrite(A(eq(a, b)), A(f), 0 < t, t), {eq(a, b), f}, g),
    "restate keeps what it knows": (
        lambda: k.restate(A(0 < b * inv(a) * a), g, A(f)), {0 < b * inv(a) * a, f}, g),
    "equal keeps what it knows": (
        lambda: k.equal(a * inv(a), as_term(1), A(f)), {f}, eq(a * inv(a), 1)),
    "combine keeps signs and knowledge": (
        lambda: k.combine(0 <= r * b * a * inv(a), (r,), (A(0 <= b),), (A(h),), (A(f),)),
        {0 <= b, h, f}, 0 <= r * b * a * inv(a)),
    "differentiate keeps what it knows": (
        lambda: k.restate(k.differentiate(log(t), t, a, A(f)), Deriv(log, a, inv(a))),
        {f}, Deriv(log, a, inv(a))),
    "the derivative of 1/t": (
        lambda: k.derivative(inv, a, A(ne(a, 0)), value=-inv(a) ** 2),
        {ne(a, 0)}, Deriv(inv, a, -inv(a) ** 2)),
    "the derivative of a power": (
        lambda: k.derivative(lambda u: u**3, a, value=3 * a**2),
        set(), Deriv(lambda u: u**3, a, 3 * a**2)),
    "a mirrored limit": (
        lambda: k.tends_mirrored(k.tends_inverse("inf")), set(),
        Tends(lambda u: inv(-1 * u), "-inf", 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENTS)
def test_sequent(name):
    make, hypotheses, conclusion = SEQUENTS[name]
    th = make()
    assert th.hypotheses == hypotheses
    assert th.conclusion is conclusion


@pytest.mark.parametrize(("t", "natural"), [
    (n, True), (n + 2, True), (as_term(-1), False), (n - 1, False), (n * r, False),
    (inv(n), False), (exp(n), False), (power(n, n), True), (power(r, n), False),
])  # fmt: skip
def test_natural_by_form(t, natural):
    assert is_nat(t) is natural


@pytest.mark.parametrize("made", [
    lambda: opened(Sum(n, lambda i: i).args[1], r),
    lambda: opened(Deriv(exp, a, b).args[0], LOOSE),
    lambda: substitute(0 < r, {("r", "real", 0): LOOSE}),
    lambda: term("sum", n, LOOSE),
])  # fmt: skip
def test_ill_kinded_substitution_is_refused(made):
    with pytest.raises(IllFormed):
        made()


def test_facts_say_no_more_than_the_theorems():
    """0 < -a, 0 < a², 0 < ab leave the sign of a open; a power is nonzero with its base only."""
    for known in (-a, a**2, a * b, -2 * a):
        assert not facts_from([known], []).is_positive(a)
        assert facts_from([known], []).is_nonzero(a)
    assert facts_from([2 * a], []).is_positive(a)
    assert not vanishes(power(a, n) * inv(power(a, n)) - 1)
    assert vanishes(power(2, n) * inv(power(2, n)) - 1)
