"""Cones on which a network is linear: sorted cones, and what is left of them cut along kinks."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import factorial, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError
from lsetheory.relu.networks.network import Form, Layer, Network
from lsetheory.relu.networks.slim import kinks

#: Above this size floats no longer hold every integer.
_FLOAT_INTEGERS = 2**53

#: Integer weights of a hidden layer's kinked directions, and of all its neurons, by columns.
Scaled = tuple[NDArray[Any], NDArray[Any]]

#: More cones than this are not cut.
LIMIT = 200_000


def zero_one_points(d: int) -> NDArray[np.float64]:
    """The points of {0, 1}^d, point i spelling i in binary, and −(1, ..., 1) last."""
    bits = (np.arange(2**d)[:, None] >> np.arange(d)) & 1
    return np.concatenate([bits, -np.ones((1, d), dtype=bits.dtype)]).astype(float)


def keeps_signs(network: Network, points: NDArray[np.float64]) -> bool:
    """Whether each kinked neuron keeps its sign on each sorted cone, layer after layer."""
    return all(_monotone_signs(np.sign(z)) for z in kinked_values(scaled(network), points))


def _monotone_signs(signs: NDArray[np.float64]) -> bool:
    """No subset has a sign opposite to that of a superset, nor to that of −(1, ..., 1).

    Args:
        signs: shape (2^d + 1, neurons), the rows as in `zero_one_points`.
    """
    if signs[-1].any() or signs[-2].any():  # opposite to each other on the line through 1
        return False
    below = {s: signs[:-1] == s for s in (1.0, -1.0)}
    for s in below:
        seen, step = below[s].copy(), 1
        while step < len(seen):  # whether some subset of each set has sign s
            blocks = seen.reshape(len(seen) // (2 * step), 2, step, seen.shape[1])
            blocks[:, 1] |= blocks[:, 0]
            step *= 2
        if (seen & below[-s]).any():
            return False
    return True


def scaled(network: Network) -> list[Scaled]:
    """The hidden layers in integers, each multiplied by a positive number, for `kinked_values`."""
    pairs = zip(network.layers, network.layers[1:], strict=False)
    return [
        (_integers([dict(u) for u in kinks(layer, above)], layer), _integers(layer.rows, layer))
        for layer, above in pairs
    ]


def kinked_values(layers: Sequence[Scaled], points: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """For each hidden layer, a multiple of its kinked neurons' inputs, exactly.

    Args:
        layers: from `scaled`.
        points: integers, shape (n, inputs).

    Yields:
        Arrays of integers, shape (n, kinked neurons of the layer).
    """
    values = points
    for kinked, weights in layers:
        yield _product(values, kinked)
        values = np.maximum(_product(values, weights), 0)


def _integers(rows: Sequence[Form], layer: Layer) -> NDArray[Any]:
    """The rows times the least common denominator, as columns."""
    scale = lcm(*(w.denominator for row in rows for w in row.values()))
    weights = np.zeros((layer.fan_in, len(rows)), dtype=object)
    for i, row in enumerate(rows):
        for j, w in row.items():
            weights[j, i] = int(w * scale)
    return weights


def _product(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """values @ weights in integers; in floats as long as those hold every partial sum."""
    size = int(np.abs(values).max(initial=0)) * int(np.abs(weights).sum(axis=0).max(initial=0))
    if size < _FLOAT_INTEGERS and values.dtype != object:
        return np.asarray(values @ weights.astype(float))
    return np.asarray(_whole(values) @ weights)


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """The same integers without limit to their size."""
    whole: NDArray[Any] = np.vectorize(int, otypes=[object])(values)
    return whole


def cut_cones(network: Network, cones: NDArray[Any]) -> NDArray[Any]:
    """Simplicial cones that cover the given ones and on which no kinked neuron changes sign.

    Args:
        cones: integer rays, shape (n, d, d), a row a ray.

    Raises:
        InputError: more than LIMIT cones are needed.
    """
    done, count, layers = list[NDArray[Any]](), 0, scaled(network)
    while len(cones):
        whole, cones = _cut(layers, cones)
        done.append(whole)
        count += len(whole)
        if count + len(cones) > LIMIT:
            raise InputError(f"settle: expected at most {LIMIT} cones, got more; settle stages")
    return np.concatenate(done)


def sorted_cones(d: int, orders: Sequence[tuple[int, ...]] | None = None) -> NDArray[np.float64]:
    """Each sorted cone as two simplicial ones, with the ray (1, ..., 1) and, next, its negative.

    Raises:
        InputError: there are more than LIMIT.
    """
    if orders is None and 2 * factorial(d) > LIMIT:
        raise InputError(f"settle: expected at most {LIMIT} cones, {d} inputs have more")
    chains = np.array([np.tri(d)[:, np.argsort(p)] for p in orders or permutations(range(d))])
    turned = chains.copy()
    turned[:, -1] *= -1
    return np.stack([chains, turned], axis=1).reshape(-1, d, d)


def _cut(layers: Sequence[Scaled], cones: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Cones that are whole, and the halves of the others, each cut once through an edge."""
    n, d = cones.shape[:2]
    chosen = np.zeros((n, d), dtype=object)  # values of the first kink that changes sign
    open_ = np.ones(n, dtype=bool)
    for values in kinked_values(layers, cones.reshape(n * d, d)):
        z = values.reshape(n, d, values.shape[1])
        mixed = np.asarray((z > 0).any(axis=1) & (z < 0).any(axis=1))
        now = open_ & mixed.any(axis=1)
        if now.any():
            chosen[now] = z[now, :, mixed[now].argmax(axis=1)]
        open_ &= ~now
    return cones[open_], _halves(cones[~open_], chosen[~open_])


def _halves(cones: NDArray[Any], z: NDArray[Any]) -> NDArray[Any]:
    """Each cone cut through the edge of a positive and a negative ray, at the zero of z on it."""
    if not len(cones):
        return cones
    each = np.arange(len(cones))
    p, q = (z > 0).argmax(axis=1), (z < 0).argmax(axis=1)
    up, down, rays = _whole(z[each, p]), _whole(z[each, q]), _whole(cones)
    between = up[:, None] * rays[each, q] - down[:, None] * rays[each, p]
    between = between // np.gcd.reduce(between, axis=1)[:, None]
    first, second = rays.copy(), rays.copy()
    first[each, p], second[each, q] = between, between
    halves = np.concatenate([first, second])
    return halves.astype(float) if np.abs(halves).max() < _FLOAT_INTEGERS else halves


def is_symmetric(network: Network) -> bool:
    """Whether exchanging two neighbouring inputs only renames neurons, hence any renaming does."""
    swaps = ({i: i + 1, i + 1: i} for i in range(network.inputs - 1))
    return all(_renames(network.layers, swap) for swap in swaps)


def _renames(layers: Sequence[Layer], swap: dict[int, int]) -> bool:
    names = {j: swap.get(j, j) for j in range(layers[0].fan_in)}
    for layer in layers:
        keys = [(tuple(sorted(r.items())), b) for r, b in zip(layer.rows, layer.bias, strict=True)]
        places = {key: i for i, key in enumerate(keys)}
        if len(places) < len(keys):
            return False
        renamed = [(tuple(sorted((names[j], w) for j, w in row)), b) for row, b in keys]
        if any(key not in places for key in renamed):
            return False
        names = {i: places[key] for i, key in enumerate(renamed)}
    return all(i == j for i, j in names.items())
