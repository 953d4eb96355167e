"""A ReLU network as plain rational weights: exact and float evaluation, sizes, composition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError

#: A linear form: index of an input -> coefficient, zeros left out.
Form = Mapping[int, Fraction]


@dataclass(frozen=True)
class Layer:
    """The affine map x -> W x + b, W by sparse rows."""

    fan_in: int
    rows: tuple[Form, ...]
    bias: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if len(self.bias) != len(self.rows):
            raise InputError(f"layer: expected {len(self.rows)} biases, got {len(self.bias)}")

    @property
    def width(self) -> int:
        """The number of outputs."""
        return len(self.rows)

    def dense(self) -> list[list[Fraction]]:
        """W as nested lists, width by fan_in."""
        return [[row.get(j, Fraction(0)) for j in range(self.fan_in)] for row in self.rows]

    def __call__(self, x: Sequence[Fraction]) -> list[Fraction]:
        """W x + b in rationals."""
        return [
            sum((w * x[j] for j, w in row.items()), start=b)
            for row, b in zip(self.rows, self.bias, strict=True)
        ]

    @cached_property
    def scale(self) -> int:
        """The least common denominator of all weights and biases."""
        weights = (w.denominator for row in self.rows for w in row.values())
        return lcm(*weights, *(b.denominator for b in self.bias))

    @cached_property
    def integers(self) -> list[tuple[list[tuple[int, int]], int]]:
        """Rows and biases times `scale`: each row as (input, weight) pairs, and its bias."""
        return [
            ([(j, int(w * self.scale)) for j, w in row.items()], int(b * self.scale))
            for row, b in zip(self.rows, self.bias, strict=True)
        ]

    @cached_property
    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """W and b rounded to float64."""
        weights = np.zeros((self.width, self.fan_in))
        for i, row in enumerate(self.rows):
            for j, w in row.items():
                weights[i, j] = float(w)
        return weights, np.array([float(b) for b in self.bias])


@dataclass(frozen=True)
class Network:
    """Affine maps with a ReLU between each and the next; the last one has none after it."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        for below, layer in zip(self.layers, self.layers[1:], strict=False):
            if below.width != layer.fan_in:
                raise InputError(
                    f"network: expected a layer of fan-in {below.width}, got {layer.fan_in}"
                )

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return self.layers[0].fan_in

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.layers[-1].width

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers."""
        return tuple(layer.width for layer in self.layers[:-1])

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers) - 1

    @property
    def parameters(self) -> int:
        """Weights and biases of the dense maps, zeros counted, as the paper counts them."""
        return sum(layer.width * (layer.fan_in + 1) for layer in self.layers)

    @property
    def nonzeros(self) -> int:
        """Weights and biases that are not zero."""
        return sum(sum(map(len, la.rows)) + sum(map(bool, la.bias)) for la in self.layers)

    def weights(self) -> list[tuple[list[list[Fraction]], list[Fraction]]]:
        """The plain weight lists: (W, b) of each affine map, first to last."""
        return [(layer.dense(), list(layer.bias)) for layer in self.layers]

    def exact(self, x: Sequence[Fraction | int]) -> list[Fraction]:
        """The outputs at one point, in rationals."""
        point = [Fraction(v) for v in x]
        scale = lcm(*(v.denominator for v in point))
        values = [int(v * scale) for v in point]  # values / scale throughout: integers are fast
        for i, layer in enumerate(self.layers):
            hidden = [max(v, 0) for v in values] if i else values
            values = [
                sum((w * hidden[j] for j, w in row), start=b * scale) for row, b in layer.integers
            ]
            scale *= layer.scale
        return [Fraction(v, scale) for v in values]

    def __call__(self, x: Any) -> Any:
        """The network on the last axis of an array-API array, in its dtype and on its device.

        Args:
            x: shape (..., inputs), a real floating dtype; numpy, torch, jax, ...

        Returns:
            Shape (..., outputs), the last axis dropped when there is one output.

        Raises:
            InputError: not an array, not floating, or not of so many inputs along the last axis.
        """
        from array_api_compat import device, is_array_api_obj

        if not is_array_api_obj(x):
            raise InputError(f"network: expected an array, got {type(x).__name__}")
        xp, shape = self._namespace(x), x.shape[:-1]
        x = xp.reshape(x, (-1, self.inputs))
        for i, layer in enumerate(self.layers):
            weights, bias = (xp.asarray(a, dtype=x.dtype, device=device(x)) for a in layer.arrays)
            x = xp.matmul(xp.maximum(x, xp.zeros_like(x)) if i else x, weights.T) + bias
        return xp.reshape(x, shape if self.outputs == 1 else (*shape, self.outputs))

    def _namespace(self, x: Any) -> Any:
        """The namespace of an array that the network can take."""
        from array_api_compat import array_namespace

        xp = array_namespace(x)
        if not xp.isdtype(x.dtype, "real floating"):
            raise InputError(f"network: expected a floating dtype, got {x.dtype}; convert x")
        if x.ndim == 0 or x.shape[-1] != self.inputs:
            raise InputError(f"network: expected a last axis of {self.inputs}, got {x.shape}")
        return xp

    def row(self) -> dict[str, Any]:
        """The sizes as plain data: inputs, outputs, depth, widths, parameters, nonzeros."""
        names = ("inputs", "outputs", "depth", "widths", "parameters", "nonzeros")
        values = {name: getattr(self, name) for name in names}
        return values | {"widths": list(self.widths)}


def affine(rows: Sequence[Form], fan_in: int, bias: Sequence[Fraction] | None = None) -> Layer:
    """A layer from forms; zero coefficients are dropped, a missing bias is zero."""
    kept = tuple({j: w for j, w in sorted(row.items()) if w} for row in rows)
    return Layer(fan_in, kept, tuple(bias) if bias is not None else (Fraction(0),) * len(kept))


def compose(inner: Network, outer: Network) -> Network:
    """outer ∘ inner as one network: the affine maps that meet are multiplied out, exactly."""
    last, first = inner.layers[-1], outer.layers[0]
    rows = [combine(*((w, last.rows[j]) for j, w in row.items())) for row in first.rows]
    joint = affine(rows, last.fan_in, first(last.bias))
    return Network((*inner.layers[:-1], joint, *outer.layers[1:]))


def part(network: Network, output: int) -> tuple[Network, tuple[int, ...]]:
    """One output of a network with nothing it does not need, and the inputs that it needs."""
    layers, kept = list[Layer](), [output]
    for layer in reversed(network.layers):
        rows, bias = [layer.rows[i] for i in kept], [layer.bias[i] for i in kept]
        kept = sorted({j for row in rows for j in row})
        places = {j: i for i, j in enumerate(kept)}
        layers.append(affine([{places[j]: w for j, w in r.items()} for r in rows], len(kept), bias))
    return Network(tuple(reversed(layers))), tuple(kept)


def combine(*terms: tuple[Fraction, Form]) -> dict[int, Fraction]:
    """Σ coefficient · form."""
    total: dict[int, Fraction] = {}
    for coefficient, form in terms:
        for j, w in form.items():
            total[j] = total.get(j, Fraction(0)) + coefficient * w
    return {j: w for j, w in total.items() if w}
