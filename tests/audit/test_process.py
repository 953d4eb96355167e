"""The process of the user's own code: asked by threads and forks, stopped, dead amid an answer."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from lsetheory.audit import guard, process

OWN = """
import os, signal, sys, threading, time
import numpy as np
def slow(x):
    time.sleep(0.02)
    return x[:, 0]
def who(x):
    return np.full(len(x), os.getpid(), x.dtype)
def soon_stopped(x):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGSTOP)).start()
    return x[:, 0]
def forked():
    if os.fork() == 0:
        time.sleep(120)
        os._exit(0)
def soon_dead(x):
    forked()
    threading.Timer(0.2, os._exit, (3,)).start()
    return x[:, 0]
def half(x):
    frame = sys._getframe()
    while "pipe" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["pipe"].fileno(), b"\\0\\0\\1\\0begun")
    forked()
    os._exit(3)
"""
ASK = """
import sys, time
import numpy as np
from lsetheory.audit import process
if __name__ == "__main__":
    small, large = np.zeros((2, 2)), np.zeros((1000, 100))
    name, rows = sys.argv[1], {"small": [small], "large": [small, large]}[sys.argv[2]]
    for x in rows:
        try:
            process.elsewhere(name, "logsumexp", x, "contiguous", {}, 2.0)
        except process.Failed as failed:
            print(failed)
        time.sleep(0.5)
"""
FORK = """
import multiprocessing, sys
import numpy as np
from lsetheory.audit import process
def who():
    x = np.zeros((1, 1))
    return process.elsewhere(sys.argv[1], "logsumexp", x, "contiguous", {}, 60.0)[0]
if __name__ == "__main__":
    print(who())
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.apply(who))
    print(who())
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    return path


def script(folder: Path, text: str, *words: str) -> list[str]:
    (folder / "script.py").write_text(text)
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    done = subprocess.run(
        [sys.executable, str(folder / "script.py"), *words], capture_output=True, text=True,
        timeout=60, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_threads_get_the_answers_to_their_own_questions(file: Path) -> None:
    def asked(i: int) -> float:
        x = np.full((1, 1), float(i))
        return float(
            process.elsewhere(f"{file}:slow", "logsumexp", x, "contiguous", {}, guard.LIMIT)[0]
        )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, range(40))) == list(range(40))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_process_asks_one_of_its_own(file: Path) -> None:
    first, forked, again = script(file.parent, FORK, f"{file}:who")
    assert first == again != forked


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
@pytest.mark.parametrize(
    ("function", "rows", "told"),
    [
        ("soon_stopped", "large", "took longer than 2 s; stopped"),
        ("soon_dead", "large", "crashed its process (exit code 3)"),
        ("half", "small", "crashed its process (exit code 3)"),
    ],
)
def test_the_limit_covers_questions_and_answers_that_get_stuck(
    file: Path, function: str, rows: str, told: str
) -> None:
    """The process stops reading, or dies while one that it forked keeps the pipe open."""
    assert script(file.parent, ASK, f"{file}:{function}", rows) == [told]


def test_an_answer_that_nobody_waited_for_is_of_no_later_question(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, x = f"{file}:slow", np.zeros((1, 1))
    process.elsewhere(name, "logsumexp", x, "contiguous", {}, guard.LIMIT)
    with monkeypatch.context() as patched:
        patched.setattr(process.time, "monotonic", interrupted)
        with pytest.raises(KeyboardInterrupt):
            process.elsewhere(name, "logsumexp", x, "contiguous", {}, guard.LIMIT)
    assert process.elsewhere(name, "logsumexp", x + 1, "contiguous", {}, guard.LIMIT) == [1]


def interrupted(times: list[float] = []) -> float:  # noqa: B006
    """Stands for a clock: Ctrl-C where it is read a second time, amid a question."""
    times.append(0.0)
    if len(times) == 2:
        raise KeyboardInterrupt
    return 0.0
