"""Where a command's units of work run: executor, store and progress bars in one place."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsetheory.cli import _console
from lsetheory.cli._cluster import cluster
from lsetheory.workers import Processes

if TYPE_CHECKING:
    from lsetheory.work import Unit


@dataclass(frozen=True)
class Workshop:
    """Runs units for a command; results on disk are taken unless it was asked for fresh ones."""

    report: _console.Report
    pool: Executor | None
    reuse: bool

    def run(
        self,
        what: str,
        units: "Sequence[Unit]",
        keep: bool = True,
        apart: bool = False,
        found: Callable[[int], None] = lambda kept: None,
        lasting: Callable[[Any], bool] = lambda result: True,
        ended: "Callable[[Unit], Any] | None" = None,
    ) -> list[Any]:
        """The results of the units, in their order; kept on disk unless the caller knows better.

        A lone unit is not worth a process, unless it is to run `apart`: then Ctrl-C ends it even
        where it is inside a C library for long. The last three are those of `work.run`.
        """
        from lsetheory import work

        store = work.default_store() if keep else None
        with self.report.progress(what, len(units)) as done:
            pool = self.pool if apart or len(units) > 1 else None
            results = work.run(
                units, executor=pool, store=store, reuse=self.reuse, done=done, found=found,
                lasting=lasting, ended=ended,
            )  # fmt: skip
            return list(results)


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
        with Processes(workers) as pool:
            yield pool
    else:
        yield None
