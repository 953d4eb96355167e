"""Every theorem file: proved on replay, attacked without a counterexample, mutants caught."""

import shutil
import subprocess

import pytest

from lsetheory import catalogue
from lsetheory.proof import ledger
from lsetheory.proof.latex import appendix

NAMES = sorted(catalogue.theorems())


@pytest.fixture(scope="module")
def rows():
    units = ledger.plan(NAMES, evaluations=60)
    return {row["name"]: row for row in ledger.gather(unit() for unit in units)}


@pytest.mark.parametrize("name", NAMES)
def test_theorem(rows, name):
    row = rows[name]
    assert ledger.fell_short(row) == []
    assert row["steps"] > 0 or row["status"].startswith(ledger.OPEN)
    assert row["mutants"]["total"] >= 2
    assert row["attack"]["points"] > 0


def test_appendix_compiles(rows, tmp_path):
    latex = shutil.which("pdflatex")
    if latex is None:
        pytest.skip("pdflatex is not installed")
    source = tmp_path / "appendix.tex"
    source.write_text(appendix(list(rows.values())), encoding="utf-8")
    command = [latex, "-interaction=nonstopmode", "-halt-on-error", source.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert source.with_suffix(".pdf").stat().st_size > 10_000
