"""Every rule refuses what it must: one row a refusal."""

import pytest

from lsetheory.proof import (
    INF, And, Deriv, Exists, ForAll, Implies, Max, Or, Sum, Tends, as_term, each, eq, exp,
    function, index_map, le, log, lt, max2, nat, ne, power, real, vector,
)  # fmt: skip
from lsetheory.proof.kernel.theorem import RULES, Refused, Theorem
from lsetheory.proof.tactics import Prover
from lsetheory.proof.kernel.terms import IllFormed, inv, make, term

n, m, i = nat("n"), nat("m"), nat("i")
a, b, r, t = real("a"), real("b"), real("r"), real("t")
x, y, p = vector("x"), vector("y"), index_map("p")
zero, one = as_term(0), as_term(1)
k = Prover()
A = k.assume
S = Sum(n, lambda j: exp(x[j]))

#: What is attempted, and why it must be refused.
REFUSALS = {
    "generalise a captured variable": lambda: k.generalise(A(0 < r), r),
    "choose a variable that stays": lambda: k.choose(
        A(Exists("real", lambda u: 0 < u)), r, A(0 < r)),
    "choose a variable of the existence": lambda: k.choose(
        A(Exists("real", lambda u: r < u)), r, k.by(zero < 1)),
    "choose a variable another hypothesis has": lambda: k.choose(
        A(Exists("real", lambda u: 0 < u)), r, k.absurd(k.contradiction(k.by(zero < 0, A(0 < r),
        A(r < 0))), zero < 0)),
    "specialise an index to a real": lambda: k.specialise(A(each(n, lambda j: 0 <= x[j])), r),
    "an unmet hypothesis": lambda: k.apply(A(Implies(0 < r, 0 < a)), A(0 < a)),
    "modus ponens without an implication": lambda: k.apply(A(0 < r), A(0 < r)),
    "cases with two conclusions": lambda: k.cases(A(Or(0 < r, r < 1)), A(0 < r), A(r < 1)),
    "a witness that is none": lambda: k.witness(A(0 < r), Exists("real", lambda u: 1 < u), r),
    "an index witness that is real": lambda: k.witness(
        A(0 < r), Exists("nat", lambda u: 0 < u), r),
    "instantiate an index by a real": lambda: k.put(A(0 < n), n=r),
    "instantiate a vector by a number": lambda: k.put(A(0 < x[0]), x=r),
    "instantiate a map by a real function": lambda: k.put(A(0 < x[p[0]]), p=function(lambda j: r)),
    "rewrite with another term": lambda: k.rewrite(A(eq(a, b)), A(0 < r), 0 < t, t),
    "rewrite an index by a real equation": lambda: k.rewrite(A(eq(n, r)), A(0 < x[n]), 0 < x[m], m),
    "restate something else": lambda: k.restate(A(0 < r), r < 0),
    "symbol twins": lambda: k.both(A(0 < real("q")), A(0 < nat("q"))),
    "vector and number of one name": lambda: k.both(A(0 < real("x")), A(0 < x[0])),
    "division by a possible zero": lambda: k.equal(r * inv(r), one),
    "division by a zero that another is not": lambda: k.equal(r * inv(r), one, A(ne(a, 0))),
    "a positive index is no hypothesis on another": lambda: k.equal(
        Sum(n, lambda j: x[j] * inv(x[j])), n, A(0 < x[0])),
    "log of a possible nonpositive": lambda: k.equal(log(a * b), log(a) + log(b), A(0 < a)),
    "exp log without positivity": lambda: k.exp_log(A(0 <= a)),
    "log of a square": lambda: k.equal(log(a**2), 2 * log(a), A(ne(a, 0))),
    "E(X^2) = X E(X)": lambda: k.equal(Sum(n, lambda j: x[j] ** 2), x[0] * Sum(n, lambda j: x[j])),
    "E(X^2) = (E X)^2": lambda: k.equal(
        n * Sum(n, lambda j: x[j] ** 2), Sum(n, lambda j: x[j]) ** 2),
    "a negative multiplier": lambda: k.combine(
        r <= 0, (as_term(-1),), (A(0 <= r),), (None,), ()),
    "a multiplier of unknown sign": lambda: k.combine(
        0 <= r * a, (r,), (A(0 <= a),), (None,), ()),
    "the sign of another multiplier": lambda: k.combine(
        0 <= r * a, (r,), (A(0 <= a),), (A(0 <= b),), ()),
    "strict from not strict": lambda: k.combine(0 < r, (one,), (A(0 <= r),), (None,), ()),
    "strict from multiplier zero": lambda: k.combine(
        lt(0, a), (one, zero), (A(0 <= a), A(0 < r)), (None, None), ()),
    "equality from an inequality": lambda: k.combine(
        eq(r, 0), (one,), (A(r <= 0),), (None,), ()),
    "a combination that leaves a negative number": lambda: k.combine(
        1 <= r, (one,), (A(0 <= r),), (None,), ()),
    "an inverse of what may be zero": lambda: k.positive_inverse(A(0 <= r)),
    "an inverse of another lower bound": lambda: k.positive_inverse(A(-1 < r)),
    "antisymmetry of one side": lambda: k.antisymmetry(A(a <= b), A(a <= b)),
    "apart from not strict": lambda: k.apart(A(a <= b)),
    "strict tangent without distinct": lambda: k.exp_tangent_strict(A(0 <= t)),
    "log increasing without a sign": lambda: k.log_increasing(A(0 < b), A(a <= b)),
    "a false comparison by balls": lambda: k.ball(lt(exp(one), 2)),
    "a tie by balls": lambda: k.ball(lt(exp(log(as_term(2))), 2)),
    "balls with a variable": lambda: k.ball(0 < exp(r)),
    "balls and 1/0": lambda: k.ball(le(0, inv(log(one)))),
    "balls and the log of 0": lambda: k.ball(lt(log(zero), 0)),
    "nothing contradicts": lambda: k.contradiction(k.by(zero < 1)),
    "contradiction with a variable": lambda: k.contradiction(A(r < 0)),
    "sum from another range": lambda: k.sum_term(A(each(n, lambda j: 0 <= x[j])), A(lt(i, m))),
    "one term of a sum with signs": lambda: k.sum_term(A(each(n, lambda j: -1 <= x[j])), A(i < n)),
    "two terms that may be one": lambda: k.sum_pair(
        A(each(n, lambda j: 0 <= x[j])), A(i < n), A(m < n), A(ne(m, n))),
    "strict sum with another strict term": lambda: k.sum_increasing_strict(
        A(each(n, lambda j: x[j] <= y[j])), A(i < n), A(x[m] < y[m])),
    "sums equal termwise or not": lambda: k.sum_equal(A(each(n, lambda j: x[j] <= y[j]))),
    "single term without distinctness": lambda: k.sum_single(
        A(each(n, lambda j: Implies(ne(j, m), eq(x[j], 0)))), A(i < n)),
    "single term at the rule's own index": lambda: k.sum_single(
        A(each(n, lambda j: Implies(ne(j, j), eq(x[j], 0)))), A(nat("#0") < n)),
    "swap a dependent range": lambda: k.sum_swap(Sum(n, lambda j: Sum(j, lambda q: x[q] * y[j]))),
    "split into other counts": lambda: k.sum_split(S, m, n),
    "reindex without injectivity": lambda: k.sum_reindex(
        A(each(n, lambda j: p[j] < n)), A(each(n, lambda j: p[j] < n)), S),
    "reindex another range": lambda: k.sum_reindex(
        A(each(m, lambda j: p[j] < m)),
        A(each(m, lambda j: each(m, lambda q: Implies(eq(p[j], p[q]), eq(j, q))))), S),
    "the maximum of nothing": lambda: k.max_attained(Max(n, lambda j: x[j]), A(0 <= n)),
    "maximum outside the range": lambda: k.max_upper(Max(n, lambda j: x[j]), A(i <= n)),
    "a real is no index": lambda: k.nat_nonnegative(r),
    "a next real": lambda: k.nat_next(A(a < b)),
    "induction without base": lambda: k.induction(
        A(0 <= x[1]), A(ForAll("nat", lambda j: Implies(0 <= x[j], 0 <= x[j + 1])))),
    "induction with a wrong step": lambda: k.induction(
        A(0 <= x[0]), A(ForAll("nat", lambda j: Implies(0 <= x[j], 0 <= x[j + 2])))),
    "induction over the reals": lambda: k.induction(
        A(0 <= a), A(ForAll("real", lambda u: Implies(0 <= u, 0 <= u + 1)))),
    "power of a sign": lambda: k.power_positive(A(ne(a, 0)), n),
    "derivative of log at a possible nonpositive": lambda: k.differentiate(log(t), t, a),
    "derivative of 1/t at a possible zero": lambda: k.differentiate(inv(t), t, a, A(0 <= a)),
    "derivative of log at another point": lambda: k.differentiate(log(t), t, a, A(0 < b)),
    "derivative of a maximum": lambda: k.differentiate(max2(t, zero), t, zero),
    "derivative of a maximum of entries": lambda: k.differentiate(
        Max(n, lambda j: t * x[j]), t, zero),
    "derivative of log inside a sum": lambda: k.differentiate(
        Sum(n, lambda j: log(t + x[j])), t, zero, A(0 < x[0])),
    "mean value on an empty interval": lambda: k.mean_value(
        A(a <= b), k.real(lambda u: k.derivative(lambda s: s, u))),
    "mean value without the whole interval": lambda: k.mean_value(
        A(a < b), A(ForAll("real", lambda u: Implies(0 <= u, u <= b, Deriv(exp, u, exp(u)))))),
    "mean value of a function that changes": lambda: k.mean_value(A(a < b), A(ForAll(
        "real", lambda u: Implies(a <= u, u <= b, Deriv(lambda s: s * u, u, u))))),
    "limits at two points": lambda: k.tends_sum(
        k.tends_constant(one, zero, "both"), k.tends_constant(one, one, "both")),
    "limits from two sides": lambda: k.tends_product(
        k.tends_constant(one, zero, "above"), k.tends_constant(one, zero, "below")),
    "composition at another limit": lambda: k.tends_composed(
        k.tends_constant(one, zero, "both"), k.derivative(exp, zero)),
    "one side out of another": lambda: k.tends_one_side(
        k.tends_constant(one, zero, "above"), "below"),
    "both sides from one": lambda: k.tends_both_sides(
        k.tends_constant(one, zero, "above"), k.tends_constant(one, zero, "above")),
    "mirror at a finite point": lambda: k.tends_mirrored(k.tends_constant(one, zero, "both")),
    "inverse at zero": lambda: k.tends_inverse("0"),
    "a limit at infinity from one side": lambda: k.tends_constant(one, INF, "above"),
    "choose a term": lambda: k.choose(
        A(Exists("real", lambda u: u < 0)), exp(r),
        k.contradiction(k.by(zero < 0, A(exp(r) < 0), k.exp_positive(r)))),
    "naturals for reals": lambda: k.restate(
        A(ForAll("nat", lambda u: 0 <= u)), ForAll("real", lambda u: 0 <= u)),
    "restate another function": lambda: k.restate(
        A(Deriv(exp, a, b)), Deriv(lambda u: exp(2 * u), a, b)),
    "restate another derivative": lambda: k.restate(A(Deriv(exp, a, b)), Deriv(exp, a, r)),
    "restate another side": lambda: k.restate(
        A(Tends(exp, a, b, "above")), Tends(exp, a, b, "below")),
    "log of nonzero factors": lambda: k.equal(
        log(a * b), log(a) + log(b), A(ne(0, a)), A(ne(0, b))),
    "a number off": lambda: k.combine(eq(a, a + 1), (), (), (), ()),
    "contradiction of a truth": lambda: k.contradiction(k.by(zero <= 0)),
    "exp log above another bound": lambda: k.exp_log(A(-1 < a)),
    "a falsehood too fine for balls": lambda: k.ball(
        le(exp(log(as_term(2))) + inv(as_term(2) ** 20000), 2)),
    "a range that depends on its index": lambda: k.sum_increasing(
        A(ForAll("nat", lambda j: Implies(lt(j, j + n), x[j] <= 0)))),
    "reindex out of the range": lambda: k.sum_reindex(
        A(each(n, lambda j: p[j] < m)),
        A(each(n, lambda j: each(n, lambda q: Implies(eq(p[j], p[q]), eq(j, q))))), S),
    "injective on another range": lambda: k.pigeonhole(
        A(each(n, lambda j: p[j] < m)),
        A(each(m, lambda j: each(m, lambda q: Implies(eq(p[j], p[q]), eq(j, q)))))),
    "no injection": lambda: k.pigeonhole(
        A(each(n, lambda j: p[j] < m)),
        A(each(n, lambda j: each(n, lambda q: Implies(eq(p[j], p[q]), eq(j, j)))))),
    "the difference of reals": lambda: k.nat_difference(A(a <= b)),
    "derivative of log known elsewhere": lambda: k.differentiate(log(t), t, a, A(0 < t)),
    "derivative of log at -1": lambda: k.differentiate(log(t), t, as_term(-1)),
    "both sides from below": lambda: k.tends_both_sides(
        k.tends_constant(one, zero, "below"), k.tends_constant(one, zero, "below")),
    "squeeze between two limits": lambda: k.squeeze(
        k.tends_constant(zero, INF, "both"), k.tends_constant(one, INF, "both"),
        A(ForAll("real", lambda u: And(0 <= x[0], x[0] <= 1))), ()),
    "squeeze from another lower bound": lambda: k.squeeze(
        k.tends_constant(one, INF, "both"), k.tends_constant(one, INF, "both"),
        A(ForAll("real", lambda u: And(0 <= x[0], x[0] <= 1))), ()),
    "squeeze from another upper bound": lambda: k.squeeze(
        k.tends_constant(one, INF, "both"), k.tends_constant(one, INF, "both"),
        A(ForAll("real", lambda u: And(1 <= x[0], x[0] <= 2))), ()),
    "a forged constructor": lambda: Theorem(object(), (frozenset(), zero < 0), "assume", ()),
    "a lemma that nobody claims": lambda: k.lemma("no_such_theorem"),
    "a loose variable as argument": lambda: k.exp_tangent(term("bound", 0, "real")),
    "text as argument": lambda: k.exp_tangent("t"),
    "too few arguments": lambda: k.both(A(0 < r)),
    "keyword arguments": lambda: RULES["assume"](f=0 < r),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_rule_refuses(name):
    with pytest.raises((Refused, IllFormed)):
        REFUSALS[name]()


def squeeze(point, side, condition, window=()):
    """Squeeze the constant 1 at a point under a condition on t."""
    wall = k.tends_constant(one, point, side)
    between = A(ForAll("real", lambda u: Implies(*condition(u), And(1 <= x[0], x[0] <= 1))))
    return k.squeeze(wall, wall, between, tuple(window))


@pytest.mark.parametrize(
    ("point", "side", "condition", "window"),
    [
        (zero, "both", lambda u: [0 < u], []),
        (zero, "both", lambda u: [u < 0], []),
        (zero, "below", lambda u: [0 < u], []),
        (zero, "above", lambda u: [u < 0], []),
        (zero, "both", lambda u: [ne(u, 1)], []),
        (zero, "both", lambda u: [-1 < u], []),
        (zero, "above", lambda u: [0 < u, u < 1], [A(as_term(1) < 2)]),
        (INF, "both", lambda u: [u < 0], []),
        ("-inf", "both", lambda u: [0 < u], []),
        (INF, "both", lambda u: [ne(u, 0)], []),
        (INF, "both", lambda u: [u * r < u], []),
        (zero, "both", lambda u: [u * inv(2) < u], [A(real("#0") * inv(2) < 0)]),
    ],
)
def test_squeeze_refuses_conditions_that_fail_near_the_point(point, side, condition, window):
    with pytest.raises(Refused):
        squeeze(point, side, condition, window)


@pytest.mark.parametrize(
    ("point", "side", "condition", "window"),
    [
        (zero, "both", lambda u: [ne(u, 0)], []),
        (zero, "below", lambda u: [u < 0], []),
        (zero, "above", lambda u: [0 < u, u < 1], [A(zero < 1)]),
        (INF, "both", lambda u: [r < u], []),
        ("-inf", "both", lambda u: [u < r], []),
    ],
)
def test_squeeze_takes_conditions_that_hold_near_the_point(point, side, condition, window):
    assert squeeze(point, side, condition, window).conclusion.op == "tends"


def test_facts_do_not_capture_the_index_of_a_sum():
    """What is known of a free variable must not speak of a bound one that is opened alike."""
    free = make("var", "#0", "nat")
    with pytest.raises(Refused):
        k.equal(Sum(n, lambda j: j * inv(j)), n, A(ne(free, 0)))


def test_swapped_sums_keep_their_indices_apart():
    """The inner body may not speak of the outer index; the two must still differ."""
    there = Sum(n, lambda i: Sum(m, lambda j: x[j]))
    back = Sum(m, lambda j: Sum(n, lambda i: x[j]))
    assert k.sum_swap(there).conclusion is eq(there, back)


@pytest.mark.parametrize("name", ["#0", "#1", "#2"])
def test_swapped_sums_leave_what_their_count_names_alone(name):
    free = nat(name)
    there = Sum(free, lambda i: Sum(2, lambda j: i * j))
    back = Sum(2, lambda j: Sum(free, lambda i: i * j))
    assert k.sum_swap(there).conclusion is eq(there, back)


def test_no_variable_is_called_as_bound_ones_are_before_they_are_bound():
    for kind in (real, nat):
        with pytest.raises(ValueError, match="expected another name"):
            kind("%1")


def test_terms_cannot_be_changed():
    with pytest.raises(AttributeError):
        r.op = "exp"


@pytest.mark.parametrize("made", [lambda: r + 0.5, lambda: power(2, r), lambda: x[r],
                                  lambda: Sum(r, lambda j: x[j]), lambda: make("system", "ls"),
                                  lambda: Tends(exp, "infinity", 1), lambda: r + True,
                                  lambda: as_term(0) <= r <= 1])  # fmt: skip
def test_ill_formed_terms_are_refused(made):
    with pytest.raises(IllFormed):
        made()
