"""Every figure in every style, drawn on few points: size, type, overlaps, clipping, grey print."""

import re
from functools import cache
from typing import Any

import pytest

from lsetheory import catalogue, work
from lsetheory.report import drawing, legibility, provenance
from lsetheory.report.style import styles

FIGURES = catalogue.figures()


@cache
def rows(name: str) -> list[dict[str, Any]]:
    entry = FIGURES[name]
    return drawing.gather(entry, work.run(drawing.plan(entry, quick=True)))


@pytest.mark.parametrize("style", styles())
@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_fit_to_print(name: str, style: str) -> None:
    entry, venue = FIGURES[name], styles()[style]
    figure = drawing.render(entry, rows(name), venue)
    assert legibility.faults(figure, venue, drawing.span(entry)) == []


@pytest.mark.parametrize("name", FIGURES)
def test_rows_are_plain_and_flat(name: str) -> None:
    assert rows(name)
    for row in rows(name):
        for key, value in row.items():
            assert isinstance(key, str)
            assert isinstance(value, str | int | float | list | None), (key, value)


@pytest.mark.parametrize("name", FIGURES)
def test_pdf_has_the_width_and_embeds_its_fonts(name: str) -> None:
    entry, venue = FIGURES[name], styles()["icml"]
    origin = provenance.of(rows(name))
    pdf = drawing.save(drawing.render(entry, rows(name), venue), "pdf", name, origin, venue)
    box = re.search(rb"/MediaBox \[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]", pdf)
    assert box is not None
    assert abs(float(box[1]) / 72 * 25.4 - venue.width_mm(drawing.span(entry))) < 0.1
    assert b"/Type3" not in pdf
    assert pdf.count(b"/FontFile2 ") == pdf.count(b"/Type /FontDescriptor")
    assert pdf.count(b"/FontFile2 ") > 0
    assert origin.data.encode() in pdf
    assert origin.commit.encode() in pdf


@pytest.mark.parametrize("name", FIGURES)
def test_caption_is_one_paragraph(name: str) -> None:
    text = drawing.caption(FIGURES[name])
    assert text.endswith(".")
    assert len(text) > 80
