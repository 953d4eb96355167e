"""`lsetheory prove`: the ledger of claims, each derived, replayed and attacked."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lsetheory.cli import _console, _workshop

COLUMNS = ("name", "statement", "status", "steps", "rests on", "attack points", "mutants refuted",
           "seconds", "formal")  # fmt: skip
CORES = os.cpu_count() or 1
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="All if none.")]
Latex = Annotated[Path | None, typer.Option("--latex", metavar="FILE", help="Write an appendix.")]
Show = Annotated[str | None, typer.Option("--show", metavar="NAME", help="Print one derivation.")]
Folder = Annotated[str | None, typer.Option("--path", metavar="DIR", help="Your own theorems.")]
Formal = Annotated[bool, typer.Option("--formal", help="Check the Rocq theorems as well.")]
Coqchk = Annotated[bool, typer.Option("--coqchk", help="--formal, and Rocq's own second checker.")]
Points = Annotated[int, typer.Option("--points", min=0, help="Points each claim is attacked at.")]


def prove(
    context: typer.Context,
    names: Names = None,
    json: _console.Json = None,
    latex: Latex = None,
    show: Show = None,
    path: Folder = None,
    formal: Formal = False,
    coqchk: Coqchk = False,
    points: Points = 10_000,
    seed: _console.Seed = 0,
    workers: _console.Workers = CORES,
    scheduler: _console.Scheduler = None,
    resume: _console.Resume = True,
    quiet: _console.Quiet = False,
) -> None:
    """Prove every claim, replay the proofs in a fresh process, attack claims and mutants."""
    from lsetheory.proof import ledger, seeds

    _console.used(context, {"show": "path json"})
    report = _console.Report(quiet, json)
    if show is not None:
        return _show(report, show, path)
    units = ledger.plan(names or (), path=path, seed=seed, evaluations=points)
    with _workshop.workshop(report, workers, scheduler, resume) as shop:
        results = shop.run("prove", units, keep=path is None)
    rows = ledger.gather(results, path=path)
    if formal or coqchk:
        rows = _formal(rows, path, coqchk)
        report.say(_formal_line(rows))
    shown = [column for column in COLUMNS if column != "formal" or formal or coqchk]
    report.table("Theorems", [_cells(row) for row in rows], shown)
    report.json({"theorems": rows, "seeds": seeds.rows(rows)})
    if latex is not None:
        _write_latex(latex, rows)
    _complain(rows)


def _cells(row: dict[str, object]) -> dict[str, object]:
    from lsetheory.proof.ledger import cells

    return {**dict(zip(COLUMNS, cells(row), strict=False)), "formal": row.get("formal")}


def _formal(
    rows: list[dict[str, object]], path: str | None, coqchk: bool
) -> list[dict[str, object]]:
    """The rows with what Rocq says of each claim; its theorems lie beside the claims, in rocq/."""
    from lsetheory.proof import formal, formal_numbers, ledger, theorem_files

    home = theorem_files.known(path)[str(rows[0]["name"])].path.parent
    rows = formal.beside(rows, home / "rocq", coqchk=coqchk)
    false = {str(row["name"]): ledger.false_variants(str(row["name"]), path) for row in rows}
    return formal_numbers.beside(rows, false)


def _formal_line(rows: list[dict[str, object]]) -> str:
    from lsetheory.proof import formal, formal_numbers

    absent = [str(row["formal_detail"]) for row in rows if row["formal"] == formal.NOT_CHECKED]
    return f"--formal: {absent[0] if absent else formal_numbers.summary(rows)}"


def _show(report: _console.Report, name: str, path: str | None) -> None:
    from lsetheory import catalogue
    from lsetheory.proof import derivation, ledger, surface, theorem_files

    (chosen,) = catalogue.choose([name], theorem_files.known(path), "theorem")
    derived = ledger.derived(chosen, path)
    if derived["proof"] is None:
        raise _console.FellShort(f"{chosen}: {derived['failure']}")
    entry = theorem_files.known(path)[chosen]
    claim = entry.load().CLAIM
    report.say(entry.doc)
    for formula in claim.parts.values():
        report.say("\n" + (surface.statement(formula) or str(formula)))
    for row in surface.derivatives(claim):
        agrees = "as claimed" if row["agrees"] else "NOT as claimed"
        report.say(f"\nsympy derives for n = {surface.SIZE}, {agrees}: {row['derivative']}")
    report.say("")
    lines = list(derivation.readable(derived["proof"]))
    for line in lines:
        report.say(line)
    report.json({"name": chosen, "doc": entry.doc, "derivation": lines})


def _write_latex(target: Path, rows: list[dict[str, object]]) -> None:
    from lsetheory.proof.latex import appendix

    _console.write(target, appendix(rows))


def _complain(rows: list[dict[str, object]]) -> None:
    """Fall short with one line that names every claim that is not whole."""
    from lsetheory.proof.ledger import fell_short

    bad = [f"{row['name']}: {'; '.join(fell_short(row))}" for row in rows if fell_short(row)]
    bad += _rejected(rows)
    if bad:
        raise _console.FellShort(" | ".join(bad))


def _rejected(rows: list[dict[str, object]]) -> list[str]:
    """What Rocq refused; what it says of all claims alike is said once."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if str(row.get("formal")).startswith("failed"):
            why = " ".join(str(row[key]) for key in ("formal", "formal_detail") if row[key])
            said.setdefault(why, []).append(str(row["name"]))
    return [f"{names[0] if len(names) == 1 else f'{len(names)} claims'}: {why}"
            for why, names in said.items()]  # fmt: skip
