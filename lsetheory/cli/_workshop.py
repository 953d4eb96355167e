"""Where a command's units of work run: executor, store and progress bars in one place."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from lsetheory.cli import _console
from lsetheory.errors import optional
from lsetheory.work import end_with_parent

if TYPE_CHECKING:
    from lsetheory.work import Unit


@dataclass(frozen=True)
class Workshop:
    """Runs units for a command; results on disk are taken unless it was asked for fresh ones."""

    report: _console.Report
    pool: Executor | None
    reuse: bool

    def run(self, what: str, units: "Sequence[Unit]", keep: bool = True) -> list[Any]:
        """The results of the units, in their order; kept on disk unless the caller knows better."""
        from lsetheory import work

        store = work.default_store() if keep else None
        with self.report.progress(what, len(units)) as done:
            pool = self.pool if len(units) > 1 else None  # a lone unit is not worth a process
            results = work.run(units, executor=pool, store=store, reuse=self.reuse, done=done)
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
        with (
            optional("distributed", "dask").Client(scheduler) as client,
            client.get_executor() as pool,
        ):
            yield pool
    elif workers > 1:
        spawn = get_context("spawn")
        with ProcessPoolExecutor(workers, spawn, initializer=end_with_parent) as pool:
            yield pool
    else:
        yield None
