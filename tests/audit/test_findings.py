"""docs/findings.md: every line, run with the library alone, prints what the page says it does."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from lsetheory.audit import baseline, families, implementations

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


def test_the_known_findings_can_be_loaded_and_carry_reasons() -> None:
    known = baseline.load(PAGE.with_name("baseline.json"))
    cells = [(entry["implementation"], entry["operation"]) for entry in known]
    assert set(cells) <= set(implementations.entries())
    assert {entry["family"] for entry in known} <= {*families.names(), "special"}
