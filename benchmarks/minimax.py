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

#: Claim -> (d, rank sets, seconds that our solver may take for all of them).
CLAIMS: dict[str, Callable[[bool], tuple[int, list[tuple[int, ...]], float]]] = {
    "family A, all ranks, d = 256": lambda quick: (256, [family_a(256, 254)], 2),
    "family A, half the ranks, d = 256": lambda quick: (256, [family_a(256, 128)], 2),
    "family B, all but one rank, d = 256": lambda quick: (256, [family_b(256, 254)], 2),
    "any rank set, 20 random ones, d = 32": lambda quick: (32, _random_sets(32, 20), 5),
    "all rank sets, d = 10": lambda quick: (10, _every_set(10), 60),
    "all ranks, d = 16": lambda quick: (16, [tuple(range(16))], 1),
}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row a claim; `limit_s` and `within` hold the absolute promise, on this machine."""
    return [_row(claim, *case(quick), quick) for claim, case in CLAIMS.items()]


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
