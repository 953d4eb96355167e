"""The best uniform approximation of max by a rank estimator, for any rank set, in rationals."""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import comb, lcm, lgamma, log
from typing import Any

from lsetheory.errors import InputError
from lsetheory.relu import certificate, families
from lsetheory.relu.chebyshev import best
from lsetheory.relu.estimator import RankEstimator, checked_ranks

#: Bytes of exact numbers up to which a problem is taken on; their solver needs some ten times more.
MOST_BYTES = 250_000_000
#: Largest end of a box, for the estimator is evaluated in float32 too; and its denominator's bound.
LARGEST, FINEST = 10**38, 10**1000
#: An exponent beyond these, which takes for ever to write out.
_EXPONENT = re.compile(r"e[-+]?[\d_]{4,}\s*$", re.IGNORECASE)

_TREND_KEYS = ("d", "ranks", "size", "error", "error_float")

Number = int | float | str | Fraction


def minimax(
    d: int,
    ranks: Iterable[int],
    constant: bool = True,
    box: tuple[Number, Number] = (0, 1),
) -> RankEstimator:
    """The estimator β₀ + Σ β_r S(r;d) with the least greatest error over [a, b]^d, proved least.

    Args:
        d: the number of inputs.
        ranks: which S(r;d) may be used, r in 1..d; 0 may be named and stands for the constant.
        constant: whether β₀ is free; it is 0 otherwise.
        box: the ends a < b; ints, Fractions, "p/q", or floats (taken as the rationals they are);
            of at most LARGEST in size, and denominators below FINEST.

    Raises:
        InputError: the arguments make no sense, leave no function to approximate with, or ask for
            more exact numbers than MOST_BYTES.
    """
    d, ranks = int(d), _affordable(d, checked_ranks(d, tuple(ranks)))
    if 0 in ranks and not constant:
        raise InputError("minimax: expected ranks ≥ 1 with constant=False, got 0; drop one of them")
    ranks = (0, *(r for r in ranks if r)) if constant else ranks
    ends = _ends(box)
    if not ranks:
        raise InputError("minimax: expected at least one rank or the constant, got none")
    found = _exact(d, ranks, ends) if d in ranks else _on_box(d, ranks, ends)
    certificate.check(found)
    return found


def minimax_relative(d: int, ranks: Iterable[int]) -> RankEstimator:
    """The estimator Σ β_r S(r;d), Σβ = 1, with the least c in |max − it| ≤ c (max − min) on R^d.

    Only Σβ = 1 without a constant keeps the residual bounded relative to max − min.

    Raises:
        InputError: a rank is not in 1..d, there is none, or the problem is too large, as above.
    """
    d, ranks = int(d), _affordable(d, checked_ranks(d, tuple(ranks)))
    if not ranks or ranks[0] == 0:
        raise InputError(f"minimax_relative: expected ranks in 1..{d}, got {list(ranks)}")
    found = _exact(d, ranks, None) if d in ranks else _everywhere(d, ranks)
    certificate.check(found)
    return found


def size(d: int, ranks: Iterable[int]) -> float:
    """About how many bytes the exact numbers of a problem take: C(m, r) for m ≤ d and each rank."""
    bits = (lgamma(d + 1) - lgamma(r + 1) - lgamma(d - r + 1) for r in ranks)
    return sum((d + 1) * (40 + b / log(2) / 8) for b in bits)


def _affordable(d: int, ranks: tuple[int, ...]) -> tuple[int, ...]:
    needed = size(d, ranks)
    if needed > MOST_BYTES:
        raise InputError(
            f"minimax: expected a problem of {MOST_BYTES / 1e6:.0f} MB of exact numbers at most, "
            f"got about {needed / 1e6:,.0f} MB: {d + 1} vertices times {len(ranks)} ranks r, each "
            "an integer C(m, r); take a smaller d or fewer ranks"
        )
    return ranks


def trend_rows(
    ds: Iterable[int], rank_sets: Sequence[str] = tuple(families.TRENDS)
) -> list[dict[str, Any]]:
    """How the least error falls with d along named families of rank sets.

    Args:
        ds: the numbers of inputs; a family that does not exist at some d has no row there.
        rank_sets: names out of `families.TRENDS`.

    Returns:
        Rows with keys family, d, ranks, size (ranks with the constant), error ("p/q"), error_float.
    """
    unknown = [name for name in rank_sets if name not in families.TRENDS]
    if unknown:
        known = ", ".join(families.TRENDS)
        raise InputError(f"trend_rows: expected families out of {known}; got {unknown[0]}")
    return [
        _trend_row(name, d, ranks)
        for name in rank_sets for d in ds if (ranks := families.TRENDS[name](d))
    ]  # fmt: skip


def _trend_row(name: str, d: int, ranks: Sequence[int]) -> dict[str, Any]:
    row = minimax(d, ranks).row()
    return {"family": name} | {key: row[key] for key in _TREND_KEYS}


def _ends(box: tuple[Number, Number]) -> tuple[Fraction, Fraction]:
    try:
        large = any(_EXPONENT.search(end) for end in box if isinstance(end, str))
        a, b = (Fraction(0 if large else end) for end in box)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        raise InputError(f"minimax: expected a box of two finite numbers, got {box!r}") from None
    if large or max(-a, a, -b, b) > LARGEST or max(a.denominator, b.denominator) >= FINEST:
        raise InputError(
            f"minimax: expected a box within ±{LARGEST:.0e}, denominators below 1e1000 and "
            "exponents of three digits, got more; rescale it, and the error with it"
        )
    if a >= b:
        got = f"{float(a):g}, {float(b):g}"
        raise InputError(f"minimax: expected a box with its lower end first, got {got}")
    return a, b


def _exact(d: int, ranks: tuple[int, ...], box: tuple[Fraction, Fraction] | None) -> RankEstimator:
    """S(d;d) is max itself."""
    return RankEstimator(d, ranks, box, Fraction(0), {r: Fraction(int(r == d)) for r in ranks}, {})


def _on_box(d: int, ranks: tuple[int, ...], box: tuple[Fraction, Fraction]) -> RankEstimator:
    scale = lcm(*(end.denominator for end in box))
    a, b = (int(end * scale) for end in box)
    column = _integer_column(d, a, b, scale)
    rows = [[column(r, d - c) for r in ranks] for c in range(d + 1)]
    found = best(rows, [b if c else a for c in range(d + 1)], _first_vertices(d, ranks))
    scaled = zip(ranks, found.coefficients, strict=True)
    beta = {r: g * (comb(d, r) if r else 1) for r, g in scaled}
    return RankEstimator(d, ranks, box, found.error / scale, beta, found.weights)


def _integer_column(d: int, a: int, b: int, scale: int) -> Callable[[int, int], int]:
    """(rank r, zeros m) -> scale · C(d,r) · S(r;d) at the vertex, or scale for the constant."""
    return lambda r, m: b * comb(d, r) - (b - a) * comb(m, r) if r else scale


def _first_vertices(d: int, ranks: tuple[int, ...]) -> list[int]:
    """Vertices, likely ones of the optimum first: C(m, r) is triangular over zeros m in ranks."""
    zeros = dict.fromkeys([0, *ranks, d, *range(d, -1, -1)])
    return [d - m for m in zeros]


def _everywhere(d: int, ranks: tuple[int, ...]) -> RankEstimator:
    """On sorted x with min 0 and max 1 the residual is Σ β_r t_r(m), t_r = C(m,r)/C(d,r)."""
    *free, last = ranks
    rows = [
        [comb(d, r) * comb(m, last) - comb(d, last) * comb(m, r) for r in free]
        for m in range(d - 1, 0, -1)
    ]  # fmt: skip
    y = [comb(m, last) for m in range(d - 1, 0, -1)]
    found = best(rows, y, [c - 1 for c in _first_vertices(d, ranks) if 0 < c < d])
    beta = {r: g * comb(d, r) for r, g in zip(free, found.coefficients, strict=True)}
    beta[last] = 1 - sum(beta.values(), start=Fraction(0))
    weights = {c + 1: w for c, w in found.weights.items()}
    return RankEstimator(d, ranks, None, found.error / comb(d, last), beta, weights)
