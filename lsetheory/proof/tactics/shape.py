"""The shape of a proof: assumptions, quantifiers, cases, existences, other theorems."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from lsetheory.proof.kernel.binders import opened
from lsetheory.proof.kernel.rules import RULES
from lsetheory.proof.kernel.terms import Expr, Formula, Lambda, Term, as_term, formula, term
from lsetheory.proof.kernel.theorem import Refused, Theorem, parts

Make = Callable[..., Theorem]


class Shape:
    """The rules by name, other theorems as lemmas, and what opens and closes a scope.

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
        return self.instantiate(th, tuple((*known[name], v) for name, v in terms.items()))

    def new(self, kind: str = "real", like: str = "t") -> Term:
        """A variable that this proof has not used yet."""
        self._taken += 1
        return term("var", f"{like}_{self._taken}", kind)

    def suppose(self, f: Formula, prove: Callable[[Theorem], Theorem]) -> Theorem:
        """f → g, where `prove` gets f as a theorem and returns g."""
        return self.discharge(f, self._scope(prove, self.assume(f)))

    def supposing(self, fs: Iterable[Formula], prove: Callable[..., Theorem]) -> Theorem:
        """f1 → f2 → ... → g, where `prove` gets the f's as theorems and returns g."""
        assumed = tuple(fs)
        th = self._scope(prove, *map(self.assume, assumed))
        for f in reversed(assumed):
            th = self.discharge(f, th)
        return th

    def real(self, prove: Callable[[Term], Theorem]) -> Theorem:
        """∀t. g(t) over the reals, where `prove` gets the variable."""
        t = self.new("real", "t")
        return self.generalise(self._scope(prove, t), t)

    def nat(self, prove: Callable[[Term], Theorem]) -> Theorem:
        """∀m. g(m) over the natural numbers, where `prove` gets the variable."""
        m = self.new("nat", "m")
        return self.generalise(self._scope(prove, m), m)

    def each(self, count: Term | int, prove: Callable[[Term, Theorem], Theorem]) -> Theorem:
        """∀i. i < count → g(i), where `prove` gets the index and the theorem i < count."""
        i = self.new("nat", "i")
        inside = formula("lt", i, as_term(count))
        return self.generalise(self.suppose(inside, lambda th: prove(i, th)), i)

    def on_interval(
        self, a: Term, b: Term, prove: Callable[[Term, Theorem, Theorem], Theorem]
    ) -> Theorem:
        """∀t. a <= t → t <= b → g(t), where `prove` gets t, a <= t and t <= b."""

        def at(t: Term) -> Theorem:
            above, below = formula("le", a, t), formula("le", t, b)
            inner = partial(self.suppose, below)
            return self.suppose(above, lambda low: inner(lambda up: prove(t, low, up)))

        return self.real(at)

    def open(self, existence: Theorem) -> tuple[Term, Theorem]:
        """A new t and the theorem f(t), from ∃t. f(t).

        What is proved with them must not speak of t in the end: `close` and the enclosing `each`,
        `real`, `nat`, `suppose` or `split` then remove the assumption f(t).
        """
        kind, body = parts(existence.conclusion, "exists")
        t = self.new(kind, "c")
        self._opened.append((existence, t))
        return t, self.assume(opened(body, t))

    def attained(self, largest: Term, nonempty: Theorem) -> tuple[Term, Theorem, Theorem]:
        """An index j with j < n and f(j) = max f, for 0 < n, as by `open`."""
        j, both = self.open(self.max_attained(largest, nonempty))
        return j, self.first(both), self.second(both)

    def _scope(self, prove: Callable[..., Theorem], *args: object) -> Theorem:
        mark = len(self._opened)
        th = prove(*args)
        return self._settled(th, mark)

    def _settled(self, th: Theorem, mark: int = 0) -> Theorem:
        """The theorem without what was assumed by `open` since the mark."""
        while len(self._opened) > mark:
            existence, t = self._opened.pop()
            if opened(existence.conclusion.args[1], t) in th.hypotheses:
                th = self.choose(existence, t, th)
        return th

    def split(self, disjunction: Theorem, *prove: Callable[[Theorem], Theorem]) -> Theorem:
        """Use f ∨ g ∨ ...: each function gets one alternative and all return the same h."""
        f, g = parts(disjunction.conclusion, "or")
        left = self._scope(prove[0], self.assume(f))
        assumed = self.assume(g)
        deeper = len(prove) > 2
        right = self.split(assumed, *prove[1:]) if deeper else self._scope(prove[1], assumed)
        return self.cases(disjunction, left, right)

    def all(self, *theorems: Theorem) -> Theorem:
        """f ∧ (g ∧ ...)."""
        if len(theorems) == 1:
            return theorems[0]
        return self.both(theorems[0], self.all(*theorems[1:]))

    def conjuncts(self, th: Theorem) -> list[Theorem]:
        """The conjuncts of f ∧ (g ∧ ...)."""
        if th.conclusion.op != "and":
            return [th]
        return [self.first(th), *self.conjuncts(self.second(th))]

    def close(self, assumed: Iterable[Formula], *theorems: Theorem) -> Theorem:
        """h1 → h2 → ... → (f ∧ g ∧ ...): the last line of most proofs."""
        th = self._settled(self.all(*theorems))
        for f in reversed(list(assumed)):
            th = self.discharge(f, th)
        return th
