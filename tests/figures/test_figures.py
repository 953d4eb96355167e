"""Every figure in every style and format: size, type, overlaps, clipping, grey print, origin."""

import shutil
from functools import cache
from typing import Any

import pytest

from lsetheory import catalogue, work
from lsetheory.audit import families, implementations
from lsetheory.figures import leaderboard, special_values
from lsetheory.report import drawing
from lsetheory.report.style import styles

FIGURES = catalogue.figures()


@cache
def rows(name: str) -> list[dict[str, Any]]:
    entry = FIGURES[name]
    return drawing.gather(entry, work.run(drawing.plan(entry, quick=True)))


@pytest.mark.parametrize("style", styles())
@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_fit_to_print(name: str, style: str) -> None:
    """As pdf and svg in every style, as png in the one of the fewest pixels."""
    kinds = ["pdf", "svg", "png"] if style == "screen" else ["pdf", "svg"]
    row = drawing.drawing(FIGURES[name], rows(name), style, kinds)()
    assert row["faults"] == []
    assert set(row["files"]) == set(kinds)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pgf needs pdflatex")
@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_latex(name: str) -> None:
    assert drawing.drawing(FIGURES[name], rows(name), "neurips", ["pgf"])()["faults"] == []


def everyone() -> list[str]:
    """The implementations that a full audit of log-sum-exp on a processor has, installed or not."""
    known = [implementations.get(name, "logsumexp") for name in implementations.running("cpu")
             if implementations.computing(name, "logsumexp")]  # fmt: skip
    return [entry.name for entry in known if "float32" in entry.dtypes]


def crowded(name: str) -> list[dict[str, Any]]:
    """Rows of a figure as long as they can get, every symbol on it."""
    if name == "leaderboard":
        verdicts = [*leaderboard.SYMBOLS, "unstable", "correct"]
        return [
            {"implementation": who, "family": family, "rho": 10.0**j,
             "verdict": verdicts[(i + j) % len(verdicts)]}
            for i, who in enumerate(everyone()) for j, family in enumerate(families.names())
        ]  # fmt: skip
    return [
        {"implementation": who, "kind": kind, "right": 3, "tried": 13}
        for who in everyone() for kind in special_values.KINDS
    ]  # fmt: skip


@pytest.mark.parametrize("style", styles())
@pytest.mark.parametrize("name", ["leaderboard", "special_values"])
def test_every_implementation_finds_room(name: str, style: str) -> None:
    """On few points both are drawn with a handful."""
    assert len(everyone()) > 15
    assert drawing.drawing(FIGURES[name], crowded(name), style, ["pdf"])()["faults"] == []


@pytest.mark.parametrize("name", FIGURES)
def test_rows_are_plain_and_flat(name: str) -> None:
    assert rows(name)
    for row in rows(name):
        for key, value in row.items():
            assert isinstance(key, str)
            assert isinstance(value, str | int | float | list | None), (key, value)


@pytest.mark.parametrize("name", FIGURES)
def test_caption_is_one_paragraph(name: str) -> None:
    text = drawing.caption(FIGURES[name])
    assert text.endswith(".")
    assert len(text) > 80
