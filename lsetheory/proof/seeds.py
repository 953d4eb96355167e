"""What five source works state of smooth maxima, and what the ledger says of each statement.

No verdict is typed in. A row that cites theorems is proved if the replay proved them all, and open
otherwise; a row with a witness is refuted if the witness, computed anew, refutes it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import mpmath
import numpy as np

from lsetheory.proof.kernel.balls import compare
from lsetheory.proof.kernel.terms import Term, as_term
from lsetheory.proof.language import Real, swap

#: Whether a computation shows what it is meant to show, and what it found.
Found = tuple[bool, str]


@dataclass(frozen=True)
class Seed:
    """One statement of one work."""

    work: str
    says: str
    theorems: tuple[str, ...] = ()  #: what proves it, or what is true instead
    condition: str = ""  #: what must be added for it to be true
    witness: Callable[[], Found] | None = None  #: refutes it
    measure: Callable[[], Found] | None = None  #: supports it, where a theorem is missing


def rows(ledger: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The verdicts, from rows {name, status} of the ledger.

    Returns:
        Rows {work, statement, verdict, detail, theorems}; verdict is one of "proved", "proved with
        a condition", "refuted", "measured", "open".
    """
    proved = {row["name"] for row in ledger if row["status"] == "proved"}
    return [_row(seed, proved) for seed in SEEDS]


def _row(seed: Seed, proved: set[str]) -> dict[str, Any]:
    verdict, detail = _verdict(seed, proved)
    return {"work": seed.work, "statement": seed.says, "verdict": verdict, "detail": detail,
            "theorems": ", ".join(seed.theorems)}  # fmt: skip


def _verdict(seed: Seed, proved: set[str]) -> tuple[str, str]:
    missing = [name for name in seed.theorems if name not in proved]
    if seed.witness is not None:
        refuted, text = seed.witness()
        return ("refuted" if refuted else "open"), text
    if not missing:
        return ("proved with a condition" if seed.condition else "proved"), seed.condition
    if seed.measure is not None:
        holds, text = seed.measure()
        return ("measured" if holds else "refuted"), text
    return "open", f"not proved in this run: {', '.join(missing)}"


# Witnesses and measurements.


def vanishing_weight() -> Found:
    """A softmax weight, which is the gradient of log-sum-exp, that float32 rounds to 0."""
    x = np.array([0, -200], dtype=np.float32)
    with np.errstate(under="ignore"):
        e = np.exp(x - x.max())
    weight = float((e / e.sum())[1])
    return weight == 0.0, f"x = (0, -200), r = 1 in float32: the second weight is {weight}"


def vanishing_swap_gradient() -> Found:
    """SWAP's derivative p_i (1 + r (x_i - SWAP)) changes its sign as x_i falls, so it is 0 once."""
    near = compare("lt", as_term(0), _swap_factor(as_term(-1))) is True
    far = compare("lt", _swap_factor(as_term(-2)), as_term(0)) is True
    where = 1 + float(mpmath.lambertw(mpmath.exp(-1)).real)
    return near and far, (
        "SWAP_1(0, -a) grows with its second entry for a = 1 and falls for a = 2: in between, at "
        f"a = {where:.4f}, that entry receives no gradient"
    )


def _swap_factor(second: Term) -> Term:
    """1 + x_1 - SWAP_1(x) for x = (0, second), which has the sign of the derivative in x_1."""

    def entry(i: Term) -> Real:
        return second * i

    return 1 + second - swap(as_term(2), as_term(1), entry)


def residual_halves() -> Found:
    """Sup error over the vertices of the best estimator from all sizes below d, exactly."""
    sizes = range(3, 13)
    errors = [_error(d) for d in sizes]
    holds = all(e == Fraction(1, 2**d) for d, e in zip(sizes, errors, strict=True))
    return holds, (
        f"with maxima over subsets of every size below d the error is exactly 2^-d, d = {sizes[0]},"
        f" ..., {sizes[-1]} in rational arithmetic; with few sizes it falls like a power of d"
    )


def _error(d: int) -> Fraction:
    """Error at the points with m zeros and d - m ones of β_0 + Σ β_r S(r), k = d - 2."""
    beta = {0: Fraction(1, 2**d), 1: Fraction((-1) ** d * 2 * d, 2**d)}
    beta |= {d - i: Fraction((-1) ** (i + 1) * comb(d, i), 2**i) for i in range(1, d - 1)}
    return max(abs(_estimate(beta, m, d) - int(m < d)) for m in range(d + 1))


def _estimate(beta: Mapping[int, Fraction], m: int, d: int) -> Fraction:
    means = {r: 1 - Fraction(comb(m, r), comb(d, r)) if r else Fraction(1) for r in beta}
    return sum((beta[r] * means[r] for r in beta), start=Fraction(0))


SMOOTH = "Smooth max pooling, log-mean-exp (Pinheiro & Collobert 2015)"
XRAY = "ChestX-ray8 (Wang et al. 2017)"
BENEFITS = "Benefits of Max Pooling (Matoba, Dimitriadis & Fleuret 2023)"
SWAP = "SWAP: softmax-weighted average pooling"
ORDINAL = "Ordinal pooling (Kumar 2018; Deliège et al. 2021)"

SEEDS = (
    Seed(SMOOTH, "max x - log(n)/r <= M_r(x) <= max x", ("pooled_bounds",), "r > 0"),
    Seed(SMOOTH, "M_r(x) grows with every entry", ("strictly_increasing",), "r ≠ 0"),
    Seed(SMOOTH, "M_r(x) grows with r", ("monotone_in_r",)),
    Seed(SMOOTH, "convex", ("convexity", "not_strictly_convex"),
         "LSE, so M_r(x) = (LSE(r x) - log n)/r for r > 0 too; straight along the diagonal"),
    Seed(SMOOTH, "the gradient is softmax(r x)", ("gradient_softmax",), "r ≠ 0"),
    Seed(SMOOTH, "gradients are distributed to all", ("gradient_softmax",),
         "in real arithmetic: every weight is positive"),
    Seed(SMOOTH, "gradients are distributed to all, in floating point", (),
         witness=vanishing_weight),
    Seed(XRAY, "the pooled value tends to the maximum as r → ∞", ("limit_max",)),
    Seed(XRAY, "the pooled value tends to the mean as r → 0", ("limit_mean",)),
    Seed(BENEFITS, "the residual is exponentially small in the kernel size", ("minimax_family_a",),
         "with maxima over subsets of all sizes below d: 2^-d; with sizes 1 and d - 1: 1/(2(d+1))",
         measure=residual_halves),
    Seed(SWAP, "the forward pass is nearly identical to max", ("swap_gap_lambert",),
         "max - SWAP_r <= W((n-1)/e)/r, which is attained, so only where r is large for the data"),
    Seed(SWAP, "all elements receive a gradient", ("swap_is_derivative",),
         witness=vanishing_swap_gradient),
    Seed(ORDINAL, "contains max pooling", ("ordinal_is_max",),
         "pool range 1, or weights (1, 0, ...)"),
)  # fmt: skip
