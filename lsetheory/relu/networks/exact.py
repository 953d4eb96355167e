"""Whether a network is exactly the maximum, or an estimator: settled by linear pieces, not samples.

Without hidden biases a network is positively homogeneous up to its output bias, and linear on any
cone on which no neuron with a kink changes sign. Two functions that are linear on a cone are equal
there when they are equal on its rays. The targets here are linear on the cones of sorted points,

    x_σ(1) ≥ ... ≥ x_σ(d):  rays e_σ(1) + ... + e_σ(c) for c = 1..d, and −(1, ..., 1),

so two ways lead to an answer. If every kinked neuron keeps its sign on every sorted cone, the 2^d
zero-one points and −(1, ..., 1) decide. Else the sorted cones are cut along the neurons' zeros
into simplicial cones until every neuron keeps its sign on each; where renaming the inputs only
renames neurons, the cone of one order stands for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from math import factorial, prod
from typing import Any

from flint import fmpz_mat
from numpy.typing import NDArray

from lsetheory.errors import InputError
from lsetheory.relu.estimator import RankEstimator
from lsetheory.relu.networks.cones import (
    cut_cones,
    is_symmetric,
    keeps_signs,
    sorted_cones,
    zero_one_points,
)
from lsetheory.relu.networks.network import Network, part

#: A function on points that is linear on every sorted cone, up to a constant.
Target = Callable[[Sequence[Fraction]], Fraction]


#: All zero-one points of so many inputs are looked at, of more none.
_DIMENSIONS = 12


@dataclass(frozen=True)
class Verdict:
    """What was settled, and how."""

    equal: bool
    method: str  #: "points" (they refute), "sorted cones", "cut cones", "stages", "recursion"
    cones: int  #: cones on which both functions are linear and were compared
    witness: tuple[Fraction, ...] | None  #: a point at which they differ

    def row(self) -> dict[str, Any]:
        """Plain data: equal, method, cones, witness (fractions as text)."""
        witness = None if self.witness is None else [str(x) for x in self.witness]
        return {
            "equal": self.equal, "method": self.method, "cones": self.cones, "witness": witness,
        }  # fmt: skip


def maximum(x: Sequence[Fraction]) -> Fraction:
    """The target max."""
    return max(x)


def estimator_target(estimator: RankEstimator) -> Target:
    """A rank estimator as a target: β₀ + Σ λ_i x_(i)."""
    weights, constant = estimator.order_weights(), estimator.coefficients.get(0, Fraction(0))
    return lambda x: sum((w * v for w, v in zip(weights, sorted(x), strict=True)), start=constant)


def settle(network: Network, target: Target = maximum) -> Verdict:
    """Whether the network equals the target on all of R^d.

    Args:
        network: one output, no hidden biases.
        target: a symmetric function, linear on sorted cones up to a constant.

    Raises:
        InputError: the network has several outputs, hidden biases, or too many inputs or cones.
    """
    _check(network)
    d = network.inputs
    if d > _DIMENSIONS:
        raise InputError(f"settle: expected at most {_DIMENSIONS} inputs, got {d}; settle stages")
    points = zero_one_points(d)
    if (witness := _difference(network, target, points)) is not None:
        return Verdict(False, "points", 0, witness)
    if keeps_signs(network, points):
        return Verdict(True, "sorted cones", factorial(d), None)
    orders = [tuple(range(d))] if is_symmetric(network) else None
    cones = cut_cones(network, sorted_cones(d, orders))
    witness = _difference(network, target, cones)
    return Verdict(witness is None, "cut cones", len(cones), witness)


def settle_stages(stages: Sequence[Network]) -> Verdict:
    """Whether a composition of networks is the maximum because every output of each stage is one.

    Args:
        stages: applied one after the other, the last with one output; each output must be the
            maximum of inputs of its own.

    Returns:
        As `settle`; where the answer is no, the witness is of the first output that is no maximum.

    Raises:
        InputError: there is no stage, a stage does not fit on the one before it, the last has
            several outputs, or outputs of a stage share inputs, need none, or leave some out.
    """
    _check_chain(stages)
    seen, cones = list[Network](), 0
    for stage in stages:
        parts = [part(stage, i) for i in range(stage.outputs)]
        shares = [used for _, used in parts]
        if not all(shares) or sorted(chain.from_iterable(shares)) != list(range(stage.inputs)):
            raise InputError("settle_stages: expected outputs that divide the inputs among them")
        for block in (block for block, _ in parts if block not in seen):
            verdict = settle(block)
            if not verdict.equal:
                return verdict
            seen.append(block)
            cones += verdict.cones
    return Verdict(True, "stages", cones, None)


def _check_chain(stages: Sequence[Network]) -> None:
    sizes = [(stage.inputs, stage.outputs) for stage in stages]
    if not sizes or sizes[-1][1] != 1:
        raise InputError(f"settle_stages: expected stages that end in one output, got {sizes}")
    if any(below[1] != above[0] for below, above in pairwise(sizes)):
        raise InputError(f"settle_stages: expected each stage to fit on the last, got {sizes}")


def sup_error(network: Network) -> tuple[Fraction, tuple[Fraction, ...]]:
    """The exact greatest |network − max| over the unit cube, and a point that attains it.

    Args:
        network: one output, no hidden biases; an output bias may be there.
    """
    corners = _points(_cube(network)[0])
    points = [tuple(Fraction(v, max(x) or 1) for v in x) for x in corners]
    return max((abs(network.exact(x)[0] - max(x)), x) for x in points)


def mean_square(network: Network) -> Fraction:
    """The exact mean of (network − max)² over the unit cube, simplex by simplex.

    A linear e with values e_0..e_d at the corners of a simplex has the mean square
    (Σ e_i² + (Σ e_i)²) / ((d + 1)(d + 2)); the corners are 0 and the rays with greatest entry 1.

    Args:
        network: one output, no hidden biases; an output bias may be there.
    """
    cones, share = _cube(network)
    d, total, origin = network.inputs, Fraction(0), network.exact([0] * network.inputs)[0]
    for rays in cones.tolist():
        corners = [[Fraction(int(v), int(max(ray))) for v in ray] for ray in rays]
        errors = [origin, *(network.exact(x)[0] - 1 for x in corners)]
        volume = Fraction(abs(_determinant(rays)), prod(int(max(ray)) for ray in rays))
        total += volume * (sum(e * e for e in errors) + sum(errors) ** 2)
    return total * share / (factorial(d) * (d + 1) * (d + 2))


def _check(network: Network) -> None:
    if network.outputs != 1 or any(any(layer.bias) for layer in network.layers[:-1]):
        raise InputError("settle: expected one output and no hidden biases; settle parts instead")


def _cube(network: Network) -> tuple[NDArray[Any], int]:
    """The cut cones that make up x ≥ 0, or one order of it, and how many orders that stands for."""
    _check(network)
    symmetric = is_symmetric(network)
    orders = [tuple(range(network.inputs))] if symmetric else None
    inside = sorted_cones(network.inputs, orders)[::2]
    return cut_cones(network, inside), factorial(network.inputs) if symmetric else 1


def _determinant(rays: list[list[float]]) -> int:
    return int(fmpz_mat([[int(v) for v in ray] for ray in rays]).det())


def _difference(
    network: Network, target: Target, rays: NDArray[Any]
) -> tuple[Fraction, ...] | None:
    """The origin or a ray at which they differ, or None."""
    points = (tuple(map(Fraction, point)) for point in _points(rays))
    return next((x for x in points if network.exact(x)[0] != target(x)), None)


def _points(rays: NDArray[Any]) -> list[tuple[int, ...]]:
    """The origin and the distinct rays."""
    d = rays.shape[-1]
    return sorted({(0,) * d, *(tuple(map(int, ray)) for ray in rays.reshape(-1, d))})
