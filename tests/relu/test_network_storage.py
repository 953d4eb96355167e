"""Networks come back from disk as they were, and foreign files are refused in one line."""

from fractions import Fraction

import numpy as np
import pytest

from lsetheory.errors import InputError
from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks.maxima import max_of_five, parallel, tournament
from lsetheory.relu.networks.network import Network
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
        "shape0": np.array([1, 2]), "place0": np.array([[0, 0], [0, 1]]),
        "weight0": np.array(["1", "1/2"]), "bias0": np.array(["0"]),
    }  # fmt: skip
    return {k: v for k, v in (arrays | change).items() if v is not None}


FAULTS = {
    "no rational": damaged(weight0=np.array(["1", "__import__"])),
    "division by zero": damaged(weight0=np.array(["1", "1/0"])),
    "pickled": damaged(weight0=np.array([Fraction(1), Fraction(1, 2)], dtype=object)),
    "outside": damaged(place0=np.array([[0, 0], [0, 7]])),
    "short bias": damaged(bias0=np.array([], dtype=str)),
    "missing": damaged(bias0=None),
    "empty": {},
    "shapes that do not meet": {
        **damaged(), "shape1": np.array([1, 3]), "place1": np.zeros((0, 2), dtype=int),
        "weight1": np.array([], dtype=str), "bias1": np.array(["0"]),
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
