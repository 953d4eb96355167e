"""docs/findings.md: every line, run with the library alone, prints what the page says it does."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from lsetheory import work
from lsetheory.audit import baseline, families, formats, implementations, run, summary
from lsetheory.audit.operations import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
WITNESS = re.compile(
    r"^(\w+)-[\w-]+ (\S+), (\w+):\s+got\s+`(\S+)`,\s+correct\s+is\s+`(\S+)`\.\n\n"
    r"```python\n(.+)\n```$",
    re.MULTILINE,
)


def witnesses() -> list[tuple[str, str, str, str, str, str]]:
    return WITNESS.findall(PAGE.read_text(encoding="utf-8"))


def installed(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def test_every_witness_is_read() -> None:
    assert len(witnesses()) == PAGE.read_text(encoding="utf-8").count("```python") >= 10


def test_each_line_prints_what_the_page_says() -> None:
    known = [w for w in witnesses() if installed(w[0]) == w[1]]
    if not known:
        pytest.skip("needs the library versions that the page names")
    script = "\n".join(code for *_, code in known)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [got for _, _, _, got, _, _ in known]
    assert all(got != correct for _, _, _, got, correct, _ in known)


def test_the_lines_need_nothing_of_this_package() -> None:
    assert not [code for *_, code in witnesses() if "lsetheory" in code]


def test_the_known_findings_name_what_there_is_and_link_to_a_section_of_the_page() -> None:
    heads = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    for entry in baseline.load(baseline.KNOWN):
        assert {*entry["implementation"].split()} <= {*implementations.names()}
        assert {*entry["operation"].split()} <= {*OPERATIONS, "*"}
        assert {*entry["family"].split()} <= {*families.names(), "special", "exhaustive", "*"}
        assert {*entry["dtype"].split()} <= {*formats.FORMATS, "*"}
        assert entry["link"].removeprefix("docs/findings.md#") in anchors


def test_the_known_findings_accept_what_is_found_and_nothing_new() -> None:
    names = ["numpy-naive", "scipy-softmax", "scipy-log-softmax", "pooling-numpy"]
    chosen = ["integers", "near_zero_dominant", "offset", "special"]
    operations = ["logsumexp", "softmax", "log_softmax"]
    rows = run.gather(work.run(run.plan(names, operations, ["float64"], chosen, 100)))
    found = [row for row in rows if summary.is_finding(row)]
    known = baseline.load(baseline.KNOWN)
    assert len(found) > 5
    assert baseline.new(found, known) == []
    other = [{**row, "verdict": "failed"} for row in found]
    assert baseline.new(other, known) == other
    assert baseline.new([{**row, "implementation": "pooling-numpy"} for row in found], known)
