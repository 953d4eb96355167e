"""Runs the user's own code in a process of its own, killed when it hangs, loops in C or crashes."""

import atexit
import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from lsetheory.audit import implementations
from lsetheory.audit.guard import LIMIT, Failed, attempt
from lsetheory.audit.layouts import LAYOUTS
from lsetheory.workers import end_with_parent

Array = np.ndarray[Any, Any]


class _Child:
    """A process that serves one of the user's functions."""

    def __init__(self, implementation: str, operation: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.here, there = context.Pipe()
        self.process = context.Process(
            target=serve, args=(there, implementation, operation), daemon=True
        )
        self.process.start()
        there.close()

    def ask(self, question: Any, limit: float) -> Any:
        try:
            self.here.send(question)
            if not self.here.poll(limit):
                raise Failed(f"took longer than {limit:g} s; stopped")
            return self.here.recv()
        except (EOFError, OSError):
            self.process.join(5)
            raise Failed(f"crashed its process (exit code {self.process.exitcode})") from None

    def stop(self) -> None:
        self.process.kill()
        self.process.join()


@cache
def _children() -> dict[tuple[str, str], _Child]:
    found: dict[tuple[str, str], _Child] = {}
    atexit.register(_stop, found)
    return found


def _stop(children: dict[tuple[str, str], _Child]) -> None:
    for child in children.values():
        child.stop()


def elsewhere(
    implementation: str, operation: str, x: Array, layout: str, parameters: Any, limit: float
) -> Array:
    """Call the user's function in a process of its own, which is killed when its time is over.

    Raises:
        Failed: it raised, took longer than `limit` seconds, crashed, or changed its input.
    """
    children, key = _children(), (implementation, operation)
    if key not in children:
        children[key] = _Child(implementation, operation)
        children[key].ask(None, LIMIT)
    try:
        kind, answer = children[key].ask((x, layout, parameters), limit)
    except Failed:
        children.pop(key).stop()
        raise
    if kind == "failed":
        raise Failed(answer)
    return np.asarray(answer)


def serve(pipe: Connection, implementation: str, operation: str) -> None:
    """Answer calls of one function until the pipe closes; runs in the child process.

    What the function prints goes to standard error, for standard output may be the audit's JSON.
    """
    import ml_dtypes  # noqa: F401  (registers bfloat16)

    end_with_parent()
    os.dup2(2, 1)
    function = implementations.get(implementation, operation).load()
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        answer = ("ready", None) if question is None else _answer(function, *question)
        sys.stdout.flush()  # the process ends by being killed, which flushes nothing
        pipe.send(answer)


def _answer(function: Callable[..., Array], x: Array, layout: str, parameters: Any) -> Any:
    try:
        return "result", attempt(function, LAYOUTS[layout](x), parameters)
    except Failed as failed:
        return "failed", str(failed)
    except KeyboardInterrupt:  # who presses Ctrl-C interrupts the audit as well
        return "failed", "raised KeyboardInterrupt"
