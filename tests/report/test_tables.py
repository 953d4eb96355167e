"""Tables as LaTeX, Markdown and HTML: aligned, escaped, and LaTeX that compiles."""

import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lsetheory.report import tables

ROWS = [
    {"name": "a_b & 50%", "rho": 0.123456, "n": 1, "ok": True, "gone": None},
    {"name": r"x\y <i>|$#{}~^", "rho": float("inf"), "n": 20, "ok": False, "gone": None},
]
COLUMNS = {"name": "implementation", "rho": "ρ", "n": "n", "ok": "well", "gone": "empty"}


def test_latex() -> None:
    needs, *lines = tables.latex(ROWS, COLUMNS).splitlines()
    assert needs == r"% needs \usepackage{booktabs}; \input it in a table or table*"
    assert lines[0] == r"\begin{tabular}{lrrrr}"
    assert lines[2] == r"implementation & $\rho$ & n & well & empty \\"
    assert lines[4] == r"a\_b \& 50\% & 0.1235 & 1 & yes &  \\"
    assert lines[-1] == r"\end{tabular}"
    assert tables.latex(ROWS, COLUMNS, "All.").startswith("% All.\n% needs ")


def test_long_texts_are_paragraphs() -> None:
    table = tables.latex([{"words": "word " * 20, "n": 1}], {"words": "statement", "n": "n"})
    assert "\\begin{tabular}{" + tables.PARAGRAPH + "r}" in table


def test_powers_of_ten_are_set_as_such() -> None:
    table = tables.latex([{"ulp": 2.566e08, "rho": 1e-7}], {"ulp": "ulp", "rho": "rho"})
    assert r"$2.566\cdot10^{8}$ & $1\cdot10^{-7}$ \\" in table


def test_what_fits_no_page_becomes_floats() -> None:
    short, long = (
        tables.latex([ROWS[0]] * n, COLUMNS, "All.") for n in (tables.PAGE, tables.PAGE + 1)
    )
    assert r"\begin{table*}" not in short
    assert [long.count(text) for text in (r"\begin{table*}", r"50\%")] == [2, tables.PAGE + 1]
    assert r"\caption{All. Part 2 of 2.}" in long


def test_long_texts_count_as_the_lines_they_take() -> None:
    rows = [{"words": "word " * 40, "n": n} for n in range(tables.PAGE)]
    table = tables.latex(rows, {"words": "statement", "n": "n"})
    assert table.count(r"\begin{table*}") == 4
    assert all(f"& {n} " in table for n in range(tables.PAGE))


def audited(**changes: Any) -> dict[str, Any]:
    return {
        "verdict": "correct", "rows": 4, "n": 10, "ulp_0": 4, "ulp_1": 0, "ulp_2": 0, "ulp_more": 0,
        "overflow": 0, "underflow": 0, "nan": 0, "max_ulp": 1.5, "max_rho": 0.5,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "infinite"),
    [
        ({}, False),
        ({"verdict": "unstable", "max_rho": 9.0}, False),
        ({"verdict": "overflow", "overflow": 1, "ulp_0": 3}, True),
        ({"verdict": "special"}, True),
        ({"verdict": "failed", "max_ulp": None, "max_rho": None}, True),
        ({"verdict": "unstable", "nan": 1}, True),
        ({"verdict": "underflow", "underflow": 1, "ulp_0": 3}, True),  # the logarithm of a zero
        ({"verdict": "underflow", "underflow": 1, "ulp_0": 39, "ulp_more": 1}, False),  # a share 0
        ({"verdict": "underflow", "underflow": 10, "ulp_0": 30}, True),  # shares that are 0/0
    ],
)
def test_maxima_of_what_is_wrong_beyond_measure_are_infinite(
    changes: dict[str, Any], infinite: bool
) -> None:
    row = audited(**changes)
    told = tables.unbounded(row)
    assert (told["max_ulp"], told["max_rho"]) == (
        (math.inf, math.inf) if infinite else (row["max_ulp"], row["max_rho"])
    )


@pytest.mark.parametrize(
    ("value", "key"),
    [(3, "3"), (0.5, "0.5"), ("3/8", "0.375"), ("-1/4", "-0.25"), (float("inf"), "Infinity"),
     ("torch", None), ("1/0", None), ("2x2/3", None), (True, None), (None, None)],
)  # fmt: skip
def test_what_a_cell_sorts_by(value: Any, key: str | None) -> None:
    assert tables.sort_key(value) == key


def test_markdown() -> None:
    lines = tables.markdown(ROWS, COLUMNS).splitlines()
    assert lines[1] == "| --- | ---: | ---: | ---: | ---: |"
    assert lines[3] == r"| x\\y &lt;i&gt;\|$#{}~^ | ∞ | 20 | no |  |"


def test_every_kind_has_a_writer() -> None:
    assert set(tables.WRITERS) == set(tables.SECTIONS) == {"tex", "md", "html"}


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize(("times", "columns"), [(1, ""), (30, ""), (30, "[twocolumn]")])
def test_latex_compiles(tmp_path: Path, times: int, columns: str) -> None:
    table = tables.latex(ROWS * times, COLUMNS, "50 % of ∞.")
    source = (
        f"\\documentclass{columns}{{article}}"
        "\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}\\usepackage{booktabs}"
        f"\\begin{{document}}{table}\\end{{document}}"
    )
    (tmp_path / "table.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "table.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [(0.267366, "sup_lower", "0.2673"), (0.267366, "sup_upper", "0.2674"),
     (0.267334, "sup_lower", "0.2673"), (0.267334, "sup_upper", "0.2674"),
     (-0.267334, "low", "-0.2674"), (-0.267334, "high", "-0.2673"), (0.267366, "error", "0.2674"),
     (9.9999e-8, "sup_upper", "1e-07"), (sys.float_info.max, "sup_upper", "1.798e+308"),
     (-sys.float_info.max, "max_rho", "-1.798e+308"), (0.0, "sup_lower", "0"),
     (math.inf, "sup_upper", "∞")],
)  # fmt: skip
def test_bounds_are_rounded_to_bounds(value: float, key: str, text: str) -> None:
    assert tables.shown(value, key) == text
    assert text in tables.markdown([{key: value}], {key: "bound"})
    assert text in tables.html([{key: value}], {key: "bound"})


def test_html() -> None:
    table = tables.html(ROWS, COLUMNS, "a < b")
    assert "<caption>a &lt; b</caption>" in table
    assert "<td>x\\y &lt;i&gt;|$#{}~^</td><td>∞</td>" in table
