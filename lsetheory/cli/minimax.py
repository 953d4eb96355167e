"""`lsetheory minimax`: the best approximation of max by averages of subset maxima, exactly.

JSON: d, ranks, size, box (ends as "p/q", null for all of R^d), relative, error ("p/q"),
error_float, coefficients (rank -> "p/q"), certificate (number of ones of the vertex -> "p/q"),
evaluation (rows: dtype, form, error, coefficient_sum, measured, bound, lost).
"""

from typing import Annotated

import typer

from lsetheory.cli import _console, _workshop
from lsetheory.errors import InputError

Ranks = Annotated[str, typer.Option(help="Comma-separated ranks; 0 is the constant.")]
Box = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="Inputs lie in [A, B], 0,1 if not given; ±1e38 at most."),
]
Relative = Annotated[bool, typer.Option(help="All of R^d, error over max − min.")]


def minimax(
    d: Annotated[int, typer.Argument(help="Number of inputs.")],
    ranks: Ranks,
    box: Box = None,
    relative: Relative = False,
    json: _console.Json = None,
    seed: _console.Seed = 0,
    resume: _console.Resume = True,
    quiet: _console.Quiet = False,
) -> None:
    """Best uniform approximation of the maximum of D numbers by a rank estimator, proved.

    All of it is exact: the seed, which every command takes, changes nothing. A long problem is
    solved in a process of its own, so that Ctrl-C can end it, and kept on disk.
    """
    from lsetheory.relu import problem

    report, numbers = _console.Report(quiet, json), _integers(ranks)
    if relative and box is not None:
        raise InputError(f"--relative: expected no --box, got {box}; it speaks of all of R^{d}")
    box = box or "0,1"
    unit, long = (
        problem.plan(d, numbers, None if relative else _pair(box)),
        problem.is_long(d, numbers),
    )
    what = f"exact numbers at {d + 1} vertices for {len(numbers)} ranks"
    with _workshop.workshop(report, 2 if long else 1, None, resume) as shop:
        (row,) = shop.run(what, [unit], keep=long, apart=long)
    where = "max − min" if relative else f"[{box}]^{d}"
    report.say(
        f"least greatest error on {where}: {row['error']} = {row['error_float']:.6g} (proved)"
    )
    for title, key, value in (("coefficients", "rank", "beta"), ("certificate", "ones", "weight")):
        report.table(title, _parts(row[title], key, value), (key, value, "decimal"))
    report.table(
        "floating point", row["evaluation"], ("dtype", "form", "measured", "bound", "lost")
    )
    report.json(row)


def _parts(fractions: dict[str, str], key: str, value: str) -> list[dict[str, object]]:
    from fractions import Fraction

    return [
        {key: int(k), value: text, "decimal": float(Fraction(text))}
        for k, text in fractions.items()
    ]


def _integers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"--ranks: expected integers as in 0,1,7, got {text!r}") from None


def _pair(text: str) -> tuple[str, str]:
    ends = text.split(",")
    if len(ends) != 2:
        raise InputError(f"--box: expected two numbers as in 0,1, got {text!r}")
    return ends[0], ends[1]
