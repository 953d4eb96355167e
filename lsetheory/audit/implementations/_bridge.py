"""Carries numpy rows into a library's arrays and its result back, layout and format unchanged.

Needs numpy and the library alone, as it is also a part of the recorder that runs where this package
is not.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

import numpy as np

from lsetheory.audit.guard import Failed, as_array

Array = np.ndarray[Any, Any]
Bridge = Callable[[Callable[..., Any], Array, str, Mapping[str, Any]], Array]
#: Parameter of an entry -> the module it stands for, where they differ.
MODULES = {"np": "numpy", "pooling": "lsetheory.pooling"}
#: Calls after which jax lets go what it compiled, some MB for each new shape: gigabytes otherwise.
JAX_KEEPS = 300

_jax_calls = count(1)


def bridged(factory: Callable[..., Any], libraries: tuple[str, ...], device: str) -> Any:
    """The callable that a factory makes of its libraries, taking and giving numpy arrays.

    Args:
        factory: takes the first of the libraries, as many as it has parameters.
        libraries: their names; of the rest only arrays are taken.
        device: cpu or cuda.
    """
    called = libraries[: factory.__code__.co_argcount]
    call = factory(*(import_module(MODULES.get(name, name)) for name in called))
    bridge = of(libraries)
    return lambda x, **parameters: bridge(call, x, device, parameters)


def lacking(libraries: tuple[str, ...]) -> str | None:
    """The first of the modules that is not installed."""
    modules = (MODULES.get(name, name) for name in libraries)
    return next((module for module in modules if find_spec(module.split(".")[0]) is None), None)


def of(libraries: tuple[str, ...]) -> Bridge:
    """The bridge of the first library that has one; numpy's, which changes nothing, otherwise."""
    return next((BRIDGES[name] for name in libraries if name in BRIDGES), _numpy)


def cuda(libraries: tuple[str, ...]) -> bool:
    """Whether a CUDA device answers to the library."""
    if "torch" in libraries or "triton" in libraries:
        return bool(import_module("torch").cuda.is_available())
    if "jax" in libraries:
        return any(device.platform == "gpu" for device in import_module("jax").devices())
    return "cupy" in libraries and import_module("cupy").cuda.is_available()


def device_name(libraries: tuple[str, ...]) -> str:
    """Name of the CUDA device that answers to the library."""
    if "torch" in libraries or "triton" in libraries:
        return str(import_module("torch").cuda.get_device_name(0))
    if "jax" in libraries:
        return str(import_module("jax").devices("gpu")[0].device_kind)
    return str(import_module("cupy").cuda.runtime.getDeviceProperties(0)["name"].decode())


def _numpy(call: Callable[..., Any], x: Array, device: str, parameters: Mapping[str, Any]) -> Array:
    return as_array(call(x, **parameters))


def _torch(call: Callable[..., Any], x: Array, device: str, parameters: Mapping[str, Any]) -> Array:
    torch = import_module("torch")
    if "torch._dynamo" in sys.modules:
        # beyond its limit of recompilations torch.compile quietly runs the eager function instead
        torch._dynamo.config.recompile_limit = 1000
    tensor = to_torch(torch, x).to(device)
    result = call(tensor, **{k: _tensor(torch, v, tensor) for k, v in parameters.items()})
    if not isinstance(result, torch.Tensor):
        raise Failed(f"returned {type(result).__name__}, expected a tensor")
    return from_torch(torch, result.detach().cpu())


def _tensor(torch: Any, value: Any, like: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return to_torch(torch, value).to(like.device)


def to_torch(torch: Any, x: Array) -> Any:
    """A tensor with x's strides and bits; bfloat16 goes by way of its bit patterns."""
    if x.dtype.kind == "V":
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(x)


def from_torch(torch: Any, tensor: Any) -> Array:
    """The array with a tensor's bits."""
    if tensor.dtype == torch.bfloat16:
        return np.asarray(tensor.contiguous().view(torch.int16).numpy().view(bfloat16()))
    return np.asarray(tensor.numpy())


def bfloat16() -> Any:
    """The dtype of two bytes in which numpy holds bfloat16: ml_dtypes', or a nameless one."""
    if find_spec("ml_dtypes") is None:
        return np.dtype([("bfloat16", "u2")])
    return np.dtype(import_module("ml_dtypes").bfloat16)


def _jax(call: Callable[..., Any], x: Array, device: str, parameters: Mapping[str, Any]) -> Array:
    jax = import_module("jax")
    if next(_jax_calls) % JAX_KEEPS == 0:
        jax.clear_caches()
    place = jax.devices("gpu" if device == "cuda" else "cpu")[0]
    with jax.enable_x64(True), jax.default_device(place):
        arrays = {k: _jax_array(jax, v) for k, v in parameters.items()}
        result = call(jax.numpy.asarray(x), **arrays)
        if not isinstance(result, jax.Array):
            raise Failed(f"returned {type(result).__name__}, expected a jax array")
        return np.asarray(result)


def _jax_array(jax: Any, value: Any) -> Any:
    return jax.numpy.asarray(value) if isinstance(value, np.ndarray) else value


def _cupy(call: Callable[..., Any], x: Array, device: str, parameters: Mapping[str, Any]) -> Array:
    cupy = import_module("cupy")
    arrays = {k: cupy.asarray(v) if isinstance(v, np.ndarray) else v for k, v in parameters.items()}
    return np.asarray(cupy.asnumpy(call(cupy.asarray(x), **arrays)))


def _onnxruntime(
    call: Callable[..., Any], x: Array, device: str, parameters: Mapping[str, Any]
) -> Array:
    import_module("onnx.parser")
    import_module("onnxruntime").set_default_logger_severity(3)  # its warnings go past Python
    return _numpy(call, np.ascontiguousarray(x), device, parameters)


#: Library -> how arrays go in and out of it.
BRIDGES: dict[str, Bridge] = {
    "torch": _torch, "jax": _jax, "cupy": _cupy, "onnxruntime": _onnxruntime,
}  # fmt: skip
