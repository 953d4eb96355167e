"""Units of work: same bytes on any executor, kept on disk as they come, nothing counted twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from lsetheory import dispatch, environment, sources, work
from lsetheory.errors import InputError
from lsetheory.workers import Processes


def square(x: float) -> dict[str, float]:
    """A unit that ends well."""
    return {"x": x, "square": x * x}


def counted(folder: str, i: int) -> int:
    """A unit that leaves a mark each time it is done."""
    with (Path(folder) / f"{i}").open("a") as file:
        file.write("x")
    return i


def fails_once(folder: str) -> str:
    """A unit whose first worker dies with an error."""
    mark = Path(folder) / "mark"
    if not mark.exists():
        mark.touch()
        raise OSError("the worker went away")
    return "done"


def killed_once(folder: str, i: int) -> int:
    """A unit whose first worker is killed."""
    mark = Path(folder) / "mark"
    if i == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return i


def always_ends(folder: str, i: int) -> int:
    """A unit that ends its process whenever it is done, and leaves a mark."""
    counted(folder, i)
    if i in (1, 3):
        os._exit(42)
    return i


def fails(i: int) -> None:
    """A unit that never ends well."""
    raise ArithmeticError(f"no result for {i}")


def waits_for_a_copy(folder: str, i: int) -> int:
    """A unit of which the first copy ends when another one has begun."""
    counted(folder, i)
    while i == 1 and len((Path(folder) / "1").read_text()) < 2:
        threading.Event().wait(0.01)
    return i


def ends_python() -> None:
    """A unit that calls sys.exit."""
    sys.exit(0)


class Particular(Exception):
    """An error that does not come through a pickle."""

    def __init__(self, a: str, b: str) -> None:
        super().__init__(f"{a} and {b}")


def fails_in_its_own_way() -> None:
    """A unit that raises such an error."""
    raise Particular("this", "that")


class KilledWorker(Exception):
    """As Dask's: a unit whose workers all died."""


class Elsewhere(Executor):
    """As a cluster: it tells of no worker that is lost; calls with a `killed` one fail at once."""

    def __init__(self, threads: int, killed: Sequence[int] = ()) -> None:
        self.pool, self.killed = ThreadPoolExecutor(threads), killed

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        batch = args[0] if args else []
        if any(unit.arguments.get("i") in self.killed for unit in batch):
            future = Future[Any]()
            future.set_exception(KilledWorker())
            return future
        return self.pool.submit(fn, *args, **kwargs)


def units(function: object, arguments: list[dict[str, object]]) -> list[work.Unit]:
    return [work.Unit(f"test_work:{function.__name__}", a) for a in arguments]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), "."]))


SQUARES = [{"x": x} for x in (0.1, 1e-300, 3.0, -0.0)]


def test_serial_threads_and_processes_give_the_same_bytes() -> None:
    todo = units(square, SQUARES)
    serial = work.dumps(list(work.run(todo)))
    with ThreadPoolExecutor(3) as pool:
        assert work.dumps(list(work.run(todo, executor=pool))) == serial
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert work.dumps(list(work.run(todo, executor=pool))) == serial


def test_results_are_plain_whether_fresh_or_kept(tmp_path: Path) -> None:
    todo, store = units(square, SQUARES), work.Store(tmp_path)
    fresh = list(work.run(todo, store=store))
    assert list(work.run(todo, store=store)) == fresh == [square(**a) for a in SQUARES]  # type: ignore[arg-type]


@pytest.mark.parametrize("threads", [0, 2])
def test_each_unit_is_done_once_and_reported_once(tmp_path: Path, threads: int) -> None:
    todo = units(counted, [{"folder": str(tmp_path), "i": i} for i in range(5)])
    store, reported = work.Store(tmp_path / "store"), list[work.Unit]()
    half = work.run(todo[:3], store=store)
    assert [next(half), next(half)] == [0, 1]
    half.close()  # as if interrupted
    pool = ThreadPoolExecutor(threads) if threads else None
    assert list(work.run(todo, executor=pool, store=store, done=reported.append)) == [0, 1, 2, 3, 4]
    assert sorted(unit.arguments["i"] for unit in reported) == [0, 1, 2, 3, 4]
    assert [(tmp_path / f"{i}").read_text() for i in range(5)] == ["x"] * 5


def test_without_reuse_the_work_is_done_again(tmp_path: Path) -> None:
    todo, store = units(counted, [{"folder": str(tmp_path), "i": 0}]), work.Store(tmp_path / "s")
    for _ in range(2):
        list(work.run(todo, store=store, reuse=False))
    assert (tmp_path / "0").read_text() == "xx"


def test_results_are_kept_as_they_come(tmp_path: Path) -> None:
    todo, store = units(square, SQUARES), work.Store(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        results = work.run(todo, executor=pool, store=store)
        next(results)
        pool.shutdown(wait=True)
        next(results)
        results.close()
    assert len(list(tmp_path.rglob("*.json"))) >= 2


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    todo, store = units(square, SQUARES[:1]), work.Store(tmp_path)
    (fresh,) = work.run(todo, store=store)
    (file,) = tmp_path.rglob("*.json")
    file.write_text(file.read_text()[:-5])
    assert list(work.run(todo, store=store)) == [fresh]
    assert store.get(todo[0]).result == fresh


def test_results_are_kept_with_what_computed_them(tmp_path: Path) -> None:
    todo, store = units(square, SQUARES[:1]), work.Store(tmp_path)
    list(work.run(todo, store=store))
    assert store.get(todo[0]).environment == work.plain(environment.numerics())


@pytest.mark.parametrize("kept", [False, True])
def test_a_mixture_of_workers_is_reported_with_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    todo, store = units(square, SQUARES), work.Store(tmp_path)
    here = work.plain(environment.numerics())
    other = {"versions": {**here["versions"], "numpy": "0.1"}, "cpu_features": ["SIMD"]}
    if kept:
        store.put(todo[0], work.Made(square(0.1), other))
    else:
        monkeypatch.setattr(dispatch, "_outcome", lambda unit: work.Made(unit(), other))
    said = f"numpy {here['versions']['numpy']} here only, SIMD, numpy 0.1 there only"
    with ThreadPoolExecutor(1) as pool, pytest.warns(work.MixedEnvironments, match=said):
        assert next(work.run(todo, executor=pool, store=store)) == square(0.1)


@pytest.mark.parametrize("batch", [None, "all", "all but"])
def test_units_of_a_batch_travel_together_and_fail_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: str | None
) -> None:
    todo = [*units(square, SQUARES), *units(fails_once, [{"folder": str(tmp_path)}])]
    todo = [replace(unit, batch=batch) for unit in todo]
    if batch == "all but":
        todo[-1] = replace(todo[-1], batch=None)
    travelled, visit = [], dispatch.visit

    def watched(given: Sequence[work.Unit]) -> list[Any]:
        travelled.append(len(given))
        return visit(given)

    monkeypatch.setattr(dispatch, "visit", watched)
    with ThreadPoolExecutor(1) as pool:
        assert list(work.run(todo, executor=pool))[-1] == "done"
    n = len(SQUARES)
    sizes = {None: [1] * (n + 1), "all": [n + 1], "all but": [n, 1]}[batch]
    assert travelled == [*sizes, 1]
    assert [unit.key() for unit in todo[:n]] == [unit.key() for unit in units(square, SQUARES)]


def test_on_an_executor_a_failed_unit_is_tried_once_more(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert list(work.run(units(fails_once, [{"folder": str(tmp_path)}]), executor=pool)) == [
            "done"
        ]


def test_a_killed_worker_process_loses_nothing(tmp_path: Path) -> None:
    todo = units(killed_once, [{"folder": str(tmp_path), "i": i} for i in range(4)])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(work.run(todo, executor=pool)) == [0, 1, 2, 3]


@pytest.mark.parametrize("workers", [1, 2])
def test_units_that_end_their_process_are_told_when_the_rest_is_kept(
    tmp_path: Path, workers: int
) -> None:
    todo = units(always_ends, [{"folder": str(tmp_path), "i": i} for i in range(5)])
    store = work.Store(tmp_path / "store")
    with Processes(workers) as pool, pytest.raises(
        work.UnitFailed, match=r"ended its worker process.*always_ends\(folder=.*, i=[13]\)$"
    ):  # fmt: skip
        list(work.run(todo, executor=pool, store=store))
    assert [store.get(todo[i]).result for i in (0, 2, 4)] == [0, 2, 4]
    # once or not at all in the pool, and twice alone
    assert all(len((tmp_path / f"{i}").read_text()) in (2, 3) for i in (1, 3))


def test_something_may_stand_for_units_that_end_their_process(tmp_path: Path) -> None:
    todo = units(always_ends, [{"folder": str(tmp_path), "i": i} for i in range(5)])
    store, found = work.Store(tmp_path / "store"), list[int]()
    for _ in range(2):
        with Processes(2) as pool:
            results = work.run(
                todo, executor=pool, store=store, found=found.append,
                ended=lambda unit: -unit.arguments["i"], lasting=lambda result: result >= 0,
            )  # fmt: skip
            assert list(results) == [0, -1, 2, -3, 4]
    assert found == [0, 3]


def test_a_long_unit_elsewhere_is_sent_again_and_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "STALL", 0.2)
    todo = units(waits_for_a_copy, [{"folder": str(tmp_path), "i": i} for i in range(3)])
    reported = list[work.Unit]()
    assert list(work.run(todo, executor=Elsewhere(4), done=reported.append)) == [0, 1, 2]
    assert len(reported) == 3


def test_a_long_unit_here_is_never_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "STALL", 0.01)
    todo = units(counted, [{"folder": str(tmp_path), "i": i} for i in range(2)])
    with Processes(2) as pool:  # which takes longer than that to start
        assert list(work.run(todo, executor=pool)) == [0, 1]
    assert [(tmp_path / f"{i}").read_text() for i in range(2)] == ["x"] * 2


def test_a_unit_whose_workers_died_elsewhere_is_told_or_stood_for(tmp_path: Path) -> None:
    todo = units(counted, [{"folder": str(tmp_path), "i": i} for i in range(4)])
    todo = [replace(unit, batch="all") for unit in todo]
    results = work.run(todo, executor=Elsewhere(2, killed=[2]), ended=lambda unit: "ended")
    assert list(results) == [0, 1, "ended", 3]
    with pytest.raises(work.UnitFailed, match=r"KilledWorker\(\); to repeat it .* i=2\)"):
        list(work.run(todo, executor=Elsewhere(2, killed=[2])))


def test_a_worker_with_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    todo = units(square, SQUARES)
    assert dispatch.visit(todo, [unit.code() for unit in todo])[0].result == square(0.1)
    monkeypatch.setattr(dispatch, "_codes", lambda batch: ["older"] * len(batch))
    found = dispatch.visit(todo, ["newer"] * 4)
    assert len(found) == 4
    assert all(isinstance(outcome, InputError) for outcome in found)
    assert "expected a worker with the same code" in str(found[0])


@pytest.mark.parametrize(("function", "said"), [
    (ends_python, r"SystemExit\(0\)"), (fails_in_its_own_way, r"Particular\('this and that'\)"),
])  # fmt: skip
@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor, Processes])
def test_errors_come_through_in_words(pool: Any, function: Any, said: str) -> None:
    executor = pool and pool(1)
    with pytest.raises(work.UnitFailed, match=f"{function.__name__}: {said}; to repeat"):
        list(work.run(units(function, [{}]), executor=executor))
    if executor is not None:
        executor.shutdown()


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 100_000, '{"result": 1}', '{"result": 1, "environment": null}',
             '{"result": 1, "environment": {}}', "7"],
)  # fmt: skip
def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (unit,), store = units(square, SQUARES[:1]), work.Store(tmp_path)
    (made,) = work.run([unit], store=store)
    store._path(unit).write_text(text)
    assert list(work.run([unit], store=store)) == [made]


def test_a_result_that_cannot_be_kept_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match="No space left on device"):
        list(work.run(units(square, SQUARES[:1]), store=work.Store(tmp_path)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_interrupt_just_after_a_result_is_kept_is_an_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = os.replace

    def interrupted(*paths: Any) -> None:
        replaced(*paths)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    (unit,), store = units(square, SQUARES[:1]), work.Store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        list(work.run([unit], store=store))
    assert store.get(unit).result == square(0.1)


def test_a_home_is_asked_for_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setenv("LSETHEORY_CACHE", "/own")
    assert work.default_store().folder == Path("/own")
    monkeypatch.delenv("LSETHEORY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert work.default_store().folder == Path("/cache/lsetheory")


@pytest.mark.parametrize("threads", [0, 1])
def test_a_unit_that_keeps_failing_is_reported_with_its_line(threads: int) -> None:
    pool = ThreadPoolExecutor(1) if threads else None
    with pytest.raises(work.UnitFailed, match=r"no result for 7.*fails\(i=7\)"):
        list(work.run(units(fails, [{"i": 7}]), executor=pool))


def test_the_key_tells_arguments_and_code_apart() -> None:
    audit = work.Unit("lsetheory.work:plain", {"value": 1})
    assert audit.key() == work.Unit("lsetheory.work:plain", {"value": 1}).key()
    assert audit.key() != work.Unit("lsetheory.work:plain", {"value": 2}).key()
    assert audit.key() != work.Unit("lsetheory.work:dumps", {"value": 1}).key()
    assert (
        audit.key() != work.Unit("lsetheory.work:plain", {"value": 1}, ("lsetheory.errors",)).key()
    )


def test_the_code_hash_follows_imports_inside_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "probe_pack").mkdir()
    for name, text in {
        "__init__": "",
        "a": "def f():\n    from probe_pack import b\n",
        "b": "X = 1\n",
    }.items():
        (tmp_path / "probe_pack" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = sources.code_hash("probe_pack.a")
    (tmp_path / "probe_pack" / "b.py").write_text("X = 2\n")
    sources.code_hash.cache_clear()
    sources._source.cache_clear()
    assert sources.code_hash("probe_pack.a") != before


FAMILY = """
import multiprocessing, os, time
from lsetheory.workers import end_with_parent

def wait():
    end_with_parent()
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    multiprocessing.get_context("spawn").Process(target=wait).start()
    time.sleep(600)
"""


def test_a_worker_ends_when_its_killed_parent_does(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    parent = subprocess.Popen([sys.executable, str(tmp_path / "family.py")], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) != parent.pid
        parent.kill()
        assert parent.stdout.read() == b""  # the pipe ends when the last process that holds it does
