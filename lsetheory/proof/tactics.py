"""What a proof script calls: the rules, and tactics, which can do nothing but call rules.

`Prover` is the `k` of `proof(k)`: `k.exp_tangent(t)` is a rule, `k.by(goal, ...)` a tactic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from lsetheory.proof import rules_analysis, rules_real, rules_sum
from lsetheory.proof.kernel import RULES, Refused, Theorem, facts, parts, rule
from lsetheory.proof.language import And
from lsetheory.proof.linear import multipliers
from lsetheory.proof.normal import poly
from lsetheory.proof.terms import (
    Expr,
    Formula,
    Lambda,
    Term,
    as_term,
    children,
    closed_over,
    formula,
    is_nat,
    opened,
    rebuild,
    term,
)

Make = Callable[..., Theorem]
__all__ = ["Prover", "rules_analysis", "rules_real", "rules_sum"]


@rule
def lemma(name: str, statement: Formula) -> tuple[frozenset[Formula], Formula]:
    """A theorem of another file; replay takes it only once that theorem is replayed itself."""
    return frozenset(), statement


class Prover:
    """The rules by name, the tactics below, and other theorems as lemmas.

    Args:
        lemmas: the statements of the theorems that may be cited, by name.
    """

    def __init__(self, lemmas: Mapping[str, Formula] | None = None) -> None:
        self._lemmas = lemmas or {}
        self._taken = 0
        self._opened: list[tuple[Theorem, Term]] = []

    def __getattr__(self, name: str) -> Make:
        if name not in RULES:
            raise AttributeError(f"no rule and no tactic is called {name!r}")
        return RULES[name]

    def lemma(self, name: str, /, **values: Term | Lambda | int) -> Theorem:
        """The theorem of another file, with its free variables replaced as `values` say."""
        if name not in self._lemmas:
            raise Refused(f"lemma: expected the name of another theorem, got {name!r}")
        return self.put(RULES["lemma"](name, self._lemmas[name]), **values)

    def put(self, th: Theorem, /, **values: Term | Lambda | int) -> Theorem:
        """Replace free variables by name: `k.put(th, r=2 * s, x=function(lambda i: r * x[i]))`."""
        if not values:
            return th
        free = th.conclusion.free.union(*(h.free for h in th.hypotheses))
        known = {name: (name, kind, arity) for name, kind, arity in free}
        missing = set(values) - set(known)
        if missing:
            raise Refused(f"put: expected free variables of {th!r}, got {sorted(missing)}")
        terms = {name: v if isinstance(v, Expr) else as_term(v) for name, v in values.items()}
        return RULES["instantiate"](th, tuple((*known[name], v) for name, v in terms.items()))

    # Shape of a proof.

    def new(self, kind: str = "real", like: str = "t") -> Term:
        """A variable that this proof has not used yet."""
        self._taken += 1
        return term("var", f"{like}_{self._taken}", kind)

    def suppose(self, f: Formula, prove: Callable[[Theorem], Theorem]) -> Theorem:
        """f → g, where `prove` gets f as a theorem and returns g."""
        return RULES["discharge"](f, self._scope(prove, RULES["assume"](f)))

    def supposing(self, fs: Iterable[Formula], prove: Callable[..., Theorem]) -> Theorem:
        """f1 → f2 → ... → g, where `prove` gets the f's as theorems and returns g."""
        assumed = tuple(fs)
        th = self._scope(prove, *map(RULES["assume"], assumed))
        for f in reversed(assumed):
            th = RULES["discharge"](f, th)
        return th

    def real(self, prove: Callable[[Term], Theorem]) -> Theorem:
        """∀t. g(t) over the reals, where `prove` gets the variable."""
        t = self.new("real", "t")
        return RULES["generalise"](self._scope(prove, t), t)

    def nat(self, prove: Callable[[Term], Theorem]) -> Theorem:
        """∀m. g(m) over the natural numbers, where `prove` gets the variable."""
        m = self.new("nat", "m")
        return RULES["generalise"](self._scope(prove, m), m)

    def each(self, count: Term | int, prove: Callable[[Term, Theorem], Theorem]) -> Theorem:
        """∀i. i < count → g(i), where `prove` gets the index and the theorem i < count."""
        i = self.new("nat", "i")
        inside = formula("lt", i, as_term(count))
        return RULES["generalise"](self.suppose(inside, lambda th: prove(i, th)), i)

    def open(self, existence: Theorem) -> tuple[Term, Theorem]:
        """A new t and the theorem f(t), from ∃t. f(t).

        What is proved with them must not speak of t in the end: `close` and the enclosing `each`,
        `real`, `nat`, `suppose` or `split` then remove the assumption f(t).
        """
        kind, body = parts(existence.conclusion, "exists")
        t = self.new(kind, "c")
        self._opened.append((existence, t))
        return t, RULES["assume"](opened(body, t))

    def attained(self, largest: Term, nonempty: Theorem) -> tuple[Term, Theorem, Theorem]:
        """An index j with j < n and f(j) = max f, for 0 < n, as by `open`."""
        j, both = self.open(RULES["max_attained"](largest, nonempty))
        return j, RULES["first"](both), RULES["second"](both)

    def min_lower(self, goal: Formula, inside: Theorem) -> Theorem:
        """min f <= f(j), the goal, from j < n."""
        _, largest = goal.args[0].args
        return self.by(goal, RULES["max_upper"](largest, inside))

    def _scope(self, prove: Callable[..., Theorem], *args: object) -> Theorem:
        mark = len(self._opened)
        th = prove(*args)
        return self._settled(th, mark)

    def _settled(self, th: Theorem, mark: int = 0) -> Theorem:
        """The theorem without what was assumed by `open` since the mark."""
        while len(self._opened) > mark:
            existence, t = self._opened.pop()
            if opened(existence.conclusion.args[1], t) in th.hypotheses:
                th = RULES["choose"](existence, t, th)
        return th

    def split(self, disjunction: Theorem, *prove: Callable[[Theorem], Theorem]) -> Theorem:
        """Use f ∨ g ∨ ...: each function gets one alternative and all return the same h."""
        f, g = parts(disjunction.conclusion, "or")
        left = self._scope(prove[0], RULES["assume"](f))
        assumed = RULES["assume"](g)
        deeper = len(prove) > 2
        right = self.split(assumed, *prove[1:]) if deeper else self._scope(prove[1], assumed)
        return RULES["cases"](disjunction, left, right)

    def use(self, th: Theorem, *args: Term | int | Theorem) -> Theorem:
        """Specialise ∀ with terms and satisfy → with theorems, from left to right."""
        for arg in args:
            if isinstance(arg, Theorem):
                th = RULES["apply"](th, self._fitted(arg, th.conclusion.args[0]))
            else:
                th = RULES["specialise"](th, as_term(arg))
        return th

    def _fitted(self, th: Theorem, wanted: Formula) -> Theorem:
        """The theorem, said the way it is wanted."""
        if th.conclusion is wanted:
            return th
        ordered = th.conclusion.op in ("le", "lt", "eq") and wanted.op in ("le", "lt", "eq")
        return self.by(wanted, th) if ordered else RULES["restate"](th, wanted)

    def all(self, *theorems: Theorem) -> Theorem:
        """f ∧ (g ∧ ...)."""
        if len(theorems) == 1:
            return theorems[0]
        return RULES["both"](theorems[0], self.all(*theorems[1:]))

    def conjuncts(self, th: Theorem) -> list[Theorem]:
        """The conjuncts of f ∧ (g ∧ ...)."""
        if th.conclusion.op != "and":
            return [th]
        return [RULES["first"](th), *self.conjuncts(RULES["second"](th))]

    def close(self, assumed: Iterable[Formula], *theorems: Theorem) -> Theorem:
        """h1 → h2 → ... → (f ∧ g ∧ ...): the last line of most proofs."""
        th = self._settled(self.all(*theorems))
        for f in reversed(list(assumed)):
            th = RULES["discharge"](f, th)
        return th

    # Algebra and order.

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
        return RULES["combine"](goal, weights, premises, (None,) * len(premises), known)

    def scale(self, goal: Formula, factor: Theorem, th: Theorem, *known: Theorem) -> Theorem:
        """Multiply a comparison by a factor: `factor` is 0 < s or 0 <= s, `th` is a <= b."""
        multiplier = factor.conclusion.args[1] - factor.conclusion.args[0]
        return RULES["combine"](goal, (multiplier,), (th,), (factor,), known)

    def multiply(self, factor: Theorem, th: Theorem) -> Theorem:
        """s a <= s b from 0 <= s and a <= b; < if both are."""
        (_, s), (a, b) = factor.conclusion.args, th.conclusion.args
        op = "lt" if {factor.conclusion.op, th.conclusion.op} == {"lt"} else "le"
        return self.scale(formula(op, s * a, s * b), factor, th)

    def impossible(self, goal: Formula, *premises: Theorem) -> Theorem:
        """Anything, from comparisons that contradict each other linearly."""
        nothing = self.by(formula("lt", as_term(0), as_term(0)), *premises)
        return RULES["absurd"](RULES["contradiction"](nothing), goal)

    def zero_or_positive(self, m: Term) -> Theorem:
        """m = 0 or 0 < m, for a natural number."""
        zero, positive = formula("eq", m, as_term(0)), formula("lt", as_term(0), m)
        goal = formula("or", zero, positive)
        return self.split(
            RULES["trichotomy"](m, as_term(0)),
            lambda less: self.impossible(goal, less, RULES["nat_nonnegative"](m)),
            lambda equal: RULES["either_left"](equal, positive),
            lambda more: RULES["either_right"](zero, more),
        )

    def below_or_equal(self, th: Theorem) -> Theorem:
        """a < b or a = b, from a <= b."""
        a, b = th.conclusion.args
        below, equal = formula("lt", a, b), formula("eq", a, b)
        return self.split(
            RULES["trichotomy"](a, b),
            lambda less: RULES["either_left"](less, equal),
            lambda same: RULES["either_right"](below, same),
            lambda more: self.impossible(formula("or", below, equal), th, more),
        )

    def dichotomy(self, a: Term, b: Term) -> Theorem:
        """a <= b or b < a."""
        no_more, more = formula("le", a, b), formula("lt", b, a)
        return self.split(
            RULES["trichotomy"](a, b),
            lambda less: RULES["either_left"](self.by(no_more, less), more),
            lambda equal: RULES["either_left"](self.by(no_more, equal), more),
            lambda above: RULES["either_right"](no_more, above),
        )

    def equate(self, th: Theorem, reverse: Theorem) -> Theorem:
        """a = b from a <= b and b <= a."""
        return RULES["antisymmetry"](th, reverse)

    def chain(self, *theorems: Theorem) -> Theorem:
        """a <= z from a <= b, b <= c, ..., y <= z; < if one is, = if all are."""
        ops = [th.conclusion.op for th in theorems]
        op = "lt" if "lt" in ops else "le" if "le" in ops else "eq"
        ends = theorems[0].conclusion.args[0], theorems[-1].conclusion.args[1]
        ones = (as_term(1),) * len(ops)
        return RULES["combine"](formula(op, *ends), ones, theorems, (None,) * len(ops), ())

    def flip(self, th: Theorem) -> Theorem:
        """b = a from a = b; b ≠ a from a ≠ b."""
        a, b = th.conclusion.args
        return RULES["restate"](th, formula(th.conclusion.op, b, a))

    def replace(self, equation: Theorem, th: Theorem) -> Theorem:
        """th with every a replaced by b, for an equation a = b (a without bound variables)."""
        a, b = equation.conclusion.args
        hole = term("var", "%hole", "nat" if is_nat(a) and is_nat(b) else "real")
        return RULES["rewrite"](equation, th, _with_hole(th.conclusion, a, hole), hole)

    def congruent(self, function: Callable[[Term], Term], equation: Theorem) -> Theorem:
        """f(a) = f(b) from a = b."""
        a, b = equation.conclusion.args
        hole = term("var", "%hole", "nat" if is_nat(a) and is_nat(b) else "real")
        same, pattern = RULES["equal"](function(a), function(a)), function(hole)
        return RULES["rewrite"](equation, same, formula("eq", function(a), pattern), hole)

    def largest2(self, left: Theorem, right: Theorem) -> Theorem:
        """max(a, b) <= c from a <= c and b <= c; |t| <= c from t <= c and -t <= c."""
        (a, c), (b, _) = left.conclusion.args, right.conclusion.args
        goal = formula(left.conclusion.op, term("max2", a, b), c)
        return self.split(RULES["max2_attained"](a, b), lambda first: self.by(goal, left, first),
                          lambda second: self.by(goal, right, second))  # fmt: skip

    def piecewise(self, goal: Formula, *premises: Theorem) -> Theorem:
        """As `by`, where maxima of two numbers occur: by cases on which of the two is the larger.

        It splits no more than it must; an equation is proved from both sides.
        """
        if goal.op == "eq":
            a, b = goal.args
            return self.equate(self.piecewise(formula("le", a, b), *premises),
                               self.piecewise(formula("le", b, a), *premises))  # fmt: skip
        maxima = _maxima(goal, *(th.conclusion for th in premises))
        bounds = [RULES[side](*m.args) for m in maxima for side in ("max2_left", "max2_right")]
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

        return self.split(RULES["max2_attained"](*split.args), inside, inside)

    def within(self, th: Theorem) -> tuple[Theorem, Theorem]:
        """t <= c and -t <= c, from |t| <= c."""
        t, minus = th.conclusion.args[0].args
        upper, lower = RULES["max2_left"](t, minus), RULES["max2_right"](t, minus)
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

    def positive(self, t: Term | int, *known: Theorem) -> Theorem:
        """0 < t for numbers, exp, products, sums, powers and inverses of what is positive."""
        t = as_term(t)
        goal = formula("lt", as_term(0), t)
        for th in known:
            if th.conclusion is goal:
                return th
        match t.op:
            case "exp":
                return RULES["exp_positive"](t.args[0])
            case "inv":
                return RULES["positive_inverse"](self.positive(t.args[0], *known))
            case "power":
                return RULES["power_positive"](self.positive(t.args[0], *known), t.args[1])
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
        return RULES["restate"](th, goal)

    def _positive_sum(self, t: Term, known: tuple[Theorem, ...]) -> Theorem:
        count, body = t.args
        each = self.each(count, lambda i, inside: self.positive(opened(body, i), *known, inside))
        zero = as_term(0)
        start = self.positive(count, *known)
        one = RULES["sum_term"](each, start)
        at_zero = self.use(each, zero, start)
        return self.by(formula("lt", zero, t), at_zero, one)

    # Derivatives.

    def derivative(
        self, function: Callable[[Term], Term], at: Term, *known: Theorem, value: Term | None = None
    ) -> Theorem:
        """d/dt function(t) at a point; `value` is how the derivative should be written."""
        t = self.new("real", "t")
        th = RULES["differentiate"](as_term(function(t)), t, at, *known)
        if value is None:
            return th
        body, point, _ = th.conclusion.args
        return RULES["restate"](th, formula("deriv", body, point, value), *known)

    def grows(self, order: Theorem, derivative: Theorem, sign: Theorem) -> Theorem:
        """f(a) <= f(b) from a < b, f' = g and 0 <= g, the last two for all t in [a, b].

        Both are ∀t. a <= t → t <= b → ... as `on_interval` makes them; < if 0 < g.
        """
        change = RULES["mean_value"](order, derivative)
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
                RULES["trichotomy"](zero, t),
                lambda above: later(t, above),
                lambda here: RULES["rewrite"](here, start, pattern, hole),
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

    def on_interval(
        self, a: Term, b: Term, prove: Callable[[Term, Theorem, Theorem], Theorem]
    ) -> Theorem:
        """∀t. a <= t → t <= b → g(t), where `prove` gets t, a <= t and t <= b."""

        def at(t: Term) -> Theorem:
            above, below = formula("le", a, t), formula("le", t, b)
            inner = partial(self.suppose, below)
            return self.suppose(above, lambda low: inner(lambda up: prove(t, low, up)))

        return self.real(at)

    def tends(self, function: Callable[[Term], Term], point: Term | str) -> Theorem:
        """The limit at infinity of what constants, 1/t, sums, products and exp make."""
        t = self.new("real", "t")
        body = as_term(function(t))
        return self._tends(body, t, point)

    def _tends(self, body: Term, t: Term, point: Term | str) -> Theorem:
        if body.free.isdisjoint(t.free):
            return RULES["tends_constant"](body, point, "both")
        if body is term("inv", t):
            return RULES["tends_inverse"](point)
        if body.op in ("add", "mul"):
            return self._tends_fold(body, t, point)
        if body.op == "exp":
            inner = self._tends(body.args[0], t, point)
            outer = self.derivative(lambda s: term("exp", s), inner.conclusion.args[3])
            return RULES["tends_composed"](inner, outer)
        raise Refused(f"tends: expected constants, 1/t, sums, products and exp, got {body!r}")

    def _tends_fold(self, body: Term, t: Term, point: Term | str) -> Theorem:
        join = RULES["tends_sum" if body.op == "add" else "tends_product"]
        limits = [self._tends(a, t, point) for a in body.args]
        whole = limits[0]
        for limit in limits[1:]:
            whole = join(whole, limit)
        _, place, side, value = whole.conclusion.args
        return RULES["restate"](whole, formula("tends", closed_over(body, t), place, side, value))

    def conjunction(self, *fs: Formula) -> Formula:
        """f ∧ (g ∧ ...), as a formula."""
        return And(*fs)


def derivative_body(derivative: Theorem) -> Term:
    """The body of f in ∀t. a <= t → t <= b → f'(t) = g(t)."""
    inner = derivative.conclusion.args[1]
    while inner.op == "implies":
        inner = inner.args[1]
    body: Term = inner.args[0]
    return body


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


def _with_hole(f: Formula, a: Term, hole: Term) -> Any:
    def go(node: Expr) -> Expr:
        return hole if node is a else rebuild(node, lambda child, _: go(child))

    return go(f)
