"""`lsetheory audit`: certify implementations, score them, and say what is wrong with a witness."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lsetheory.cli import _console

Names = list[str]
Impl = Annotated[
    Names,
    typer.Option(
        "--impl",
        help="A name, package.module:function, FILE.py[:function], FILE.so:function.",
    ),
]
Operation = Annotated[Names, typer.Option("--operation", help="Operation, or all. Repeatable.")]
Dtype = Annotated[
    Names, typer.Option("--dtype", help="float16, bfloat16, float32 or float64. Repeatable.")
]
Device = Annotated[str, typer.Option("--device", help="cpu or cuda.")]
Family = Annotated[
    Names, typer.Option("--family", help="Family of inputs, or special. Repeatable.")
]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Rows a cell; long rows are fewer.")]
Gate = Annotated[
    float, typer.Option("--gate", min=0.0, help="Largest stability index that passes.")
]
GateUlp = Annotated[
    float | None, typer.Option("--gate-ulp", min=0.0, help="Largest error in ulp that passes.")
]
Data = Annotated[
    list[Path],
    typer.Option("--data", help="Audit the rows of a .npy, .npz, .csv or image file. Repeatable."),
]
Limit = Annotated[float, typer.Option("--limit", min=0.1, help="Seconds a call may take.")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows as CSV.")]

COLUMNS = ("implementation", "operation", "dtype", "cells", "findings", "max_rho", "worst")
#: How many findings are printed in full.
SHOWN = 20


def audit(
    impl: Impl = [],  # noqa: B006
    operation: Operation = [],  # noqa: B006
    dtype: Dtype = [],  # noqa: B006
    device: Device = "cpu",
    family: Family = [],  # noqa: B006
    rows: Rows = 1000,
    gate: Gate = 4.0,
    gate_ulp: GateUlp = None,
    data: Data = [],  # noqa: B006
    limit: Limit = 60.0,
    csv: Csv = None,
    json: _console.Json = None,
    seed: _console.Seed = 0,
    workers: _console.Workers = 1,
    scheduler: _console.Scheduler = None,
    resume: _console.Resume = False,
    fresh: _console.Fresh = False,
    quiet: _console.Quiet = False,
) -> None:
    """Certify implementations of log-sum-exp and its relatives against the exact result."""
    from lsetheory.audit import run, summary

    report = _console.Report(quiet, json)
    units = run.plan(
        impl,
        operation,
        dtype,
        family,
        rows,
        seed,
        device=device,
        gate=gate,
        gate_ulp=gate_ulp,
        limit=limit,
        files=data,
    )
    found = run.gather(_work(report, units, workers, scheduler, reuse=not fresh))
    _show(report, found)
    if csv is not None:
        _console.write_csv(csv, [_flat(row) for row in found])
    report.json(found)
    bad = [row for row in found if summary.is_finding(row)]
    if bad:
        raise _console.FellShort(f"{len(bad)} of {len(found)} cells fell short")


def _work(
    report: _console.Report, units: Any, workers: int, scheduler: str | None, reuse: bool
) -> Any:
    from lsetheory import work

    with (
        _console.executor(workers, scheduler) as pool,
        report.progress("audit", len(units)) as done,
    ):
        yield from work.run(
            units, executor=pool, store=work.default_store(), reuse=reuse, done=done
        )


def _show(report: _console.Report, rows: list[dict[str, Any]]) -> None:
    from lsetheory.audit import summary

    report.table("audit", summary.leaderboard(rows), COLUMNS)
    found = [row for row in rows if summary.is_finding(row)]
    for row in found[:SHOWN]:
        cell = " ".join(str(row[key]) for key in ("implementation", "operation", "dtype", "family"))
        report.say(f"{cell}: {row['verdict']}{_why(row)}")
    if len(found) > SHOWN:
        report.say(f"... and {len(found) - SHOWN} more findings, with witnesses, in --json FILE")


def _why(row: dict[str, Any]) -> str:
    if row["error"] or not row["witness"]:
        return f", {row['error']}"
    witness = row["witness"]
    rho = "" if witness["rho"] is None else f", ρ {row['max_rho']:.3g}"
    code = witness["code"] if len(witness["code"]) < 1000 else "the witness is long: see --json"
    return f"{rho}, got {witness['got']}, expected {witness['expected']}\n    {code}"


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    code = row["witness"]["code"] if row["witness"] else None
    return {**{k: v for k, v in row.items() if k != "witness"}, "code": code}
