"""Ctrl-C while worker processes are busy: they end, finished work is kept, one line says so."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import os, signal, sys, time
import typer
from lsetheory.cli import _console, _workshop
from lsetheory.work import Unit

def finished():
    return "kept"

def dies():
    os._exit(1)

def busy(i):
    if i == 0:
        print("busy", flush=True)
    time.sleep(600)

def command():
    units = [Unit("long_work:finished"), *(Unit("long_work:busy", {"i": i}) for i in range(9))]
    units = [*([Unit("long_work:dies")] if "apart" in sys.argv else []), *units]
    with _workshop.workshop(_console.Report(True, None), 2, None, True) as shop:
        shop.run("long work", units)

if __name__ == "__main__":
    # what a shell starts in the background, and all below it, ignores the signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    application = typer.Typer()
    application.command()(command)
    sys.exit(_console.exit_code(application, []))
"""


@pytest.mark.skipif(os.name != "posix", reason="sends signals to a process group")
@pytest.mark.parametrize("how", ["in the pool", "apart"])
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["one process", "terminal"])
def test_an_interrupt_ends_busy_workers_and_keeps_what_is_finished(
    tmp_path: Path, send, how: str
) -> None:
    (tmp_path / "long_work.py").write_text(SCRIPT)
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    command = subprocess.Popen(
        [sys.executable, str(tmp_path / "long_work.py"), how],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": paths, "LSETHEORY_CACHE": str(tmp_path / "store")},
    )  # fmt: skip
    with command:
        assert command.stdout is not None
        assert command.stdout.readline() == "busy\n"
        while not list(tmp_path.rglob("*.json")):
            assert command.poll() is None
        send(command.pid, signal.SIGINT)
        # both pipes end only when the last process that holds them, worker or not, has ended
        try:
            rest, error = command.communicate(timeout=60)
        finally:
            if command.poll() is None:
                os.killpg(command.pid, signal.SIGKILL)
    # apart from each other, units are begun again
    assert (command.returncode, rest.replace("busy\n", "")) == (130, "")
    assert error.splitlines() == [error.rstrip("\n")]
    assert "finished work is kept, run the same command with --resume" in error
