"""Signs, absolute values and maxima of two numbers."""

from collections.abc import Sequence

from lsetheory.proof.kernel.binders import opened
from lsetheory.proof.kernel.terms import Expr, Formula, Term, as_term, children, formula, term
from lsetheory.proof.kernel.theorem import Refused, Theorem
from lsetheory.proof.tactics.order import Order


class Sizes(Order):
    """What is positive, and what lies within bounds."""

    def largest2(self, left: Theorem, right: Theorem) -> Theorem:
        """max(a, b) <= c from a <= c and b <= c; |t| <= c from t <= c and -t <= c."""
        (a, c), (b, _) = left.conclusion.args, right.conclusion.args
        goal = formula(left.conclusion.op, term("max2", a, b), c)
        return self.split(self.max2_attained(a, b), lambda first: self.by(goal, left, first),
                          lambda second: self.by(goal, right, second))  # fmt: skip

    def within(self, th: Theorem) -> tuple[Theorem, Theorem]:
        """t <= c and -t <= c, from |t| <= c."""
        t, minus = th.conclusion.args[0].args
        upper, lower = self.max2_left(t, minus), self.max2_right(t, minus)
        return self.chain(upper, th), self.chain(lower, th)

    def size_of_product(self, left: Theorem, right: Theorem) -> Theorem:
        """|a b| <= A B from |a| <= A and |b| <= B."""
        (a, _), (b, _) = left.conclusion.args[0].args, right.conclusion.args[0].args
        bound = left.conclusion.args[1] * right.conclusion.args[1]

        def gaps(th: Theorem) -> list[Theorem]:
            """0 <= c - t and 0 <= c + t, from |t| <= c."""
            return [self.by(formula("le", as_term(0), c - t), part)
                    for part in self.within(th) for t, c in [part.conclusion.args]]  # fmt: skip

        products = [self.multiply(g, h) for g in gaps(left) for h in gaps(right)]
        sides = (self.by(formula("le", t, bound), *products) for t in (a * b, -(a * b)))
        return self.largest2(*sides)

    def piecewise(self, goal: Formula, *premises: Theorem) -> Theorem:
        """As `by`, where maxima of two numbers occur: by cases on which of the two is the larger.

        It splits no more than it must; an equation is proved from both sides.
        """
        if goal.op == "eq":
            a, b = goal.args
            return self.equate(self.piecewise(formula("le", a, b), *premises),
                               self.piecewise(formula("le", b, a), *premises))  # fmt: skip
        maxima = _maxima(goal, *(th.conclusion for th in premises))
        bounds = [side(*m.args) for m in maxima for side in (self.max2_left, self.max2_right)]
        return self._piecewise(goal, maxima, [*premises, *bounds])

    def _piecewise(
        self, goal: Formula, maxima: Sequence[Term], premises: Sequence[Theorem]
    ) -> Theorem:
        try:
            return self.by(goal, *premises)
        except Refused:
            if not maxima:
                raise
        split, *rest = maxima

        def inside(equal: Theorem) -> Theorem:
            return self._piecewise(goal, rest, [*premises, equal])

        return self.split(self.max2_attained(*split.args), inside, inside)

    def positive(self, t: Term | int, *known: Theorem) -> Theorem:
        """0 < t for numbers, exp, products, sums, powers and inverses of what is positive."""
        t = as_term(t)
        goal = formula("lt", as_term(0), t)
        for th in known:
            if th.conclusion is goal:
                return th
        match t.op:
            case "exp":
                return self.exp_positive(t.args[0])
            case "inv":
                return self.positive_inverse(self.positive(t.args[0], *known))
            case "power":
                return self.power_positive(self.positive(t.args[0], *known), t.args[1])
            case "mul" | "ipow":
                return self._positive_product(goal, known)
            case "add":
                return self.by(goal, *(self.positive(a, *known) for a in t.args))
            case "sum":
                return self._positive_sum(t, known)
        return self.by(goal, *(th for th in known if th.conclusion.op in ("lt", "le", "eq")))

    def _positive_product(self, goal: Formula, known: tuple[Theorem, ...]) -> Theorem:
        t = goal.args[1]
        factors = t.args if t.op == "mul" else (t.args[0],) * t.args[1]
        th = self.positive(factors[0], *known)
        for f in factors[1:]:
            product = formula("lt", as_term(0), th.conclusion.args[1] * f)
            th = self.scale(product, self.positive(f, *known), th)
        return self.restate(th, goal)

    def _positive_sum(self, t: Term, known: tuple[Theorem, ...]) -> Theorem:
        count, body = t.args
        each = self.each(count, lambda i, inside: self.positive(opened(body, i), *known, inside))
        zero = as_term(0)
        start = self.positive(count, *known)
        one = self.sum_term(each, start)
        at_zero = self.use(each, zero, start)
        return self.by(formula("lt", zero, t), at_zero, one)


def _maxima(*nodes: Expr) -> list[Term]:
    """The maxima of two numbers in closed subterms, each once, in an order that is always so."""
    found = dict[Term, None]()

    def go(node: Expr) -> None:
        if isinstance(node, Term) and node.op == "max2" and not node.loose:
            found[node] = None
        for _, child in children(node):
            go(child)

    for node in nodes:
        go(node)
    return list(found)
