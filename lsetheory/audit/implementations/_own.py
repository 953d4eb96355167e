"""The user's own implementation: package.module:function, file.py:function, or library.so:function.

A Python function takes a numpy array of shape (rows, n) and returns the result over the last axis.
A C function has the signature

    void function(const T *x, T *y, size_t rows, size_t n);

T float for float32 and double for float64; x is row-major of shape (rows, n); y has room for one
result a row, or for n of them where the operation gives as many (softmax and the gradients).
"""

import ctypes
import hashlib
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module, util
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.audit.implementations._entry import ALL, FLOATS, Implementation
from lsetheory.audit.operations import OPERATIONS
from lsetheory.errors import InputError

SHARED = (".so", ".dylib", ".dll")


def is_path(name: str) -> bool:
    """Whether a name means the user's own code rather than an entry."""
    return ":" in name or name.endswith((".py", *SHARED))


def resolve(name: str, operation: str) -> Implementation:
    """The user's function as an entry; it is imported now, so that a wrong path is told at once.

    What the import prints goes to standard error.

    Raises:
        InputError: no such module, file or function.
    """
    place, _, function = name.rpartition(":") if ":" in name else (name, "", operation)
    shared = place.endswith(SHARED)
    with redirect_stdout(sys.stderr):
        call = _shared(Path(place), function, operation) if shared else _python(place, function)
    dtypes = FLOATS if shared else ALL
    return Implementation(name, operation, lambda: call, dtypes, ("cpu",), None, (), True, False)


def fingerprint(name: str) -> str | None:
    """Hash of the file behind the user's own implementation, so that a kept result goes stale."""
    place = name.rpartition(":")[0] or name
    path = Path(place)
    if not path.is_file():
        spec = _spec(place)
        path = Path(spec) if spec else path
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else None


def _spec(module: str) -> str | None:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


def _python(place: str, function: str) -> Callable[..., Any]:
    module = _file(Path(place)) if place.endswith(".py") else _module(place)
    call = getattr(module, function, None)
    if not callable(call):
        public = ", ".join(n for n in vars(module) if not n.startswith("_")) or "nothing"
        raise InputError(
            f"{place}: expected a function {function!r}, got none; it defines {public}"
        )
    return call  # type: ignore[no-any-return]


def _module(name: str) -> Any:
    sys.path.insert(0, "")
    try:
        return import_module(name)
    except Exception as error:
        raise InputError(
            f"--impl {name}: expected a module that imports, got {type(error).__name__}: {error}"
        ) from None
    finally:
        sys.path.remove("")


def _file(path: Path) -> Any:
    if not path.is_file():
        raise InputError(f"{path}: expected a Python file, got none")
    spec = util.spec_from_file_location(f"lsetheory_own_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: expected a Python file, got one that cannot be loaded")
    module = util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(
            f"{path}: expected a file that runs, got {type(error).__name__}: {error}"
        ) from None
    return module


def _shared(path: Path, function: str, operation: str) -> Callable[[Any], Any]:
    try:
        call = getattr(ctypes.CDLL(str(path.resolve())), function)
    except (OSError, AttributeError) as error:
        raise InputError(
            f"{path}: expected a shared library with {function!r}, got: {error}"
        ) from None
    call.restype = None

    def rows(x: Any) -> Any:
        x = np.ascontiguousarray(x)
        real = ctypes.c_float if x.dtype == np.float32 else ctypes.c_double
        y = np.empty(x.shape if OPERATIONS[operation].rowwise else x.shape[:1], x.dtype)
        pointer = ctypes.POINTER(real)
        call(
            x.ctypes.data_as(pointer),
            y.ctypes.data_as(pointer),
            ctypes.c_size_t(x.shape[0]),
            ctypes.c_size_t(x.shape[1]),
        )
        return y

    return rows
