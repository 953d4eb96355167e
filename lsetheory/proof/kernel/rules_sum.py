"""Rules on sums, maxima over an index, natural numbers and binomial coefficients."""

from lsetheory.proof.kernel.binders import closed_over, opened, unused
from lsetheory.proof.kernel.equality import vanishes
from lsetheory.proof.kernel.terms import Expr, Formula, Term, as_term, formula, is_nat, term
from lsetheory.proof.kernel.theorem import (
    NO_HYPOTHESES,
    Sequent,
    Theorem,
    demand,
    hypotheses,
    parts,
    rule,
)


def bounded(f: Formula, variable: Term) -> tuple[Term, Formula]:
    """(n, g) for a formula ∀i. i < n → g(i), with g at `variable`, which must be new."""
    kind, body = parts(f, "forall")
    demand(kind == "nat", "a statement about indices", f)
    inside, g = parts(opened(body, variable), "implies")
    i, n = parts(inside, "lt")
    demand(i is variable and variable.free.isdisjoint(n.free) and is_nat(n), "∀i. i < n → ...", f)
    return n, g


def _sums(th: Theorem, *ops: str) -> tuple[Term, Term, Term, Term, Term]:
    """From ∀i < n. f(i) rel g(i): Σf, Σg, the index, f(i), g(i)."""
    i = unused("nat", th.conclusion)
    n, relation = bounded(th.conclusion, i)
    f, g = parts(relation, *ops)
    return _total(n, f, i), _total(n, g, i), i, f, g


def _total(n: Term, f: Term, i: Term) -> Term:
    return term("sum", n, closed_over(f, i))


def _at(f: Term, i: Term, value: Term) -> Term:
    out: Term = opened(closed_over(f, i), value)
    return out


def _is_inside(th: Theorem, n: Term) -> Term:
    """The index j of a theorem j < n."""
    j, bound = parts(th.conclusion, "lt")
    demand(bound is n and is_nat(j), f"an index < {n!r}", th.conclusion)
    index: Term = j
    return index


@rule
def sum_increasing(th: Theorem) -> Sequent:
    """From f(i) <= g(i) for all i < n infer Σf <= Σg."""
    left, right, *_ = _sums(th, "le", "lt")
    return th.hypotheses, formula("le", left, right)


@rule
def sum_increasing_strict(th: Theorem, inside: Theorem, strict: Theorem) -> Sequent:
    """From f(i) <= g(i) for all i < n, j < n and f(j) < g(j) infer Σf < Σg."""
    left, right, i, f, g = _sums(th, "le", "lt")
    j = _is_inside(inside, left.args[0])
    expected = formula("lt", _at(f, i, j), _at(g, i, j))
    demand(strict.conclusion is expected, repr(expected), strict.conclusion)
    return hypotheses(th, inside, strict), formula("lt", left, right)


@rule
def sum_equal(th: Theorem) -> Sequent:
    """From f(i) = g(i) for all i < n infer Σf = Σg."""
    left, right, *_ = _sums(th, "eq")
    return th.hypotheses, formula("eq", left, right)


@rule
def sum_term(th: Theorem, inside: Theorem) -> Sequent:
    """From 0 <= f(i) for all i < n and j < n infer f(j) <= Σf."""
    _, total, i, zero, f = _sums(th, "le", "lt")
    demand(zero is as_term(0), "0 <= f(i)", th.conclusion)
    j = _is_inside(inside, total.args[0])
    return hypotheses(th, inside), formula("le", _at(f, i, j), total)


@rule
def sum_pair(th: Theorem, inside: Theorem, other: Theorem, distinct: Theorem) -> Sequent:
    """From 0 <= f(i) for all i < n, j < n, k < n and j ≠ k infer f(j) + f(k) <= Σf."""
    _, total, i, zero, f = _sums(th, "le", "lt")
    demand(zero is as_term(0), "0 <= f(i)", th.conclusion)
    j, k = _is_inside(inside, total.args[0]), _is_inside(other, total.args[0])
    demand(distinct.conclusion is formula("ne", j, k), f"{j!r} ≠ {k!r}", distinct.conclusion)
    pair = _at(f, i, j) + _at(f, i, k)
    return hypotheses(th, inside, other, distinct), formula("le", pair, total)


@rule
def sum_split(total: Term, m: Term, rest: Term) -> Sequent:
    """Σ_{i<m+k} f(i) = Σ_{i<m} f(i) + Σ_{i<k} f(m + i), for `rest` = k."""
    n, f, i = _opened_sum(total, m, rest)
    demand(vanishes(n - (m + rest)), f"{n!r} terms in all", m + rest)
    parts_ = _total(m, f, i) + _total(rest, _at(f, i, m + i), i)
    return NO_HYPOTHESES, formula("eq", total, parts_)


@rule
def sum_single(th: Theorem, inside: Theorem) -> Sequent:
    """From f(i) = 0 for all i < n with i ≠ j, and j < n, infer Σf = f(j)."""
    i = unused("nat", th.conclusion, inside.conclusion)
    n, other = bounded(th.conclusion, i)
    j = _is_inside(inside, n)
    condition, vanishing = parts(other, "implies")
    demand(condition is formula("ne", i, j), f"i ≠ {j!r}", condition)
    f, zero = parts(vanishing, "eq")
    demand(zero is as_term(0), "f(i) = 0", vanishing)
    return hypotheses(th, inside), formula("eq", _total(n, f, i), _at(f, i, j))


@rule
def sum_swap(double: Term) -> Sequent:
    """Σ_i Σ_j f = Σ_j Σ_i f, if the range of j does not depend on i."""
    n, inner, i = _opened_sum(double)
    m, f, j = _opened_sum(inner, i, double)
    demand(i.free.isdisjoint(m.free), "ranges that do not depend on each other", double)
    return NO_HYPOTHESES, formula("eq", double, _total(m, _total(n, f, i), j))


def _opened_sum(t: Term, *others: Expr) -> tuple[Term, Term, Term]:
    demand(t.op == "sum", "a sum", t)
    i = unused("nat", t, *others)
    body: Term = opened(t.args[1], i)
    return t.args[0], body, i


@rule
def sum_reindex(into: Theorem, injective: Theorem, total: Term) -> Sequent:
    """From p(i) < n for all i < n, and p injective there, infer Σ f(p(i)) = Σ f(i)."""
    i = unused("nat", into.conclusion, injective.conclusion, total)
    n, p, bound = _injection(into, injective, i)
    demand(bound is n, f"p(i) < {n!r}", into.conclusion)
    demand(total.op == "sum" and total.args[0] is n, f"a sum over i < {n!r}", total)
    moved = _total(n, opened(total.args[1], p), i)
    return hypotheses(into, injective), formula("eq", moved, total)


def _injection(into: Theorem, injective: Theorem, i: Term) -> tuple[Term, Term, Term]:
    """n, p(i), k of two theorems: p(i) < k for i < n; p(i) = p(j) → i = j for i < n, j < n."""
    n, range_ = bounded(into.conclusion, i)
    p, k = parts(range_, "lt")
    demand(i.free.isdisjoint(k.free) and is_nat(p) and is_nat(k), "p(i) < k", range_)
    j = unused("nat", into.conclusion, injective.conclusion, i, p)
    m, rest = bounded(injective.conclusion, i)
    other, collision = bounded(rest, j)
    expected = formula("implies", formula("eq", p, _at(p, i, j)), formula("eq", i, j))
    same_range = m is n and other is n
    demand(same_range and collision is expected, repr(expected), injective.conclusion)
    return n, p, k


@rule
def pigeonhole(into: Theorem, injective: Theorem) -> Sequent:
    """From p(i) < k for all i < n, and p injective there, infer n <= k."""
    i = unused("nat", into.conclusion, injective.conclusion)
    n, _, k = _injection(into, injective, i)
    return hypotheses(into, injective), formula("le", n, k)


@rule
def max_upper(largest: Term, inside: Theorem) -> Sequent:
    """From j < n infer f(j) <= max f."""
    demand(largest.op == "max", "a maximum", largest)
    j = _is_inside(inside, largest.args[0])
    return inside.hypotheses, formula("le", opened(largest.args[1], j), largest)


@rule
def max_attained(largest: Term, nonempty: Theorem) -> Sequent:
    """From 0 < n infer ∃j. j < n and f(j) = max f."""
    demand(largest.op == "max", "a maximum", largest)
    n = largest.args[0]
    demand(nonempty.conclusion is formula("lt", as_term(0), n), f"0 < {n!r}", nonempty.conclusion)
    j = unused("nat", largest)
    attained = formula("eq", opened(largest.args[1], j), largest)
    body = closed_over(formula("and", formula("lt", j, n), attained), j)
    return nonempty.hypotheses, formula("exists", "nat", body)


@rule
def nat_nonnegative(t: Term) -> Sequent:
    """0 <= t for a natural number t."""
    demand(is_nat(t), "a natural number", t)
    return NO_HYPOTHESES, formula("le", as_term(0), t)


@rule
def nat_next(th: Theorem) -> Sequent:
    """From a < b for natural numbers infer a + 1 <= b."""
    a, b = parts(th.conclusion, "lt")
    demand(is_nat(a) and is_nat(b), "natural numbers", th.conclusion)
    return th.hypotheses, formula("le", a + 1, b)


@rule
def nat_difference(th: Theorem) -> Sequent:
    """From a <= b for natural numbers infer ∃m. b = a + m."""
    a, b = parts(th.conclusion, "le")
    demand(is_nat(a) and is_nat(b), "natural numbers", th.conclusion)
    m = unused("nat", th.conclusion)
    body = closed_over(formula("eq", b, a + m), m)
    return th.hypotheses, formula("exists", "nat", body)


@rule
def induction(base: Theorem, step: Theorem) -> Sequent:
    """From f(0) and ∀k. f(k) → f(k+1) infer ∀k. f(k)."""
    kind, body = parts(step.conclusion, "forall")
    demand(kind == "nat", "a step over natural numbers", step.conclusion)
    f = parts(body, "implies")[0]
    k = unused("nat", step.conclusion)
    after = parts(opened(body, k), "implies")[1]
    demand(after is opened(f, k + 1), repr(opened(f, k + 1)), after)
    demand(base.conclusion is opened(f, as_term(0)), repr(opened(f, as_term(0))), base.conclusion)
    return hypotheses(base, step), formula("forall", "nat", f)


@rule
def power_positive(th: Theorem, m: Term) -> Sequent:
    """From 0 < a infer 0 < a^m for natural m."""
    zero, a = parts(th.conclusion, "lt")
    demand(zero is as_term(0), "0 < a", th.conclusion)
    return th.hypotheses, formula("lt", zero, term("power", a, m))


@rule
def binomial_next(n: Term, k: Term) -> Sequent:
    """Pascal: C(n+1, k+1) = C(n, k) + C(n, k+1)."""
    right = term("binom", n, k) + term("binom", n, k + 1)
    return NO_HYPOTHESES, formula("eq", term("binom", n + 1, k + 1), right)


@rule
def binomial_absorb(n: Term, k: Term) -> Sequent:
    """(k+1) C(n+1, k+1) = (n+1) C(n, k)."""
    left, right = (k + 1) * term("binom", n + 1, k + 1), (n + 1) * term("binom", n, k)
    return NO_HYPOTHESES, formula("eq", left, right)


@rule
def binomial_beyond(th: Theorem) -> Sequent:
    """From n < k infer C(n, k) = 0."""
    n, k = parts(th.conclusion, "lt")
    return th.hypotheses, formula("eq", term("binom", n, k), as_term(0))
