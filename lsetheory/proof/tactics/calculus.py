"""Derivatives, growth from the sign of a slope, Taylor bounds, limits."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

from lsetheory.proof.kernel.binders import closed_over, opened
from lsetheory.proof.kernel.terms import Term, as_term, formula, term
from lsetheory.proof.kernel.theorem import Refused, Theorem
from lsetheory.proof.tactics.sizes import Sizes


class Calculus(Sizes):
    """What the derivative of a function says of it, and limits at infinity."""

    def derivative(
        self, function: Callable[[Term], Term], at: Term, *known: Theorem, value: Term | None = None
    ) -> Theorem:
        """d/dt function(t) at a point; `value` is how the derivative should be written."""
        t = self.new("real", "t")
        th = self.differentiate(as_term(function(t)), t, at, *known)
        if value is None:
            return th
        body, point, _ = th.conclusion.args
        return self.restate(th, formula("deriv", body, point, value), *known)

    def grows(self, order: Theorem, derivative: Theorem, sign: Theorem) -> Theorem:
        """f(a) <= f(b) from a < b, f' = g and 0 <= g, the last two for all t in [a, b].

        Both are ∀t. a <= t → t <= b → ... as `on_interval` makes them; < if 0 < g.
        """
        change = self.mean_value(order, derivative)
        mark = len(self._opened)
        c, found = self.open(change)
        above, below, equation = self.conjuncts(found)
        slope = self.use(sign, c, above, below)
        right = equation.conclusion.args[1]
        gain = self.scale(formula(slope.conclusion.op, as_term(0), right), order, slope)
        body = derivative_body(derivative)
        ends = (opened(body, end) for end in order.conclusion.args)
        goal = formula(slope.conclusion.op, *ends)
        return self._settled(self.by(goal, gain, equation), mark)

    def rising(
        self,
        function: Callable[[Term], Term],
        start: Theorem,
        derivative: Callable[[Term], Theorem],
        sign: Theorem,
    ) -> Theorem:
        """∀t. 0 <= t → 0 <= f(t), from 0 <= f(0), f' = g and ∀t. 0 <= t → 0 <= g(t).

        `derivative` gets t and returns the theorem f'(t) = g(t).
        """
        zero = as_term(0)

        def later(t: Term, above: Theorem) -> Theorem:
            slope = self.on_interval(zero, t, lambda s, low, up: derivative(s))
            signs = self.on_interval(zero, t, lambda s, low, up: self.use(sign, s, low))
            return self.by(formula("le", zero, function(t)), start, self.grows(above, slope, signs))

        def at(t: Term, known: Theorem) -> Theorem:
            hole, goal = self.new(), formula("le", zero, function(t))
            pattern = formula("le", zero, function(hole))
            return self.split(
                self.trichotomy(zero, t),
                lambda above: later(t, above),
                lambda here: self.rewrite(here, start, pattern, hole),
                lambda below: self.impossible(goal, below, known),
            )

        return self.real(lambda t: self.suppose(formula("le", zero, t), lambda th: at(t, th)))

    def integrate(
        self,
        ladder: Sequence[Callable[[Term], Term]],
        known: Callable[[Term], Iterable[Theorem]],
        top: Theorem,
    ) -> Theorem:
        """∀t. 0 <= t → 0 <= f(t), for the first of the functions f, f', f'', ..., from the last.

        `known` gets t and returns what the derivatives at t need; at 0 no f may be negative.
        """
        zero = as_term(0)
        for f, slope in reversed(list(pairwise(ladder))):
            start = self.by(formula("le", zero, f(zero)), known=known(zero))
            change = partial(self._slope_of, f, slope, known)
            top = self.rising(f, start, change, top)
        return top

    def _slope_of(
        self,
        function: Callable[[Term], Term],
        slope: Callable[[Term], Term],
        known: Callable[[Term], Iterable[Theorem]],
        at: Term,
    ) -> Theorem:
        return self.derivative(function, at, *known(at), value=slope(at))

    def tends(self, function: Callable[[Term], Term], point: Term | str) -> Theorem:
        """The limit at infinity of what constants, 1/t, sums, products and exp make."""
        t = self.new("real", "t")
        body = as_term(function(t))
        return self._tends(body, t, point)

    def _tends(self, body: Term, t: Term, point: Term | str) -> Theorem:
        if body.free.isdisjoint(t.free):
            return self.tends_constant(body, point, "both")
        if body is term("inv", t):
            return self.tends_inverse(point)
        if body.op in ("add", "mul"):
            return self._tends_fold(body, t, point)
        if body.op == "exp":
            inner = self._tends(body.args[0], t, point)
            outer = self.derivative(lambda s: term("exp", s), inner.conclusion.args[3])
            return self.tends_composed(inner, outer)
        raise Refused(f"tends: expected constants, 1/t, sums, products and exp, got {body!r}")

    def _tends_fold(self, body: Term, t: Term, point: Term | str) -> Theorem:
        join = self.tends_sum if body.op == "add" else self.tends_product
        limits = [self._tends(a, t, point) for a in body.args]
        whole = limits[0]
        for limit in limits[1:]:
            whole = join(whole, limit)
        _, place, side, value = whole.conclusion.args
        return self.restate(whole, formula("tends", closed_over(body, t), place, side, value))


def derivative_body(derivative: Theorem) -> Term:
    """The body of f in ∀t. a <= t → t <= b → f'(t) = g(t)."""
    inner = derivative.conclusion.args[1]
    while inner.op == "implies":
        inner = inner.args[1]
    body: Term = inner.args[0]
    return body
