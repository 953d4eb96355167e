"""`lsetheory prove`: the ledger of claims, each derived, replayed and attacked."""

from pathlib import Path
from typing import Annotated

import typer

from lsetheory.cli import _console

COLUMNS = ("name", "statement", "status", "steps", "rests on", "attack points", "mutants refuted",
           "seconds")  # fmt: skip
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="All if none.")]
Latex = Annotated[Path | None, typer.Option("--latex", metavar="FILE", help="Write an appendix.")]
Show = Annotated[str | None, typer.Option("--show", metavar="NAME", help="Print one derivation.")]
Folder = Annotated[str | None, typer.Option("--path", metavar="DIR", help="Your own theorems.")]
Points = Annotated[int, typer.Option("--points", min=0, help="Points each claim is attacked at.")]


def prove(
    names: Names = None,
    json: _console.Json = None,
    latex: Latex = None,
    show: Show = None,
    path: Folder = None,
    points: Points = 10_000,
    seed: _console.Seed = 0,
    workers: _console.Workers = 1,
    scheduler: _console.Scheduler = None,
    fresh: _console.Fresh = False,
    quiet: _console.Quiet = False,
) -> None:
    """Prove every claim, replay the proofs in a fresh process, attack claims and mutants."""
    from lsetheory import work
    from lsetheory.proof import ledger

    report = _console.Report(quiet, json)
    if show is not None:
        return _show(report, show, path)
    units = ledger.plan(names or (), path=path, seed=seed, evaluations=points)
    store = work.default_store() if path is None else None
    with (_console.executor(workers, scheduler) as pool,
          report.progress("prove", len(units)) as done):  # fmt: skip
        results = list(work.run(units, executor=pool, store=store, reuse=not fresh, done=done))
    rows = ledger.gather(results, path=path)
    report.table("Theorems", [_cells(row) for row in rows], COLUMNS)
    report.json({"theorems": rows})
    if latex is not None:
        _write_latex(latex, rows)
    _complain(rows)


def _cells(row: dict[str, object]) -> dict[str, object]:
    from lsetheory.proof.ledger import cells

    return dict(zip(COLUMNS, cells(row), strict=True))


def _show(report: _console.Report, name: str, path: str | None) -> None:
    from lsetheory import catalogue
    from lsetheory.proof import derivation, ledger

    (chosen,) = catalogue.choose([name], ledger.known(path), "theorem")
    derived = ledger.derived(chosen, path)
    if derived["proof"] is None:
        raise _console.FellShort(f"{chosen}: {derived['failure']}")
    report.say(ledger.known(path)[chosen].doc)
    report.say("")
    for line in derivation.readable(derived["proof"]):
        report.say(line)


def _write_latex(target: Path, rows: list[dict[str, object]]) -> None:
    from lsetheory.proof.latex import appendix

    _console.write(target, appendix(rows))


def _complain(rows: list[dict[str, object]]) -> None:
    """Fall short with one line that names every claim that is not whole."""
    from lsetheory.proof.ledger import fell_short

    bad = [f"{row['name']}: {'; '.join(fell_short(row))}" for row in rows if fell_short(row)]
    if bad:
        raise _console.FellShort(" | ".join(bad))
