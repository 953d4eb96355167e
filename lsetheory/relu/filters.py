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
#: Responses this close are the same. Of a picture of 8 or 16 bits a channel the responses are
#: multiples of 1/(65535 · 1000 · 16), or 10^-9, and float64 computes them to better than 10^-14.
ROUNDING = 1e-12


def responses(picture: Array) -> dict[str, Array]:
    """ReLU of every filter on a picture, divided by the largest response that pixels can give.

    That is the sum of the positive weights. It makes responses comparable with pixels, and depends
    on the filter alone: divided by the largest response that is seen, a small picture would show
    larger differences than the large one it is cut from.

    Args:
        picture: shape (height, width), values in [0, 1].

    Returns:
        by filter name, shape (height - 2, width - 2), values in [0, 1]; 0 where the filter sees
        nothing.
    """
    from scipy.signal import correlate2d

    found = {}
    for name, weights in BANK.items():
        array = np.array(weights, dtype=float)
        response = correlate2d(picture, array, "valid") / array[array > 0].sum()
        # Also what sums that cancel leave behind: a filter that sees nothing must say zero.
        found[name] = np.where(response < ROUNDING, 0.0, response)
    return found
