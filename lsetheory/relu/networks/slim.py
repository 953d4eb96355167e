"""Exact rewriting of a network to fewer neurons, by [su]₊ = s[u]₊ and [−u]₊ = [u]₊ − u for s > 0.

So neurons whose input forms are multiples of one another become one, and what they were linearly
is passed on by as few pairs [v]₊ − [−v]₊ as the rank of that linear part asks for.
"""

from collections.abc import Iterable
from fractions import Fraction

from lsetheory.relu.networks.build import ONE, HiddenLayer
from lsetheory.relu.networks.network import Form, Layer, Network, affine, combine

#: A linear form up to a factor: (index, coefficient) pairs, the first coefficient 1.
Direction = tuple[tuple[int, Fraction], ...]


def slim(network: Network) -> Network:
    """The same function with no more neurons in any hidden layer, the last layer rewritten first.

    Hidden layers with biases are left as they are.
    """
    layers = list(network.layers)
    for i in range(len(layers) - 2, -1, -1):
        if not any(layers[i].bias):
            layers[i], layers[i + 1] = _narrowed(layers[i], layers[i + 1])
    return Network(tuple(layers))


def kinks(layer: Layer, above: Layer) -> dict[Direction, dict[int, Fraction]]:
    """Direction u of a hidden layer -> the kink's effect: Σ |s| times the columns of [su]₊ above.

    Directions without effect, where only linear functions are passed on, are left out.
    """
    found: dict[Direction, dict[int, Fraction]] = {}
    for (u, s), column in zip(map(_direction, layer.rows), _columns(above), strict=True):
        found[u] = combine((ONE, found.get(u, {})), (abs(s), column))
    return {u: effect for u, effect in found.items() if u and effect}


def _narrowed(layer: Layer, above: Layer) -> tuple[Layer, Layer]:
    """Both layers rewritten: one neuron a kink, two a dimension of the linear remainder."""
    hidden, rows = HiddenLayer(), [list[tuple[Fraction, Form]]() for _ in above.rows]
    for u, effect in kinks(layer, above).items():
        neuron = hidden.relu(dict(u))
        for i, w in effect.items():
            rows[i].append((w, neuron))
    basis, coordinates = row_basis(_linear_part(layer, above))
    carried = [hidden.carry(v) for v in basis]
    for i, mixture in enumerate(coordinates):
        rows[i] += [(w, carried[j]) for j, w in mixture.items()]
    if len(hidden.forms) >= layer.width:
        return layer, above
    made = affine(hidden.forms, layer.fan_in)
    return made, affine([combine(*terms) for terms in rows], made.width, above.bias)


def _linear_part(layer: Layer, above: Layer) -> list[Form]:
    """What the outputs above take from [su]₊, s < 0, besides the kink: the form s·u."""
    parts = [list[tuple[Fraction, Form]]() for _ in above.rows]
    for row, column in zip(layer.rows, _columns(above), strict=True):
        if _direction(row)[1] < 0:
            for i, w in column.items():
                parts[i].append((w, row))
    return [combine(*terms) for terms in parts]


def _direction(row: Form) -> tuple[Direction, Fraction]:
    """(u, s) with row = s·u, the first coefficient of u being 1; an empty u for the zero row."""
    items = sorted(row.items())
    if not items:
        return (), ONE
    lead = items[0][1]
    return tuple((j, w / lead) for j, w in items), lead


def _columns(layer: Layer) -> list[dict[int, Fraction]]:
    columns = [dict[int, Fraction]() for _ in range(layer.fan_in)]
    for i, row in enumerate(layer.rows):
        for j, w in row.items():
            columns[j][i] = w
    return columns


def row_basis(forms: Iterable[Form]) -> tuple[list[Form], list[Form]]:
    """A basis of the forms' span in echelon form, and each form's coordinates in it."""
    forms = list(forms)
    basis: dict[int, dict[int, Fraction]] = {}  # pivot -> vector, 1 at its pivot, 0 at the others
    for form in forms:
        rest = combine((ONE, form), *((-form[p], v) for p, v in basis.items() if p in form))
        if rest:
            pivot = min(rest)
            vector = combine((1 / rest[pivot], rest))
            basis = {
                p: combine((ONE, v), (-v.get(pivot, Fraction(0)), vector)) for p, v in basis.items()
            }
            basis[pivot] = vector
    places = {p: i for i, p in enumerate(basis)}
    coordinates: list[Form] = [{places[p]: form[p] for p in basis if p in form} for form in forms]
    return list(basis.values()), coordinates
