"""Polynomials over atoms with rational coefficients: the arithmetic beneath the normal form."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce

from lsetheory.proof.kernel.binders import unused
from lsetheory.proof.kernel.terms import Term, as_term, term

#: Sorted ((atom, exponent >= 1), ...) and the canonical argument of the exponential factor.
Factors = tuple[tuple[Term, int], ...]
Mono = tuple[Factors, Term]
Poly = dict[Mono, Fraction]

ZERO, ONE = as_term(0), as_term(1)
UNIT: Mono = ((), ZERO)
MINUS_ONE = as_term(-1)


@dataclass(frozen=True)
class Facts:
    """What is known of some canonical terms, each proved by a theorem the caller holds."""

    positive: frozenset[Term] = frozenset()
    nonzero: frozenset[Term] = frozenset()

    def is_positive(self, atom: Term) -> bool:
        """Known to be > 0."""
        return atom in self.positive or (atom.op == "power" and number_sign(atom.args[0]) > 0)

    def is_nonzero(self, atom: Term) -> bool:
        """Known to be ≠ 0."""
        power = atom.op == "power" and number_sign(atom.args[0]) != 0
        return power or atom in self.nonzero or self.is_positive(atom)

    def variable(self, t: Term) -> Term:
        """An index for opening a binder of `t`, of which nothing is known."""
        return unused("nat", t, *self.positive, *self.nonzero)


NOTHING = Facts()


def number_sign(t: Term) -> int:
    """The sign of a literal number; 0 for anything else."""
    return (t.args[0] > 0) - (t.args[0] < 0) if t.op == "num" else 0


def atom(t: Term) -> Poly:
    """A term that algebra does not look into, as a polynomial."""
    return {(((t, 1),), ZERO): Fraction(1)}


def plus(p: Poly, q: Poly) -> Poly:
    """p + q."""
    out = dict(p)
    for mono, c in q.items():
        _accumulate(out, mono, c)
    return out


def _accumulate(p: Poly, mono: Mono, c: Fraction) -> None:
    p[mono] = p.get(mono, Fraction(0)) + c
    if not p[mono]:
        del p[mono]


def times(p: Poly, q: Poly, facts: Facts) -> Poly:
    """p q."""
    out: Poly = {}
    for (f, e), c in p.items():
        for (g, h), d in q.items():
            _accumulate(out, (_merged(f, g, facts), _added(e, h)), c * d)
    return out


def whole_power(p: Poly, k: int, facts: Facts) -> Poly:
    """p^k."""
    return reduce(lambda a, b: times(a, b, facts), [p] * k, {UNIT: Fraction(1)})


@lru_cache(maxsize=200_000)
def _merged(f: Factors, g: Factors, facts: Facts) -> Factors:
    exponents: dict[Term, int] = {}
    for a, k in f + g:
        exponents[a] = exponents.get(a, 0) + k
    for a in [a for a in exponents if a.op == "inv"]:
        base = a.args[0]
        if base in exponents and facts.is_nonzero(base):
            both = min(exponents[a], exponents[base])
            exponents[a], exponents[base] = exponents[a] - both, exponents[base] - both
    for a in exponents:
        if a.op == "power" and a.args[0] is MINUS_ONE:
            exponents[a] %= 2
    return tuple(sorted(((a, k) for a, k in exponents.items() if k), key=by_key))


def by_key(pair: tuple[Term, int]) -> str:
    """What factors are sorted by."""
    return pair[0].key()


@lru_cache(maxsize=200_000)
def _added(a: Term, b: Term) -> Term:
    if a is ZERO or b is ZERO:
        return a if b is ZERO else b
    return to_term(plus(reread(a), reread(b)))


def reread(canonical: Term) -> Poly:
    """The polynomial of a canonical term; its atoms are final, so nothing is normalised again."""
    out: Poly = {}
    for part in canonical.args if canonical.op == "add" else (canonical,):
        out = plus(out, _reread_product(part))
    return out


def _reread_product(part: Term) -> Poly:
    coefficient, factors, expo = Fraction(1), list[tuple[Term, int]](), ZERO
    for f in part.args if part.op == "mul" else (part,):
        if f.op == "num":
            coefficient = f.args[0]
        elif f.op == "exp":
            expo = f.args[0]
        else:
            factors.append(f.args if f.op == "ipow" else (f, 1))
    return {(tuple(factors), expo): coefficient} if coefficient else {}


def to_term(p: Poly) -> Term:
    """A polynomial as a canonical term."""
    products = [_product(m, c) for m, c in sorted(p.items(), key=lambda item: _mono_key(item[0]))]
    return ZERO if not products else products[0] if len(products) == 1 else term("add", *products)


def _mono_key(mono: Mono) -> tuple[str, ...]:
    return (*(f"{a.key()}^{k}" for a, k in mono[0]), mono[1].key())


def _product(mono: Mono, c: Fraction) -> Term:
    parts = [a if k == 1 else term("ipow", a, k) for a, k in mono[0]]
    parts += [] if mono[1] is ZERO else [term("exp", mono[1])]
    parts = parts if c == 1 and parts else [as_term(c), *parts]
    return parts[0] if len(parts) == 1 else term("mul", *parts)


def content(p: Poly) -> tuple[Fraction, Mono, Term]:
    """(c, m, core) with p = c·m·core: what every term shares, and a core that shares nothing.

    A core has two terms or more and leading coefficient 1 or -1, or it is 1.
    """
    if len(p) <= 1:
        mono, c = next(iter(p.items()), (UNIT, Fraction(0)))
        return c, mono, ONE
    shared = reduce(lambda f, g: {a: min(k, g[a]) for a, k in f.items() if a in g},
                    (dict(f) for f, _ in p))  # fmt: skip
    expos = {e for _, e in p}
    expo = expos.pop() if len(expos) == 1 else ZERO
    reduced = {(tuple((a, k - shared.get(a, 0)) for a, k in f if k > shared.get(a, 0)),
                ZERO if expo is not ZERO else e): c for (f, e), c in p.items()}  # fmt: skip
    scale = abs(reduced[min(reduced, key=_mono_key)])
    core = to_term({m: c / scale for m, c in reduced.items()})
    return scale, (tuple(sorted(shared.items(), key=by_key)), expo), core


def unsigned(core: Term) -> tuple[int, Term]:
    """(s, core') with core = s·core', s = 1 or -1, and leading coefficient 1."""
    p = reread(core)
    if p[min(p, key=_mono_key)] > 0:
        return 1, core
    return -1, to_term({m: -c for m, c in p.items()})
