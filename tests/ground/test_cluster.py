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

from lsetheory import dispatch, work
from lsetheory.cli import _cluster
from lsetheory.errors import InputError

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
    monkeypatch.setattr(dispatch, "STALL", 5.0)
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


class Workers:
    """A client of workers that found, or did not find, what they were asked to look for."""

    def __init__(self, found: dict[str, object]) -> None:
        self.found = found

    def run(self, *_: object) -> dict[str, object]:
        return self.found


def test_a_worker_without_the_package_is_refused_before_it_dies_of_it() -> None:
    _cluster.check_workers(Workers({"tcp://a": object()}), "tcp://head")
    with pytest.raises(
        InputError, match=r"expected lsetheory on every worker, got none on tcp://b;"
    ):
        _cluster.check_workers(Workers({"tcp://a": object(), "tcp://b": None}), "tcp://head")


def test_a_cluster_without_workers_is_waited_for_aloud() -> None:
    with pytest.warns(UserWarning, match="tcp://head has no worker yet"):
        _cluster.check_workers(Workers({}), "tcp://head")


def test_a_wrong_address_is_refused_in_one_line() -> None:
    message = r"expected the address of a Dask scheduler that answers.*got 'nonsense'"
    with pytest.raises(InputError, match=message), _cluster.cluster("nonsense"):
        pass
