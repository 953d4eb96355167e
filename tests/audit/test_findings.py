"""docs/findings.md: every line, run with the library alone, prints what the page says it does."""

import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from lsetheory import work
from lsetheory.audit import (
    baseline,
    cases,
    families,
    formats,
    implementations,
    run,
    summary,
)  # fmt: skip
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.reference.judge import nearest

Array = np.ndarray[Any, Any]

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
WITNESS = re.compile(
    r"^(\w+)-[\w-]+ (\S+), (\w+) of (\w+):\s+got\s+`(\S+)`,\s+correct\s+is\s+`(\S+)`\.\n\n"
    r"```python\n(.+)\n```$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Witness:
    """What the page says of one line of code."""

    library: str
    version: str
    operation: str
    dtype: str
    got: str
    correct: str
    code: str


def witnesses() -> list[Witness]:
    return [Witness(*found) for found in WITNESS.findall(PAGE.read_text(encoding="utf-8"))]


def known() -> list[Witness]:
    """The witnesses of the library versions that are installed."""
    found = [w for w in witnesses() if installed(w.library) == w.version]
    return found or pytest.skip("needs the library versions that the page names")


def installed(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def test_every_witness_is_read() -> None:
    assert len(witnesses()) == PAGE.read_text(encoding="utf-8").count("```python") >= 10


def test_each_line_prints_what_the_page_says() -> None:
    script = "\n".join(w.code for w in known())
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [w.got for w in known()]
    assert all(w.got != w.correct for w in known())


def certified(operation: str, fmt: formats.Format, names: dict[str, Any]) -> Array:
    """The certified results of the rows x of a line, with its r and cotangent v."""
    x = np.asarray(names["x"])
    if operation == "log1p":
        return np.array([nearest(mpmath.log1p(mpmath.mpf(float(t))), fmt) for t in x])
    given = {"r": names["r"]} if "r" in OPERATIONS[operation].parameters and "r" in names else {}
    given |= {"cotangent": np.asarray(names["v"])} if "v" in names else {}
    return np.asarray(cases.expected(operation, fmt.store(x.astype(float)), given).value)


def test_what_the_page_calls_correct_is_certified() -> None:
    for w in known():
        start, _, last = w.code.rpartition("; print(")
        names: dict[str, Any] = {"np": np}
        start = start.replace("jax.numpy.array", "np.array")  # jax makes subnormal numbers 0
        exec(start, names)  # the page is of this repository
        at = re.search(r"\[(\d), (\d)\]\)\.hex|\[(\d)\]\)\.hex", last)
        assert at, last
        place = tuple(int(k) for k in at.groups() if k is not None)
        fmt = formats.of(w.dtype if w.dtype in formats.FORMATS else "float64")  # integers
        assert float(certified(w.operation, fmt, names)[place]).hex() == w.correct, w.code


def test_the_lines_need_nothing_of_this_package() -> None:
    assert not [w.code for w in witnesses() if "lsetheory" in w.code]


def test_the_known_findings_name_what_there_is_and_link_to_a_section_of_the_page() -> None:
    heads = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    for entry in baseline.load(baseline.KNOWN):
        assert {*entry["implementation"].split()} <= {*implementations.names()}
        assert {*entry["operation"].split()} <= {*OPERATIONS, "*"}
        assert {*entry["family"].split()} <= {*families.names(), "special", "exhaustive", "*"}
        assert {*entry["dtype"].split()} <= {*formats.FORMATS, "*"}
        assert entry["link"].removeprefix("docs/findings.md#") in anchors


def test_a_known_finding_names_its_families_and_says_how_large_it_is() -> None:
    for entry in baseline.load(baseline.KNOWN):
        assert "*" not in {entry[key] for key in baseline.CELL}
        assert (entry["verdict"] in ("unstable", "underflow")) == ("max_rho" in entry), entry


def test_the_known_findings_accept_what_is_found_and_nothing_new() -> None:
    names = ["numpy-naive", "scipy-softmax", "scipy-log-softmax", "pooling-numpy"]
    chosen = ["integers", "near_zero_dominant", "offset", "special"]
    operations = ["logsumexp", "softmax", "log_softmax"]
    rows = run.gather(work.run(run.plan(names, operations, ["float64"], chosen, 100)))
    found = [row for row in rows if summary.is_finding(row)]
    accepted = baseline.load(baseline.KNOWN)
    assert len(found) > 5
    assert baseline.new(found, accepted) == []
    other = [{**row, "verdict": "failed"} for row in found]
    assert baseline.new(other, accepted) == other
    assert baseline.new([{**row, "implementation": "pooling-numpy"} for row in found], accepted)
