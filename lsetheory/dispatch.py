"""Units of work on an executor whose workers may die: in batches, tried again, then one by one.

Nothing is known here of what the units compute, nor of where results are kept.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from itertools import groupby, repeat
from multiprocessing import active_children
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol

from lsetheory import environment
from lsetheory.errors import InputError, MissingExtra
from lsetheory.workers import Processes


class Work(Protocol):
    """What is dispatched: a call without arguments, which pickles; see `lsetheory.work.Unit`."""

    @property
    def function(self) -> str:
        """What it calls, for people."""

    @property
    def batch(self) -> str | None:
        """Neighbours with the same name go to a worker together."""

    def __call__(self) -> Any:
        """Do it here and now."""

    def line(self) -> str:
        """One line of Python that repeats it alone."""


class Made(NamedTuple):
    """A unit's result, and `environment.numerics()` where it was computed."""

    result: Any
    environment: dict[str, Any]


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


def finished(
    units: Sequence[Work],
    waiting: Sequence[int],
    executor: Executor | None,
    ended: Callable[[Any], Any] | None,
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
    units: Sequence[Work],
    waiting: Sequence[int],
    executor: Executor,
    ended: Callable[[Any], Any] | None,
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
            yield i, Made(ended(units[i]), environment.numerics())
        else:
            failed.append((i, outcome))
    for i, outcome in failed:
        if isinstance(outcome, BrokenExecutor):
            outcome = RuntimeError("it ended its worker process")
        raise _blame(units[i], outcome)


def _apart(units: Sequence[Work], waiting: Sequence[int], width: int) -> Iterator[tuple[int, Any]]:
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
    units: Sequence[Work], waiting: Sequence[int], executor: Executor | None, together: bool
) -> Iterator[tuple[int, Any]]:
    """Each unit's number with its result or the exception it ended in."""
    if executor is None:
        yield from ((i, visit([units[i]])[0]) for i in waiting)
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


def _submitted(executor: Executor, batch: list[Work]) -> "Future[list[Any]]":
    try:
        return executor.submit(visit, batch)
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


def visit(batch: Sequence[Work]) -> list[Any]:
    """On the worker: each unit's result, and what this worker is; or what the unit raised."""
    return [_outcome(unit) for unit in batch]


def _outcome(unit: Work) -> Any:
    try:
        return Made(unit(), environment.numerics())
    except Exception as error:
        return error


def _blame(unit: Work, error: BaseException) -> BaseException:
    """The user's own errors as they are; any other with the line that repeats the unit."""
    if isinstance(error, USERS):
        return error
    failure = UnitFailed(f"{unit.function}: {error!r}; to repeat it alone: {unit.line()}")
    failure.__cause__ = error
    return failure
