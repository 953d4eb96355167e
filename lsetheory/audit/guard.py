"""Calls an implementation that nobody vouches for: it may raise, hang, answer nonsense or crash.

Registered entries run in this process, stopped by an alarm; the user's own code runs in a process
of its own, which is killed when it outlasts its time, loops in C or crashes.
"""

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from lsetheory.audit import implementations, layouts
from lsetheory.audit.formats import FORMATS
from lsetheory.audit.operations import Operation
from lsetheory.work import end_with_parent

Array = np.ndarray[Any, Any]
#: Seconds a call may take unless told otherwise.
LIMIT = 60.0


class Failed(Exception):
    """The implementation gave no result that can be scored; the message is one line."""


def here(
    function: Callable[..., Any], x: Array, parameters: Mapping[str, Any], limit: float
) -> Array:
    """Call a function in this process, stopped by an alarm where there is one.

    Raises:
        Failed: it raised, took longer than `limit` seconds, or changed its input.
    """
    with _time_limit(limit):
        return attempt(function, x, parameters)


def attempt(function: Callable[..., Any], x: Array, parameters: Mapping[str, Any]) -> Array:
    """Call the function once; see that it returns and leaves its input alone.

    Raises:
        Failed: it raised, or it changed its input.
    """
    before = x.copy()
    try:
        with np.errstate(all="ignore"):
            got = np.asarray(function(x, **parameters))
    except Failed:
        raise
    except Exception as error:
        line = (str(error).strip() or "no message").splitlines()[0]
        raise Failed(f"raised {type(error).__name__}: {line[:200]}") from None
    if x.tobytes() != before.tobytes():
        raise Failed("changed its input in place; expected it untouched")
    return got


def checked(operation: Operation, x: Array, got: Array) -> Array:
    """The result if its shape and format are right: the input's, or any float for integer rows.

    Raises:
        Failed: they are not.
    """
    shape = x.shape if operation.rowwise else x.shape[:1]
    if got.shape != shape:
        raise Failed(f"returned shape {got.shape}, expected {shape} for input {x.shape}")
    expected = tuple(FORMATS) if x.dtype.kind in "iu" else (x.dtype.name,)
    if got.dtype.name not in expected:
        raise Failed(f"returned dtype {got.dtype.name}, expected {' or '.join(expected)}")
    return got


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def late(*_: Any) -> None:
        raise Failed(f"took longer than {seconds:g} s; stopped")

    previous = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


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
        pipe.send(("ready", None) if question is None else _answer(function, *question))


def _answer(function: Callable[..., Array], x: Array, layout: str, parameters: Any) -> Any:
    try:
        return "result", attempt(function, layouts.LAYOUTS[layout](x), parameters)
    except Failed as failed:
        return "failed", str(failed)
