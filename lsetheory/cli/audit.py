"""`lsetheory audit`: certify implementations, score them, and say what is wrong with a witness."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from lsetheory.cli import _console, _workshop
from lsetheory.errors import InputError

Row = dict[str, Any]
Names = list[str]
Option = typer.Option

Impl = Annotated[
    Names,
    Option(
        "--impl",
        help="A name, package.module:function, FILE.py[:function], FILE.so:function. What files "
        "of data the code reads is not known: use --fresh when they change.",
    ),
]
Operation = Annotated[
    Names,
    Option("--operation", help="Operation, or all; logsumexp where none is named. Repeatable."),
]
Dtype = Annotated[Names, Option("--dtype", help="float16, bfloat16, float32, float64. Repeatable.")]
Device = Annotated[str, Option("--device", help="cpu or cuda.")]
Family = Annotated[
    Names,
    Option(
        "--family",
        help="Family of inputs, or special. Repeatable. Own code meets integers, weights and "
        "scaled only where these are named.",
    ),
]
Rows = Annotated[int, Option("--rows", min=1, help="Rows a cell; long rows are fewer.")]
Gate = Annotated[float, Option("--gate", min=0.0, help="Largest stability index that passes.")]
GateUlp = Annotated[
    float | None, Option("--gate-ulp", min=0.0, help="Largest error in ulp that passes.")
]
Baseline = Annotated[
    Path | None, Option("--baseline", metavar="FILE", help="Known findings; only new ones fail.")
]
Data = Annotated[
    list[Path], Option("--data", metavar="FILE", help="Audit rows of .npy, .npz, .csv or an image.")
]
Search = Annotated[float, Option("--search", min=0.0, help="Seconds of worst-case search a cell.")]
Steps = Annotated[int, Option("--steps", min=0, help="At most so many steps of that search.")]
Limit = Annotated[float, Option("--limit", min=0.1, max=86400, help="Seconds a call may take.")]
Csv = Annotated[Path | None, Option("--csv", metavar="FILE", help="Write the rows as CSV.")]
OutDir = Annotated[
    Path | None, Option("--out", metavar="DIR", help="Write audit.json and audit.csv there.")
]
Record = Annotated[
    Path | None, Option("--record", metavar="DIR", help="Write inputs and record.py, and record.")
]
Score = Annotated[Path | None, Option("--score", metavar="DIR", help="Score a recorded folder.")]
Exhaustive = Annotated[
    str | None, Option("--exhaustive", metavar="OPERATION", help="All pairs; logaddexp alone.")
]
Leaderboard = Annotated[
    bool,
    Option(
        "--leaderboard",
        help="Write the table as Markdown, LaTeX and HTML to --out; of all operations, where no "
        "own code and no --operation is named.",
    ),
]

COLUMNS = ("implementation", "operation", "dtype", "cells", "findings", "max_rho", "worst")
SWEPT = (
    "implementation", "dtype", "pairs", "wrong", "ulp_0", "ulp_1", "ulp_2", "ulp_more", "max_ulp",
    "max_rho", "verdict",
)  # fmt: skip
NOTHING = (
    "the implementations do not compute the operation in the format, or --rows is less than a "
    "row of the family is long"
)
#: How many findings are printed in full.
SHOWN = 20
#: Longer lines of code are left to --json.
LONGEST = 1000


def audit(
    context: typer.Context,
    impl: Impl = [],  # noqa: B006
    operation: Operation = [],  # noqa: B006
    dtype: Dtype = [],  # noqa: B006
    device: Device = "cpu",
    family: Family = [],  # noqa: B006
    rows: Rows = 500,
    gate: Gate = 4.0,
    gate_ulp: GateUlp = None,
    baseline: Baseline = None,
    data: Data = [],  # noqa: B006
    search: Search = 0.0,
    steps: Steps = 10**9,
    limit: Limit = 60.0,
    record: Record = None,
    score: Score = None,
    exhaustive: Exhaustive = None,
    leaderboard: Leaderboard = False,
    json: _console.Json = None,
    csv: Csv = None,
    out: OutDir = None,
    seed: _console.Seed = 0,
    workers: _console.Workers = 2,
    scheduler: _console.Scheduler = None,
    resume: _console.Resume = True,
    quiet: _console.Quiet = False,
) -> None:
    """Certify implementations of log-sum-exp and its relatives against the exact result."""
    from lsetheory.audit import baseline as known_findings
    from lsetheory.audit import exhaustive as sweeps
    from lsetheory.audit import implementations, recorded, run, summary
    from lsetheory.audit.implementations import _own

    _used(context)
    report = _console.Report(quiet, json)

    def work(units: Sequence[Any], **options: Any) -> list[Any]:
        with _workshop.workshop(report, workers, scheduler, resume) as shop:
            return shop.run("audit", units, found=lambda n: _kept(report, n, units), **options)

    known = known_findings.load(baseline) if baseline else []
    if exhaustive is not None:
        units = sweeps.plan(exhaustive, dtype, impl, device)
        results = work(units, lasting=sweeps.lasting, ended=sweeps.crashed)
        swept = sweeps.gather(results, gate, gate_ulp)
        if csv is not None:
            _console.write_csv(csv, [_flat(row) for row in swept])
        if out is not None:
            _keep_sweep(out, swept, sweeps.folded(results))
        _swept(report, swept, known)
        return
    if score is not None:
        found = run.gather(recorded.score(score))
        absent = recorded.absent(score)
        if not found:
            raise InputError(f"{score}: expected recorded cells, got none: {'; '.join(absent)}")
        for line in absent:
            report.say(line)
    else:
        everything = leaderboard and not impl
        own = any(_own.is_path(name) for name in impl)  # no function is all operations
        units = run.plan(
            implementations.installed(device, compiled=True) if everything else impl,
            operation or (["all"] if leaderboard and not own else []), dtype, family, rows, seed,
            device=device, gate=gate, gate_ulp=gate_ulp, limit=limit, files=data, search=search,
            steps=steps, elsewhere=record is not None,
        )  # fmt: skip
        absent = run.absent(impl, device)
        if not units:
            why = "; ".join(absent) or NOTHING
            raise InputError(f"expected something to audit, got nothing: {why}")
        if record is not None:
            _record(report, record, units)
            return
        for line in [*absent, *_sampled(data, rows)]:
            report.say(line)
        found = run.gather(work(units, lasting=run.lasting, ended=run.crashed))
    findings = [row for row in found if summary.is_finding(row)]
    bad = known_findings.new(findings, known)
    _show(report, found, bad)
    _write(report, found, json, csv, out, leaderboard)
    if known:
        report.say(f"{len(findings) - len(bad)} findings are known to {baseline}")
    for entry in known_findings.unused(found, known):
        report.say("known finding not seen: " + " ".join(entry[k] for k in known_findings.CELL))
    if bad:
        new = "" if baseline is None else " in ways the baseline does not know"
        raise _console.FellShort(f"{len(bad)} of {len(found)} cells fell short{new}")


def _kept(report: _console.Report, kept: int, units: Sequence[Any]) -> None:
    if kept:
        report.say(
            f"{kept} of {len(units)} results are from disk, where an earlier run kept them; "
            "--fresh makes them anew"
        )


#: Options that make an audit another thing -> what it takes besides HOW.
MODES = {
    "exhaustive": "impl dtype device gate gate_ulp baseline json csv out",
    "score": "baseline json csv out leaderboard",
    "record": "impl operation dtype device family rows gate gate_ulp data limit seed",
}


def _used(context: typer.Context) -> None:
    """See that no option was given that would be passed over.

    Raises:
        InputError: one was.
    """
    _console.used(context, MODES)
    if "steps" in (there := _console.given(context)) and "search" not in there:
        raise InputError("--steps: expected --search SECONDS beside it, got none; add it")


def _swept(report: _console.Report, rows: list[Row], known: list[dict[str, str]]) -> None:
    from lsetheory.audit import baseline, summary

    report.table("every pair", rows, SWEPT)
    report.json(rows)
    for row in rows:
        report.say(f"{row['implementation']} {row['dtype']}: {row['verdict']}{_why(row)}")
    short = baseline.new([row for row in rows if summary.is_finding(row)], known)
    if short:
        names = ", ".join(f"{row['implementation']} {row['dtype']}" for row in short)
        raise _console.FellShort(f"{len(short)} of {len(rows)} sweeps fell short: {names}")


def _keep_sweep(out: Path, totals: list[Row], rows: list[Row]) -> None:
    """The rows, and beside them what they add up to and where they come from."""
    import hashlib

    from lsetheory import environment

    _console.write_csv(out / "exhaustive.csv", rows)
    options = {"--dtype": "dtype", "--device": "device", "--impl": "implementation"}
    used = [f"{option} {name}" for option, key in options.items()
            for name in dict.fromkeys(row[key] for row in totals)]  # fmt: skip
    origin = {
        "command": " ".join(["lsetheory audit --exhaustive logaddexp", *used]),
        "sha256": hashlib.sha256((out / "exhaustive.csv").read_bytes()).hexdigest(),
        "environment": environment.describe(), "totals": totals,
    }  # fmt: skip
    _console.Report(True, str(out / "exhaustive.json")).json(origin)


def _sampled(files: Sequence[Path], rows: int) -> list[str]:
    from lsetheory.audit import data

    totals = {file: len(data.load(file)) for file in files}
    return [
        f"{file}: {rows} of its {total} rows are drawn, --rows {total} takes them all"
        for file, total in totals.items()
        if total > rows
    ]


def _record(report: _console.Report, folder: Path, units: Sequence[Any]) -> None:
    from lsetheory.audit import recording

    try:
        recording.write(folder, units)
    except OSError as error:
        raise InputError(f"{folder}: expected a folder to write, got {error.strerror}") from None
    for line in recording.run(folder):
        report.say(line)
    report.say(f"record elsewhere with  python {folder / 'record.py'} {folder}")
    report.say(f"score with  lsetheory audit --score {folder}")


def _show(report: _console.Report, rows: list[Row], found: list[Row]) -> None:
    from lsetheory.audit import summary

    report.table("audit", summary.leaderboard(rows), COLUMNS)
    for row in found[:SHOWN]:
        cell = " ".join(str(row[key]) for key in ("implementation", "operation", "dtype", "family"))
        report.say(f"{cell}: {row['verdict']}{_why(row)}")
    if len(found) > SHOWN:
        report.say(f"... and {len(found) - SHOWN} more findings, with witnesses, in --json FILE")


def _why(row: Row) -> str:
    if row["error"] or not row["witness"]:
        return f", {row['error']}"
    witness = row["witness"]
    rho = "" if witness["rho"] is None else f", ρ {witness['rho']:.3g}"
    short = witness["code"] and len(witness["code"]) < LONGEST
    code = witness["code"] if short else "the witness is long: see --json"
    if witness["alone"] is False:
        code += "\n    the row alone does not show it: it takes the other rows, or their layout"
    return f"{rho}, got {witness['got']}, expected {witness['expected']}\n    {code}"


def _write(
    report: _console.Report,
    rows: list[Row],
    json: str | None,
    csv: Path | None,
    out: Path | None,
    leaderboard: bool,
) -> None:
    from lsetheory.audit import summary

    report.json(rows)
    folder = out or Path("audit")
    if csv is not None:
        _console.write_csv(csv, [_flat(row) for row in rows])
    if out is not None:
        _console.Report(True, str(out / "audit.json")).json(rows)
        _console.write_csv(out / "audit.csv", [_flat(row) for row in rows])
    if leaderboard:
        for suffix, text in _leaderboard(summary.brief(summary.leaderboard(rows))).items():
            _console.write(folder / f"leaderboard.{suffix}", text)
        report.say(f"leaderboard written to {folder}")


def _leaderboard(tables: dict[str, list[Row]]) -> dict[str, str]:
    """A table an operation as Markdown, LaTeX and HTML, by file suffix."""
    from lsetheory.audit.summary import COLUMNS
    from lsetheory.report.tables import SECTIONS, WRITERS

    columns = {column: column for column in COLUMNS}
    return {
        suffix: "\n".join(SECTIONS[suffix](operation) + write(rows, columns, "")
                          for operation, rows in tables.items())
        for suffix, write in WRITERS.items()
    }  # fmt: skip


def _flat(row: Row) -> Row:
    code = row["witness"]["code"] if row["witness"] else None
    return {**{k: v for k, v in row.items() if k != "witness"}, "code": code}
