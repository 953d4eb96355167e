"""The user's own implementation: package.module:function, file.py:function, or library.so:function.

A Python function takes a numpy array of shape (rows, n) and returns the result over the last axis.
A C function has the signature

    void function(const T *x, T *y, size_t rows, size_t n);

T float for float32 and double for float64; x is row-major of shape (rows, n); y has room for one
result a row, or for n of them where the operation gives as many (softmax and the gradients).
"""

import hashlib
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lsetheory.audit.implementations._entry import ALL, FLOATS, Implementation
from lsetheory.audit.implementations._foreign import SHARED, load, split
from lsetheory.audit.operations import OPERATIONS


def is_path(name: str) -> bool:
    """Whether a name means the user's own code rather than an entry."""
    return ":" in name or name.endswith((".py", *SHARED))


def resolve(name: str, operation: str) -> Implementation:
    """The user's function as an entry; it is imported now, so that a wrong path is told at once.

    Raises:
        InputError: no such module, file or function.
    """
    call = load(name, operation, OPERATIONS[operation].rowwise)
    return replace(unloaded(name, operation), factory=lambda: call)


def unloaded(name: str, operation: str) -> Implementation:
    """The same for one that is not to be imported here: it is never called."""
    dtypes = FLOATS if split(name, operation)[0].endswith(SHARED) else ALL
    return Implementation(name, operation, _never, dtypes, ("cpu",), None, (), True, False)


def _never() -> Any:
    raise RuntimeError("expected an implementation that was loaded, got a name")


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
