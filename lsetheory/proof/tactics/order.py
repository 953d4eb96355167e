"""Comparisons and equations: combined, chained, multiplied, turned round, put to use."""

from collections.abc import Callable, Iterable
from typing import Any

from lsetheory.proof.kernel.normal import poly
from lsetheory.proof.kernel.terms import (
    Expr,
    Formula,
    Term,
    as_term,
    formula,
    is_nat,
    rebuild,
    term,
)
from lsetheory.proof.kernel.theorem import Refused, Theorem, facts
from lsetheory.proof.tactics.linear import multipliers
from lsetheory.proof.tactics.shape import Shape


class Order(Shape):
    """What follows from comparisons by linear algebra, and from equations by replacing."""

    def by(self, goal: Formula, *premises: Theorem, known: Iterable[Theorem] = ()) -> Theorem:
        """A comparison from others by a combination with numbers >= 0, found by linear programming.

        Products and fractions count as unknowns of their own; `known` theorems (0 < s, s ≠ t) let
        the normal form cancel and split logs.
        """
        known = tuple(known)
        view = facts(*known)
        if goal.op not in ("le", "lt", "eq"):
            raise Refused(f"by: expected a comparison to prove, got {goal!r}")
        if goal.op == "eq" and any(p.conclusion.op != "eq" for p in premises):
            raise Refused("by: an equation needs equations; prove both ≤ and use k.equate")
        gaps = [poly(p.conclusion.args[1] - p.conclusion.args[0], view) for p in premises]
        found = multipliers(poly(goal.args[1] - goal.args[0], view), gaps,
                            [p.conclusion.op for p in premises], goal.op)  # fmt: skip
        if found is None:
            listed = "; ".join(repr(p.conclusion) for p in premises) or "none"
            raise Refused(f"by: expected premises that give {goal!r} linearly, got {listed}")
        weights = tuple(as_term(w) for w in found)
        return self.combine(goal, weights, premises, (None,) * len(premises), known)

    def use(self, th: Theorem, *args: Term | int | Theorem) -> Theorem:
        """Specialise ∀ with terms and satisfy → with theorems, from left to right."""
        for arg in args:
            if isinstance(arg, Theorem):
                th = self.apply(th, self._fitted(arg, th.conclusion.args[0]))
            else:
                th = self.specialise(th, as_term(arg))
        return th

    def _fitted(self, th: Theorem, wanted: Formula) -> Theorem:
        """The theorem, said the way it is wanted."""
        if th.conclusion is wanted:
            return th
        ordered = th.conclusion.op in ("le", "lt", "eq") and wanted.op in ("le", "lt", "eq")
        return self.by(wanted, th) if ordered else self.restate(th, wanted)

    def scale(self, goal: Formula, factor: Theorem, th: Theorem, *known: Theorem) -> Theorem:
        """Multiply a comparison by a factor: `factor` is 0 < s or 0 <= s, `th` is a <= b."""
        multiplier = factor.conclusion.args[1] - factor.conclusion.args[0]
        return self.combine(goal, (multiplier,), (th,), (factor,), known)

    def multiply(self, factor: Theorem, th: Theorem) -> Theorem:
        """s a <= s b from 0 <= s and a <= b; < if both are."""
        (_, s), (a, b) = factor.conclusion.args, th.conclusion.args
        op = "lt" if {factor.conclusion.op, th.conclusion.op} == {"lt"} else "le"
        return self.scale(formula(op, s * a, s * b), factor, th)

    def chain(self, *theorems: Theorem) -> Theorem:
        """a <= z from a <= b, b <= c, ..., y <= z; < if one is, = if all are."""
        ops = [th.conclusion.op for th in theorems]
        op = "lt" if "lt" in ops else "le" if "le" in ops else "eq"
        ends = theorems[0].conclusion.args[0], theorems[-1].conclusion.args[1]
        ones = (as_term(1),) * len(ops)
        return self.combine(formula(op, *ends), ones, theorems, (None,) * len(ops), ())

    def equate(self, th: Theorem, reverse: Theorem) -> Theorem:
        """a = b from a <= b and b <= a."""
        return self.antisymmetry(th, reverse)

    def flip(self, th: Theorem) -> Theorem:
        """b = a from a = b; b ≠ a from a ≠ b."""
        a, b = th.conclusion.args
        return self.restate(th, formula(th.conclusion.op, b, a))

    def replace(self, equation: Theorem, th: Theorem) -> Theorem:
        """th with every a replaced by b, for an equation a = b (a without bound variables)."""
        a, b = equation.conclusion.args
        hole = term("var", "%hole", "nat" if is_nat(a) and is_nat(b) else "real")
        return self.rewrite(equation, th, _with_hole(th.conclusion, a, hole), hole)

    def congruent(self, function: Callable[[Term], Term], equation: Theorem) -> Theorem:
        """f(a) = f(b) from a = b."""
        a, b = equation.conclusion.args
        hole = term("var", "%hole", "nat" if is_nat(a) and is_nat(b) else "real")
        same, pattern = self.equal(function(a), function(a)), function(hole)
        return self.rewrite(equation, same, formula("eq", function(a), pattern), hole)

    def impossible(self, goal: Formula, *premises: Theorem) -> Theorem:
        """Anything, from comparisons that contradict each other linearly."""
        nothing = self.by(formula("lt", as_term(0), as_term(0)), *premises)
        return self.absurd(self.contradiction(nothing), goal)

    def zero_or_positive(self, m: Term) -> Theorem:
        """m = 0 or 0 < m, for a natural number."""
        zero, positive = formula("eq", m, as_term(0)), formula("lt", as_term(0), m)
        goal = formula("or", zero, positive)
        return self.split(
            self.trichotomy(m, as_term(0)),
            lambda less: self.impossible(goal, less, self.nat_nonnegative(m)),
            lambda equal: self.either_left(equal, positive),
            lambda more: self.either_right(zero, more),
        )

    def below_or_equal(self, th: Theorem) -> Theorem:
        """a < b or a = b, from a <= b."""
        a, b = th.conclusion.args
        below, equal = formula("lt", a, b), formula("eq", a, b)
        return self.split(
            self.trichotomy(a, b),
            lambda less: self.either_left(less, equal),
            lambda same: self.either_right(below, same),
            lambda more: self.impossible(formula("or", below, equal), th, more),
        )

    def dichotomy(self, a: Term, b: Term) -> Theorem:
        """a <= b or b < a."""
        no_more, more = formula("le", a, b), formula("lt", b, a)
        return self.split(
            self.trichotomy(a, b),
            lambda less: self.either_left(self.by(no_more, less), more),
            lambda equal: self.either_left(self.by(no_more, equal), more),
            lambda above: self.either_right(no_more, above),
        )

    def min_lower(self, goal: Formula, inside: Theorem) -> Theorem:
        """min f <= f(j), the goal, from j < n."""
        _, largest = goal.args[0].args
        return self.by(goal, self.max_upper(largest, inside))


def _with_hole(f: Formula, a: Term, hole: Term) -> Any:
    def go(node: Expr) -> Expr:
        return hole if node is a else rebuild(node, lambda child, _: go(child))

    return go(f)
