"""The errors that are the user's to mend: every message names where, expected, got, what to do."""

from importlib import import_module
from types import ModuleType


class InputError(ValueError):
    """Input that cannot be used; the command line prints it in one line and exits with 2."""


class MissingExtra(ImportError):
    """An optional library is absent; the message names the extra that installs it."""


def optional(module: str, extra: str) -> ModuleType:
    """Import an optional library.

    Raises:
        MissingExtra: the library is not installed; one line says which extra to install.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.split(".")[0]:
            raise  # the library is there, but broken: say what it says
        raise MissingExtra(
            f"{module} is not installed: expected the optional library {module}, "
            f"install it with  pip install 'lsetheory[{extra}]'"
        ) from error
