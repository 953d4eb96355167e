"""The network of a rank estimator: maxima of subsets, each the maximum of two smaller ones.

Level l holds maxima of sizes in (2^{l−1}, 2^l]. The published construction (Matoba, Dimitriadis &
Fleuret 2023, appendix E) cuts every subset of a level into first and last parts of one size, so
that parts are shared, and carries one average for each finished rank. Here parts of a rank that
the estimator needs anyway are taken first, and one running sum of finished ranks is carried.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

from lsetheory.errors import InputError
from lsetheory.relu.estimator import RankEstimator
from lsetheory.relu.networks.build import ONE, HiddenLayer, assemble, variables
from lsetheory.relu.networks.network import Form, Network, combine

#: Networks with more maxima of subsets than this are not built.
LIMIT = 1_000_000

Subset = tuple[int, ...]


@dataclass(frozen=True)
class Level:
    """The maxima that one hidden layer makes."""

    subsets: tuple[Subset, ...]
    part_sizes: dict[int, int]  #: size of a subset -> size of its two parts, one level below

    def parts(self, subset: Subset) -> tuple[Subset, Subset]:
        """First and last members of the subset; together they are all of it."""
        size = self.part_sizes[len(subset)]
        return subset[:size], subset[-size:]


def subpool_network(estimator: RankEstimator) -> Network:
    """β₀ + Σ β_r S(r;d) with ⌈log₂ r⌉ hidden layers, r the largest rank; right on all of R^d."""
    d, beta = estimator.d, estimator.coefficients
    levels = plan(d, (r for r, b in beta.items() if r and b))
    values: dict[Subset, Form] = {(i,): x for i, x in enumerate(variables(d))}
    total, layers = _weighted(values, estimator), []
    for level in levels[1:]:
        layer = HiddenLayer()
        values = {s: layer.maximum(*(values[p] for p in level.parts(s))) for s in level.subsets}
        total = combine((ONE, layer.carry(total)), (ONE, _weighted(values, estimator)))
        layers.append(layer)
    return assemble(d, layers, [total], beta.get(0, Fraction(0)))


def widths(d: int, ranks: Iterable[int]) -> tuple[int, ...]:
    """The hidden widths of `subpool_network` for estimators with these ranks, none zero."""
    ranks = [r for r in ranks if r]
    levels = plan(d, ranks)
    carried = [any(_level(r) < depth for r in ranks) for depth in range(1, len(levels))]
    pairs = zip(levels[1:], carried, strict=True)
    return tuple(4 * len(level.subsets) + 2 * carry for level, carry in pairs)


def plan(d: int, ranks: Iterable[int]) -> list[Level]:
    """The levels 0 (single inputs) to ⌈log₂ max rank⌉ that the subsets of the ranks need.

    Raises:
        InputError: the ranks have more than LIMIT subsets.
    """
    ranks, levels, passed = sorted(ranks), list[Level](), set[Subset]()
    if (count := sum(comb(d, r) for r in ranks)) > LIMIT:
        raise InputError(f"subpools: expected at most {LIMIT} subsets, got {count}")
    for depth in range(_level(ranks[-1]) if ranks else 0, -1, -1):
        own = {s for r in ranks if _level(r) == depth for s in combinations(range(d), r)}
        subsets = tuple(sorted(own | passed, key=lambda s: (len(s), s)))
        below = [r for r in ranks if _level(r) == depth - 1]
        level = Level(subsets, _part_sizes({len(s) for s in subsets}, below) if depth else {})
        passed = {part for s in subsets for part in level.parts(s)} if depth else set()
        levels.append(level)
    return levels[::-1]


def _level(size: int) -> int:
    return (size - 1).bit_length()


def _part_sizes(sizes: set[int], below: list[int]) -> dict[int, int]:
    """The largest rank of the level below that halves a size; else one common half for all."""
    half = -(-max(sizes) // 2)
    return {n: max((r for r in below if 2 * r >= n), default=half) for n in sizes}


def _weighted(values: dict[Subset, Form], estimator: RankEstimator) -> Form:
    """Σ β_r S(r;d) over the ranks whose subsets are among the values."""
    share = {
        r: beta / comb(estimator.d, r) for r, beta in estimator.coefficients.items() if r and beta
    }
    return combine(*((share[len(s)], v) for s, v in values.items() if len(s) in share))
