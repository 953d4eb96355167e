"""The figure driver: styles, formats, provenance, the same bytes twice, errors in one line."""

import io
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lsetheory import catalogue, work
from lsetheory.errors import InputError
from lsetheory.report import drawing, provenance
from lsetheory.report.style import style, styles

ENTRY = catalogue.figures()["limits"]
ROWS = [
    {"r": float(r), "n": 3, "pooled": r, "swap": r, "lower": r - 1, "upper": r + 1,
     "min": -100, "mean": 0, "max": 100}
    for r in range(-100, 101, 10)
]  # fmt: skip


ORIGIN = provenance.Provenance("commit", "versions", "data", None)


def saved(kind: str, name: str = "icml", origin: provenance.Provenance | None = None) -> bytes:
    venue = style(name)
    figure = drawing.render(ENTRY, ROWS, venue)
    return drawing.save(figure, kind, "limits", origin or provenance.of(ROWS), venue)


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_same_rows_same_bytes(kind: str) -> None:
    assert saved(kind, origin=ORIGIN) == saved(kind, origin=ORIGIN)


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_same_bytes_in_another_process(kind: str, tmp_path: Path) -> None:
    code = (
        "import sys, json; from lsetheory import catalogue; "
        "from lsetheory.report import drawing, provenance; "
        "from lsetheory.report.style import style; "
        "rows = json.load(open(sys.argv[1])); venue = style('icml'); "
        "figure = drawing.render(catalogue.figures()['limits'], rows, venue); "
        "sys.stdout.buffer.write("
        "drawing.save(figure, sys.argv[2], 'limits', "
        "provenance.Provenance('commit', 'versions', 'data', None), venue))"
    )
    (tmp_path / "rows.json").write_text(work.dumps(ROWS))
    command = [sys.executable, "-c", code, str(tmp_path / "rows.json"), kind]
    done = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == saved(kind, origin=ORIGIN)


@pytest.mark.parametrize("name", styles())
def test_png_has_the_width_to_a_tenth_of_a_millimetre(name: str) -> None:
    image = Image.open(io.BytesIO(saved("png", name)))
    wide = image.width / style(name).rc["savefig.dpi"] * 25.4
    assert abs(wide - style(name).column_mm) < 0.1


def test_png_tells_where_it_came_from() -> None:
    text = Image.open(io.BytesIO(saved("png"))).text
    origin = provenance.of(ROWS)
    assert text["Commit"] == origin.commit
    assert text["Data"] == f"sha256:{origin.data}"
    assert matplotlib.__version__ in text["Versions"]


def test_source_date_epoch_is_the_only_date(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b"CreationDate" not in saved("pdf")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert b"D:19700102000000Z" in saved("pdf")
    assert b"1970-01-02" in saved("svg")
    assert b"1970-01-02" in saved("png")


def test_other_rows_have_another_hash() -> None:
    assert provenance.data_hash(ROWS) != provenance.data_hash(ROWS[1:])


def test_the_users_own_settings_do_not_matter() -> None:
    before = saved("pdf", origin=ORIGIN)
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "pdf.fonttype": 3}):
        assert saved("pdf", origin=ORIGIN) == before


def test_settings_are_put_back() -> None:
    before = dict(matplotlib.rcParams)
    with style("slides").settings():
        pass
    assert dict(matplotlib.rcParams) == before


def test_unknown_style_and_format_are_one_line() -> None:
    with pytest.raises(InputError, match="unknown style 'nature': expected one of acm, "):
        style("nature")
    with pytest.raises(InputError, match="unknown format 'gif': expected one of pdf, svg"):
        saved("gif")


def test_pgf_without_latex_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError, match="format pgf: expected pdflatex on the path, got none"):
        saved("pgf")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pgf needs pdflatex")
def test_pgf_is_latex() -> None:
    assert re.search(rb"\\begin\{pgfpicture\}", saved("pgf"))


def test_latex_is_told_of_every_symbol_in_a_figure() -> None:
    folder = files("lsetheory.figures")
    sources = [file.read_text(encoding="utf-8") for file in folder.iterdir() if ".py" in file.name]
    used = {letter for text in sources if "def " in text for letter in text if ord(letter) > 255}
    assert len(used) > 20
    assert used <= drawing.SYMBOLS.keys()


def test_drawn_is_what_it_says() -> None:
    unit = drawing.drawing(ENTRY, ROWS, "ieee", ["pdf"])
    row = unit()
    assert (row["figure"], row["style"], row["width_mm"]) == ("limits", "ieee", 88.57)
    assert row["rows"] == len(ROWS)
    assert list(row["files"]) == ["pdf"]


class Shared(ModuleType):
    """A figure of many units."""

    @staticmethod
    def plan(quick: bool) -> list[work.Unit]:
        return [work.Unit("math:sqrt", {}) for _ in range(2 if quick else 3)]

    @staticmethod
    def gather(results: list[float]) -> list[dict[str, Any]]:
        return [{"root": result} for result in results]


def test_a_figure_may_plan_its_own_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue.Entry, "load", lambda entry: Shared("figure"))
    assert len(drawing.plan(ENTRY, quick=True)) == 2
    assert drawing.gather(ENTRY, [1.0, 2.0]) == [{"root": 1.0}, {"root": 2.0}]
    finished = list(drawing.finished([ENTRY, ENTRY], iter([1.0, 2.0, 3.0, 4.0]), quick=True))
    assert [rows for _, rows in finished] == [
        [{"root": 1.0}, {"root": 2.0}], [{"root": 3.0}, {"root": 4.0}]
    ]  # fmt: skip


def test_every_style_gives_its_sizes() -> None:
    for venue in styles().values():
        assert venue.smallest_pt >= 7
        assert venue.rc["font.size"] >= venue.smallest_pt
        assert venue.rc["pdf.fonttype"] == 42
        figure = Figure(figsize=venue.size_inches("text", 0.5))
        FigureCanvasAgg(figure)
        assert abs(figure.get_figwidth() * 25.4 - venue.text_mm) < 0.05
