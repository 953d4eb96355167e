"""Loads the user's function from a module, a Python file or a shared library.

Needs numpy alone, as it is also a part of the recorder that runs where this package is not.
"""

import ctypes
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module, util
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.errors import InputError

SHARED = (".so", ".dylib", ".dll")


def split(name: str, operation: str) -> tuple[str, str]:
    """Module or file, and function, which is called as the operation where it is not named."""
    place, _, function = name.rpartition(":") if ":" in name else (name, "", operation)
    return place, function


def load(name: str, operation: str, rowwise: bool) -> Callable[..., Any]:
    """The user's function; what the import prints goes to standard error.

    Raises:
        InputError: no such module, file or function.
    """
    place, function = split(name, operation)
    with redirect_stdout(sys.stderr):
        if place.endswith(SHARED):
            return _shared(Path(place), function, rowwise)
        return _python(place, function)


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


def _shared(path: Path, function: str, rowwise: bool) -> Callable[[Any], Any]:
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
        y = np.empty(x.shape if rowwise else x.shape[:1], x.dtype)
        pointer = ctypes.POINTER(real)
        call(
            x.ctypes.data_as(pointer),
            y.ctypes.data_as(pointer),
            ctypes.c_size_t(x.shape[0]),
            ctypes.c_size_t(x.shape[1]),
        )
        return y

    return rows
