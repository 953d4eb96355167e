"""Pooling over windows: geometry against torch and against each window by itself, and memory."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsetheory import pooling

PARAMETERS = {
    "lse": {"r": 2.0},
    "swap": {"r": -0.5},
    "max": {},
    "mean": {},
}
GEOMETRIES = (
    ((3,), 2, 1, 1),
    ((4,), None, 0, 2),
    ((3, 3), 2, 1, 1),
    ((3, 2), (1, 3), (1, 1), (2, 2)),
    ((2, 3), None, 0, 1),
    ((2, 2, 2), 1, 1, 1),
    ((3, 2, 3), (2, 1, 2), (1, 0, 1), 1),
)


def data(axes):
    shape = {1: (2, 3, 23), 2: (2, 3, 9, 11), 3: (2, 2, 6, 7, 5)}[axes]
    return np.random.default_rng(axes).normal(size=shape)


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), GEOMETRIES)
def test_max_and_mean_agree_with_torch(library, kernel, stride, padding, dilation):
    torch = pytest.importorskip("torch", reason="torch is an optional library")
    axes = len(kernel)
    x, layers = data(axes), torch.nn.functional
    geometry = {"stride": stride, "padding": padding}
    largest = getattr(layers, f"max_pool{axes}d")(
        torch.tensor(x), kernel, dilation=dilation, **geometry
    ).numpy()
    array = library.array(x)
    for operator, parameters in (("max", {}), ("lse", {"r": math.inf}), ("swap", {"r": math.inf})):
        y = pooling.pool(array, operator, kernel, dilation=dilation, **geometry, **parameters)
        np.testing.assert_array_equal(library.numpy(y), largest)
    if dilation == 1:
        average = getattr(layers, f"avg_pool{axes}d")(
            torch.tensor(x), kernel, count_include_pad=False, **geometry
        ).numpy()
        for operator, parameters in (("mean", {}), ("lse", {"r": 0, "form": "mean"})):
            y = pooling.pool(array, operator, kernel, **geometry, **parameters)
            np.testing.assert_allclose(library.numpy(y), average, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), GEOMETRIES)
def test_named_operators_agree_with_materialised_windows(kernel, stride, padding, dilation):
    x = data(len(kernel))
    for name, parameters in PARAMETERS.items():
        y = pooling.pool(x, name, kernel, stride, padding, dilation, **parameters)
        function = getattr(pooling, name)
        z = pooling.pool(x, function, kernel, stride, padding, dilation, **parameters)
        np.testing.assert_allclose(y, z, rtol=1e-13, atol=1e-15)


def windows_of(x, kernel, stride, padding, dilation):
    """The real elements of each window of a 1-D array."""
    span = (kernel - 1) * dilation + 1
    starts = range(-padding, len(x) + padding - span + 1, stride)
    return [[x[i] for i in range(s, s + span, dilation) if 0 <= i < len(x)] for s in starts]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    x=st.lists(st.floats(-50, 50), min_size=1, max_size=12),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
    kept=st.integers(1, 4),
)
def test_every_window_is_its_real_elements(x, kernel, stride, padding, dilation, kept):
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    expected = windows_of(x, kernel, stride, padding, dilation)
    array = np.asarray(x)
    if 2 * padding > (kernel - 1) * dilation + 1 or not expected or not all(expected):
        with pytest.raises(ValueError, match="pass "):
            pooling.pool(array, "max", (kernel,), **geometry)
        return
    for name, parameters in PARAMETERS.items():
        y = pooling.pool(array, name, (kernel,), **geometry, **parameters)
        each = [getattr(pooling, name)(np.asarray(w), **parameters) for w in expected]
        np.testing.assert_allclose(y, each, rtol=1e-13, atol=1e-13)
    kept, weights = min(kept, kernel), [0.3, -0.2, 0.1, 0.0]
    y = pooling.pool(array, "ordinal", (kernel,), **geometry, weights=weights[:kept],
                     pool_range=kept)  # fmt: skip
    each = [
        pooling.ordinal(np.asarray(w), weights[: min(kept, len(w))], min(kept, len(w)))
        for w in expected
    ]
    np.testing.assert_allclose(y, each, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("temperature", [0.1, 1.0, 7.5])
def test_sum_form_is_temperature_times_logsumexp(temperature):
    from scipy.special import logsumexp

    x = data(2)
    y = pooling.pool(x, "lse", (3, 3), r=1 / temperature, form="sum")
    z = pooling.pool(x, lambda w, axis: temperature * logsumexp(w / temperature, axis=axis), (3, 3))
    np.testing.assert_allclose(y, z, rtol=1e-14)


def test_ordinal_pooling_in_every_library(library):
    x = data(2)
    y = pooling.pool(library.array(x), "ordinal", (3, 3), 2, 1, weights=[1.0, 0.0, -1.0, 0.5, 0.2],
                     pool_range=5)  # fmt: skip
    z = pooling.pool(x, "ordinal", (3, 3), 2, 1, weights=[1.0, 0.0, -1.0, 0.5, 0.2], pool_range=5)
    np.testing.assert_allclose(library.numpy(y), z, rtol=1e-14, atol=1e-15)
    logits = library.array(np.asarray([1.0, 0.0, -1.0, 0.5, 0.2]))
    y = pooling.pool(library.array(x), "ordinal", (3, 3), 2, 1, weights=logits, pool_range=5)
    np.testing.assert_allclose(library.numpy(y), z, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_window_that_is_the_whole_of_its_axes_is_reduced_as_one_axis(library, monkeypatch, name):
    x = np.random.default_rng(4).normal(size=(2, 3, 6, 7))
    array, parameters = library.array(x), PARAMETERS[name]
    y = pooling.pool(array, name, (6, 7), **parameters)
    np.testing.assert_equal(tuple(y.shape), (2, 3, 1, 1))
    axis = getattr(pooling, name)(library.array(x.reshape(2, 3, 42)), **parameters)
    np.testing.assert_array_equal(library.numpy(y)[..., 0, 0], library.numpy(axis))
    padded = pooling.pool(array, name, (6, 7), stride=9, padding=1, **parameters)
    corner = pooling.pool(array[..., :5, :6], name, (5, 6), **parameters)
    np.testing.assert_allclose(library.numpy(padded), library.numpy(corner), rtol=1e-13, atol=1e-15)
    monkeypatch.setattr("lsetheory.pooling._layer.LONG", math.inf)
    streamed = pooling.pool(array, name, (6, 7), **parameters)
    np.testing.assert_allclose(library.numpy(y), library.numpy(streamed), rtol=1e-13, atol=1e-15)


def test_a_window_that_is_the_whole_of_its_axes_takes_no_step_for_each_element(monkeypatch):
    x = np.zeros((2, 64, 64))
    monkeypatch.setattr("lsetheory.pooling._windows._offsets", lambda grids: pytest.fail("streams"))
    np.testing.assert_array_equal(
        pooling.pool(x, "lse", (64, 64)), np.full((2, 1, 1), np.log(4096))
    )
    with pytest.raises(pytest.fail.Exception, match="streams"):
        pooling.pool(x, "lse", (63, 64))


def test_infinite_elements_are_elements_and_padding_is_not(library):
    inf = math.inf
    x = library.array(np.asarray([-inf, -inf, -inf, 0.0]))
    for name, expected in (("max", [-inf, -inf, 0.0]), ("lse", [-inf, -inf, 0.0]),
                           ("swap", [-inf, -inf, 0.0]), ("mean", [-inf, -inf, -inf])):  # fmt: skip
        y = pooling.pool(x, name, (2,), stride=2, padding=1)
        np.testing.assert_array_equal(library.numpy(y), expected if name != "mean" else
                                      [-inf, -inf, 0.0])  # fmt: skip


def test_jit_in_jax():
    jax = pytest.importorskip("jax", reason="jax is an optional library")
    x = data(2).astype(np.float32)
    layer = jax.jit(lambda a: pooling.pool(a, "lse", (3, 3), 2, 1))
    np.testing.assert_allclose(layer(x), pooling.pool(x, "lse", (3, 3), 2, 1), rtol=1e-6)


def test_batches_may_be_empty_or_absent(library):
    empty = pooling.pool(library.array(np.zeros((0, 4, 4))), "lse", (2, 2))
    np.testing.assert_equal(tuple(empty.shape), (0, 2, 2))
    y = pooling.pool(library.array(np.zeros((4, 4))), "mean", (2, 2))
    np.testing.assert_array_equal(library.numpy(y), np.zeros((2, 2)))


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), GEOMETRIES)
def test_one_image_in_bands_gives_the_same_bytes(monkeypatch, kernel, stride, padding, dilation):
    image = data(len(kernel))[0, 0]
    table = {**PARAMETERS, "ordinal": {"weights": [0.5, 0.0], "pool_range": 2}}

    def pooled():
        return [
            pooling.pool(image, name, kernel, stride, padding, dilation, **parameters)
            for name, parameters in table.items()
        ]

    whole = pooled()
    monkeypatch.setattr("lsetheory.pooling._windows.CACHED", 1)  # a band is one row of windows
    for banded, expected in zip(pooled(), whole, strict=True):
        np.testing.assert_array_equal(banded, expected)


#: Operator -> its running quantities: the extreme and its sums, or the kept list.
QUANTITIES = (("lse", {}, 3), ("lse", {"form": "mean"}, 3), ("swap", {}, 3), ("max", {}, 3),
              ("mean", {}, 2), ("ordinal", {"weights": [0.0] * 3, "pool_range": 3}, 3))  # fmt: skip


@pytest.mark.parametrize("shape", [(64, 100, 100), (800, 800)])
@pytest.mark.parametrize(("name", "parameters", "quantities"), QUANTITIES)
def test_memory_is_two_outputs_for_each_running_quantity(name, parameters, quantities, shape):
    x = np.random.default_rng(0).normal(size=shape)

    def peak(operator):
        tracemalloc.start()
        y = pooling.pool(x, operator, (3, 3), stride=1, **parameters)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held / y.nbytes

    np.testing.assert_equal(peak(name) <= 2 * quantities, True)
    np.testing.assert_equal(
        peak(getattr(pooling, name)) > 9, True
    )  # the measure sees materialised windows
