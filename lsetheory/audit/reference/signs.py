"""On which side of a rational number a result lies, decided exactly, however close it is.

Each comparison of a result with a rational m is the sign of a sum of c exp(a) with rational a and
c: a gap of 10**5 between entries puts exp(-10**5) behind a midpoint, which no precision in reach
resolves, but the sum shows it. With equal exponents collected exactly, it is 0 only if every c is
(Lindemann-Weierstrass); otherwise, divided by the largest exponential left, its sign is found by
rising precision, which ends.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from flint import arb, ctx, fmpq

from lsetheory.audit.reference.row import Parameters, Row, descending

Term = tuple[Fraction, Fraction]


def sign(terms: Iterable[Term]) -> int:
    """The sign of sum c exp(a) over terms (a, c)."""
    collected: dict[Fraction, Fraction] = defaultdict(Fraction)
    for exponent, coefficient in terms:
        collected[exponent] += coefficient
    left = {a: c for a, c in collected.items() if c}
    top, precision = max(left, default=Fraction(0)), 128
    while left:
        with ctx.workprec(precision):
            total = sum((_ball(c) * _ball(a - top).exp() for a, c in left.items()), arb(0))
            if total != 0:  # of balls: certainly not 0
                return 1 if total > 0 else -1
        precision *= 2
    return 0


def _ball(number: Fraction) -> arb:
    return arb(fmpq(number.numerator, number.denominator))


def _fractions(row: Iterable[float]) -> list[Fraction]:
    return [Fraction(v) for v in row]


def lse(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """sum exp(r x_j) - count exp(r m); count is n in the mean form, else 1."""
    r = Fraction(given.r)
    yield from ((r * v, Fraction(1)) for v in _fractions(row))
    yield r * m, Fraction(-1 if given.form == "sum" else -given.n)


def softmax(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """exp(r x_i) - m sum exp(r x_j)."""
    exponents = [Fraction(given.r) * v for v in _fractions(row)]
    yield exponents[place], Fraction(1)
    yield from ((a, -m) for a in exponents)


def log_softmax(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """exp(x_i - m) - sum exp(x_j)."""
    yield Fraction(row[place]) - m, Fraction(1)
    yield from ((v, Fraction(-1)) for v in _fractions(row))


def swap(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """sum exp(r x_j) (x_j - m)."""
    return ((Fraction(given.r) * v, v - m) for v in _fractions(row))


def swap_gradient(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """exp(r x_i) sum exp(r x_j) (1 + r (x_i - x_j)) - m (sum exp(r x_j))^2."""
    z = [Fraction(given.r) * v for v in _fractions(row)]
    return _product(z, place, [1 + z[place] - a for a in z], m)


def softmax_gradient(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """exp(x_i) sum exp(x_j) (v_i - v_j) - m (sum exp(x_j))^2."""
    v = _fractions(given.cotangent)
    return _product(_fractions(row), place, [v[place] - t for t in v], m)


def _product(z: list[Fraction], place: int, c: list[Fraction], m: Fraction) -> Iterator[Term]:
    yield from ((z[place] + a, factor) for a, factor in zip(z, c, strict=True))
    yield from ((a + b, -m) for a in z for b in z)


def log_softmax_gradient(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """(v_i - m) sum exp(x_j) - exp(x_i) sum v_j."""
    v = _fractions(given.cotangent)
    yield from ((a, v[place] - m) for a in _fractions(row))
    yield Fraction(row[place]), -sum(v + _fractions(given.absent), Fraction(0))


def ordinal(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """sum exp(w_j) (x_(j) - m)."""
    kept = [Fraction(row[j]) for j in descending(row)[: len(given.weights)]]
    return ((a, v - m) for a, v in zip(_fractions(given.weights), kept, strict=True))


def nothing(row: Row, given: Parameters, place: int, m: Fraction) -> Iterator[Term]:
    """For results that are always rational."""
    return iter(())


#: A comparison: of the row's result at a place (0 for scalars) with m.
Comparison = Callable[[Row, Parameters, int, Fraction], Iterator[Term]]
