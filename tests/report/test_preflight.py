"""The checker of figure files notices each planted fault, and finds none in a plain file."""

from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lsetheory.report import drawing, preflight
from lsetheory.report.provenance import Provenance
from lsetheory.report.style import styles

STYLE = styles()["ieee"]
ORIGIN = Provenance("0123abcd", "versions", "5af3", None)
KINDS = ["pdf", "svg", "png"]


def saved(kind: str, width: float = 88.57, size: float = 7, origin: Provenance = ORIGIN) -> bytes:
    with STYLE.settings():
        figure = Figure(figsize=(width / 25.4, 1))
        FigureCanvasAgg(figure)
        figure.text(0.2, 0.5, "some text", fontsize=size)
    return drawing.save(figure, kind, "plain", origin, STYLE)


def faults(content: bytes, kind: str) -> list[str]:
    return preflight.faults(content, kind, STYLE, "column", ORIGIN)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_file_has_no_fault(kind: str) -> None:
    assert faults(saved(kind), kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_width_off_by_a_fifth_of_a_millimetre_is_noticed(kind: str) -> None:
    (fault,) = faults(saved(kind, width=88.77), kind)
    assert fault.startswith(f"{kind}: width 88.")
    assert fault.endswith("expected 88.57 mm")


@pytest.mark.parametrize("kind", KINDS)
def test_another_origin_is_noticed(kind: str) -> None:
    other = Provenance("fedc4567", "versions", "b011", None)
    assert faults(saved(kind, origin=other), kind) == [f"{kind}: no 0123abcd", f"{kind}: no 5af3"]


def test_small_type_is_noticed() -> None:
    found = faults(saved("pdf", size=6.5), "pdf")
    assert found == ["pdf: text of 6.5 pt, expected 7 pt or larger"]


def drawn_with(monkeypatch: pytest.MonkeyPatch, kind: str, setting: str, value: Any) -> list[str]:
    monkeypatch.setitem(STYLE.rc, setting, value)
    return faults(saved(kind), kind)


def test_type_3_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = drawn_with(monkeypatch, "pdf", "pdf.fonttype", 3)
    assert "pdf: a font of Type 3, expected Type 42" in found


def test_a_font_that_is_not_embedded_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = drawn_with(monkeypatch, "pdf", "pdf.use14corefonts", True)
    assert any("embedded as TrueType" in fault for fault in found)


def test_text_that_needs_the_readers_font_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = drawn_with(monkeypatch, "svg", "svg.fonttype", "none")
    assert found == ["svg: text that needs a font of the reader's, expected outlines"]


def test_a_damaged_stream_is_no_page() -> None:
    content = saved("pdf")
    assert list(preflight._streams(content)) != []
    assert list(preflight._streams(b"stream\nnot deflated\nendstream")) == []
