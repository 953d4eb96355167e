"""Where a command's units of work run: executor, store and progress bars in one place."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from lsetheory.cli import _console
from lsetheory.cli._cluster import cluster
from lsetheory.workers import begin_worker, interrupts_held

if TYPE_CHECKING:
    from lsetheory.work import Unit

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Workshop:
    """Runs units for a command; results on disk are taken unless it was asked for fresh ones."""

    report: _console.Report
    pool: Executor | None
    reuse: bool

    def run(
        self, what: str, units: "Sequence[Unit]", keep: bool = True, apart: bool = False
    ) -> list[Any]:
        """The results of the units, in their order; kept on disk unless the caller knows better.

        A lone unit is not worth a process, unless it is to run `apart`: then Ctrl-C ends it even
        where it is inside a C library for long.
        """
        from lsetheory import work

        store = work.default_store() if keep else None
        with self.report.progress(what, len(units)) as done:
            pool = self.pool if apart or len(units) > 1 else None
            results = work.run(units, executor=pool, store=store, reuse=self.reuse, done=done)
            return list(results)


class _Processes(ProcessPoolExecutor):
    """A pool whose workers, which it starts as work comes, are born deaf to Ctrl-C."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """As the pool's own."""
        with interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def workshop(
    report: _console.Report, workers: int, scheduler: str | None, resume: bool
) -> Iterator[Workshop]:
    """A workshop with its executor open."""
    with executor(workers, scheduler) as pool:
        yield Workshop(report, pool, resume)


@contextmanager
def executor(workers: int, scheduler: str | None = None) -> Iterator[Executor | None]:
    """Where units run: here (None), in processes, or on a Dask cluster."""
    if scheduler is not None:
        with cluster(scheduler) as pool:
            yield pool
    elif workers > 1:
        with _Processes(workers, get_context("spawn"), initializer=begin_worker) as pool:
            try:
                yield pool
            except BaseException:
                # the pool would wait for units in flight, and who pressed Ctrl-C would wait for it
                for child in active_children():
                    child.kill()
                raise
    else:
        yield None
