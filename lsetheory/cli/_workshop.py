"""Where a command's units of work run: executor, store and progress bars in one place."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsetheory.cli import _console

if TYPE_CHECKING:
    from lsetheory.catalogue import Entry
    from lsetheory.work import Unit

Row = dict[str, Any]


@dataclass(frozen=True)
class Workshop:
    """Runs units for a command; results on disk are taken unless it was asked for fresh ones."""

    report: _console.Report
    pool: Executor | None
    reuse: bool

    def run(self, what: str, units: "Sequence[Unit]") -> list[Any]:
        """The results of the units, in their order."""
        from lsetheory import work

        store = work.default_store()
        with self.report.progress(what, len(units)) as done:
            results = work.run(
                units, executor=self.pool, store=store, reuse=self.reuse, done=done
            )
            return list(results)

    def figure_rows(
        self, entries: "Sequence[Entry]", quick: bool
    ) -> "list[tuple[Entry, list[Row]]]":
        """Each figure with its rows."""
        from lsetheory.report import drawing

        units = [unit for entry in entries for unit in drawing.plan(entry, quick)]
        return list(drawing.finished(entries, iter(self.run("rows of figures", units)), quick))

    def drawn(
        self, figures: "Sequence[tuple[Entry, list[Row]]]", style: str, kinds: Sequence[str]
    ) -> list[Row]:
        """Each figure as `report.drawing.drawn` gives it."""
        from lsetheory.report import drawing

        units = [drawing.drawing(entry, rows, style, kinds) for entry, rows in figures]
        return self.run(f"figures, {style}", units)


@contextmanager
def workshop(
    report: _console.Report, workers: int, scheduler: str | None, fresh: bool
) -> Iterator[Workshop]:
    """A workshop with its executor open."""
    with _console.executor(workers, scheduler) as pool:
        yield Workshop(report, pool, reuse=not fresh)
