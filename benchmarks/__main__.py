"""Runs every benchmark of this folder, prints one table and writes JSON."""

import argparse
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import benchmarks
from lsetheory import environment
from lsetheory.cli._console import Report

COLUMNS = ("subject", "claim", "peer", "ours_s", "peer_s", "ratio", "ratio_low", "ratio_high",
           "target", "held")  # fmt: skip


def subjects() -> list[str]:
    """The names of the benchmark files."""
    names = (info.name for info in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def measured(names: list[str], quick: bool) -> Iterator[dict[str, Any]]:
    """The rows of each subject, with whether the promised ratio held."""
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        for row in import_module(f"benchmarks.{name}").rows(quick=quick):
            target = row.get("target")
            held = None if target is None else row["ratio"] <= target
            yield {"subject": name, **row, "held": held}


def main() -> int:
    """Exit 1 when a promised ratio was not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="*", help=f"of {', '.join(subjects())}")
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--json", default="benchmarks.json", help="where the rows go")
    options = parser.parse_args()
    unknown = set(options.subjects) - set(subjects())
    if unknown:
        parser.error(f"unknown {', '.join(sorted(unknown))}; expected {', '.join(subjects())}")
    rows = list(measured(options.subjects or subjects(), options.quick))
    report = Report(quiet=False, json_target=options.json)
    report.table("Measured in one run, ratio = ours / peer", rows, COLUMNS)
    report.json({"environment": environment.describe(), "rows": rows})
    report.say(f"written: {Path(options.json).resolve()}")
    return int(any(row["held"] is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
