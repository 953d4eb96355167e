"""Networks on disk: .npz with exact rationals and no pickle, and ONNX in floats.

An .npz file holds, for layer i, `shape{i}` (width, fan-in), the nonzero weights as `place{i}`
(their row and column) and `weight{i}`, and `bias{i}`; rationals are text "p/q".
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError, optional
from lsetheory.relu.networks.network import Layer, Network, affine

_RATIONAL = re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,3999})?")

#: What a damaged or foreign file makes numpy or the checks below raise.
_DAMAGE = (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile, EOFError)


def save_npz(network: Network, path: str | Path) -> None:
    """Write every weight exactly.

    Raises:
        InputError: the file cannot be written.
    """
    arrays: dict[str, Any] = {}
    for i, layer in enumerate(network.layers):
        places = [(r, j) for r, row in enumerate(layer.rows) for j in row]
        arrays[f"shape{i}"] = np.array([layer.width, layer.fan_in])
        arrays[f"place{i}"] = np.array(places, dtype=np.int64).reshape(-1, 2)
        arrays[f"weight{i}"] = _texts(layer.rows[r][j] for r, j in places)
        arrays[f"bias{i}"] = _texts(layer.bias)
    try:
        with Path(path).open("wb") as file:
            np.savez_compressed(file, **arrays)
    except OSError as error:
        raise InputError(f"{path}: expected a file to write, got {error.strerror}") from None


def load_npz(path: str | Path) -> Network:
    """The network that `save_npz` wrote.

    Raises:
        InputError: there is no such file, or it holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("shape") for name in arrays.files)
            layers = [_layer(*(arrays[f"{n}{i}"] for n in _NAMES)) for i in range(count)]
        if not layers:
            raise ValueError("no layers")
        return Network(tuple(layers))
    except _DAMAGE as error:
        raise InputError(f"{path}: expected a network written by save_npz, got {error}") from None


_NAMES = ("shape", "place", "weight", "bias")


def _texts(values: Iterable[Fraction]) -> NDArray[np.str_]:
    return np.array([str(v) for v in values], dtype=np.str_)


def _layer(
    shape: NDArray[Any], place: NDArray[Any], weight: NDArray[Any], bias: NDArray[Any]
) -> Layer:
    width, fan_in = (int(n) for n in shape)
    if len(bias) != width or len(place) != len(weight):
        raise ValueError(f"{len(bias)} biases and {len(place)} places for {width} rows")
    rows = [dict[int, Fraction]() for _ in range(width)]
    for (i, j), text in zip(place.tolist(), weight.tolist(), strict=True):
        if not (0 <= i < width and 0 <= j < fan_in):
            raise ValueError(f"a weight at {i}, {j} of {width} by {fan_in}")
        rows[i][j] = _rational(text)
    return affine(rows, fan_in, [_rational(text) for text in bias.tolist()])


def _rational(text: object) -> Fraction:
    if not isinstance(text, str) or not _RATIONAL.fullmatch(text):
        raise ValueError(f"no rational {text!r:.40}")
    return Fraction(text)


def save_onnx(network: Network, path: str | Path, dtype: str = "float32") -> None:
    """Write the network as Gemm and Relu nodes, input "x" of shape (n, inputs), output "y".

    Args:
        dtype: "float32" or "float64", to which the weights are rounded.

    Raises:
        InputError: another dtype, or the file cannot be written.
        MissingExtra: onnx is not installed.
    """
    if dtype not in ("float32", "float64"):
        raise InputError(f"save_onnx: expected dtype float32 or float64, got {dtype!r}")
    onnx = optional("onnx", "onnx")
    model = _model(onnx, network, dtype)
    try:
        Path(path).write_bytes(model.SerializeToString())
    except OSError as error:
        raise InputError(f"{path}: expected a file to write, got {error.strerror}") from None


def _model(onnx: Any, network: Network, dtype: str) -> Any:
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    nodes, constants, name = [], [], "x"
    for i, layer in enumerate(network.layers):
        weights, bias = (a.astype(dtype) for a in layer.arrays)
        constants.append(numpy_helper.from_array(weights, f"W{i}"))
        constants.append(numpy_helper.from_array(bias, f"b{i}"))
        last = i == network.depth
        out = "y" if last else f"z{i}"
        nodes.append(helper.make_node("Gemm", [name, f"W{i}", f"b{i}"], [out], transB=1))
        if not last:
            nodes.append(helper.make_node("Relu", [out], [f"h{i}"]))
        name = f"h{i}"
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    ends = [
        helper.make_tensor_value_info(end, kind, ["n", size])
        for end, size in (("x", network.inputs), ("y", network.outputs))
    ]
    graph = helper.make_graph(nodes, "lsetheory", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def load_onnx(path: str | Path) -> Network:
    """A chain of Gemm and Relu nodes as a network; floats become the rationals that they are.

    Raises:
        InputError: there is no such file, it is no ONNX model, or it is another kind of graph.
        MissingExtra: onnx is not installed.
    """
    onnx = optional("onnx", "onnx")
    try:
        graph = onnx.load_model_from_string(Path(path).read_bytes()).graph
        constants = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
        return _chain(graph.node, constants)
    except OSError as error:
        raise InputError(f"{path}: expected an ONNX file, got {error.strerror}") from None
    except Exception as error:  # protobuf's DecodeError is no ValueError; both mean a foreign file
        raise InputError(f"{path}: expected a chain of Gemm and Relu, got {error}") from None


def _chain(nodes: Sequence[Any], constants: dict[str, NDArray[Any]]) -> Network:
    kinds = [node.op_type for node in nodes]
    if kinds != [("Gemm", "Relu")[i % 2] for i in range(len(kinds))] or len(kinds) % 2 == 0:
        raise ValueError(f"nodes {kinds[:5]}")
    if any(a.output[0] != b.input[0] for a, b in pairwise(nodes)):
        raise ValueError("nodes that do not follow one another")
    return Network(tuple(_gemm(node, constants) for node in nodes[::2]))


def _gemm(node: Any, constants: dict[str, NDArray[Any]]) -> Layer:
    options = {a.name: a.i if a.name.startswith("trans") else a.f for a in node.attribute}
    factors = {options.get(name, 1.0) for name in ("alpha", "beta")}
    if factors != {1.0} or options.get("transA") or len(node.input) != 3:
        raise ValueError("a Gemm that is not x W + b")
    weights = constants[node.input[1]].astype(np.float64)
    matrix = weights if options.get("transB") else weights.T
    rows = [{j: Fraction(w) for j, w in enumerate(row)} for row in matrix.tolist()]
    bias = constants[node.input[2]].astype(np.float64).tolist()
    return affine(rows, matrix.shape[1], [Fraction(b) for b in bias])
