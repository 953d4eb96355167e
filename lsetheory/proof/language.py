"""The words a theorem file writes its claim with."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from lsetheory.proof.kernel.binders import closed_over, fresh
from lsetheory.proof.kernel.terms import Formula, Lambda, Term, as_term, formula, inv, make, term

Real = Term | Fraction | int
INF, MINUS_INF = "inf", "-inf"


def real(name: str) -> Term:
    """A real variable."""
    return _variable(name, "real")


def nat(name: str) -> Term:
    """A natural number, 0 included."""
    return _variable(name, "nat")


def _variable(name: str, kind: str) -> Term:
    if name.startswith("%"):
        raise ValueError(f"{name!r}: expected another name, % is how bound variables begin")
    return term("var", name, kind)


@dataclass(frozen=True)
class Vector:
    """A function of one or more indices: `x[i]`, `x[k, i]`."""

    name: str
    kind: str = "vec"

    def __getitem__(self, index: Real | tuple[Real, ...]) -> Term:
        indices = index if isinstance(index, tuple) else (index,)
        return term("at", self.name, self.kind, *(as_term(i) for i in indices))


def vector(name: str) -> Vector:
    """A real vector x_0, x_1, ...; how many entries matter is said by the sums over it."""
    return Vector(name)


def index_map(name: str) -> Vector:
    """A function from indices to indices, say a permutation."""
    return Vector(name, "map")


def exp(t: Real) -> Term:
    """e^t."""
    return term("exp", as_term(t))


def log(t: Real) -> Term:
    """Natural logarithm."""
    return term("log", as_term(t))


def Sum(count: Real, body: Callable[[Term], Real]) -> Term:
    """Σ body(i) over 0 <= i < count."""
    return term("sum", as_term(count), _bind("nat", lambda i: as_term(body(i))))


def Max(count: Real, body: Callable[[Term], Real]) -> Term:
    """The largest body(i) over 0 <= i < count."""
    return term("max", as_term(count), _bind("nat", lambda i: as_term(body(i))))


def Min(count: Real, body: Callable[[Term], Real]) -> Term:
    """The smallest body(i) over 0 <= i < count, as -max(-body)."""
    return -Max(count, lambda i: -as_term(body(i)))


def max2(a: Real, b: Real) -> Term:
    """The larger of two numbers."""
    return term("max2", as_term(a), as_term(b))


def absolute(t: Real) -> Term:
    """|t|, as max(t, -t)."""
    return max2(t, -as_term(t))


def relu(t: Real) -> Term:
    """max(t, 0)."""
    return max2(t, 0)


def power(base: Real, exponent: Real) -> Term:
    """base^exponent for a natural exponent that may be symbolic."""
    return term("power", as_term(base), as_term(exponent))


def binom(n: Real, k: Real) -> Term:
    """The binomial coefficient; 0 for k > n."""
    return term("binom", as_term(n), as_term(k))


def mean(count: Real, body: Callable[[Term], Real]) -> Term:
    """The average of body(i) over 0 <= i < count."""
    return Sum(count, body) * inv(count)


def le(a: Real, b: Real) -> Formula:
    """a <= b."""
    return formula("le", as_term(a), as_term(b))


def lt(a: Real, b: Real) -> Formula:
    """a < b."""
    return formula("lt", as_term(a), as_term(b))


def eq(a: Real, b: Real) -> Formula:
    """a = b (`==` on terms asks whether they are written alike)."""
    return formula("eq", as_term(a), as_term(b))


def ne(a: Real, b: Real) -> Formula:
    """a ≠ b."""
    return formula("ne", as_term(a), as_term(b))


FALSE = formula("false")


def And(*parts: Formula) -> Formula:
    """All of one or more formulas, nested to the right."""
    return _nest("and", parts)


def Or(*parts: Formula) -> Formula:
    """At least one of one or more formulas, nested to the right."""
    return _nest("or", parts)


def Implies(*parts: Formula) -> Formula:
    """Implies(a, b, c) is: if a and b then c."""
    return _nest("implies", parts)


def _nest(op: str, parts: tuple[Formula, ...]) -> Formula:
    return parts[0] if len(parts) == 1 else formula(op, parts[0], _nest(op, parts[1:]))


def ForAll(kind: str, body: Callable[[Term], Formula]) -> Formula:
    """For every number of a kind ("real" or "nat")."""
    return formula("forall", kind, _bind_formula(kind, body))


def Exists(kind: str, body: Callable[[Term], Formula]) -> Formula:
    """For some number of a kind ("real" or "nat")."""
    return formula("exists", kind, _bind_formula(kind, body))


def each(count: Real, body: Callable[[Term], Formula]) -> Formula:
    """For every index i < count."""
    return ForAll("nat", lambda i: Implies(lt(i, count), body(i)))


def some(count: Real, body: Callable[[Term], Formula]) -> Formula:
    """For some index i < count."""
    return Exists("nat", lambda i: And(lt(i, count), body(i)))


def Deriv(function: Callable[[Term], Real], at: Real, value: Real) -> Formula:
    """The function is differentiable at a point, with this derivative."""
    body = _bind("real", lambda t: as_term(function(t)))
    return formula("deriv", body, as_term(at), as_term(value))


def Tends(
    function: Callable[[Term], Real], to: Real | str, value: Real, side: str = "both"
) -> Formula:
    """The function tends to a value as its argument tends to a point, INF or MINUS_INF.

    A finite point is approached from both sides and never reached; `side` "above" or "below"
    keeps to t > point or t < point.
    """
    point = to if isinstance(to, str) else as_term(to)
    body = _bind("real", lambda t: as_term(function(t)))
    return formula("tends", body, point, side, as_term(value))


def function(body: Callable[[Term], Real], arity: int = 1) -> Lambda:
    """A function of indices, to put in place of a vector: `function(lambda i: r * x[i])`."""
    if arity != 1:
        raise ValueError("use function2 for two indices")
    node = make("lam", _bind("nat", lambda i: as_term(body(i))))
    return node if isinstance(node, Lambda) else _never()


def function2(body: Callable[[Term, Term], Real]) -> Lambda:
    """A function of two indices."""
    k = fresh("nat")
    inner = make("lam", _bind("nat", lambda i: as_term(body(k, i))))
    node = make("lam", closed_over(inner, k))
    return node if isinstance(node, Lambda) else _never()


def _never() -> Lambda:
    raise TypeError("lam makes a Lambda")


def _bind(kind: str, body: Callable[[Term], Term]) -> Term:
    variable = fresh(kind)
    bound = closed_over(body(variable), variable)
    return bound if isinstance(bound, Term) else as_term(bound)


def _bind_formula(kind: str, body: Callable[[Term], Formula]) -> Formula:
    variable = fresh(kind)
    bound: Formula = closed_over(body(variable), variable)
    return bound


# The operators under study, as terms over x[0..n-1].


def lse(n: Term, x: Callable[[Term], Real]) -> Term:
    """log Σ exp x_i."""
    return log(Sum(n, lambda i: exp(x(i))))


def pooled(n: Term, r: Real, x: Callable[[Term], Real]) -> Term:
    """M_r(x) = (1/r) log((1/n) Σ exp(r x_i)), Pinheiro & Collobert 2015; mellowmax."""
    return inv(r) * log(inv(n) * Sum(n, lambda i: exp(as_term(r) * x(i))))


def softmax(n: Term, x: Callable[[Term], Real], i: Term) -> Term:
    """exp x_i / Σ exp x_j."""
    return exp(x(i)) * inv(Sum(n, lambda j: exp(x(j))))


def swap(n: Term, r: Real, x: Callable[[Term], Real]) -> Term:
    """SWAP_r(x) = Σ x_i exp(r x_i) / Σ exp(r x_i), the Boltzmann operator."""
    weights = Sum(n, lambda i: exp(as_term(r) * x(i)))
    return Sum(n, lambda i: as_term(x(i)) * exp(as_term(r) * x(i))) * inv(weights)


def descending(n: Term, s: Vector, x: Callable[[Term], Real]) -> tuple[Formula, Formula, Formula]:
    """Three hypotheses: s lists the indices 0..n-1, each once, the largest x first."""

    def later(i: Term, j: Term) -> Formula:
        return Implies(le(i, j), le(x(s[j]), x(s[i])))

    return (
        each(n, lambda i: lt(s[i], n)),
        each(n, lambda i: each(n, lambda j: Implies(eq(s[i], s[j]), eq(i, j)))),
        each(n, lambda i: each(n, lambda j: later(i, j))),
    )


def weights(m: Term, w: Vector) -> tuple[Formula, Formula]:
    """Two hypotheses: w_0, ..., w_{m-1} are nonnegative and sum to 1."""
    return each(m, lambda j: le(0, w[j])), eq(Sum(m, lambda j: w[j]), 1)


def ordinal(m: Real, w: Vector, s: Vector, x: Callable[[Term], Real]) -> Term:
    """Σ w_j x_{s_j} over j < m: ordinal pooling with pool range m, where s sorts x."""
    return Sum(m, lambda j: w[j] * x(s[j]))


# Averages with weights p[0..n-1].


def expectation(n: Term, p: Callable[[Term], Real], f: Callable[[Term], Real]) -> Term:
    """Σ p_i f_i."""
    return Sum(n, lambda i: as_term(p(i)) * f(i))


def variance(n: Term, p: Callable[[Term], Real], f: Callable[[Term], Real]) -> Term:
    """Σ p_i f_i² - (Σ p_i f_i)², the variance where p sums to 1."""
    return expectation(n, p, lambda i: as_term(f(i)) ** 2) - expectation(n, p, f) ** 2


def entropy(n: Term, p: Callable[[Term], Real]) -> Term:
    """-Σ p_i log p_i (Shannon, in nats); p_i = 0 adds 0."""
    return -Sum(n, lambda i: as_term(p(i)) * log(p(i)))
