"""The exact solver with its proof beside scipy's HiGHS, a float linear program, on the same sets.

`peer_excess` is how much larger the error of HiGHS's coefficients really is than the least error,
relative to it: 0 is right, nan means that HiGHS itself reported failure, anything else is a wrong
answer given with status 0.
"""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from benchmarks._paired import paired
from lsetheory.relu.estimator import RankEstimator
from lsetheory.relu.families import family_a, family_b
from lsetheory.relu.minimax import minimax
from lsetheory.relu.stability import float_program

SHOWN = ("limit_s", "peer_excess")
#: Claim -> (rank sets at d, d, d when quick, seconds that our solver may take for all of them).
CLAIMS: dict[str, tuple[Callable[[int], list[tuple[int, ...]]], int, int, float]] = {
    "family A, all ranks": (lambda d: [family_a(d, d - 2)], 256, 64, 2),
    "family A, half the ranks": (lambda d: [family_a(d, d // 2)], 256, 64, 2),
    "family B, all but one rank": (lambda d: [family_b(d, d - 2)], 256, 64, 2),
    "any rank set, 20 random ones": (lambda d: _random_sets(d, 20), 32, 16, 5),
    "all rank sets": (lambda d: _every_set(d), 10, 7, 60),
    "all ranks": (lambda d: [tuple(range(d))], 16, 16, 1),
}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row a claim; `limit_s` and `within` hold the absolute promise, on this machine."""
    return [
        _row(f"{claim}, d = {d}", d, sets(d), limit, quick)
        for claim, (sets, full, few, limit) in CLAIMS.items()
        for d in [few if quick else full]
    ]


def _row(
    claim: str, d: int, sets: Sequence[tuple[int, ...]], limit: float, quick: bool
) -> dict[str, Any]:
    times = paired(
        lambda: [minimax(d, ranks) for ranks in sets],
        lambda: [float_program(d, ranks) for ranks in sets],
        seconds=0.5 if quick else 5,
        most=5,
    )
    return {
        "claim": claim, "ours": "minimax", "peer": "scipy HiGHS", **times, "target": None,
        "limit_s": limit, "within": times["ours_s"] <= limit,
        "peer_excess": max(_excess(d, ranks) for ranks in sets[-8:]),
    }  # fmt: skip


def _excess(d: int, ranks: tuple[int, ...]) -> float:
    """(attained − least) / least error of the float program's coefficients; nan if it gave none."""
    status, _, beta = float_program(d, ranks)
    if status != 0:
        return float("nan")
    given = {r: Fraction(float(b)) for r, b in zip(ranks, beta, strict=True)}
    box = (Fraction(0), Fraction(1))
    attained = max(map(abs, RankEstimator(d, ranks, box, Fraction(0), given, {}).residuals()))
    return float(attained / minimax(d, ranks).error - 1)


def _random_sets(d: int, count: int) -> list[tuple[int, ...]]:
    choose = random.Random(d)
    sizes = [choose.randint(1, d - 1) for _ in range(count)]
    return [(0, *sorted(choose.sample(range(1, d), size))) for size in sizes]


def _every_set(d: int) -> list[tuple[int, ...]]:
    return [(0, *s) for n in range(d) for s in combinations(range(1, d), n)]
