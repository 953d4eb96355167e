"""A fixed bank of 3x3 convolution filters with ReLU: what the first layer of a network sees."""

import numpy as np

from lsetheory.relu.train import Array

#: Edges in four directions, lines in two, a spot, a blur.
BANK: dict[str, tuple[tuple[int, ...], ...]] = {
    "edge x": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "edge y": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "edge diagonal": ((0, 1, 2), (-1, 0, 1), (-2, -1, 0)),
    "edge antidiagonal": ((2, 1, 0), (1, 0, -1), (0, -1, -2)),
    "line x": ((-1, -1, -1), (2, 2, 2), (-1, -1, -1)),
    "line y": ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)),
    "spot": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "blur": ((1, 2, 1), (2, 4, 2), (1, 2, 1)),
}


def responses(picture: Array) -> dict[str, Array]:
    """ReLU of every filter on a picture, each divided by its largest value.

    Networks normalise what a layer gives; without it the size of the weights would decide how
    large a difference counts as large.

    Args:
        picture: shape (height, width).

    Returns:
        by filter name, shape (height - 2, width - 2), values in [0, 1]; all zero where the filter
        sees nothing.
    """
    from scipy.signal import correlate2d

    found = {}
    for name, weights in BANK.items():
        response = np.maximum(correlate2d(picture, np.array(weights, dtype=float), "valid"), 0.0)
        # Sums that cancel leave rounding of this size; a filter that sees nothing must say zero.
        response[response < 1e-12] = 0.0
        found[name] = response / max(float(response.max()), np.finfo(float).tiny)
    return found
