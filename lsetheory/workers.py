"""Worker processes: they end with the process that started them, and at once on Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back from this thread, and from processes started here until `begin_worker`.

    Here it might leave a lock taken that the thread of a pool needs. A terminal sends it to workers
    as well, and one that is half started would print a traceback.
    """
    caught, before = list[tuple[int, FrameType | None]](), signal.getsignal(signal.SIGINT)
    # Python tells its main thread of signals that any thread received: a mask alone is not enough
    handled = threading.current_thread() is threading.main_thread() and callable(before)
    masks = hasattr(signal, "pthread_sigmask")  # not on Windows
    if handled:
        signal.signal(signal.SIGINT, lambda number, frame: caught.append((number, frame)))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if handled:
            signal.signal(signal.SIGINT, before)
        if caught and callable(before):
            before(*caught[0])


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
    """A pool of workers, which it starts as work comes and which are born deaf to Ctrl-C.

    Left by an exception, it waits for nobody: who pressed Ctrl-C would wait too.
    """

    def __init__(self, workers: int) -> None:
        most = 61 if sys.platform == "win32" else workers  # Windows waits for no more at a time
        super().__init__(min(workers, most), get_context("spawn"), initializer=begin_worker)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """As the pool's own."""
        with interrupts_held():
            return super().submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End the workers at once, whatever they are at; the pool can do nothing more."""
        for process in list((self._processes or {}).values()):
            process.kill()
        # the pool's thread may have read half of a result; it waits for the rest as long as this
        # process could write it
        if self._result_queue is not None:
            self._result_queue._writer.close()  # type: ignore[attr-defined]

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, *rest)
