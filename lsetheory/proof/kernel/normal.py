"""The normal form that decides whether two terms are equal by algebra.

A term becomes a polynomial over atoms with rational coefficients; exponentials merge into one
factor exp(polynomial); sums are linear, so what does not depend on the index moves out, and
Σ_{i<m+1} splits off its last term. Laws that hold only under a condition (cancelling a/a,
exp log a = a, log ab = log a + log b) are used only for what `Facts` says is nonzero or positive.
"""

from fractions import Fraction
from functools import lru_cache, reduce
from math import comb

from lsetheory.proof.kernel.binders import closed_over, opened
from lsetheory.proof.kernel.polynomial import (
    MINUS_ONE,
    NOTHING,
    ONE,
    UNIT,
    ZERO,
    Factors,
    Facts,
    Mono,
    Poly,
    atom,
    content,
    number_sign,
    plus,
    reread,
    times,
    to_term,
    unsigned,
    whole_power,
)
from lsetheory.proof.kernel.terms import Term, as_term, term

#: Sums over a literal number of terms, and terms split off a sum, up to this many.
SPLIT = 64


def normal(t: Term, facts: Facts = NOTHING) -> Term:
    """The canonical term equal to `t`."""
    return to_term(poly(t, facts))


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
            return whole_power(poly(args[0], facts), args[1], facts)
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


def _inverse(p: Poly, facts: Facts) -> Poly:
    c, (factors, expo), core = content(p)
    if not c:
        return {}
    sign, core = unsigned(core)
    out: Poly = {((), to_term({m: -k for m, k in reread(expo).items()})): sign / c}
    for base, k in (*factors, *([] if core is ONE else [(core, 1)])):
        inverse = poly(base.args[0], facts) if base.op == "inv" else atom(term("inv", base))
        out = times(out, whole_power(inverse, k, facts), facts)
    return out


def _exponential(p: Poly, facts: Facts) -> Poly:
    """exp p, with exp(k log a) = a^k for integer k and a number or a known positive a."""
    out: Poly = {UNIT: Fraction(1)}
    rest: Poly = {}
    for mono, c in p.items():
        base = mono[0][0][0].args[0] if _is_log(mono) else None
        if base is not None and c.denominator == 1 and _known_positive(base, facts):
            whole = poly(base, facts) if c > 0 else _inverse(poly(base, facts), facts)
            out = times(out, whole_power(whole, abs(int(c)), facts), facts)
        else:
            rest[mono] = c
    return times(out, {((), to_term(rest)): Fraction(1)}, facts)


def _is_log(mono: Mono) -> bool:
    factors, expo = mono
    return expo is ZERO and [(a.op, k) for a, k in factors] == [("log", 1)]


def _known_positive(t: Term, facts: Facts) -> bool:
    """Whether a canonical term is a product of positive numbers, exponentials and known things."""
    c, (factors, _), core = content(reread(t))
    return c > 0 and _all_positive(factors, core, facts)


def _all_positive(factors: Factors, core: Term, facts: Facts) -> bool:
    bases = [a.args[0] if a.op == "inv" else a for a, _ in factors]
    return all(map(facts.is_positive, bases)) and (core is ONE or facts.is_positive(core))


def _logarithm(p: Poly, facts: Facts) -> Poly:
    c, (factors, expo), core = content(p)
    if c <= 0 or not _all_positive(factors, core, facts):
        return atom(term("log", to_term(p)))
    out = plus(reread(expo), _log_number(c))
    for base, k in (*factors, *([] if core is ONE else [(core, 1)])):
        inside, sign = (base.args[0], -k) if base.op == "inv" else (base, k)
        out = plus(out, {mono: sign * v for mono, v in _log_atom(inside, facts).items()})
    return out


def _log_atom(a: Term, facts: Facts) -> Poly:
    """log of a known positive atom: of a power, exponent times log of the base."""
    if a.op == "power" and number_sign(a.args[0]) > 0:
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
    parts = reread(expo)
    dependent = {m: c for m, c in parts.items() if name in to_term({m: c}).free}
    free = {m: c for m, c in parts.items() if m not in dependent}
    inside = tuple(f for f in factors if name in f[0].free)
    outside = tuple(f for f in factors if name not in f[0].free)
    return (inside, to_term(dependent)), (outside, to_term(free))


def _symbolic_power(base: Poly, exponent: Poly, facts: Facts) -> Poly:
    """base^exponent, split over the terms of the exponent and the factors of the base."""
    out: Poly = {UNIT: Fraction(1)}
    for mono, c in exponent.items():
        if mono == UNIT:
            out = times(out, whole_power(base, int(c), facts), facts)
            continue
        m = to_term({mono: Fraction(1)})
        out = times(out, whole_power(_monomial_power(base, m, facts), int(c), facts), facts)
    return out


def _monomial_power(base: Poly, m: Term, facts: Facts) -> Poly:
    if len(base) != 1:
        return atom(term("power", to_term(base), m))
    (((factors, expo), c),) = base.items()
    out: Poly = {((), to_term(times(reread(expo), reread(m), facts))): Fraction(1)}
    if c < 0:
        out = times(out, atom(term("power", MINUS_ONE, m)), facts)
    for number, over in ((abs(c.numerator), False), (c.denominator, True)):
        for prime, k in _factorised(number):
            a = term("power", as_term(prime), m)
            out = times(out, whole_power(atom(term("inv", a) if over else a), k, facts), facts)
    for a, k in factors:
        if a.op == "inv":
            one = atom(term("inv", term("power", a.args[0], m)))
        else:
            one = atom(term("power", a, m))
        out = times(out, whole_power(one, k, facts), facts)
    return out


def _binomial(n: Term, k: Term) -> Poly:
    if k is ZERO:
        return {UNIT: Fraction(1)}
    if n.op == "num" and k.op == "num" and n.args[0] <= 1000:
        value = comb(int(n.args[0]), int(k.args[0]))
        return {UNIT: Fraction(value)} if value else {}
    return atom(term("binom", n, k))
