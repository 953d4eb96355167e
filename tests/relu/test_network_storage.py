"""Networks come back from disk as they were, and foreign files are refused in one line."""

from fractions import Fraction

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks.maxima import max_of_five, near_maximum, parallel, tournament
from lsetheory.relu.networks.network import Network, affine
from lsetheory.relu.networks.storage import load_npz, load_onnx, save_npz, save_onnx
from lsetheory.relu.networks.subpools import subpool_network

NETWORKS = {
    "estimator": subpool_network(minimax(5, (0, 1, 4))),
    "affine": subpool_network(minimax(4, (0, 1))),
    "constant": subpool_network(minimax(4, (0,))),
    "five": max_of_five(),
    "two outputs": parallel([tournament(3), tournament(4)]),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_npz_keeps_every_weight_exactly(name, tmp_path):
    save_npz(NETWORKS[name], tmp_path / "n.npz")
    assert load_npz(tmp_path / "n.npz") == NETWORKS[name]


def damaged(**change):
    arrays = {
        "layers": np.array(1), "shape0": np.array([1, 2]), "place0": np.array([[0, 0], [0, 1]]),
        "weight0": np.array(["1", "1/2"]), "bias0": np.array(["0"]),
    }  # fmt: skip
    return {k: v for k, v in (arrays | change).items() if v is not None}


SECOND = {
    "shape1": np.array([1, 1]), "place1": np.zeros((0, 2), dtype=int),
    "weight1": np.array([], dtype=str), "bias1": np.array(["0"]),
}  # fmt: skip

FAULTS = {
    "no count": damaged(layers=None),
    "fewer layers than said": damaged(layers=np.array(2)),
    "more layers than said": damaged(**SECOND),
    "a stranger": damaged(other=np.zeros(3)),
    "float places": damaged(place0=np.array([[0.0, 0.0], [0.0, 1.0]])),
    "a place twice": damaged(place0=np.array([[0, 1], [0, 1]])),
    "places of one number": damaged(place0=np.array([0, 1])),
    "a shape of one number": damaged(shape0=np.array(1)),
    "a negative shape": damaged(shape0=np.array([1, -1])),
    "numbers for text": damaged(weight0=np.array([1.0, 0.5])),
    "no rational": damaged(weight0=np.array(["1", "__import__"])),
    "division by zero": damaged(weight0=np.array(["1", "1/0"])),
    "pickled": damaged(weight0=np.array([Fraction(1), Fraction(1, 2)], dtype=object)),
    "outside": damaged(place0=np.array([[0, 0], [0, 7]])),
    "short bias": damaged(bias0=np.array([], dtype=str)),
    "missing": damaged(bias0=None),
    "empty": {},
    "shapes that do not meet": {
        **damaged(layers=np.array(2)), **SECOND, "shape1": np.array([1, 3]),
    },
}  # fmt: skip


def test_the_undamaged_file_of_the_faults_loads(tmp_path):
    np.savez(tmp_path / "n.npz", **damaged())
    assert load_npz(tmp_path / "n.npz").exact([2, 4]) == [4]


@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_npz_is_refused(fault, tmp_path):
    np.savez(tmp_path / "n.npz", **FAULTS[fault])
    with pytest.raises(InputError) as caught:
        load_npz(tmp_path / "n.npz")
    assert "\n" not in str(caught.value)


def test_a_plain_array_is_refused(tmp_path):
    np.save(tmp_path / "n.npy", np.eye(3))
    with pytest.raises(InputError, match="expected a network written by save_npz"):
        load_npz(tmp_path / "n.npy")


def test_a_flipped_bit_is_refused_or_harmless(tmp_path):
    save_npz(tournament(3), tmp_path / "n.npz")
    whole, refused = (tmp_path / "n.npz").read_bytes(), 0
    for bit in np.random.default_rng(0).choice(8 * len(whole), 300, replace=False).tolist():
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        (tmp_path / "n.npz").write_bytes(flipped)
        try:
            assert load_npz(tmp_path / "n.npz") == tournament(3)
        except InputError:
            refused += 1
    assert refused > 100


def test_weights_are_saved_if_they_can_be_loaded(tmp_path):
    long = Fraction(10**4000 - 1, 10**3999 + 1)
    for weight in (long, -long, 1 / long):
        network = Network((affine([{0: weight}], 1),))
        save_npz(network, tmp_path / "n.npz")
        assert load_npz(tmp_path / "n.npz") == network
    for weight in (Fraction(10**4000), Fraction(-(10**4300)), Fraction(1, 10**5000)):
        with pytest.raises(InputError, match="at most 4000 digits"):
            save_npz(Network((affine([{0: weight}], 1),)), tmp_path / "m.npz")


def test_as_many_biases_as_rows():
    with pytest.raises(InputError, match="expected 2 biases, got 1"):
        affine([{0: Fraction(1)}, {}], 1, [Fraction(0)])


def test_missing_and_foreign_files_are_refused(tmp_path):
    (tmp_path / "n.npz").write_text("no network")
    for load in (load_npz, load_onnx):
        with pytest.raises(InputError, match="expected"):
            load(tmp_path / "n.npz")
        with pytest.raises(InputError, match="expected"):
            load(tmp_path / "absent")
    with pytest.raises(InputError, match="expected a file to write"):
        save_npz(tournament(2), tmp_path / "absent" / "n.npz")


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_onnx_runs_to_the_same_values(name, dtype, tmp_path):
    pytest.importorskip("onnx", reason="onnx is optional")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is optional")
    network = NETWORKS[name]
    save_onnx(network, tmp_path / "n.onnx", dtype)
    session = runtime.InferenceSession((tmp_path / "n.onnx").read_bytes())
    x = np.random.default_rng(0).random((7, network.inputs)).astype(dtype)
    (y,) = session.run(None, {"x": x})
    assert y.dtype == dtype
    tolerance = 64 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, network(x).reshape(y.shape), rtol=tolerance, atol=tolerance)


def test_onnx_comes_back_with_the_floats_as_rationals(tmp_path):
    pytest.importorskip("onnx", reason="onnx is optional")
    save_onnx(tournament(5), tmp_path / "n.onnx")
    assert load_onnx(tmp_path / "n.onnx") == tournament(5)
    save_onnx(NETWORKS["estimator"], tmp_path / "m.onnx", "float64")
    again, x = load_onnx(tmp_path / "m.onnx"), [Fraction(i, 7) for i in range(5)]
    assert float(again.exact(x)[0]) == pytest.approx(float(NETWORKS["estimator"].exact(x)[0]))
    assert isinstance(again, Network)


def test_other_onnx_graphs_and_dtypes_are_refused(tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is optional")
    helper = onnx.helper
    ends = [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [1]) for n in "xy"]
    graph = helper.make_graph([helper.make_node("Exp", ["x"], ["y"])], "g", ends[:1], ends[1:])
    (tmp_path / "e.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    with pytest.raises(InputError, match="expected a chain of Gemm and Relu"):
        load_onnx(tmp_path / "e.onnx")
    with pytest.raises(InputError, match="float32 or float64"):
        save_onnx(tournament(2), tmp_path / "n.onnx", "float16")


def onnx_model(tmp_path, onnx, bias, ends=("x", "y")):
    """y = relu(x W + b) V of widths 2, 3, 1; `ends` are what the graph calls its own."""
    helper, constants = onnx.helper, {"W": np.ones((2, 3)), "b": bias, "V": np.ones((3, 1)),
                                      "c": np.zeros(1)}  # fmt: skip
    nodes = [
        helper.make_node("Gemm", ["x", "W", "b"], ["z0"]), helper.make_node("Relu", ["z0"], ["h"]),
        helper.make_node("Gemm", ["h", "V", "c"], ["y"]),
    ]  # fmt: skip
    kind = onnx.TensorProto.DOUBLE
    inputs, outputs = ([helper.make_tensor_value_info(end, kind, ["n", "m"])] for end in ends)
    tensors = [onnx.numpy_helper.from_array(a, name) for name, a in constants.items()]
    graph = helper.make_graph(nodes, "g", inputs, outputs, tensors)
    opset = [helper.make_opsetid("", 13)]
    path = tmp_path / "g.onnx"
    path.write_bytes(
        helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
    )
    return path


def test_an_onnx_graph_that_ends_within_its_chain_is_refused(tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is optional")
    assert load_onnx(onnx_model(tmp_path, onnx, np.zeros(3))).exact([1, 2]) == [9]
    for ends in (("x", "z0"), ("x", "h"), ("h", "y")):
        with pytest.raises(InputError, match="expected a chain of Gemm and Relu"):
            load_onnx(onnx_model(tmp_path, onnx, np.zeros(3), ends))


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (3,), (1, 3)])
def test_an_onnx_bias_is_broadcast_as_gemm_does(shape, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is optional")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is optional")
    path = onnx_model(tmp_path, onnx, np.full(shape, 0.5))
    (y,) = runtime.InferenceSession(path.read_bytes()).run(None, {"x": np.array([[1.0, 2.0]])})
    assert load_onnx(path).exact([1, 2]) == [y[0, 0]] == [10.5]


def test_an_onnx_bias_that_does_not_fit_is_refused(tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is optional")
    for shape in ((2,), (2, 3), (3, 1)):
        with pytest.raises(InputError, match="expected a chain of Gemm and Relu"):
            load_onnx(onnx_model(tmp_path, onnx, np.zeros(shape)))


@pytest.mark.parametrize(("alpha", "dtype"), [(10**40, "float32"), (10**400, "float64")])
def test_weights_beyond_the_floats_are_not_written(alpha, dtype, tmp_path):
    pytest.importorskip("onnx", reason="onnx is optional")
    with pytest.raises(InputError, match=f"within the range of {dtype}"):
        save_onnx(near_maximum(2, alpha), tmp_path / "n.onnx", dtype)
    assert not (tmp_path / "n.onnx").exists()
    save_onnx(near_maximum(2, 10**30), tmp_path / "n.onnx", dtype)
