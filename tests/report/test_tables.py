"""Tables as LaTeX, Markdown and HTML: aligned, escaped, and LaTeX that compiles."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lsetheory.report import tables

ROWS = [
    {"name": "a_b & 50%", "rho": 0.123456, "n": 1, "ok": True, "gone": None},
    {"name": r"x\y <i>|$#{}~^", "rho": float("inf"), "n": 20, "ok": False, "gone": None},
]
COLUMNS = {"name": "implementation", "rho": "ρ", "n": "n", "ok": "well", "gone": "empty"}


def test_latex() -> None:
    lines = tables.latex(ROWS, COLUMNS).splitlines()
    assert lines[0] == r"\begin{tabular}{lrrrr}"
    assert lines[2] == r"implementation & $\rho$ & n & well & empty \\"
    assert lines[4] == r"a\_b \& 50\% & 0.1235 & 1 & yes &  \\"
    assert lines[-1] == r"\end{tabular}"


def test_long_texts_are_paragraphs() -> None:
    table = tables.latex([{"words": "word " * 20, "n": 1}], {"words": "statement", "n": "n"})
    assert table.startswith("\\begin{tabular}{" + tables.PARAGRAPH + "r}")


def test_powers_of_ten_are_set_as_such() -> None:
    table = tables.latex([{"ulp": 2.566e08, "rho": 1e-7}], {"ulp": "ulp", "rho": "rho"})
    assert r"$2.566\cdot10^{8}$ & $1\cdot10^{-7}$ \\" in table


def test_what_fits_no_page_goes_over_pages() -> None:
    short, long = (tables.latex([ROWS[0]] * n, COLUMNS) for n in (tables.PAGE, tables.PAGE + 1))
    assert "longtable" not in short
    assert long.startswith(r"\begin{longtable}{lrrrr}")
    assert long.splitlines()[4] == r"\endhead"


def test_markdown() -> None:
    lines = tables.markdown(ROWS, COLUMNS).splitlines()
    assert lines[1] == "| --- | ---: | ---: | ---: | ---: |"
    assert lines[3] == r"| x\\y &lt;i&gt;\|$#{}~^ | inf | 20 | no |  |"


def test_every_kind_has_a_writer() -> None:
    assert set(tables.WRITERS) == {"tex", "md"}


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("times", [1, 30])
def test_latex_compiles(tmp_path: Path, times: int) -> None:
    table = tables.latex(ROWS * times, COLUMNS)
    source = (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}"
        "\\usepackage{booktabs,longtable}"
        f"\\begin{{document}}{table}\\end{{document}}"
    )
    (tmp_path / "table.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "table.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
