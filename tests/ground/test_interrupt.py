"""What ends work while processes are busy: they end too, the rest is kept, one line says so."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from traceback import walk_stack
from types import FrameType
from typing import Any

import pytest

from lsetheory import dispatch, work

ROOT = Path(__file__).parents[2]
SCRIPT = """
import os, signal, sys, time
import typer
from lsetheory.cli import _console, _workshop
from lsetheory.errors import InputError
from lsetheory.work import Unit

def finished():
    return "kept"

def dies():
    os._exit(1)

def wrong():
    raise InputError("wrong")

def busy(i):
    if i == 0:
        print("busy", flush=True)
    time.sleep(600)

def command():
    units = [Unit("long_work:finished"), *(Unit("long_work:busy", {"i": i}) for i in range(9))]
    first = {"apart": [Unit("long_work:dies")], "refused": [Unit("long_work:wrong")]}
    units = [*first.get(sys.argv[1], []), *units]
    with _workshop.workshop(_console.Report(True, None), 2, None, True) as shop:
        shop.run("long work", units)

if __name__ == "__main__":
    # what a shell starts in the background, and all below it, ignores the signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    application = typer.Typer()
    application.command()(command)
    sys.exit(_console.exit_code(application, []))
"""


def started(folder: Path, how: str) -> "subprocess.Popen[str]":
    (folder / "long_work.py").write_text(SCRIPT)
    paths = os.pathsep.join([str(folder), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, str(folder / "long_work.py"), how],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": paths, "LSETHEORY_CACHE": str(folder / "store")},
    )  # fmt: skip


def told(command: "subprocess.Popen[str]") -> tuple[str, str]:
    """Both pipes to their end, which is that of the last process, worker or not, that holds them"""
    try:
        return command.communicate(timeout=60)
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="sends signals to a process group")
@pytest.mark.parametrize("how", ["in the pool", "apart"])
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["one process", "terminal"])
def test_an_interrupt_ends_busy_workers_and_keeps_what_is_finished(
    tmp_path: Path, send, how: str
) -> None:
    with started(tmp_path, how) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "busy\n"
        while not list(tmp_path.rglob("*.json")):
            assert command.poll() is None
        send(command.pid, signal.SIGINT)
        rest, error = told(command)
    # apart from each other, units are begun again
    assert (command.returncode, rest.replace("busy\n", "")) == (130, "")
    assert error.splitlines() == [error.rstrip("\n")]
    assert "finished work is kept, run the same command with --resume" in error


@pytest.mark.skipif(os.name != "posix", reason="it kills a process group")
def test_a_users_error_ends_busy_workers_and_is_one_line(tmp_path: Path) -> None:
    with started(tmp_path, "refused") as command:
        _, error = told(command)
    assert (command.returncode, error) == (2, "lsetheory: wrong\n")


class Waiting(Executor):
    """Only the first call is answered at once."""

    def __init__(self) -> None:
        self.futures = list[Future[Any]]()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.answer(0)
        return self.futures[-1]

    def answer(self, i: int) -> None:
        self.futures[i].set_result([i])

    def locked(self) -> list[int]:
        """Calls without an answer whose lock another thread cannot take."""
        waiting = [i for i, future in enumerate(self.futures) if future._state == "PENDING"]
        with ThreadPoolExecutor(1) as other:
            free = other.submit(
                lambda: [self.futures[i]._condition.acquire(False) for i in waiting]
            )
            return [i for i, unlocked in zip(waiting, free.result(), strict=True) if not unlocked]


def interrupted(executor: Waiting, turn: int) -> bool:
    """Whether Ctrl-C came, as `dispatch` was taking a lock for the `turn`-th time."""
    taken = 0

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        nonlocal taken
        locked = event == "return" and frame.f_code is threading.Condition.__enter__.__code__
        if locked and any(f.f_code.co_filename == dispatch.__file__ for f, _ in walk_stack(frame)):
            taken += 1
            if taken == turn:
                signal.raise_signal(signal.SIGINT)

    # what a shell starts in the background ignores the signal
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.setprofile(interrupt)
    try:
        units = [work.Unit("builtins:int")] * 4
        for done, _ in enumerate(dispatch.finished(units, range(4), executor, None), 1):
            if done < len(units):
                executor.answer(done)
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
        signal.signal(signal.SIGINT, before)
    return False


def test_an_interrupt_leaves_no_lock_taken_that_a_pool_needs() -> None:
    for turn in count(1):
        executor = Waiting()
        came = interrupted(executor, turn)
        assert executor.locked() == []
        if not came:
            break
    assert turn > 1


HALF = """
import os, struct
from lsetheory.workers import Processes

if __name__ == "__main__":
    with Processes(1) as pool:
        pool.submit(int).result()
        os.write(pool._result_queue._writer.fileno(), struct.pack("!i", 1000) + b"half a message")
        raise KeyboardInterrupt
"""


def test_a_worker_killed_amid_its_answer_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(HALF)
    done = subprocess.run(
        [sys.executable, tmp_path / "half.py"], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert "Exception in thread" not in done.stderr
