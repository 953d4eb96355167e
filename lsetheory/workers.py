"""Worker processes: they end with the process that started them, and at once on Ctrl-C."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back from this thread, and from processes started here until `begin_worker`.

    A terminal sends it to workers as well; one that is half started would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_worker() -> None:
    """First thing in a worker process: end with the parent, and at once on Ctrl-C."""
    end_with_parent()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def end_with_parent() -> None:
    """See that this process does not outlive the one that started it; first thing in a worker.

    A killed parent closes no pipe that its workers hold both ends of, so they would wait for ever.
    """
    threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent(group: bool = False) -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        if group:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)


def begin_group() -> None:
    """The same for a process that may start others, which are to end with it: `end_group`.

    They are a group of their own, which a terminal's Ctrl-C does not reach.
    """
    group = hasattr(os, "setpgrp")  # not on Windows
    if group:
        os.setpgrp()
    threading.Thread(target=_end_after_parent, args=(group,), daemon=True).start()


def end_group(process: BaseProcess) -> None:
    """Kill a process that called `begin_group`, with all that it started, and wait for its end."""
    if hasattr(os, "killpg") and process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):  # ended, or not yet a group
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


class Processes(ProcessPoolExecutor):
    """A pool of workers, which it starts as work comes and which are born deaf to Ctrl-C."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, get_context("spawn"), initializer=begin_worker)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """As the pool's own."""
        with interrupts_held():
            return super().submit(fn, *args, **kwargs)
