"""The families of inputs, found by listing this folder."""

import pkgutil
from functools import cache
from importlib import import_module

from lsetheory.audit.families._entry import Family
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

__all__ = ["Family", "entries", "get", "names"]


@cache
def entries() -> dict[str, Family]:
    """Every family by name, in the order of the files and of the entries in them.

    Raises:
        InputError: two entries of the same name.
    """
    found: dict[str, Family] = {}
    for info in pkgutil.iter_modules(__path__):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{info.name}")
        for entry in (v for v in vars(module).values() if isinstance(v, Family)):
            if entry.name in found:
                raise InputError(f"{module.__file__}: family {entry.name!r} is registered twice")
            found[entry.name] = entry
    return found


def names() -> list[str]:
    """The names of all families."""
    return list(entries())


def get(name: str) -> Family:
    """The family of that name.

    Raises:
        InputError: there is none; the message gives the nearest names.
    """
    choose([name], names(), "family")
    return entries()[name]
