"""Windows of real photographs, the rows that pooling layers see."""

import math

import numpy as np

from lsetheory.audit import data
from lsetheory.audit.families._entry import Array, Rng, family
from lsetheory.audit.formats import Format


@family(
    "photographs",
    "square windows of real photographs: many ties, raw bytes or scaled to [0, 1]",
    sizes=(9, 49),
)
def photographs(rng: Rng, fmt: Format, rows: int, n: int) -> Array:
    pictures = list(data.photographs().values())
    side = math.isqrt(n)
    x = np.empty((rows, n))
    for row in range(rows):
        grey = pictures[rng.integers(len(pictures))]
        top, left = (rng.integers(0, size - side + 1) for size in grey.shape)
        window = grey[top : top + side, left : left + side].ravel()
        x[row] = window if rng.random() < 0.5 else window / 255.0
    return x
