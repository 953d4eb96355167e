"""Tier 2: each operation in arb ball arithmetic, with the rational results that arb cannot settle.

A row comes here as finite floats, at least one, with every -inf left out; special values, signs of
r and the left-out entries are the caller's (`operations`). Each operation is three functions:

`enclose(row, parameters)` gives one ball for each result under the precision in force.
`rational(row, parameters)` gives the results that are rational, where they are, else None.
`compare(row, parameters, place, m)` tells the results below m from those above: see `signs`.

Why the second: correct rounding by rising precision (Ziv) ends unless the result is a float or a
midpoint, so exactly the rational ones must be known beforehand. By Lindemann-Weierstrass,
sum_k c_k exp(a_k) = 0 with distinct algebraic a_k and algebraic c_k forces every c_k = 0. With
groups of equal x_j collected that decides each case:

- logsumexp, log_softmax, pooled lse in sum form: rational only for a row of one entry; pooled lse
  in mean form, swap, softmax, the gradient of swap: only if all entries are equal;
- ordinal: sum_j exp(w_j) (x_j - m) = 0, that is, each group of equal weights has the mean m;
- gradient of log_softmax, v_i - p_i S with S = sum_j v_j: all entries equal, or S = 0;
- gradient of softmax, p_i sum_j p_j (v_i - v_j): all entries equal, or zero because within each
  group of equal entries the v_j sum to (size of the group) v_i. A nonzero rational m would need
  m Z^2, Z = sum exp(x_j), to equal a sum that lacks exp(2 max) or exp(2 min).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from flint import arb, ctx

from lsetheory.audit.formats import Format
from lsetheory.audit.reference import signs
from lsetheory.audit.reference.certified import Rounded, beside, exact, settle
from lsetheory.audit.reference.row import Parameters, Row, descending
from lsetheory.faithful import balls

#: Bits beyond which a result next to a midpoint is not waited for.
LIMIT = 2**13
Rationals = list[Fraction | None]


@dataclass(frozen=True)
class Formula:
    """One operation on a row."""

    enclose: Callable[[Row, Parameters], list[arb]]
    rational: Callable[[Row, Parameters], Rationals]
    compare: signs.Comparison


def evaluate(formula: Formula, row: Row, given: Parameters, fmt: Format) -> list[Rounded]:
    """Every result of one row, correctly rounded, with residuals good to 2**-30.

    A gap of 10**30 between entries makes a difference of two entries, possibly a midpoint, plus
    something of size exp(-10**30). Past LIMIT bits `compare` decides on which side the result lies.
    """
    known = formula.rational(row, given)
    done = [None if q is None else exact(q, fmt) for q in known]
    found = [arb(0)] * len(done)
    precision = 192
    while None in done and precision <= LIMIT:
        with ctx.workprec(precision):
            found = formula.enclose(row, given)
            done = [settle(b, fmt) if d is None else d for b, d in zip(found, done, strict=True)]
        precision *= 2
    return [
        beside(ball, fmt, partial(_side, formula, row, given, place)) if one is None else one
        for place, (ball, one) in enumerate(zip(found, done, strict=True))
    ]


def _side(formula: Formula, row: Row, given: Parameters, place: int, m: Fraction) -> int:
    return signs.sign(formula.compare(row, given, place, m))


def _lse(row: Row, given: Parameters) -> list[arb]:
    return [balls.lse(row)]


def _pooled(row: Row, given: Parameters) -> list[arb]:
    return [balls.lse(row, given.r, None if given.form == "sum" else given.n)]


def _softmax(row: Row, given: Parameters) -> list[arb]:
    return balls.softmax(row, given.r)


def _log_softmax(row: Row, given: Parameters) -> list[arb]:
    return balls.log_softmax(row)


def _dot(p: list[arb], v: Sequence[arb]) -> arb:
    return sum((a * b for a, b in zip(p, v, strict=True)), arb(0))


def _swap(row: Row, given: Parameters) -> list[arb]:
    return [_dot(_softmax(row, given), [arb(v) for v in row])]


def _swap_gradient(row: Row, given: Parameters) -> list[arb]:
    p, r = _softmax(row, given), arb(given.r)
    gaps = [_dot(p, [arb(v) - arb(w) for w in row]) for v in row]
    return [a * (1 + r * gap) for a, gap in zip(p, gaps, strict=True)]


def _ordinal(row: Row, given: Parameters) -> list[arb]:
    kept = sorted(row, reverse=True)[: len(given.weights)]
    p = _softmax(given.weights, Parameters(n=len(given.weights)))
    return [_dot(p, [arb(v) for v in kept])]


def _softmax_gradient(row: Row, given: Parameters) -> list[arb]:
    p, v = _softmax(row, given), given.cotangent
    return [a * _dot(p, [arb(s) - arb(t) for t in v]) for a, s in zip(p, v, strict=True)]


def _log_softmax_gradient(row: Row, given: Parameters) -> list[arb]:
    total = sum((arb(v) for v in given.cotangent + given.absent), arb(0))
    return [arb(v) - a * total for v, a in zip(given.cotangent, _softmax(row, given), strict=True)]


def _groups(keys: Row, values: Sequence[Fraction]) -> dict[float, list[Fraction]]:
    groups: dict[float, list[Fraction]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(key, []).append(value)
    return groups


def _never(row: Row, given: Parameters) -> Rationals:
    return [Fraction(row[0]) if len(row) == 1 else None]


def _never_each(row: Row, given: Parameters) -> Rationals:
    return [Fraction(0)] if len(row) == 1 else [None] * len(row)


def _equal(row: Row, given: Parameters) -> bool:
    return min(row) == max(row)


def _equal_mean(row: Row, given: Parameters) -> Rationals:
    whole = _equal(row, given) and len(row) == given.n
    return [Fraction(row[0]) if whole else None]


def _equal_pooled(row: Row, given: Parameters) -> Rationals:
    return _never(row, given) if given.form == "sum" else _equal_mean(row, given)


def _equal_swap(row: Row, given: Parameters) -> Rationals:
    return [Fraction(row[0]) if _equal(row, given) else None]


def _equal_share(row: Row, given: Parameters) -> Rationals:
    return [Fraction(1, len(row)) if _equal(row, given) else None] * len(row)


def _group_means(row: Row, given: Parameters) -> Rationals:
    kept = [Fraction(row[j]) for j in descending(row)[: len(given.weights)]]
    groups = _groups(given.weights, kept).values()
    means = {sum(group, Fraction(0)) / len(group) for group in groups}
    return [means.pop() if len(means) == 1 else None]


def _softmax_products(row: Row, given: Parameters) -> Rationals:
    v = [Fraction(t) for t in given.cotangent]
    if _equal(row, given):
        mean = sum(v, Fraction(0)) / len(v)
        return [(t - mean) / len(v) for t in v]
    groups = _groups(row, v).values()
    return [
        Fraction(0) if all(sum(g, Fraction(0)) == len(g) * t for g in groups) else None for t in v
    ]


def _log_softmax_products(row: Row, given: Parameters) -> Rationals:
    v = [Fraction(t) for t in given.cotangent]
    total = sum((Fraction(t) for t in given.cotangent + given.absent), Fraction(0))
    if total == 0 or _equal(row, given):
        return [t - total / len(v) for t in v]
    return [None] * len(v)


def _mean(row: Row, given: Parameters) -> Rationals:
    return [sum((Fraction(v) for v in row), Fraction(0)) / given.n]


def _mean_gradient(row: Row, given: Parameters) -> Rationals:
    return [Fraction(1, given.n)] * given.n


def _top(row: Row, given: Parameters) -> Rationals:
    return [Fraction(max(row))]


def _top_gradient(row: Row, given: Parameters) -> Rationals:
    top = max(row)
    return [Fraction(v == top, row.count(top)) for v in row]


def _nothing(row: Row, given: Parameters) -> list[arb]:
    return []


_SHARES = Formula(_softmax, _equal_share, signs.softmax)
_LSE = Formula(_lse, _never, signs.lse)
#: pooled_lse and swap (False), and their gradients (True), at r = 0 and r = inf.
LIMITS = {
    (0.0, False): Formula(_nothing, _mean, signs.nothing),
    (0.0, True): Formula(_nothing, _mean_gradient, signs.nothing),
    (math.inf, False): Formula(_nothing, _top, signs.nothing),
    (math.inf, True): Formula(_nothing, _top_gradient, signs.nothing),
}

#: operation -> its formula; an operation with "_gradient" gives one result an input. The row of
#: the gradient of ordinal is that of the weights: their shares go where the entries stand.
FORMULAS = {
    "logsumexp": _LSE,
    "softmax": _SHARES,
    "log_softmax": Formula(_log_softmax, _never_each, signs.log_softmax),
    "logaddexp": _LSE,
    "pooled_lse": Formula(_pooled, _equal_pooled, signs.lse),
    "swap": Formula(_swap, _equal_swap, signs.swap),
    "ordinal": Formula(_ordinal, _group_means, signs.ordinal),
    "logsumexp_gradient": _SHARES,
    "softmax_gradient": Formula(_softmax_gradient, _softmax_products, signs.softmax_gradient),
    "log_softmax_gradient": Formula(
        _log_softmax_gradient, _log_softmax_products, signs.log_softmax_gradient
    ),
    "logaddexp_gradient": _SHARES,
    "pooled_lse_gradient": _SHARES,
    "swap_gradient": Formula(_swap_gradient, _equal_share, signs.swap_gradient),
    "ordinal_gradient": _SHARES,
}
