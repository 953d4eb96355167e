"""`lsetheory fit`: ReLU networks and smooth operators against max, with their scaling laws."""

import os
from typing import Annotated, Any

import typer

from lsetheory.cli import _console, _workshop
from lsetheory.errors import InputError

Kernel = Annotated[str | None, typer.Option(help="Pooling kernels, as in 2x2,3x3.")]
Width = Annotated[
    str | None, typer.Option(help="Hidden widths, as in 16,2x; 2x is twice the number of inputs.")
]
Depth = Annotated[str, typer.Option(help="Numbers of hidden layers, as in 1,2,3.")]
Seeds = Annotated[int, typer.Option(min=1, help="Independent fits of each network.")]
Largest = Annotated[int, typer.Option(min=1, help="Leave out networks with more parameters.")]
Quick = Annotated[bool, typer.Option("--quick", help="Small networks and short training: seconds.")]

CORES = os.cpu_count() or 1
#: Rate at which the smooth operators are printed; the JSON has all rates.
PRINTED = 10.0
FITS = (
    "kernel",
    "depth",
    "width",
    "parameters",
    "root_mean_square",
    "sup_lower",
    "sup_upper",
    "upper_method",
)
LAWS = ("curve", "depth", "law", "rate", "rate_low", "rate_high", "at_limit", "weight", "points")
CHECK = ("family", "expected_law", "expected_rate", "law", "rate", "rate_low", "rate_high", "holds")
SMOOTH = ("operator", "n", "r", "found", "cube", "bound", "says", "share")


def fit(
    context: typer.Context,
    kernel: Kernel = None,
    width: Width = None,
    depth: Depth = "1,2,3",
    seeds: Seeds = 3,
    largest: Largest = 2000,
    quick: Quick = False,
    json: _console.Json = None,
    seed: _console.Seed = 0,
    workers: _console.Workers = CORES,
    scheduler: _console.Scheduler = None,
    resume: _console.Resume = True,
    quiet: _console.Quiet = False,
) -> None:
    """Train ReLU networks on max over the unit cube, bound their sup error, fit scaling laws.

    JSON: fits (keys of relu.fit.one), smooth (relu.smooth.one), error_laws and width_laws
    (relu.curves), widths_needed, and check: the fitter on errors known exactly (relu.scaling).
    """
    # One thread a process: the fits are many and small, and threads within would only contend.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from lsetheory.relu import fit, smooth

    _console.used(context, {"quick": "json seed"})
    report = _console.Report(quiet, json)
    shape = (
        fit.KERNELS if kernel is None else kernel.split(","),
        fit.WIDTHS if width is None else width.split(","),
        _integers(depth),
    )
    if quick:
        units = fit.quick_plan(seed)
    else:
        units = fit.plan(*shape, seeds=seeds, seed=seed, largest=largest)
    sizes = {fit.kernel_size(unit.arguments["kernel"]) for unit in units}
    others = smooth.plan(sizes=sorted(sizes))
    with _workshop.workshop(report, workers, scheduler, resume) as shop:
        results = shop.run("fit", [*units, *others])
    rows = fit.gather(results[: len(units)])
    found = {"fits": rows, **_laws(rows, seed), "smooth": smooth.gather(results[len(units) :])}
    _show(report, found)
    if not quick:
        _left_out(report, len(fit.plan(*shape, largest=None)) - len(units), largest)
    report.json(found)
    wrong = [row["family"] for row in found["check"] if not row["holds"]]
    if wrong:
        raise _console.FellShort(f"exact minimax errors did not come out for {', '.join(wrong)}")


def _integers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"--depth: expected integers as in 1,2,3, got {text!r}") from None


def _laws(rows: Any, seed: int) -> dict[str, Any]:
    import numpy as np

    from lsetheory.relu import curves, scaling

    rng = np.random.default_rng(seed)
    return {
        "error_laws": curves.error_laws(rows, rng),
        "width_laws": curves.width_laws(rows, rng),
        "widths_needed": [row for t in curves.TARGETS for row in curves.widths_needed(rows, t)],
        "check": scaling.exact_check(rng),
    }


def _show(report: _console.Report, found: dict[str, Any]) -> None:
    report.table("networks trained on max over [0,1]^d, best seed", found["fits"], FITS)
    printed = [row for row in found["smooth"] if row["r"] == PRINTED]
    report.table("smooth operators, worst case on the cube", printed, SMOOTH)
    laws = [row for row in (*found["error_laws"], *found["width_laws"]) if row["best"]]
    report.table("best scaling laws (relative error; 95 % intervals; AICc weight)", laws, LAWS)
    report.table("check of the fitter: exact minimax errors", found["check"], CHECK)


def _left_out(report: _console.Report, count: int, largest: int) -> None:
    if count:
        report.say(f"left out: {count} networks of more than {largest} parameters (--largest)")
