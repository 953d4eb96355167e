"""The normal form keeps the value of a term, under facts that are true, at awkward points."""

import mpmath
import numpy as np
import pytest

from lsetheory.proof import (
    Max, Sum, as_term, binom, exp, log, max2, nat, power, real, vector,
)  # fmt: skip
from lsetheory.proof.kernel.evaluate import Arithmetic, compiled
from lsetheory.proof.kernel.polynomial import NOTHING
from lsetheory.proof.kernel.equality import facts_from, vanishes
from lsetheory.proof.kernel.normal import normal
from lsetheory.proof.kernel.terms import IllFormed, inv

REALS, NATS, X = [real("a"), real("b"), real("#0")], [nat("n"), nat("m"), nat("#1")], vector("x")
NUMBERS = [as_term(c) for c in (-2, -1, 0, 1, 2, 3)] + [inv(2)]
#: Numbers nearer to 0 than this are 0 spoilt by rounding.
TINY = mpmath.mpf(10) ** -40


def _number(q):
    return q if isinstance(q, mpmath.mpf) else mpmath.mpf(q.numerator) / q.denominator


def _log(x):
    """A logarithm that is some odd function where the logarithm is not defined."""
    return mpmath.log(x) if x > TINY else mpmath.mpf("0.37") * x - mpmath.mpf("1.1")


def _inverse(x):
    return mpmath.mpf(0) if abs(x) < TINY else 1 / x


EXACTLY = Arithmetic(_number, mpmath.exp, _log,
                     _inverse, max)  # fmt: skip


def random_term(rng, depth, indices=()):
    """A term over three reals, three naturals, x and the indices of the sums around it."""
    if depth == 0:
        pools = [REALS, NATS, NUMBERS, [X[i] for i in (*indices, NATS[0], as_term(1))], indices]
        pool = pools[int(rng.integers(5 if indices else 4))]
        return pool[int(rng.integers(len(pool)))]

    def sub(inner=()):
        return random_term(rng, depth - 1, (*indices, *inner))

    def count():
        return NATS[int(rng.integers(3))] + int(rng.integers(2))

    u = sub()
    made = [
        lambda: u + sub(),
        lambda: u * sub(),
        lambda: u * inv(u) * sub(),
        lambda: inv(u) * inv(sub() * u),
        lambda: u**2 - sub() ** 2,
        lambda: exp(u) * exp(sub()),
        lambda: exp(int(rng.integers(-2, 3)) * log(u) + sub()),
        lambda: log(u * sub()),
        lambda: log(u * exp(sub()) / 3),
        lambda: log(inv(u)) + log(u**2),
        lambda: power(u, count()) * power(sub(), count()),
        lambda: power(u * 2, count() * 2) - power(-2, count()) * u,
        lambda: power(2 * u, NATS[0]) * power(-u, NATS[0] + 2) + power(inv(u), NATS[1]),
        lambda: max2(u, sub()),
        lambda: Sum(count(), lambda i: sub((i,))),
        lambda: Sum(count(), lambda i: exp(u + sub((i,))) * sub()),
        lambda: Sum(count() + 1, lambda i: Sum(i + 1, lambda j: sub((i, j)) * u)),
        lambda: Max(count() + 1, lambda i: sub((i,)) + u),
        lambda: binom(count(), count()) * u,
    ]
    return made[int(rng.integers(len(made)))]()


def random_point(rng):
    values = [mpmath.mpf(v) / 2 for v in (0, 0, 1, 2, -2, 3, -1)]
    point = {t.args[0]: values[int(rng.integers(7))] for t in REALS}
    point |= {t.args[0]: int(rng.integers(4)) for t in NATS}
    return {**point, "x": [values[int(rng.integers(7))] for _ in range(40)]}


def evaluated(t, point):
    return compiled(t, EXACTLY)(point, ())


def true_facts(terms, point):
    """Facts about terms, as far as they are true at a point."""
    sizes = [(t, evaluated(t, point)) for t in terms]
    return facts_from([t for t, v in sizes if v > TINY], [t for t, v in sizes if abs(v) > TINY])


def agrees(t, facts, point):
    here, there = evaluated(t, point), evaluated(normal(t, facts), point)
    return abs(here - there) <= mpmath.mpf(10) ** -25 * (1 + abs(here))


def test_what_is_proved_zero_is_zero():
    """Denominators are cleared only where they are known to be nonzero."""
    a, b = REALS[:2]
    fraction = inv(a + b) * (a + b) - 1
    assert vanishes(fraction, facts_from([a + b], []))
    assert not vanishes(fraction)
    assert vanishes(a * inv(a + b) + b * inv(a + b) - 1, facts_from([], [a + b]))
    assert not vanishes(a * inv(a + b) + b * inv(a + b) - 1, facts_from([], [a, b]))
    assert not vanishes(inv(a) + inv(b) - (a + b) * inv(a * b), facts_from([], [a]))
    assert vanishes(inv(a) + inv(b) - (a + b) * inv(a * b), facts_from([], [a, b]))


@pytest.mark.parametrize("seed", range(40))
def test_value_is_kept(seed):
    """Ten terms a seed, each with and without facts that hold at the point."""
    rng = np.random.default_rng(seed)
    with mpmath.workdps(80):
        for _ in range(10):
            point, t = random_point(rng), random_term(rng, 2)
            hints = [random_term(rng, int(rng.integers(2)), ()) for _ in range(3)] + REALS
            for facts in (NOTHING, true_facts(hints, point)):
                try:
                    assert agrees(t, facts, point), (t, facts, point)
                except (IllFormed, OverflowError):
                    continue
