"""`lsetheory minimax`: the best approximation of max by averages of subset maxima, exactly.

JSON: d, ranks, size, box (ends as "p/q", null for all of R^d), relative, error ("p/q"),
error_float, coefficients (rank -> "p/q"), certificate (number of ones of the vertex -> "p/q"),
evaluation (rows: dtype, form, error, coefficient_sum, measured, bound, lost).
"""

from typing import Annotated

import typer

from lsetheory.cli import _console
from lsetheory.errors import InputError

Ranks = Annotated[str, typer.Option(help="Comma-separated ranks; 0 is the constant.")]
Box = Annotated[
    str | None, typer.Option(metavar="A,B", help="Inputs lie in [A, B], 0,1 if not given.")
]
Relative = Annotated[bool, typer.Option(help="All of R^d, error over max − min.")]


def minimax(
    d: Annotated[int, typer.Argument(help="Number of inputs.")],
    ranks: Ranks,
    box: Box = None,
    relative: Relative = False,
    json: _console.Json = None,
    seed: _console.Seed = 0,
    quiet: _console.Quiet = False,
) -> None:
    """Best uniform approximation of the maximum of D numbers by a rank estimator, proved.

    All of it is exact: the seed, which every command takes, changes nothing.
    """
    from lsetheory.relu import stability
    from lsetheory.relu.minimax import minimax, minimax_relative

    report, numbers = _console.Report(quiet, json), _integers(ranks)
    if relative and box is not None:
        raise InputError(f"--relative: expected no --box, got {box}; it speaks of all of R^{d}")
    box = box or "0,1"
    if relative:
        found = minimax_relative(d, numbers)
    else:
        found = minimax(d, numbers, constant=0 in numbers, box=_pair(box))
    row = found.row()
    where = "max − min" if relative else f"[{box}]^{d}"
    error = f"{found.error} = {float(found.error):.6g}"
    report.say(f"least greatest error on {where}: {error} (proved)")
    for title, key, value in (("coefficients", "rank", "beta"), ("certificate", "ones", "weight")):
        report.table(title, _parts(row[title], key, value), (key, value, "decimal"))
    evaluation = stability.evaluation_rows(found)
    report.table("floating point", evaluation, ("dtype", "form", "measured", "bound", "lost"))
    report.json({**row, "relative": relative, "evaluation": evaluation})


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
