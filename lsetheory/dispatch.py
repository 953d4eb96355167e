"""Units of work on an executor whose workers may die: in batches, tried again, then one by one.

Nothing is known here of what the units compute, nor of where results are kept.
"""

import platform
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import ExitStack
from itertools import groupby, repeat
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, Protocol, TypeAlias

from lsetheory import environment
from lsetheory.errors import InputError, MissingExtra
from lsetheory.workers import Processes, interrupts_held


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

    def code(self) -> str:
        """Hash of the code it can reach, as it is here."""


class Made(NamedTuple):
    """A unit's result, and `environment.numerics()` where it was computed."""

    result: Any
    environment: dict[str, Any]


class UnitFailed(RuntimeError):
    """A unit raised (on an executor: at every attempt); the message has the line to repeat it."""


Sent: TypeAlias = "Future[Any]"
#: Where what was sent to an executor announces its end. `concurrent.futures.wait` takes locks in
#: this thread, and Ctrl-C amid that leaves one taken, for which a pool's own thread waits for ever.
Ended = SimpleQueue[Sent]

#: How often a unit is submitted to an executor, whose workers may die, before it counts as failed.
ATTEMPTS = 3
#: Errors of the user's, which another attempt does not mend.
USERS = (InputError, MissingExtra)
#: How often, five seconds each, a cluster that lost its connection is asked whether it is back.
KNOCKS = 120
#: Seconds without any result after which, if a worker is idle, what is pending is sent once more.
STALL = 600.0
#: Executors on this machine: they have its code, and tell when a worker is lost.
REPORTING = (ProcessPoolExecutor, ThreadPoolExecutor)


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
            elif ended is not None and attempt > 1 and _is_killed(outcome):
                yield i, Made(ended(units[i]), environment.numerics())
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


def _is_killed(outcome: BaseException) -> bool:
    """Whether Dask gave a unit up, every worker that tried it having died; by name: it is optional.

    In a batch any unit may have been the cause, alone it was this one.
    """
    return type(outcome).__name__ == "KilledWorker"


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
    todo, ended = deque((i, False) for i in waiting), Ended()
    places = dict[Sent, tuple[Processes, int, bool]]()
    with ExitStack() as pools:
        free = [pools.enter_context(Processes(1)) for _ in range(width)]
        while todo or places:
            while todo and free:
                pool, (i, again) = free.pop(), todo.popleft()
                places[_submitted(pool, ended, visit, [units[i]])] = pool, i, again
            future = ended.get()
            pool, i, again = places.pop(future)
            outcome = next(iter(_answered(future)))
            if isinstance(outcome, BrokenExecutor):
                pool.shutdown()
                pool = pools.enter_context(Processes(1))
            free.append(pool)
            if again or isinstance(outcome, (Made, *USERS)):
                yield i, outcome
            else:
                todo.appendleft((i, True))


def _knock(executor: Executor) -> None:
    """Wait until a worker answers: while a connection comes back, what is submitted may be lost.

    Raises:
        UnitFailed: none answered; what is finished is kept.
    """
    if not any(_answers(executor) for _ in range(KNOCKS)):
        raise UnitFailed(f"no worker answered within {5 * KNOCKS} s; what is finished is kept")


def _answers(executor: Executor) -> bool:
    ended = Ended()
    asked = _submitted(executor, ended, int)
    try:
        ended.get(timeout=5.0)
    except Empty:
        return False
    return not asked.cancelled()


def _outcomes(
    units: Sequence[Work], waiting: Sequence[int], executor: Executor | None, together: bool
) -> Iterator[tuple[int, Any]]:
    """Each unit's number with its result or the exception it ended in."""
    if executor is None:
        yield from ((i, _outcome(units[i])) for i in waiting)
        return
    ended, own = Ended(), isinstance(executor, REPORTING)
    grouped = groupby(waiting, lambda i: (together and units[i].batch) or i)
    batches = {k: list(numbers) for k, (_, numbers) in enumerate(grouped)}

    def sent() -> dict[Sent, int]:
        work = {k: [units[i] for i in batch] for k, batch in batches.items()}
        return {_submitted(executor, ended, visit, mine, *([] if own else [_codes(mine)])): k
                for k, mine in work.items()}  # fmt: skip

    places, patience, interrupted = sent(), None if own else STALL, False
    try:
        while batches:
            try:
                future = ended.get(timeout=patience)
            except Empty:
                # an idle worker: what is pending may be lost, or long. The first copy to end counts
                if patience is not None and _answers(executor):
                    places, patience = places | sent(), 2 * patience
                continue
            k = places.pop(future)
            another = _failed(future) and k in places.values()
            if k in batches and not another:
                yield from zip(batches.pop(k), _answered(future), strict=False)
    except KeyboardInterrupt:
        interrupted = True
        raise
    finally:
        # where workers die, of Ctrl-C too, Python's pools trip over what others cancel
        if isinstance(executor, Processes):
            if places:
                executor.kill()
        elif interrupted and isinstance(executor, ProcessPoolExecutor):
            executor.shutdown(wait=False, cancel_futures=True)
        else:
            for future in places:
                future.cancel()


def _codes(batch: Sequence[Work]) -> list[str]:
    return [unit.code() for unit in batch]


def _failed(future: Sent) -> bool:
    """Whether it ended without an answer of any worker."""
    return future.cancelled() or future.exception() is not None


def _submitted(executor: Executor, ended: Ended, call: Callable[..., Any], *given: Any) -> Sent:
    """A call on its way; once it ended, it is in the queue."""
    with interrupts_held():
        try:
            future = executor.submit(call, *given)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(ended.put)
    return future


def _answered(future: Sent) -> Iterable[Any]:
    """The outcomes of a batch; what befell it as a whole befell each of its units."""
    try:
        outcomes: list[Any] = future.result(timeout=0)
        return outcomes
    except (Exception, CancelledError) as error:
        return repeat(error)


def visit(batch: Sequence[Work], codes: Sequence[str] | None = None) -> list[Any]:
    """On the worker: each unit's result, and what this worker is; or what the unit raised.

    `codes`, of a worker elsewhere: what `Work.code` says where the work comes from.
    """
    if codes is not None and _codes(batch) != codes:
        here = "another version of the code than where the work comes from"
        return [InputError(f"{platform.node()}: expected a worker with the same code, got {here}; "
                           "install it there and start the worker anew")] * len(batch)  # fmt: skip
    outcomes = [_outcome(unit) for unit in batch]
    return [outcome if isinstance(outcome, (Made, *USERS)) else Told(repr(outcome))
            for outcome in outcomes]  # fmt: skip


def _outcome(unit: Work) -> Any:
    try:
        return Made(unit(), environment.numerics())
    except (Exception, SystemExit) as error:  # a unit that calls sys.exit is not done
        return error


class Told(RuntimeError):
    """An error of another process in words: not every one comes through a pickle."""

    def __repr__(self) -> str:
        return str(self)


def _blame(unit: Work, error: BaseException) -> BaseException:
    """The user's own errors as they are; any other with the line that repeats the unit."""
    if isinstance(error, USERS):
        return error
    failure = UnitFailed(f"{unit.function}: {error!r}; to repeat it alone: {unit.line()}")
    failure.__cause__ = error
    return failure
