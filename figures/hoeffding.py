"""How far the pooled log-sum-exp M(r) of n = 8 numbers rises above their mean. Left: the proved
bound of Hoeffding, r (max − min)²/8, with max − min = 1. Its constant is tight: half zeros and
half ones touch it as r → 0. Thin lines are random inputs. Right: the distance to the cumulants,
mean + r σ²/2 + r² κ₃/6, and the bound r³ (max − min)⁴/192 of the theorem cumulants, which the same
input touches.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lsetheory.figures import _bounds
from lsetheory.figures._axes import Row, column, distinct, legend_over, powers_of_ten, where
from lsetheory.pooling import lse

LAYOUT = [["rise", "rest"]]
SPAN = "text"
ASPECT = 0.36
N = 8
SEED = 11


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The rise, what cumulants leave of it, bounds: keys input, n, r, rise, rest, hoeffding, ..."""
    rng = np.random.default_rng(SEED)
    inputs = {"half zeros, half ones": np.repeat([0.0, 1.0], N // 2)}
    inputs |= {f"random {i}": _spread(rng.random(N)) for i in range(6 if quick else 40)}
    return [
        {
            "input": name, "n": N, "r": float(r),
            "rise": float(lse(x, float(r), form="mean") - x.mean()),
            "rest": _rest(x, float(r)),
            "hoeffding": _bounds.hoeffding(float(r), 1.0),
            "cumulants": _bounds.cumulants(float(r), 1.0),
        }
        for name, x in inputs.items() for r in np.geomspace(0.01, 100, 9 if quick else 41)
    ]  # fmt: skip


def _spread(x: np.ndarray) -> np.ndarray:
    """The same numbers stretched to the whole of [0, 1], so that all share one Hoeffding bound."""
    return np.asarray((x - x.min()) / (x.max() - x.min()))


def _rest(x: np.ndarray, r: float) -> float:
    """|M − mean − r κ₂/2 − r² κ₃/6|, at 60 digits: in floats it is lost to cancellation."""
    from mpmath import mp

    with mp.workdps(60):
        values = [mp.mpf(float(v)) for v in x]
        mean = mp.fsum(values) / N
        second, third = (mp.fsum((v - mean) ** m for v in values) / N for m in (2, 3))
        pooled = mp.log(mp.fsum(mp.exp(r * v) for v in values) / N) / r
        return float(abs(pooled - mean - r * second / 2 - r**2 * third / 6))


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Left: rise against Hoeffding's bound. Right: what three cumulants leave, and its bound."""
    rise, rest = axes["rise"], axes["rest"]
    names = distinct(rows, "input")
    count = len(names) - 1
    for i, name in enumerate(names):
        mine = where(rows, input=name)
        r = column(mine, "r")
        style = {"color": "C1", "linewidth": 1.2} if i == 0 else {"color": "0.65", "linewidth": 0.4}
        dash = "--" if i == 0 else "-"
        label = name if i == 0 else f"{count} random inputs" if i == 1 else None
        rise.plot(r, column(mine, "rise"), dash, label=label, zorder=3 - (i > 0), **style)
        rest.plot(r, column(mine, "rest"), dash, zorder=3 - (i > 0), **style)
    first = where(rows, input=rows[0]["input"])
    for panel, bound in ((rise, "hoeffding"), (rest, "cumulants")):
        panel.plot(column(first, "r"), column(first, bound), color="C0", linestyle="-",
                   label="proved bound")  # fmt: skip
    for panel in (rise, rest):
        powers_of_ten(panel.xaxis, 5)
        powers_of_ten(panel.yaxis, 5)
        panel.set_xlabel(f"r   (n = {N})")
    rise.set_ylabel("M(r) − mean")
    rest.set_ylabel("distance to cumulants")
    legend_over(axes, 3)
