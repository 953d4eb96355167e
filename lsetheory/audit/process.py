"""Runs the user's own code in a process of its own, killed when it hangs, loops in C or crashes.

It is imported there and nowhere else, once for all its calls from one process of the audit, and
anew when its files change.
"""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from lsetheory.audit import implementations
from lsetheory.audit.guard import CRASHED, LATE, LIMIT, Failed, Late, attempt
from lsetheory.audit.implementations import _own
from lsetheory.audit.layouts import LAYOUTS
from lsetheory.errors import InputError
from lsetheory.workers import begin_group, end_group

Array = np.ndarray[Any, Any]
Functions = dict[str, Callable[..., Array]]  #: by operation
#: Seconds between two looks at whether a silent process is still there.
GLANCE = 0.5


class _Child:
    """A process that serves the user's code of one name, whatever operations are asked of it."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.here, there = context.Pipe()
        # no daemon, which may have no processes of its own: the user's code may want some
        self.process = context.Process(target=serve, args=(there, name), daemon=False)
        _start(self.process)
        there.close()
        self.loaded = set[str]()  #: operations
        self.asked = SimpleQueue[tuple[Any, SimpleQueue[Any]] | None]()
        # sending and receiving block where the process stops amid either, so they have a thread
        threading.Thread(target=_exchange, args=(self.here, self.asked), daemon=True).start()

    def load(self, operation: str, limit: float) -> None:
        """Import the code, unless that is done.

        Raises:
            InputError: it cannot be imported, or has no such function.
            Failed: that took longer than `limit` seconds, or ended the process.
        """
        if operation in self.loaded:
            return
        if not self.loaded:
            self.ask(None, LIMIT, " to start")  # on a busy machine longer than `limit`, maybe
        kind, told = self.ask((operation, None), limit, " to import")
        if kind == "refused":
            raise InputError(told)
        self.loaded.add(operation)

    def ask(self, question: Any, limit: float, what: str = "") -> Any:
        """The answer; after any error the process is of no more use."""
        end, told = time.monotonic() + limit, SimpleQueue[Any]()
        self.asked.put((question, told))
        alive = True
        while True:
            try:
                answer = told.get(timeout=max(0.0, min(GLANCE, end - time.monotonic())))
            except Empty:
                # what the user's code forked holds the pipe open, so its end does not tell a crash
                alive, before = self.process.is_alive(), alive
                if not (alive or before):  # the answer had a glance's time to be read
                    raise self._crashed() from None
                if alive and time.monotonic() >= end:
                    raise Late(f"{LATE} {limit:g} s{what}; stopped") from None
                continue
            if isinstance(answer, EOFError | OSError):
                raise self._crashed() from None
            if isinstance(answer, Exception):
                raise answer
            return answer

    def _crashed(self) -> Failed:
        self.process.join(5)
        return Failed(f"{CRASHED} (exit code {self.process.exitcode})")

    def stop(self) -> None:
        self.asked.put(None)
        end_group(self.process)


def _exchange(pipe: Connection, asked: "SimpleQueue[Any]") -> None:
    """Put each question's answer, or the error in its place, where its asker waits for it."""
    while (item := asked.get()) is not None:
        question, told = item
        try:
            pipe.send(question)
            told.put(pipe.recv())
        except Exception as error:
            told.put(error)


def _start(process: BaseProcess) -> None:
    """Start a process from whatever this one is: Dask's workers are daemons.

    Daemons may start none, lest these be left over. The ones here end with whoever started them.
    """
    config = vars(multiprocessing.current_process())["_config"]
    daemon = config.pop("daemon", None)
    try:
        process.start()
    finally:
        config.update({} if daemon is None else {"daemon": daemon})


_CHILDREN: dict[str, tuple[str | None, _Child]] = {}
#: Held from a question to its answer: threads share the processes.
_LOCK = threading.Lock()


def _after_fork() -> None:
    """Leave the processes to the one that started them: two askers would get mixed answers."""
    global _LOCK
    _CHILDREN.clear()
    _LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_after_fork)


def _child(name: str) -> _Child:
    """The process that serves the code as its files are now."""
    if not _CHILDREN:
        # multiprocessing waits for processes that are no daemons, in workers before atexit runs
        Finalize(None, _stop, exitpriority=100)
    content = _own.fingerprint(name)
    if name in _CHILDREN and _CHILDREN[name][0] != content:
        _forget(name)
    if name not in _CHILDREN:
        _CHILDREN[name] = content, _Child(name)
    return _CHILDREN[name][1]


def _forget(name: str) -> None:
    _CHILDREN.pop(name)[1].stop()


def _stop() -> None:
    for name in list(_CHILDREN):
        _forget(name)


@contextmanager
def _loaded(name: str, operation: str, limit: float) -> Iterator[_Child]:
    """The process for one question, its code imported; ended where something goes wrong."""
    with _LOCK:
        child = _child(name)
        try:
            child.load(operation, limit)
            yield child
        except InputError:
            raise
        except BaseException:  # Ctrl-C as well: the answer to come is of no other question
            _forget(name)
            raise


def elsewhere(
    name: str, operation: str, x: Array, layout: str, parameters: Any, limit: float
) -> Array:
    """Call the user's function in a process of its own, which is killed when its time is over.

    Raises:
        InputError: it cannot be imported, or there is no such function.
        Failed: it raised, took longer than `limit` seconds, crashed, or changed its input.
    """
    with _loaded(name, operation, limit) as child:
        kind, answer = child.ask((operation, (x, layout, parameters)), limit)
    if kind == "failed":
        raise Failed(answer)
    return np.asarray(answer)


def check(name: str, operation: str, limit: float) -> None:
    """See that the user's function is there, so that a wrong path is told at once.

    Raises:
        InputError: it is not, or its import ends the process or takes longer than `limit` seconds.
    """
    try:
        with _loaded(name, operation, limit):
            _own.forget(name)  # what is imported may have written files that it imports
    except Failed as failed:
        more = "; --limit gives it more seconds" if isinstance(failed, Late) else ""
        raise InputError(f"{name}: expected code that can be imported; it {failed}{more}") from None


def serve(pipe: Connection, name: str) -> None:
    """Answer calls of the user's functions until the pipe closes; runs in the child process.

    What they print goes to standard error, for standard output may be the audit's JSON.
    """
    begin_group()
    os.dup2(2, 1)
    import ml_dtypes  # noqa: F401  (registers bfloat16)

    functions: Functions = {}
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        answer = ("ready", None) if question is None else _answer(functions, name, *question)
        with suppress(Exception):  # the process ends by being killed, which flushes nothing
            sys.stdout.flush()
        pipe.send(answer)


def _answer(functions: Functions, name: str, operation: str, call: Any) -> Any:
    try:
        if call is None:
            functions[operation] = implementations.get(name, operation).load()
            return "ready", None
        x, layout, parameters = call
        return "result", attempt(functions[operation], LAYOUTS[layout](x), parameters)
    except InputError as error:
        return "refused", str(error)
    except Failed as failed:
        return "failed", str(failed)
    except KeyboardInterrupt:  # the user's own: Ctrl-C does not reach this process
        return "failed", "raised KeyboardInterrupt"
