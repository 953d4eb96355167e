"""The normal form that decides whether two terms are equal by algebra.

A term becomes a polynomial over atoms with rational coefficients; exponentials merge into one
factor exp(polynomial); sums are linear, so what does not depend on the index moves out, and
Σ_{i<m+1} splits off its last term. Laws that hold only under a condition (cancelling a/a,
exp log a = a, log ab = log a + log b) are used only for what `Facts` says is nonzero or positive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from math import comb

from lsetheory.proof.terms import Term, as_term, closed_over, opened, term, unused

#: Sorted ((atom, exponent >= 1), ...) and the canonical argument of the exponential factor.
Factors = tuple[tuple[Term, int], ...]
Mono = tuple[Factors, Term]
Poly = dict[Mono, Fraction]

ZERO, ONE = as_term(0), as_term(1)
UNIT: Mono = ((), ZERO)
#: Sums over a literal number of terms, and terms split off a sum, up to this many.
SPLIT = 64


@dataclass(frozen=True)
class Facts:
    """What is known of some canonical terms, each proved by a theorem the caller holds."""

    positive: frozenset[Term] = frozenset()
    nonzero: frozenset[Term] = frozenset()

    def is_positive(self, atom: Term) -> bool:
        """Known to be > 0."""
        return atom in self.positive or (atom.op == "power" and _number_sign(atom.args[0]) > 0)

    def is_nonzero(self, atom: Term) -> bool:
        """Known to be ≠ 0."""
        power = atom.op == "power" and _number_sign(atom.args[0]) != 0
        return power or atom in self.nonzero or self.is_positive(atom)

    def variable(self, t: Term) -> Term:
        """An index for opening a binder of `t`, of which nothing is known."""
        return unused("nat", t, *self.positive, *self.nonzero)


NOTHING = Facts()


def facts_from(positive: Iterable[Term], nonzero: Iterable[Term]) -> Facts:
    """Facts about the canonical cores of terms that are proved > 0 and ≠ 0."""
    facts = NOTHING
    for t in positive:
        scale, (factors, _), core = _content(poly(t, facts))
        bases = (a.args[0] if a.op == "inv" else a for a, _ in factors)
        unknown = [a for a in bases if not facts.is_positive(a)]
        known = set[Term]()
        if scale > 0 and not unknown:
            known = {core} - {ONE}
        if scale > 0 and core is ONE and [k for _, k in factors] == [1] * len(factors) \
                and len(unknown) == 1:  # fmt: skip
            known = {unknown[0]}
        facts = Facts(facts.positive | known, facts.nonzero | _factors(factors, core))
    for t in nonzero:
        _, (factors, _), core = _content(poly(t, facts))
        facts = Facts(facts.positive, facts.nonzero | _factors(factors, core))
    return facts


def _factors(factors: Factors, core: Term) -> set[Term]:
    """What a nonzero product is made of: each factor is nonzero, and so is what it inverts."""
    bases = {a.args[0] if a.op == "inv" else a for a, _ in factors}
    return bases | ({_unsigned(core)[1]} - {ONE})


def normal(t: Term, facts: Facts = NOTHING) -> Term:
    """The canonical term equal to `t`."""
    return to_term(poly(t, facts))


def constant(t: Term, facts: Facts = NOTHING) -> Fraction | None:
    """The number that `t` is by algebra, if it is one."""
    p = poly(t, facts)
    return p.get(UNIT, Fraction(0)) if set(p) <= {UNIT} else None


def vanishes(t: Term, facts: Facts = NOTHING) -> bool:
    """Whether `t` is 0 by algebra, denominators known to be nonzero cleared."""
    p = poly(t, facts)
    while p:
        denominators = {a.args[0] for (factors, _) in p for a, _ in factors if a.op == "inv"}
        known = sorted((d for d in denominators if facts.is_nonzero(d)), key=Term.key)
        if not known:
            return False
        p = _cleared(p, known[0], facts)
    return True


def _cleared(p: Poly, d: Term, facts: Facts) -> Poly:
    """d^k p with the 1/d multiplied out, k the largest exponent of 1/d."""
    over = term("inv", d)
    top = max(dict(factors).get(over, 0) for factors, _ in p)
    out: Poly = {}
    for (factors, expo), c in p.items():
        left = top - dict(factors).get(over, 0)
        rest: Poly = {(tuple(f for f in factors if f[0] is not over), expo): c}
        out = plus(out, times(rest, _power(poly(d, facts), left, facts), facts))
    return out


@lru_cache(maxsize=200_000)
def _poly_items(t: Term, facts: Facts) -> tuple[tuple[Mono, Fraction], ...]:
    return tuple(_expand(t, facts).items())


def poly(t: Term, facts: Facts = NOTHING) -> Poly:
    """The polynomial of a closed term."""
    return dict(_poly_items(t, facts))


def _expand(t: Term, facts: Facts) -> Poly:
    args = t.args
    match t.op:
        case "num":
            return {UNIT: args[0]} if args[0] else {}
        case "add":
            return reduce(plus, (poly(a, facts) for a in args))
        case "mul":
            return reduce(lambda p, q: times(p, q, facts), (poly(a, facts) for a in args))
        case "ipow":
            return _power(poly(args[0], facts), args[1], facts)
        case "inv":
            return _inverse(poly(args[0], facts), facts)
        case "exp":
            return _exponential(poly(args[0], facts), facts)
        case "log":
            return _logarithm(poly(args[0], facts), facts)
        case "sum":
            return _sum(t, facts)
        case "power":
            return _symbolic_power(poly(args[0], facts), poly(args[1], facts), facts)
        case "max":
            variable = facts.variable(t)
            body = closed_over(normal(opened(args[1], variable), facts), variable)
            return atom(term("max", normal(args[0], facts), body))
        case "max2":
            return atom(term("max2", *sorted((normal(a, facts) for a in args), key=Term.key)))
        case "binom":
            return _binomial(*(normal(a, facts) for a in args))
        case "at":
            return atom(term("at", *args[:2], *(normal(a, facts) for a in args[2:])))
    return atom(t)


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


def _power(p: Poly, k: int, facts: Facts) -> Poly:
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
        if a.op == "power" and a.args[0] is _MINUS_ONE:
            exponents[a] %= 2
    return tuple(sorted(((a, k) for a, k in exponents.items() if k), key=_by_key))


def _by_key(pair: tuple[Term, int]) -> str:
    return pair[0].key()


@lru_cache(maxsize=200_000)
def _added(a: Term, b: Term) -> Term:
    if a is ZERO or b is ZERO:
        return a if b is ZERO else b
    return to_term(plus(_reread(a), _reread(b)))


def _reread(canonical: Term) -> Poly:
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


def _content(p: Poly) -> tuple[Fraction, Mono, Term]:
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
    return scale, (tuple(sorted(shared.items(), key=_by_key)), expo), core


def _unsigned(core: Term) -> tuple[int, Term]:
    """(s, core') with core = s·core', s = 1 or -1, and leading coefficient 1."""
    p = _reread(core)
    if p[min(p, key=_mono_key)] > 0:
        return 1, core
    return -1, to_term({m: -c for m, c in p.items()})


def _inverse(p: Poly, facts: Facts) -> Poly:
    c, (factors, expo), core = _content(p)
    if not c:
        return {}
    sign, core = _unsigned(core)
    out: Poly = {((), to_term({m: -k for m, k in _reread(expo).items()})): sign / c}
    for base, k in (*factors, *([] if core is ONE else [(core, 1)])):
        inverse = poly(base.args[0], facts) if base.op == "inv" else atom(term("inv", base))
        out = times(out, _power(inverse, k, facts), facts)
    return out


def _exponential(p: Poly, facts: Facts) -> Poly:
    """exp p, with exp(k log a) = a^k for integer k and a number or a known positive a."""
    out: Poly = {UNIT: Fraction(1)}
    rest: Poly = {}
    for mono, c in p.items():
        base = mono[0][0][0].args[0] if _is_log(mono) else None
        if base is not None and c.denominator == 1 and _known_positive(base, facts):
            whole = poly(base, facts) if c > 0 else _inverse(poly(base, facts), facts)
            out = times(out, _power(whole, abs(int(c)), facts), facts)
        else:
            rest[mono] = c
    return times(out, {((), to_term(rest)): Fraction(1)}, facts)


def _is_log(mono: Mono) -> bool:
    factors, expo = mono
    return expo is ZERO and [(a.op, k) for a, k in factors] == [("log", 1)]


def _number_sign(t: Term) -> int:
    """The sign of a literal number; 0 for anything else."""
    return (t.args[0] > 0) - (t.args[0] < 0) if t.op == "num" else 0


def _known_positive(t: Term, facts: Facts) -> bool:
    """Whether a canonical term is a product of positive numbers, exponentials and known things."""
    c, (factors, _), core = _content(_reread(t))
    return c > 0 and _all_positive(factors, core, facts)


def _all_positive(factors: Factors, core: Term, facts: Facts) -> bool:
    bases = [a.args[0] if a.op == "inv" else a for a, _ in factors]
    return all(map(facts.is_positive, bases)) and (core is ONE or facts.is_positive(core))


def _logarithm(p: Poly, facts: Facts) -> Poly:
    c, (factors, expo), core = _content(p)
    if c <= 0 or not _all_positive(factors, core, facts):
        return atom(term("log", to_term(p)))
    out = plus(_reread(expo), _log_number(c))
    for base, k in (*factors, *([] if core is ONE else [(core, 1)])):
        inside, sign = (base.args[0], -k) if base.op == "inv" else (base, k)
        out = plus(out, {mono: sign * v for mono, v in _log_atom(inside, facts).items()})
    return out


def _log_atom(a: Term, facts: Facts) -> Poly:
    """log of a known positive atom: of a power, exponent times log of the base."""
    if a.op == "power" and _number_sign(a.args[0]) > 0:
        return times(poly(a.args[1], facts), _log_number(a.args[0].args[0]), facts)
    return atom(term("log", a))


def _log_number(c: Fraction) -> Poly:
    out: Poly = {}
    for number, sign in ((c.numerator, 1), (c.denominator, -1)):
        for prime, k in _factorised(number):
            out = plus(out, {(((term("log", as_term(prime)), 1),), ZERO): Fraction(sign * k)})
    return out


@lru_cache
def _factorised(number: int) -> tuple[tuple[int, int], ...]:
    """Small primes with exponents, and what is left after trial division up to 1000."""
    out, prime = [], 2
    while prime <= 1000 and number > 1:
        k = 0
        while number % prime == 0:
            number, k = number // prime, k + 1
        out += [(prime, k)] if k else []
        prime += 1
    return (*out, *([(number, 1)] if number > 1 else []))


def _split_count(p: Poly) -> tuple[Term, int]:
    """m and the literal c with p = m + c, c as large as it is natural and at most SPLIT."""
    c = p.get(UNIT, Fraction(0))
    if c.denominator != 1 or not 0 < c <= SPLIT:
        return to_term(p), 0
    return to_term({m: v for m, v in p.items() if m != UNIT}), int(c)


def _sum(t: Term, facts: Facts) -> Poly:
    m, c = _split_count(poly(t.args[0], facts))
    out = reduce(plus, (poly(opened(t.args[1], _nat(m, j)), facts) for j in range(c)), Poly())
    if m is ZERO:
        return out
    variable = facts.variable(t)
    for (factors, expo), value in poly(opened(t.args[1], variable), facts).items():
        inside, outside = _separated(factors, expo, variable)
        body = to_term({inside: Fraction(1)})
        total = poly(m, facts) if body is ONE else atom(term("sum", m, closed_over(body, variable)))
        out = plus(out, times({outside: value}, total, facts))
    return out


def _nat(m: Term, j: int) -> Term:
    return m if j == 0 else as_term(j) if m is ZERO else term("add", m, as_term(j))


def _separated(factors: Factors, expo: Term, variable: Term) -> tuple[Mono, Mono]:
    """A monomial as (what depends on the variable, what does not)."""
    name = next(iter(variable.free))
    parts = _reread(expo)
    dependent = {m: c for m, c in parts.items() if name in to_term({m: c}).free}
    free = {m: c for m, c in parts.items() if m not in dependent}
    inside = tuple(f for f in factors if name in f[0].free)
    outside = tuple(f for f in factors if name not in f[0].free)
    return (inside, to_term(dependent)), (outside, to_term(free))


_MINUS_ONE = as_term(-1)


def _symbolic_power(base: Poly, exponent: Poly, facts: Facts) -> Poly:
    """base^exponent, split over the terms of the exponent and the factors of the base."""
    out: Poly = {UNIT: Fraction(1)}
    for mono, c in exponent.items():
        if mono == UNIT:
            out = times(out, _power(base, int(c), facts), facts)
            continue
        m = to_term({mono: Fraction(1)})
        out = times(out, _power(_monomial_power(base, m, facts), int(c), facts), facts)
    return out


def _monomial_power(base: Poly, m: Term, facts: Facts) -> Poly:
    if len(base) != 1:
        return atom(term("power", to_term(base), m))
    (((factors, expo), c),) = base.items()
    out: Poly = {((), to_term(times(_reread(expo), _reread(m), facts))): Fraction(1)}
    if c < 0:
        out = times(out, atom(term("power", _MINUS_ONE, m)), facts)
    for number, over in ((abs(c.numerator), False), (c.denominator, True)):
        for prime, k in _factorised(number):
            a = term("power", as_term(prime), m)
            out = times(out, _power(atom(term("inv", a) if over else a), k, facts), facts)
    for a, k in factors:
        if a.op == "inv":
            one = atom(term("inv", term("power", a.args[0], m)))
        else:
            one = atom(term("power", a, m))
        out = times(out, _power(one, k, facts), facts)
    return out


def _binomial(n: Term, k: Term) -> Poly:
    if k is ZERO:
        return {UNIT: Fraction(1)}
    if n.op == "num" and k.op == "num" and n.args[0] <= 1000:
        value = comb(int(n.args[0]), int(k.args[0]))
        return {UNIT: Fraction(value)} if value else {}
    return atom(term("binom", n, k))
