"""The implementations under audit, found by listing this folder; and the user's own."""

import pkgutil
from functools import cache
from importlib import import_module

from lsetheory.audit.implementations import _own
from lsetheory.audit.implementations._entry import Implementation
from lsetheory.catalogue import choose
from lsetheory.errors import InputError


@cache
def entries() -> dict[tuple[str, str], Implementation]:
    """Every entry by (name, operation).

    Raises:
        InputError: two entries of the same name and operation.
    """
    found: dict[tuple[str, str], Implementation] = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{info.name}")
        listed = (v if isinstance(v, tuple) else (v,) for v in vars(module).values())
        for entry in (v for several in listed for v in several if isinstance(v, Implementation)):
            key = (entry.name, entry.operation)
            if key in found:
                raise InputError(
                    f"{module.__file__}: expected a new name, {key} is registered twice"
                )
            found[key] = entry
    return found


def names() -> list[str]:
    """The names of all entries, each once."""
    return sorted({name for name, _ in entries()})


def running(device: str = "cpu", compiled: bool = False) -> list[str]:
    """The names of the entries that run on the device, be their libraries here or not.

    Those that a compiler has to compile first, which takes minutes, are among them on demand.
    """
    found = (e for e in entries().values() if device in e.devices and e.compiled <= compiled)
    return sorted({entry.name for entry in found})


def installed(device: str = "cpu", compiled: bool = False) -> list[str]:
    """Those of them whose libraries, and whose compiler and device, are here."""
    here = {name for (name, _), entry in entries().items() if entry.missing(device) is None}
    return [name for name in running(device, compiled) if name in here]


def get(name: str, operation: str) -> Implementation:
    """The entry, or the user's own function where the name is a path (`module:function`, a file).

    Raises:
        InputError: no such name, or it does not compute the operation. Whether the user's own
            function is there, its `load` tells.
    """
    if _own.is_path(name):
        return _own.resolve(name, operation)
    choose([name], names(), "implementation")
    if (name, operation) not in entries():
        has = ", ".join(sorted(o for n, o in entries() if n == name))
        raise InputError(
            f"implementation {name!r}: expected one of {has}, got operation {operation!r}"
        )
    return entries()[name, operation]


def computing(name: str, operation: str) -> bool:
    """Whether the implementation computes the operation (the user's own: whatever is asked)."""
    return _own.is_path(name) or (name, operation) in entries()
