"""The sup error of a network against max on the unit cube, from below: a point, its exact error."""

from fractions import Fraction

import numpy as np

from lsetheory.relu.train import Array, Network, exact_error, forward


def witness(
    network: Network, d: int, rng: np.random.Generator, points: list[list[float]] | None = None
) -> tuple[list[float], Fraction]:
    """A point of large error, and that error |network - max| exactly.

    Ascends from the worst of random points, random corners and the `points` given.
    """
    starts = np.concatenate([
        rng.random((4096, d)),
        (rng.random((2048, d)) < rng.random((2048, 1))).astype(float),
        np.reshape(points or [], (-1, d)),
    ])  # fmt: skip
    worst = np.argsort(-np.abs(_error(network, starts)))[:128]
    spread = rng.choice(len(starts), 256, replace=False)
    best = _ascend(network, starts[np.concatenate([worst, spread])], rng)
    candidates = np.concatenate([best, np.reshape(points or [], (-1, d))])
    top = candidates[np.argmax(np.abs(_error(network, candidates)))].tolist()
    return top, abs(exact_error(network, top))


def _error(network: Network, x: Array) -> Array:
    return np.asarray(forward(network, x) - x.max(axis=1))


def _ascend(network: Network, x: Array, rng: np.random.Generator, steps: int = 150) -> Array:
    """Projected ascent on |error|, every point with its own step, shorter where it fails.

    The slope is cut to random coordinates and shaken, or points get stuck on ridges, where the
    steepest direction of one linear piece leads into the next.
    """
    step = np.full(len(x), 0.25)
    value = np.abs(_error(network, x))
    for _ in range(steps):
        slope = _gradient(network, x) * np.sign(_error(network, x))[:, None]
        slope /= np.abs(slope).max(axis=1, keepdims=True) + 1e-300
        slope = (slope + rng.normal(0.0, 0.5, x.shape)) * (rng.random(x.shape) < 0.5)
        moved = np.clip(x + step[:, None] * slope, 0.0, 1.0)
        new = np.abs(_error(network, moved))
        better = new > value
        x, value = np.where(better[:, None], moved, x), np.where(better, new, value)
        step = np.where(better, step * 1.5, step * 0.9)
    return x


def _gradient(network: Network, x: Array) -> Array:
    """Gradient of network - max in x, one row a point."""
    on, h = [], x
    for weights, biases in network[:-1]:
        sums = h @ weights.T + biases
        on.append(sums > 0)
        h = np.maximum(sums, 0.0)
    back = np.repeat(network[-1][0], len(x), axis=0)
    for (weights, _), active in zip(network[-2::-1], on[::-1], strict=True):
        back = (back * active) @ weights
    back[np.arange(len(x)), x.argmax(axis=1)] -= 1.0
    return np.asarray(back)
