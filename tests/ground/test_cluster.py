"""Units on a Dask cluster: same bytes; a killed worker or a new scheduler loses nothing."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lsetheory import work

distributed = pytest.importorskip("distributed", reason="clusters need Dask (extra dask)")

pytestmark = [
    # Dask's own clean-up on a torn connection and its children left to the reaper.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
HERE = Path(__file__).parent
PATHS = os.pathsep.join([str(HERE.parents[1]), str(HERE)])


def marked(folder: str, i: int, pause: float) -> dict[str, float]:
    """A unit that tells that it has started and takes its time."""
    (Path(folder) / f"{i}").touch()
    threading.Event().wait(pause)
    return {"i": i, "root": i**0.5}


def todo(folder: Path, count: int, pause: float) -> list[work.Unit]:
    folder.mkdir()
    arguments = [{"folder": str(folder), "i": i, "pause": pause} for i in range(count)]
    return [work.Unit("test_cluster:marked", a) for a in arguments]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHONPATH", PATHS)


@contextmanager
def program(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of Dask's programs, ended with the block."""
    command = [
        sys.executable,
        "-m",
        f"distributed.cli.dask_{words[0]}",
        *words[1:],
        "--no-dashboard",
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    units = todo(tmp_path / "marks", 24, 0.05)
    reported: list[work.Unit] = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as pool,
    ):
        results = work.run(units, executor=pool, done=reported.append)
        first = next(results)
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.process.pid, 9)
        on_cluster = [first, *results]
    assert sorted(unit.arguments["i"] for unit in reported) == list(range(24))
    assert work.dumps(on_cluster) == work.dumps(list(work.run(units)))


def test_a_restarted_scheduler_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "STALL", 5.0)
    units, store = todo(tmp_path / "marks", 16, 0.1), work.Store(tmp_path / "store")
    reported: list[work.Unit] = []
    port = free_port()
    start = ("scheduler", "--host", "127.0.0.1", "--port", f"{port}")
    worker = ("worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-nanny")
    with (
        program(*start) as scheduler,
        program(*worker),
        program(*worker),
        distributed.Client(worker[1], timeout=60) as client,
        client.get_executor() as pool,
    ):
        results = work.run(units, executor=pool, store=store, done=reported.append)
        first = next(results)
        scheduler.kill()
        scheduler.wait()
        with program(*start), program(*worker), program(*worker):
            on_cluster = [first, *results]
    assert sorted(unit.arguments["i"] for unit in reported) == list(range(16))
    assert work.dumps(on_cluster) == work.dumps(list(work.run(units)))
