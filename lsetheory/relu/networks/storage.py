"""Networks on disk: .npz with exact rationals and no pickle, and ONNX in floats.

An .npz file holds the number of affine maps, `layers`, and for layer i `shape{i}` (width, fan-in),
the nonzero weights as `place{i}` (their row and column) and `weight{i}`, and `bias{i}`; rationals
are text "p/q". It holds nothing else, so that no array can go missing without notice.
"""

import re
import zipfile
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lsetheory.errors import InputError, optional
from lsetheory.relu.networks.network import Layer, Network, affine

_RATIONAL = re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,3999})?")

#: Numerators and denominators are smaller: Python's limit on the text of an integer is not far.
_LARGEST = 10**4000


def save_npz(network: Network, path: str | Path) -> None:
    """Write every weight exactly.

    Raises:
        InputError: the file cannot be written, or a weight has more than 4000 digits.
    """
    arrays: dict[str, Any] = {"layers": np.array(len(network.layers))}
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
        InputError: there is no such file, or it is damaged, or holds something else.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if (damaged := archive.testzip()) is not None:
                raise ValueError(f"a damaged {damaged}")
        with np.load(path, allow_pickle=False) as arrays:
            count = len(arrays.files) // len(_NAMES)
            names = [f"{name}{i}" for i in range(count) for name in _NAMES]
            if sorted(arrays.files) != sorted(["layers", *names]) or arrays["layers"] != count:
                raise ValueError(f"arrays {arrays.files[:5]}")
            layers = [_layer(*(arrays[f"{name}{i}"] for name in _NAMES)) for i in range(count)]
        return Network(tuple(layers))
    except Exception as error:  # damage makes zipfile, zlib and numpy raise almost anything
        got = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path}: expected a network written by save_npz, got {got}") from None


_NAMES = ("shape", "place", "weight", "bias")


def _texts(values: Iterable[Fraction]) -> NDArray[np.str_]:
    return np.array([_text(v) for v in values], dtype=np.str_)


def _text(value: Fraction) -> str:
    if max(abs(value.numerator), value.denominator) >= _LARGEST:
        raise InputError("save_npz: expected weights of at most 4000 digits, got a longer one")
    return str(value)


def _layer(
    shape: NDArray[Any], place: NDArray[Any], weight: NDArray[Any], bias: NDArray[Any]
) -> Layer:
    if shape.dtype.kind != "i" or shape.shape != (2,) or shape.min() < 0:
        raise ValueError(f"a shape {shape.tolist()}")
    width, fan_in = (int(n) for n in shape)
    if place.dtype.kind != "i" or place.shape != (len(weight), 2) or bias.shape != (width,):
        raise ValueError(f"{bias.shape} biases, {place.shape} places, {weight.shape} weights")
    rows = [dict[int, Fraction]() for _ in range(width)]
    for (i, j), text in zip(place.tolist(), weight.tolist(), strict=True):
        if not (0 <= i < width and 0 <= j < fan_in):
            raise ValueError(f"a weight at {i}, {j} of {width} by {fan_in}")
        if j in rows[i]:
            raise ValueError(f"two weights at {i}, {j}")
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
        InputError: another dtype, a weight beyond its range, or the file cannot be written.
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
        weights, bias = _rounded(layer, dtype)
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


def _rounded(layer: Layer, dtype: str) -> list[NDArray[Any]]:
    try:
        with np.errstate(over="ignore"):
            arrays = [a.astype(dtype) for a in layer.arrays]
    except OverflowError:  # beyond float64 already
        arrays = [np.array(np.inf)]
    if not all(np.isfinite(a).all() for a in arrays):
        raise InputError(f"save_onnx: expected weights within the range of {dtype}, got larger")
    return arrays


def load_onnx(path: str | Path) -> Network:
    """A chain of Gemm and Relu nodes as a network; floats become the rationals that they are.

    The chain must lead from the one input of the graph to its one output.

    Raises:
        InputError: there is no such file, it is no ONNX model, or it is another kind of graph.
        MissingExtra: onnx is not installed.
    """
    onnx = optional("onnx", "onnx")
    try:
        model = onnx.load_model_from_string(Path(path).read_bytes())
        onnx.checker.check_model(model)
        return _chain(model.graph, onnx.numpy_helper.to_array)
    except OSError as error:
        raise InputError(f"{path}: expected an ONNX file, got {error.strerror}") from None
    except Exception as error:  # protobuf's DecodeError is no ValueError; both mean a foreign file
        got = " ".join(str(error).split())
        raise InputError(f"{path}: expected a chain of Gemm and Relu, got {got}") from None


def _chain(graph: Any, to_array: Callable[[Any], NDArray[Any]]) -> Network:
    nodes, constants = graph.node, {t.name: to_array(t) for t in graph.initializer}
    kinds = [node.op_type for node in nodes]
    if kinds != [("Gemm", "Relu")[i % 2] for i in range(len(kinds))] or len(kinds) % 2 == 0:
        raise ValueError(f"nodes {kinds[:5]}")
    if any(node.domain not in ("", "ai.onnx") for node in nodes):
        raise ValueError("nodes of another domain")
    # Files of old list the constants among the inputs.
    inputs = [end.name for end in graph.input if end.name not in constants]
    outputs = [end.name for end in graph.output]
    if inputs != [nodes[0].input[0]] or outputs != [nodes[-1].output[0]]:
        raise ValueError(f"a chain that does not lead from {inputs} to {outputs}")
    if any(a.output[0] != b.input[0] for a, b in pairwise(nodes)):
        raise ValueError("nodes that do not follow one another")
    return Network(tuple(_gemm(node, constants) for node in nodes[::2]))


def _gemm(node: Any, constants: dict[str, NDArray[Any]]) -> Layer:
    options = {a.name: a.i if a.name.startswith("trans") else a.f for a in node.attribute}
    factors = {options.get(name, 1.0) for name in ("alpha", "beta")}
    if factors != {1.0} or options.get("transA") or len(node.input) != 3:
        raise ValueError("a Gemm that is not x W + b")
    weights, bias = (constants[name].astype(np.float64) for name in node.input[1:])
    matrix = weights if options.get("transB") else weights.T
    rows = [{j: Fraction(w) for j, w in enumerate(row)} for row in matrix.tolist()]
    every = np.broadcast_to(bias, (1, len(rows)))[0]  # as Gemm does; more rows would not fit
    return affine(rows, matrix.shape[1], [Fraction(b) for b in every.tolist()])
