"""Pure units of work, run on any executor, each result kept on disk under the hash of its content.

A unit names a module-level function and its plain arguments; its result is plain data (what JSON
holds). The same unit gives the same bytes wherever it runs, so a result on disk may stand for the
work: that is the cache, and it is how a killed run goes on.
"""

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from dataclasses import dataclass, field
from importlib import import_module
from itertools import groupby, repeat
from multiprocessing import active_children
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from lsetheory import environment
from lsetheory.errors import InputError, MissingExtra
from lsetheory.sources import code_hash
from lsetheory.workers import Processes


@dataclass(frozen=True)
class Unit:
    """One call, as data: `function` is "package.module:name", `arguments` are plain keywords."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    #: Modules the function imports by name, which its source does not show; their code counts too.
    modules: tuple[str, ...] = ()
    #: Units with one name here, standing together, go to a worker together: they share what it
    #: keeps at hand between calls, and short ones do not drown a scheduler.
    batch: str | None = None

    def __call__(self) -> Any:
        """Do the work here and now."""
        module, name = self.function.split(":")
        return plain(getattr(import_module(module), name)(**self.arguments))

    def line(self) -> str:
        """One line of Python that repeats this unit alone."""
        module, name = self.function.split(":")
        keywords = ", ".join(f"{key}={value!r}" for key, value in self.arguments.items())
        return f"from {module} import {name}; {name}({keywords})"

    def key(self) -> str:
        """Hash of the call, the code it can reach in this package, and the library versions."""
        code = [code_hash(module) for module in (self.function.split(":")[0], *self.modules)]
        content = [self.function, self.arguments, code, environment.numerics()]
        return hashlib.sha256(dumps(content).encode()).hexdigest()


class MixedEnvironments(UserWarning):
    """Workers differ in versions or processor features; their last bits may differ too."""


class UnitFailed(RuntimeError):
    """A unit raised (on an executor: at every attempt); the message has the line to repeat it."""


#: How often a unit is submitted to an executor, whose workers may die, before it counts as failed.
ATTEMPTS = 3
#: Errors of the user's, which another attempt does not mend.
USERS = (InputError, MissingExtra)
#: How often, five seconds each, a cluster that lost its connection is asked whether it is back.
KNOCKS = 120
#: Seconds without any result after which, if a worker is idle, what is pending counts as lost.
STALL = 600.0


def dumps(value: Any) -> str:
    """Plain data as canonical JSON text: sorted keys, shortest floats, one spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """`value` as JSON gives it back, so that a fresh result and one from disk cannot differ."""
    return json.loads(dumps(value))


class Made(NamedTuple):
    """A unit's result, and `environment.numerics()` where it was computed."""

    result: Any
    environment: dict[str, Any]


@dataclass(frozen=True)
class Store:
    """A folder of results, one file a unit, written whole or not at all."""

    folder: Path

    def get(self, unit: Unit) -> "Made":
        """The kept result.

        Raises:
            KeyError: there is none, or its file is damaged.
        """
        try:
            content = json.loads(self._path(unit).read_text())
            return Made(content["result"], content["environment"])
        except (OSError, ValueError, TypeError) as error:
            raise KeyError(unit.function) from error

    def put(self, unit: Unit, made: "Made") -> None:
        """Keep a result: written beside its place, then moved there in one step.

        Raises:
            InputError: the folder cannot be written.
        """
        path = self._path(unit)
        content = {"function": unit.function, "arguments": unit.arguments, **made._asdict()}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # not NamedTemporaryFile: Python drops an interrupt that falls into its __del__
            descriptor, written = tempfile.mkstemp(dir=path.parent)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(dumps(content))
            os.replace(written, path)
        except OSError as error:
            raise InputError(
                f"{self.folder}: expected a folder for finished work that can be written, got "
                f"{error.strerror}; set LSETHEORY_CACHE to another"
            ) from None

    def _path(self, unit: Unit) -> Path:
        key = unit.key()
        return self.folder / key[:2] / f"{key}.json"


def default_store() -> Store:
    """`$LSETHEORY_CACHE`, else `$XDG_CACHE_HOME/lsetheory`, else `~/.cache/lsetheory`."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Store(Path(os.environ.get("LSETHEORY_CACHE") or Path(base) / "lsetheory"))


def run(
    units: Sequence[Unit],
    *,
    executor: Executor | None = None,
    store: Store | None = None,
    reuse: bool = True,
    done: Callable[[Unit], None] = lambda unit: None,
    found: Callable[[int], None] = lambda kept: None,
    lasting: Callable[[Any], bool] = lambda result: True,
    ended: Callable[[Unit], Any] | None = None,
) -> Iterator[Any]:
    """Yield each unit's result, in the order of `units` whatever finished first.

    Args:
        units: the work.
        executor: any `concurrent.futures.Executor` (threads, processes, Dask, MPI); None runs here.
        store: where results are kept as soon as they are known; None keeps none.
        reuse: take results that the store already holds.
        done: called once a unit, as soon as its result is known: for a progress bar.
        found: called with the number of results that the store held.
        lasting: whether a result may be kept.
        ended: what stands for the result of a unit that ends its worker process; none: UnitFailed.

    Raises:
        UnitFailed: a unit raised; on an executor, whose workers may die, at every one of ATTEMPTS.
            Or it ended its worker process, alone in it and twice.
    """
    known = dict(_kept(units, store)) if store is not None and reuse else {}
    found(len(known))
    for i in known:
        done(units[i])
    fresh = _finished(units, [i for i in range(len(units)) if i not in known], executor, ended)
    for turn in range(len(units)):
        while turn not in known:
            i, made = next(fresh)
            if store is not None and lasting(made.result):
                store.put(units[i], made)
            done(units[i])
            known[i] = made
        result, there = known.pop(turn)
        _compare(there)
        yield result


def _kept(units: Iterable[Unit], store: Store) -> Iterator[tuple[int, Made]]:
    for i, unit in enumerate(units):
        try:
            yield i, store.get(unit)
        except KeyError:
            continue


def _finished(
    units: Sequence[Unit],
    waiting: Sequence[int],
    executor: Executor | None,
    ended: Callable[[Unit], Any] | None,
) -> Iterator[tuple[int, Made]]:
    """The results of `waiting` with their numbers, in the order in which they come.

    What failed or was lost on an executor is submitted anew when all the rest is done and kept.
    What was waiting when worker processes died, one of them of its unit maybe, is done apart.
    """
    for attempt in range(1, ATTEMPTS + 1):
        failed, broken = list[int](), False
        for i, outcome in _outcomes(units, waiting, executor, together=attempt == 1):
            if not isinstance(outcome, BaseException):
                yield i, outcome
            elif isinstance(outcome, USERS):
                raise outcome
            elif isinstance(outcome, BrokenExecutor):
                failed.append(i)
                broken = True
            elif attempt == ATTEMPTS or executor is None:
                raise _blame(units[i], outcome)
            else:
                failed.append(i)
        if broken and executor is not None:
            yield from _done_apart(units, sorted(failed), executor, ended)
            return
        waiting = sorted(failed)
        if waiting and executor is not None:
            _knock(executor)


def _done_apart(
    units: Sequence[Unit],
    waiting: Sequence[int],
    executor: Executor,
    ended: Callable[[Unit], Any] | None,
) -> Iterator[tuple[int, Made]]:
    """The same, one unit a process at a time; those that failed come last, when the rest is kept.

    Raises:
        UnitFailed: a unit failed twice; or it ended its process twice, and nothing stands for it.
    """
    failed = list[tuple[int, BaseException]]()
    # as many at a time as before; executors without that number keep it to one
    for i, outcome in _apart(units, waiting, getattr(executor, "_max_workers", 1)):
        if not isinstance(outcome, BaseException):
            yield i, outcome
        elif isinstance(outcome, BrokenExecutor) and ended is not None:
            yield i, Made(plain(ended(units[i])), plain(environment.numerics()))
        else:
            failed.append((i, outcome))
    for i, outcome in failed:
        if isinstance(outcome, BrokenExecutor):
            outcome = RuntimeError("it ended its worker process")
        raise _blame(units[i], outcome)


def _apart(units: Sequence[Unit], waiting: Sequence[int], width: int) -> Iterator[tuple[int, Any]]:
    """Each unit's number and outcome, alone in one of `width` processes, tried twice."""
    free, stopping = SimpleQueue[Processes](), False
    for _ in range(width):
        free.put(Processes(1))

    def tried(i: int) -> Any:
        outcome: Any = CancelledError()
        for _ in range(2):
            pool = free.get()
            outcome = next(iter(_answered(_submitted(pool, [units[i]]), wait_for_it=True)))
            broken = isinstance(outcome, BrokenExecutor)
            if broken:
                pool.shutdown()
            free.put(Processes(1) if broken else pool)
            if stopping or isinstance(outcome, (Made, *USERS)):
                break
        return outcome

    with ThreadPoolExecutor(width) as threads:
        futures = {threads.submit(tried, i): i for i in waiting}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except KeyboardInterrupt:
            stopping = True
            for child in active_children():
                child.kill()
            raise
        finally:
            for future in futures:
                future.cancel()
            threads.shutdown()
            while not free.empty():
                free.get().shutdown()


def _knock(executor: Executor) -> None:
    """Wait until a worker answers: while a connection comes back, what is submitted may be lost.

    Raises:
        UnitFailed: none answered; what is finished is kept.
    """
    if not any(_answers(executor) for _ in range(KNOCKS)):
        raise UnitFailed(f"no worker answered within {5 * KNOCKS} s; what is finished is kept")


def _answers(executor: Executor) -> bool:
    try:
        executor.submit(int).result(timeout=5.0)
    except (TimeoutError, CancelledError):
        return False
    return True


def _outcomes(
    units: Sequence[Unit], waiting: Sequence[int], executor: Executor | None, together: bool
) -> Iterator[tuple[int, Any]]:
    """Each unit's number with its result or the exception it ended in."""
    if executor is None:
        yield from ((i, _visit([units[i]])[0]) for i in waiting)
        return
    batches = groupby(waiting, lambda i: (together and units[i].batch) or i)
    futures = {
        _submitted(executor, [units[i] for i in batch]): batch
        for batch in (list(numbers) for _, numbers in batches)
    }
    dying = False
    try:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=STALL, return_when=FIRST_COMPLETED)
            if not finished and _answers(executor):  # idle workers: the units never reached them
                finished, pending = pending, set()
            for future in finished:
                yield from zip(futures[future], _answered(future), strict=False)
    except KeyboardInterrupt:
        # worker processes die of it too, and Python 3.11's pool trips over what is cancelled then
        dying = isinstance(executor, ProcessPoolExecutor)
        raise
    finally:
        for future in () if dying else futures:
            future.cancel()


def _submitted(executor: Executor, batch: list[Unit]) -> "Future[list[Any]]":
    try:
        return executor.submit(_visit, batch)
    except BrokenExecutor as error:
        lost = Future[list[Any]]()
        lost.set_exception(error)
        return lost


def _answered(future: "Future[list[Any]]", wait_for_it: bool = False) -> Iterable[Any]:
    """The outcomes of a batch; what befell it as a whole befell each of its units."""
    try:
        return future.result(timeout=None if wait_for_it else 0)
    except (Exception, CancelledError) as error:
        return repeat(error)


def _visit(batch: Sequence[Unit]) -> list[Any]:
    """On the worker: each unit's result, and what this worker is; or what the unit raised."""
    return [_outcome(unit) for unit in batch]


def _outcome(unit: Unit) -> Any:
    try:
        return Made(unit(), plain(environment.numerics()))
    except Exception as error:
        return error


def _compare(environment_there: Mapping[str, Any]) -> None:
    """Warn where a result was computed with other versions or processor features than these."""
    here, there = _words(environment.numerics()), _words(environment_there)
    if here != there:
        warnings.warn(
            f"a worker differs from this process: {_listed(here - there)} here only, "
            f"{_listed(there - here)} there only; results may differ in the last bits",
            MixedEnvironments,
            stacklevel=2,
        )


def _words(numerics: Mapping[str, Any]) -> set[str]:
    versions = {f"{name} {version}" for name, version in numerics["versions"].items()}
    return versions | set(numerics["cpu_features"])


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"


def _blame(unit: Unit, error: BaseException) -> BaseException:
    """The user's own errors as they are; any other with the line that repeats the unit."""
    if isinstance(error, USERS):
        return error
    failure = UnitFailed(f"{unit.function}: {error!r}; to repeat it alone: {unit.line()}")
    failure.__cause__ = error
    return failure
