"""What every command shares: options, tables, progress, JSON output, errors and exit codes."""

import csv
import io
import json
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from lsetheory.errors import InputError, MissingExtra
from lsetheory.work import UnitFailed

Json = Annotated[
    str | None,
    typer.Option("--json", metavar="FILE", help="Write the result as JSON; - is standard output."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files written.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random choice.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes to work in.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler to work on.")
]
Resume = Annotated[
    bool,
    typer.Option("--resume/--fresh", help="Take finished work from disk, or do it all anew."),
]


INTERRUPTED = (
    "lsetheory: interrupted; finished work is kept, run the same command with --resume to go on"
)


class FellShort(Exception):
    """The command did its work and something did not hold: exit code 1."""


def exit_code(application: typer.Typer, arguments: Sequence[str] | None) -> int:
    """Run the application; turn the user's errors into one line and every end into a code."""
    warnings.showwarning = _show_warning
    for stream in (sys.stdout, sys.stderr):  # a terminal without ρ or ≤ is no reason to fail
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        ended = application(
            args=list(arguments) if arguments is not None else None, standalone_mode=False
        )
    except (FellShort, UnitFailed) as short:
        return _say(str(short), 1)
    except (InputError, MissingExtra) as error:
        return _say(f"lsetheory: {error}", 2)
    except (KeyboardInterrupt, typer.Abort):
        return _say(INTERRUPTED, 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        # typer ships its own copy of click, whose usage errors share no public base class with
        # click's; both say what went wrong in format_message().
        if not hasattr(error, "format_message"):
            raise
        return _say(f"lsetheory: {error.format_message()} (see lsetheory --help)", 2)
    # Newer typer catches the interrupt itself and gives the code back; older ones raise Abort.
    return _say(INTERRUPTED, 130) if ended == 130 else 0


#: Options that change how the work is done, not what comes out.
HOW = "workers scheduler resume quiet"


def given(context: typer.Context) -> dict[str, str]:
    """What was given on the command line: the parameters' names, and how a person writes them."""
    names = [name for name in context.params if _is_given(context, name)]
    positional = {p.name for p in context.command.params if p.param_type_name == "argument"}
    return {name: name.upper() if name in positional else "--" + name.replace("_", "-")
            for name in names}  # fmt: skip


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def used(context: typer.Context, modes: Mapping[str, str]) -> None:
    """See that nothing was given that would be passed over.

    Args:
        context: the command's.
        modes: an option that makes the command another thing -> what it takes besides HOW.

    Raises:
        InputError: something was.
    """
    there = given(context)
    for mode, takes in modes.items():
        idle = sorted(there.keys() - {mode, *takes.split(), *HOW.split()})
        if mode in there and idle:
            raise InputError(
                f"{there[mode]}: expected no {', '.join(there[name] for name in idle)} beside it, "
                "which it does not use; leave it out"
            )


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"lsetheory: warning: {message}", 0)


def _say(line: str, code: int) -> int:
    if line:
        print(" ".join(line.split("\n")), file=sys.stderr)
    return code


class Report:
    """Where one command's output goes: a person at a terminal, or JSON on standard output."""

    def __init__(self, quiet: bool, json_target: str | None) -> None:
        from rich.console import Console

        self.quiet = quiet or json_target == "-"
        self.json_target = json_target
        # a file or pipe has no width to fit, and a wrapped table cannot be read or searched
        width = None if sys.stdout.isatty() else 200
        self.console = Console(quiet=self.quiet, highlight=False, width=width)
        self._errors = Console(stderr=True, quiet=quiet)

    def say(self, text: str) -> None:
        """Print one line, as it is (no markup is read from it)."""
        self.console.print(text, markup=False, soft_wrap=True)

    def table(self, title: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        """Print rows as a table of the named columns."""
        from rich.table import Table

        table = Table(title=title, title_justify="left")
        rows = list(rows)
        for column in columns:
            numeric = all(isinstance(row.get(column), int | float | None) for row in rows)
            table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
        for row in rows:
            table.add_row(*(_cell(row.get(column), column) for column in columns))
        self.console.print(table, markup=False)

    def json(self, value: Any) -> None:
        """Write the result where --json asked for it, if it did."""
        if self.json_target is None:
            return
        text = json.dumps(finite(value), indent=2, allow_nan=False) + "\n"
        if self.json_target == "-":
            sys.stdout.write(text)
        else:
            write(Path(self.json_target), text)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[..., None]]:
        """A bar with the time left, on a terminal only; call the yielded function once a unit."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        shown = self._errors.is_terminal and not self._errors.quiet
        with Progress(*columns, console=self._errors, disable=not shown, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda *_: bar.advance(task)


def _cell(value: Any, column: str) -> Any:
    from rich.text import Text

    from lsetheory.report.tables import rounded

    if isinstance(value, float):
        return Text(rounded(value, column))
    return Text("" if value is None else str(value))


def finite(value: Any) -> Any:
    """Plain data with the floats JSON lacks spelled "inf", "-inf" and "nan"."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def write(path: Path, text: str) -> None:
    """Write a text file, its folder made first.

    Raises:
        InputError: the path cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, its folder made first.

    Raises:
        InputError: the path cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path}: expected a path that can be written, got {error.strerror}"
        ) from None


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write flat rows as CSV; the first row's keys are the columns."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise InputError(
            f"{path}: expected a path that can be written, got {error.strerror}"
        ) from None
