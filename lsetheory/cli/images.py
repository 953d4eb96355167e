"""`lsetheory images`: are inputs on which max pooling is distinct rare in photographs?"""

from typing import Annotated

import typer

from lsetheory.cli import _console, _workshop

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files .png, .jpg or .npy, each content once; none: the photographs at hand.",
    ),
]
Kernel = Annotated[str, typer.Option(help="Pooling window, as 3 or 2x3.")]
Stride = Annotated[
    int | None, typer.Option(min=1, help="Step between windows; the kernel if not given.")
]

GAPS = (
    "source",
    "view",
    "windows",
    "gap_q50",
    "gap_q95",
    "spread_q50",
    "distinct",
    "distinct_low",
    "distinct_high",
    "relatively_distinct",
)
ERRORS = (
    "view",
    "approximation",
    "r",
    "root_mean_square",
    "low",
    "high",
    "uniform",
    "normal",
    "ratio",
    "worst_case",
)


def images(
    path: Paths = None,
    kernel: Kernel = "2",
    stride: Stride = None,
    json: _console.Json = None,
    seed: _console.Seed = 0,
    workers: _console.Workers = 1,
    scheduler: _console.Scheduler = None,
    resume: _console.Resume = True,
    quiet: _console.Quiet = False,
) -> None:
    """Measure pooling windows of photographs against uniform and normal pixels.

    JSON: gaps (keys of relu.windows.gap_row), errors (relu.windows.error_rows), approximations
    and answers (relu.images.gather).
    """
    from lsetheory.relu import images

    report = _console.Report(quiet, json)
    units = images.plan(path or (), kernel, stride, seed)
    copies = len(path or ()) - (len(units) - len(images.REFERENCES))
    if copies > 0:
        report.say(f"{copies} of the files left out: each content counts once")
    with _workshop.workshop(report, workers, scheduler, resume) as shop:
        found = images.gather(shop.run("images", units))
    shown = [row for row in found["gaps"] if row["view"] in (images.RAW, images.FILTERED)]
    report.table("gap = max - second, spread = max - mean", shown, GAPS)
    report.table("root mean square error on windows", found["approximations"], ERRORS)
    for answer in found["answers"]:
        report.say(answer["sentence"])
    report.json(found)
