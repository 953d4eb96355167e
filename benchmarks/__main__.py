"""Runs every benchmark of this folder; prints one table, writes it with JSON and a figure."""

import argparse
import os
import pkgutil
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks import _measured, _paired
from lsetheory import environment
from lsetheory.cli._console import Report

Row = dict[str, Any]

COLUMNS = ("subject", "claim", "peer", "ours_s", "peer_s", "ratio", "ratio_low", "ratio_high",
           "target", "held")  # fmt: skip
#: Ratios are promised for one thread; libraries read these when they are first imported.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def subjects() -> list[str]:
    """The names of the benchmark files."""
    names = (info.name for info in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def measured(names: list[str], quick: bool) -> Iterator[Row]:
    """The rows of each subject, with whether the promised ratio held."""
    for name in names:
        start = time.perf_counter()
        for row in import_module(f"benchmarks.{name}").rows(quick=quick):
            target = row.get("target")
            held = None if target is None else row["ratio"] <= target
            yield {"subject": name, **row, "held": held}
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Exit 1 when a promised ratio was not reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", help=f"of {', '.join(subjects())}")
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--out", default="measured", metavar="DIR", help="where the results go")
    options = parser.parse_args()
    unknown = set(options.subjects) - set(subjects())
    if unknown:
        parser.error(f"unknown {', '.join(sorted(unknown))}; expected {', '.join(subjects())}")
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    if options.quick:
        _paired.cap = _paired.QUICK_CAP
    start = time.perf_counter()
    rows = list(measured(options.subjects or subjects(), options.quick))
    origin = {"quick": options.quick, "seconds": time.perf_counter() - start,
              "processor": _measured.processor(), **environment.describe()}  # fmt: skip
    _written(Path(options.out), origin, rows)
    return int(any(row["held"] is False for row in rows))


def _written(folder: Path, origin: Row, rows: list[Row]) -> None:
    report = Report(quiet=False, json_target=str(folder / "measured.json"))
    report.table("Measured in one run, ratio = ours / peer", rows, COLUMNS)
    report.json({"environment": origin, "rows": rows})
    text = _measured.markdown(origin, rows)
    (folder / "measured.md").write_text(text, encoding="utf-8")
    _measured.figure(rows).savefig(folder / "measured.png", dpi=110)
    report.say(f"{origin['seconds']:.0f} s; written: {folder.resolve()}/measured.json, .md, .png")


if __name__ == "__main__":
    sys.exit(main())
