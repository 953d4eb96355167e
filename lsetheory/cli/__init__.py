"""The command line: one command a file of this folder, found by listing it.

Here and nowhere else is printed, exited, and decided where output goes.
"""

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from lsetheory.cli import _console


def app() -> typer.Typer:
    """The application: a file `name.py` here defines the command `name` as a function `name`."""
    application = typer.Typer(
        name="lsetheory",
        help="Log-sum-exp and its relatives: proved, audited, measured.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    application.callback()(lambda: None)  # or typer would drop the name of an only command
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("_"):
            command = getattr(import_module(f"{__name__}.{info.name}"), info.name.rstrip("_"))
            application.command(name=info.name.rstrip("_"))(command)
    return application


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 all held, 1 it fell short, 2 bad input, 130 interrupted."""
    sys.exit(_console.exit_code(app(), arguments))
