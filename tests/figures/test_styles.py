"""The widths of the styles, against the document classes themselves where LaTeX has them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lsetheory.report.style import INCH, style

#: TeX points in an inch.
POINTS = 72.27
#: The class whose text a style fits, and its columns. ICML and NeurIPS ship theirs on their sites.
CLASSES = {
    "ieee": (r"\documentclass[journal]{IEEEtran}", 2),
    "acm": (r"\documentclass[sigconf]{acmart}", 2),
    "slides": (r"\documentclass[aspectratio=169]{beamer}", 1),
}


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("name", CLASSES)
def test_widths_are_those_of_the_class(name: str, tmp_path: Path) -> None:
    head, columns = CLASSES[name]
    asks = r"\AtBeginDocument{\typeout{WIDTHS \the\textwidth\space\the\columnsep}}"
    text = f"{head}\n{asks}\n\\begin{{document}}x\\end{{document}}\n"
    (tmp_path / "asks.tex").write_text(text)
    command = ["pdflatex", "-interaction=batchmode", "asks.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True)
    found = re.search(r"WIDTHS ([\d.]+)pt ([\d.]+)pt", (tmp_path / "asks.log").read_text("latin1"))
    if found is None:
        pytest.skip(f"{head} is not installed, or not all that it loads")
    width, gap = (float(points) / POINTS * INCH for points in found.groups())
    column = (width - (columns - 1) * gap) / columns
    assert style(name).text_mm == pytest.approx(width, abs=0.05)
    assert style(name).column_mm == pytest.approx(column, abs=0.05)
