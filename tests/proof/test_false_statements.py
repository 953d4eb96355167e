"""False statements near true ones: each fails at a point, and nothing derives it from its kin."""

from fractions import Fraction

import pytest

from lsetheory.proof import (
    Deriv, Implies, Max, Sum, Tends, absolute, as_term, binom, eq, exp, inv, log, lse,
    max2, mean, nat, ne, pooled, power, real, relu, softmax, swap, vector,
)  # fmt: skip
from lsetheory.proof.kernel.theorem import Refused
from lsetheory.proof.tactics import Prover
from lsetheory.proof.truth import truth

n, m = nat("n"), nat("m")
a, b, r, t = real("a"), real("b"), real("r"), real("t")
x, y = vector("x"), vector("y")
k = Prover()
A = k.assume
zero = as_term(0)


def X(i):
    return x[i]


def square_of_mean():
    """0 <= (x_i - c)² for all i < n."""
    return k.each(n, lambda i, inside: k.square(x[i] - a))


HALF = Fraction(1, 2)
PAIR = {"n": 2, "x": (1, 3), "y": (2, 1)}
NUMBERS = {"a": -1, "b": 2, "r": 2, "t": 3}

#: What is said, the false formula, true theorems near it, a point where it fails.
FALSE = [
    ("E(X²) = X E(X)", eq(Sum(n, lambda i: x[i] ** 2), x[0] * Sum(n, X)), [], PAIR),
    ("E(X²) = (E X)²", eq(mean(n, lambda i: x[i] ** 2), mean(n, X) ** 2), [], PAIR),
    ("E(XY) = E(X) E(Y)", eq(Sum(n, lambda i: x[i] * y[i]), Sum(n, X) * Sum(n, lambda i: y[i])),
     [], PAIR),
    ("Σ exp x = exp Σ x", eq(Sum(n, lambda i: exp(x[i])), exp(Sum(n, X))), [], PAIR),
    ("LSE(x + a) = LSE(x) + 2a", eq(lse(n, lambda i: x[i] + a), lse(n, X) + 2 * a),
     [k.equal(lse(n, lambda i: x[i] + a), lse(n, lambda i: x[i] + a))], {**PAIR, "a": 1}),
    ("LSE(a x) = a LSE(x)", eq(lse(n, lambda i: a * x[i]), a * lse(n, X)), [], {**PAIR, "a": 2}),
    ("M_{2r}(x) = M_r(x)", eq(pooled(n, 2 * r, X), pooled(n, r, X)), [], {**PAIR, "r": 1}),
    ("SWAP_r(x) = mean x", eq(swap(n, r, X), mean(n, X)), [], {**PAIR, "r": 1}),
    ("softmax has one value", eq(softmax(n, X, zero), softmax(n, X, as_term(1))), [], PAIR),
    ("r/r = 1", eq(r * inv(r), 1), [k.equal(r * inv(r), as_term(1), A(ne(r, 0)))], {"r": 0}),
    ("√(a²) = a", eq(exp(log(a**2) / 2), a), [], NUMBERS),
    ("exp(log a) = a", eq(exp(log(a)), a), [k.exp_log(A(0 < a))], {"a": -1}),
    ("log(ab) = log a · log b", eq(log(a * b), log(a) * log(b)), [], {"a": 2, "b": 3}),
    ("log(a + b) = log a + log b", eq(log(a + b), log(a) + log(b)), [], {"a": 2, "b": 3}),
    ("1 + t < exp t", 1 + t < exp(t), [k.exp_tangent(t), k.exp_positive(t)], {"t": 0}),
    ("1 + t(1 + 1e-9) <= exp t", 1 + t * (1 + Fraction(1, 10**9)) <= exp(t), [k.exp_tangent(t)],
     {"t": Fraction(1, 10**10)}),
    ("1 + 1e-9 + t <= exp t", 1 + Fraction(1, 10**9) + t <= exp(t), [k.exp_tangent(t)], {"t": 0}),
    ("exp t <= 1 + t", exp(t) <= 1 + t, [k.exp_tangent(t)], {"t": 1}),
    ("0 < t²", 0 < t**2, [k.square(t), k.positive_square(A(ne(0, t)))], {"t": 0}),
    ("a <= max(a, b) - 1e-9", a <= max2(a, b) - Fraction(1, 10**9), [k.max2_left(a, b)],
     {"a": 2, "b": 1}),
    ("max(a, b) = a", eq(max2(a, b), a), [k.max2_left(a, b), k.max2_right(a, b)], NUMBERS),
    ("relu t = t", eq(relu(t), t), [k.max2_left(t, zero)], {"t": -1}),
    ("|a + b| = |a| + |b|", eq(absolute(a + b), absolute(a) + absolute(b)), [], NUMBERS),
    ("0 <= Σ (x - a)² - 1", 0 <= Sum(n, lambda i: (x[i] - a) ** 2) - 1,
     [k.sum_increasing(square_of_mean())], {"n": 1, "x": (1,), "a": 1}),
    ("Σ_{i<n+1} = Σ_{i<n}", eq(Sum(n + 1, X), Sum(n, X)), [], {"n": 1, "x": (1, 3)}),
    ("Σ_{i<n+1} = Σ_{i<n} + x_0", eq(Sum(n + 1, X), Sum(n, X) + x[0]), [],
     {"n": 1, "x": (1, 3)}),
    ("Σ_i Σ_j x_j = Σ_j Σ_i x_i", eq(
        Sum(n, lambda i: Sum(m, lambda j: x[j])), Sum(m, lambda j: Sum(n, X))),
     [k.sum_swap(Sum(n, lambda i: Sum(m, lambda j: x[j])))], {"n": 1, "m": 2, "x": (1, 3)}),
    ("max over n + 1 is max over n", eq(Max(n + 1, X), Max(n, X)), [], {"n": 1, "x": (1, 3)}),
    ("x_m <= max x without m < n", x[m] <= Max(n, X), [k.max_upper(Max(n, X), A(m < n))],
     {"n": 1, "m": 1, "x": (1, 3)}),
    ("(-1)^m = 1", eq(power(-1, m), 1), [k.equal(power(-1, 2 * m), as_term(1))], {"m": 1}),
    ("0 < a^m", 0 < power(a, m), [k.power_positive(A(0 < a), m)], {"a": -1, "m": 1}),
    ("C(n, m) = C(n + 1, m)", eq(binom(n, m), binom(n + 1, m)), [k.binomial_next(n, m)],
     {"n": 1, "m": 1}),
    ("1 <= n", 1 <= n, [k.nat_nonnegative(n)], {"n": 0}),
    ("a < b gives a + 1 <= b", Implies(a < b, a + 1 <= b), [], {"a": 0, "b": HALF}),
    ("the sum bounds every term", Implies(m < n, x[m] <= Sum(n, X)), [],
     {"n": 2, "m": 0, "x": (1, -3)}),
    ("d/dt t² = t", Deriv(lambda s: s**2, t, t), [k.derivative(lambda s: s**2, t)], {"t": 1}),
    ("d/dt log t = t", Deriv(log, t, t), [k.derivative(log, t, A(0 < t))], {"t": 2}),
    ("1/t → 1", Tends(inv, "inf", 1), [k.tends_inverse("inf")], {}),
]  # fmt: skip


RELATIONS = ("le", "lt", "eq")


def attempts(false, kin):
    """The ways from true theorems, and from algebra, to the false statement."""
    usable = [th for th in kin if th.conclusion.op in RELATIONS]
    yield from (lambda th=th: k.restate(th, false, *kin) for th in kin)
    if false.op in RELATIONS:
        yield lambda: k.by(false, *usable)
        yield lambda: k.by(false, *usable, known=kin)
    if false.op == "eq":
        yield lambda: k.equal(*false.args)
        yield lambda: k.equal(*false.args, *kin)


def is_proved(attempt):
    """Whether an attempt gives a theorem without hypotheses."""
    try:
        return not attempt().hypotheses
    except Refused:
        return False


@pytest.mark.parametrize(("words", "false", "kin", "at"), FALSE, ids=[row[0] for row in FALSE])
def test_false_statement(words, false, kin, at):
    # balls give 1/0 and log -1 no value, so two rows are not true there, and not decided either
    assert truth(false, at) is (None if words in ("r/r = 1", "exp(log a) = a") else False)
    assert not any(is_proved(attempt) for attempt in attempts(false, kin))


def test_attempts_can_succeed():
    """The same ways do prove a true statement, so their failure says something."""
    th = k.exp_tangent(t)
    assert any(is_proved(attempt) for attempt in attempts(t + 1 <= exp(t), [th]))


def test_there_are_enough():
    assert len({row[0] for row in FALSE}) == len(FALSE) >= 20
