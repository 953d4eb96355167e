"""Loads the user's function from a module, a Python file or a shared library.

Needs numpy alone, as it is also a part of the recorder that runs where this package is not.
"""

import ctypes
import sys
from collections.abc import Callable, Collection
from contextlib import redirect_stdout
from importlib import import_module, util
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.audit.guard import Failed
from lsetheory.errors import InputError

SHARED = (".so", ".dylib", ".dll")
#: What the T of a C function is for each dtype of rows, in the byte order of the machine.
REAL = {np.dtype(np.float32): ctypes.c_float, np.dtype(np.float64): ctypes.c_double}


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
        public = [n for n, v in vars(module).items() if callable(v) and not n.startswith("_")]
        got = type(call).__name__ if hasattr(module, function) else "none"
        raise InputError(
            f"{place}: expected a function {function!r}, got {got}; "
            f"what can be called there is {', '.join(public) or 'nothing'}"
        )
    return call  # type: ignore[no-any-return]


def _module(name: str) -> Any:
    sys.path.insert(0, "")
    try:
        return import_module(name)
    except (Exception, SystemExit) as error:
        raise InputError(
            f"--impl {name}: expected a module that imports, got {type(error).__name__}: {error}"
        ) from None
    finally:
        sys.path.remove("")


#: Path of a Python file -> what it held when it was run, and the module.
FILES: dict[Path, tuple[bytes, Any]] = {}


def _file(path: Path) -> Any:
    """The module of a file, which is run once; named so that what it defines can be pickled."""
    if not isfile(path):
        raise InputError(f"{path}: expected a Python file, got none")
    path, content = path.resolve(), path.read_bytes()
    if path not in FILES or FILES[path][0] != content:
        FILES[path] = content, _run(path)
    return FILES[path][1]


def _run(path: Path) -> Any:
    if (
        str(path.parent) not in sys.path
    ):  # as for `python FILE`, for good: a call may import as well
        sys.path.append(str(path.parent))
    spec = util.spec_from_file_location(_free_name(path), path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: expected a Python file, got one that cannot be loaded")
    module = util.module_from_spec(spec)
    before = sys.modules.get(spec.name)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(spec.name)
        sys.modules.update({} if before is None else {spec.name: before})
        raise InputError(
            f"{path}: expected a file that runs, got {type(error).__name__}: {error}"
        ) from None
    return module


def _free_name(path: Path) -> str:
    """The name under which an import finds the file, or one that no other module has."""
    try:
        known = util.find_spec(path.stem) if path.stem.isidentifier() else None
    except ValueError:  # a module without a spec
        known = None
    same = known is not None and known.origin is not None and Path(known.origin) == path
    return path.stem if same else f"lsetheory_own_{path.stem}"


def _shared(path: Path, function: str, rowwise: bool) -> Callable[..., Any]:
    try:
        call = getattr(ctypes.CDLL(str(path.resolve())), function)
    except (OSError, AttributeError) as error:
        raise InputError(
            f"{path}: expected a shared library with {function!r}, got: {error}"
        ) from None
    call.restype = None

    def rows(x: Any, **keywords: Any) -> Any:
        x = np.asarray(x)
        why = _unfit(x, keywords)
        if why is not None:
            raise Failed(f"not called: {path.name}:{function} {why}")
        pointer = ctypes.POINTER(REAL[x.dtype])
        x = np.ascontiguousarray(x)
        y = np.full(x.shape if rowwise else x.shape[:1], np.nan, x.dtype)
        call(
            x.ctypes.data_as(pointer),
            y.ctypes.data_as(pointer),
            ctypes.c_size_t(x.shape[0]),
            ctypes.c_size_t(x.shape[1]),
        )
        return y

    return rows


def _unfit(x: Any, keywords: Collection[str]) -> str | None:
    """Why rows cannot be handed to a C function, which would read something else, or past them."""
    if x.dtype not in REAL:
        return f"takes rows of float32 or float64, got {x.dtype}"
    if x.ndim != 2:
        return f"takes rows of shape (rows, n), got shape {x.shape}"
    return f"takes rows alone, got {', '.join(keywords)} as well" if keywords else None
