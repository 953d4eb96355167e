"""The maximum of 2 · 3^{k−1} numbers with k hidden layers, by the two-layer network of six.

The top layer of that network asks only for the 15 maxima of two of its six inputs. Where these are
maxima of six groups, each of the 15 is the maximum of a union of two groups: with k − 1 layers for
2m numbers, one more layer gives 6m. It needs ⌈log₃(d/2)⌉ + 1 layers for d numbers.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise

from lsetheory.relu.networks.exact import Verdict, settle
from lsetheory.relu.networks.maxima import (
    deepened,
    depth_rows,
    max_of_six,
    parallel,
    six_of_pairs,
    up_to_six,
)
from lsetheory.relu.networks.network import Network, affine, compose
from lsetheory.relu.networks.slim import slim

Group = tuple[int, ...]


def recursive(d: int) -> Network:
    """The maximum of d numbers with ⌈log₃(d/2)⌉ + 1 hidden layers."""
    if d <= 6:
        return slim(up_to_six(d, _depth(d)))
    unions = list(_unions(d))
    chosen = affine([{i: Fraction(1)} for union in unions for i in union], d)
    maxima = parallel([deepened(recursive(len(union)), _depth(d) - 1) for union in unions])
    return compose(compose(Network((chosen,)), maxima), slim(six_of_pairs()))


@cache
def settle_recursive(d: int) -> Verdict:
    """Whether `recursive(d)` is the maximum, by substitution.

    `max_of_six` is its pairs' maxima followed by `six_of_pairs`; as it is max on all of R^6, so is
    the latter on the pairs' maxima of any six numbers, those of six groups too. What is left is
    that the networks below it are maxima of the unions of two groups, which is the same question
    for fewer numbers.
    """
    if d <= 6:
        return settle(recursive(d)) if d < 6 else settle(max_of_six())
    below = [settle_recursive(n) for n in {6, *(len(union) for union in _unions(d))}]
    wrong = next((verdict for verdict in below if not verdict.equal), None)
    return wrong or Verdict(True, "recursion", sum(verdict.cones for verdict in below), None)


def _unions(d: int) -> Iterator[Group]:
    """The 15 unions of two of six groups of neighbours, as equal in size as can be."""
    ends = [i * d // 6 for i in range(7)]
    groups = [tuple(range(a, b)) for a, b in pairwise(ends)]
    return (a + b for a, b in combinations(groups, 2))


def _depth(d: int) -> int:
    return int(depth_rows([d])[0]["pairs"])
