"""Rules of logic: hypotheses, connectives, quantifiers, and other theorems as lemmas."""

from lsetheory.proof.kernel.binders import closed_over, opened, substitute
from lsetheory.proof.kernel.terms import Formula, Lambda, Term, formula, is_nat
from lsetheory.proof.kernel.theorem import (
    Sequent,
    Theorem,
    demand,
    facts,
    hypotheses,
    parts,
    rule,
    same,
)


@rule
def assume(f: Formula) -> Sequent:
    """f ⊢ f."""
    return frozenset({f}), f


@rule
def discharge(f: Formula, th: Theorem) -> Sequent:
    """From Γ, f ⊢ g infer Γ ⊢ f → g."""
    return th.hypotheses - {f}, formula("implies", f, th.conclusion)


@rule
def apply(implication: Theorem, th: Theorem) -> Sequent:
    """From f → g and f infer g."""
    f, g = parts(implication.conclusion, "implies")
    demand(th.conclusion is f, repr(f), th.conclusion)
    return hypotheses(implication, th), g


@rule
def both(left: Theorem, right: Theorem) -> Sequent:
    """From f and g infer f ∧ g."""
    return hypotheses(left, right), formula("and", left.conclusion, right.conclusion)


@rule
def first(th: Theorem) -> Sequent:
    """From f ∧ g infer f."""
    return th.hypotheses, parts(th.conclusion, "and")[0]


@rule
def second(th: Theorem) -> Sequent:
    """From f ∧ g infer g."""
    return th.hypotheses, parts(th.conclusion, "and")[1]


@rule
def either_left(th: Theorem, other: Formula) -> Sequent:
    """From f infer f ∨ other."""
    return th.hypotheses, formula("or", th.conclusion, other)


@rule
def either_right(other: Formula, th: Theorem) -> Sequent:
    """From f infer other ∨ f."""
    return th.hypotheses, formula("or", other, th.conclusion)


@rule
def cases(disjunction: Theorem, left: Theorem, right: Theorem) -> Sequent:
    """From f ∨ g, and h under f, and h under g, infer h."""
    f, g = parts(disjunction.conclusion, "or")
    demand(left.conclusion is right.conclusion, "one conclusion from both cases", right.conclusion)
    remaining = (left.hypotheses - {f}) | (right.hypotheses - {g})
    return disjunction.hypotheses | remaining, left.conclusion


@rule
def absurd(th: Theorem, f: Formula) -> Sequent:
    """From false infer anything."""
    parts(th.conclusion, "false")
    return th.hypotheses, f


@rule
def generalise(th: Theorem, variable: Term) -> Sequent:
    """From f infer ∀ variable. f, if no hypothesis speaks of the variable."""
    demand(variable.op == "var", "a variable", variable)
    for h in th.hypotheses:
        demand(h.free.isdisjoint(variable.free), f"no hypothesis about {variable!r}", h)
    body = closed_over(th.conclusion, variable)
    return th.hypotheses, formula("forall", variable.args[1], body)


@rule
def specialise(th: Theorem, value: Term) -> Sequent:
    """From ∀ t. f(t) infer f(value)."""
    kind, body = parts(th.conclusion, "forall")
    demand(kind == "real" or is_nat(value), "a natural number", value)
    return th.hypotheses, opened(body, value)


@rule
def witness(th: Theorem, claim: Formula, value: Term) -> Sequent:
    """From f(value) infer ∃ t. f(t), the claim."""
    kind, body = parts(claim, "exists")
    demand(kind == "real" or is_nat(value), "a natural number", value)
    demand(opened(body, value) is th.conclusion, repr(opened(body, value)), th.conclusion)
    return th.hypotheses, claim


@rule
def choose(existence: Theorem, variable: Term, th: Theorem) -> Sequent:
    """From ∃ t. f(t), and g under f(variable), infer g; nothing else may speak of the variable."""
    kind, body = parts(existence.conclusion, "exists")
    demand(variable.op == "var" and variable.args[1] == kind, f"a {kind} variable", variable)
    rest = th.hypotheses - {opened(body, variable)}
    for f in (th.conclusion, existence.conclusion, *rest):
        demand(f.free.isdisjoint(variable.free), f"nothing said about {variable!r}", f)
    return existence.hypotheses | rest, th.conclusion


@rule
def instantiate(th: Theorem, values: tuple[tuple[str, str, int, Term | Lambda], ...]) -> Sequent:
    """Put values in place of free variables, in hypotheses and conclusion alike."""
    mapping = {(name, kind, arity): value for name, kind, arity, value in values}
    new = frozenset(substitute(h, mapping) for h in th.hypotheses)
    return new, substitute(th.conclusion, mapping)


@rule
def rewrite(equation: Theorem, th: Theorem, pattern: Formula, hole: Term) -> Sequent:
    """From a = b and pattern(a) infer pattern(b); `hole` is the variable of the pattern."""
    a, b = parts(equation.conclusion, "eq")
    demand(hole.op == "var", "a variable", hole)
    (name,) = hole.free
    demand(substitute(pattern, {name: a}) is th.conclusion, f"{pattern!r} at {a!r}", th.conclusion)
    return hypotheses(equation, th), substitute(pattern, {name: b})


@rule
def restate(th: Theorem, f: Formula, *known: Theorem) -> Sequent:
    """From g infer f, if they are the same up to normal form; `known` may cancel and split logs."""
    demand(same(th.conclusion, f, facts(*known)), f"something equal to {th.conclusion!r}", f)
    return hypotheses(th, *known), f


@rule
def lemma(name: str, statement: Formula) -> Sequent:
    """A theorem of another file; replay takes it only once that theorem is replayed itself."""
    return frozenset(), statement
