"""Networks of the maximum itself: tournaments, two hidden layers for five and six, recursions.

Five: Bakaev, Brunck, Hertrich, Stade & Yehudayoff 2025, "Better neural network expressivity:
subdividing the simplex" (arXiv 2505.14338). Six: Rueß et al. 2026 (arXiv 2607.21651). Whether a
network is the maximum is settled by `exact`, not taken from there.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache, reduce
from itertools import combinations, permutations
from typing import Any

from lsetheory.errors import InputError
from lsetheory.relu.networks.build import HALF, ONE, HiddenLayer, assemble, variables
from lsetheory.relu.networks.network import Form, Layer, Network, combine, compose
from lsetheory.relu.networks.slim import slim

Pair = tuple[int, int]


def tournament(d: int) -> Network:
    """Maxima of neighbours, level by level: ⌈log₂ d⌉ hidden layers."""
    values, layers = variables(_positive(d)), []
    while len(values) > 1:
        layer = HiddenLayer()
        values = [
            layer.maximum(*pair) if len(pair) == 2 else layer.carry(pair[0])
            for pair in (values[i : i + 2] for i in range(0, len(values), 2))
        ]
        layers.append(layer)
    return assemble(d, layers, values)


@cache
def max_of_five() -> Network:
    """max(x₁..x₅) with two hidden layers of widths 17 and 11, after Bakaev et al. 2025.

    MAX₅ = ½(P₁ + P₂ + P₃ + P₄ + Q − R₁₃ − R₁₄ − R₂₃ − R₂₄), all terms maxima of at most four
    functions of the first hidden layer or the inputs.
    """
    low, top = HiddenLayer(), HiddenLayer()
    x = variables(5)
    twice = combine((ONE * 2, x[4]))
    front, back = (combine((ONE, x[i]), (ONE, x[j])) for i, j in ((0, 1), (2, 3)))

    def pairs(i: int, a: int, b: int) -> Form:
        maxima = (low.shared_maximum(x[i], x[j]) for j in (a, b))
        return combine(*((ONE, m) for m in maxima))

    def either(i: int, j: int) -> Form:
        crossing = low.shared_maximum(twice, combine((ONE, x[i]), (ONE, x[j])))
        return top.shared_maximum(crossing, low.shared_maximum(front, back))

    with_front, with_back = (low.shared_maximum(twice, side) for side in (front, back))
    terms = [
        *((HALF, top.shared_maximum(with_front, pairs(i, 2, 3))) for i in (0, 1)),
        *((HALF, top.shared_maximum(with_back, pairs(i, 0, 1))) for i in (2, 3)),
        (HALF, top.shared_maximum(with_front, low.carry(back))),
        *((-HALF, either(i, j)) for i in (0, 1) for j in (2, 3)),
    ]
    return slim(assemble(5, [low, top], [combine(*terms)]))


#: MAX₆ = Σ coefficient · F_{A,B}, with F_{A,B} the sum of max(Σ_A max(x_i, x_j), Σ_B max(x_i, x_j))
#: over all renamings of the inputs 1..6 (Rueß et al. 2026).
SIX: tuple[tuple[Fraction, tuple[Pair, Pair], tuple[Pair, Pair]], ...] = (
    (Fraction(1, 720), ((1, 2), (1, 2)), ((3, 4), (3, 4))),
    (Fraction(1, 360), ((1, 2), (1, 3)), ((1, 4), (5, 6))),
    (Fraction(-1, 1440), ((1, 2), (1, 3)), ((4, 5), (4, 6))),
    (Fraction(-1, 360), ((1, 2), (3, 4)), ((1, 3), (5, 6))),
)


@cache
def max_of_six() -> Network:
    """max(x₁..x₆) with two hidden layers; renaming the inputs renames its neurons."""
    low, x = HiddenLayer(), variables(6)
    pairs = [low.shared_maximum(x[i], x[j]) for i, j in combinations(range(6), 2)]
    return compose(assemble(6, [low], pairs), six_of_pairs())


@cache
def six_of_pairs() -> Network:
    """The maximum of six from the 15 maxima of two of them, in one hidden layer.

    The inputs are max(x_i, x_j) in the order of combinations(range(6), 2).
    """
    places = {frozenset(pair): i for i, pair in enumerate(combinations(range(6), 2))}
    top, spreads, sums = HiddenLayer(), list[tuple[Fraction, Form]](), list[tuple[Fraction, Form]]()
    for coefficient, *sides in SIX:
        for name in permutations(range(6)):
            a, b = (
                _total(places[frozenset((name[i - 1], name[j - 1]))] for i, j in side)
                for side in sides
            )
            spreads.append((coefficient / 2, top.spread(a, b)))
            sums += [(coefficient / 2, a), (coefficient / 2, b)]
    return assemble(15, [top], [combine(*spreads, (ONE, top.carry(combine(*sums))))])


def _total(places: Iterable[int]) -> Form:
    return combine(*((ONE, {place: ONE}) for place in places))


def stages(d: int) -> list[Network]:
    """Networks whose composition is the maximum: groups of six in two layers, pairs in one.

    With k hidden layers 6^{k/2} inputs are within reach for even k and 2 · 6^{(k−1)/2} for odd k.
    """
    depth = next(k for k in range(2 * _positive(d)) if _reach(k) >= d)
    found = []
    for layers in [1] * (depth % 2) + [2] * (depth // 2):
        size = _reach(layers)
        groups = [min(size, d - i) for i in range(0, d, size)]
        found.append(parallel([up_to_six(n, layers) for n in groups]))
        d = len(groups)
    return found


def shallow(d: int) -> Network:
    """The maximum with fewer hidden layers than a tournament where `stages` allows it."""
    return reduce(compose, stages(d), identity(d))


def depth_rows(ds: Iterable[int]) -> list[dict[str, Any]]:
    """Hidden layers that suffice for the maximum of d numbers.

    Returns:
        Rows with keys d, tournament (⌈log₂ d⌉), stages (of `stages`), subdivision
        (⌈log₃(d − 2)⌉ + 1, Bakaev et al. 2025; None below d = 4), pairs (⌈log₃(d/2)⌉ + 1, of
        `recursion.recursive`).
    """
    return [
        {
            "d": d,
            "tournament": (d - 1).bit_length(),
            "stages": next(k for k in range(2 * d) if _reach(k) >= d),
            "subdivision": next(k + 1 for k in range(d) if 3**k >= d - 2) if d >= 4 else None,
            "pairs": next(k + 1 for k in range(d) if 2 * 3**k >= d) if d > 1 else 0,
        }
        for d in ds
    ]


def near_maximum(d: int, alpha: Fraction | int) -> Network:
    """N_α of Safran, Reichman & Valiant 2024: max where the two largest are 1/α apart, nearly.

    N_α = Σ_i ([[x_i]₊ − Σ_{j≠i} [αx_j − αx_i]₊]₊ − [[−x_i]₊ − Σ_{j≠i} [αx_j − αx_i]₊]₊), of
    hidden widths d(d + 1) and 2d.
    """
    low, top, x = HiddenLayer(), HiddenLayer(), variables(_positive(d))
    slope, terms = Fraction(alpha), []
    for i in range(d):
        above = (
            (-ONE, low.relu(combine((slope, x[j]), (-slope, x[i])))) for j in range(d) if j != i
        )
        penalty = combine(*above)
        for sign in (ONE, -ONE):
            part = low.relu(combine((sign, x[i])))
            terms.append((sign, top.relu(combine((ONE, part), (ONE, penalty)))))
    return assemble(d, [low, top], [combine(*terms)])


def identity(d: int) -> Network:
    """x -> x without hidden layers."""
    return assemble(d, [], variables(d))


def parallel(networks: Sequence[Network]) -> Network:
    """Networks of one depth side by side, each on its own inputs."""
    levels = zip(*(network.layers for network in networks), strict=True)
    return Network(tuple(_beside(layers) for layers in levels))


def _beside(layers: Sequence[Layer]) -> Layer:
    rows, offset = list[Form](), 0
    for layer in layers:
        rows += [{j + offset: w for j, w in row.items()} for row in layer.rows]
        offset += layer.fan_in
    return Layer(offset, tuple(rows), tuple(b for layer in layers for b in layer.bias))


def up_to_six(d: int, depth: int) -> Network:
    """The maximum of at most six numbers with exactly so many hidden layers."""
    return deepened({5: max_of_five, 6: max_of_six}.get(d, lambda: tournament(d))(), depth)


def deepened(network: Network, depth: int) -> Network:
    """The same function of one output with hidden layers added that carry it on."""
    layer = HiddenLayer()
    carried = assemble(1, [layer], [layer.carry(variables(1)[0])])
    return reduce(compose, [carried] * (depth - network.depth), network)


def _reach(depth: int) -> int:
    """How many inputs `stages` takes with so many hidden layers."""
    return int(6 ** (depth // 2) * 2 ** (depth % 2))


def _positive(d: int) -> int:
    if d < 1:
        raise InputError(f"network: expected at least one input, got {d}")
    return d
