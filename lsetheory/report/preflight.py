"""Looks at a figure's file as a printer would: width, fonts embedded and large enough, its origin.

`legibility` looks at the figure before it is saved; this reads the bytes that a paper includes.
"""

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping

from lsetheory.report.provenance import Provenance
from lsetheory.report.style import INCH, Style

POINTS = 72  #: in an inch, the unit of PDF and SVG
#: Millimetres by which a file may be wider or narrower than the style says.
TOLERANCE = 0.1


def faults(content: bytes, kind: str, style: Style, span: str, origin: Provenance) -> list[str]:
    """What is wrong with a figure saved as that kind, one sentence each; empty if nothing is."""
    width, expected = WIDTHS[kind](content), style.width_mm(span)
    told = TEXTS[kind](content) if kind in TEXTS else content.decode("latin-1")
    found = [f"{kind}: no {part}" for part in (origin.commit, origin.data) if part not in told]
    if width is None or abs(width - expected) > TOLERANCE:
        found.append(f"{kind}: width {width} mm, expected {expected} mm")
    return found + list(FONTS[kind](content, style.smallest_pt) if kind in FONTS else [])


def _pdf_width(content: bytes) -> float | None:
    return _width(content, rb"/MediaBox \[ ?0 0 ([0-9.]+) ", POINTS)


def _svg_width(content: bytes) -> float | None:
    return _width(content, rb'<svg [^>]*width="([0-9.]+)pt"', POINTS)


def _pgf_width(content: bytes) -> float | None:
    return _width(content, rb"\\pgfqpoint\{([0-9.]+)in\}", 1)


def _width(content: bytes, pattern: bytes, units: int) -> float | None:
    """The first number that matches, in millimetres; `units` are in an inch."""
    found = re.search(pattern, content)
    return round(float(found[1]) / units * INCH, 2) if found else None


def _png_width(content: bytes) -> float | None:
    from PIL import Image

    image = Image.open(io.BytesIO(content))
    return round(image.width / float(image.info["dpi"][0]) * INCH, 2)


def _png_text(content: bytes) -> str:
    from PIL import Image

    return " ".join(map(str, Image.open(io.BytesIO(content)).info.values()))


def _pdf_fonts(content: bytes, smallest: float) -> Iterator[str]:
    """Type 42 is TrueType, embedded whole or in part: a FontFile2 for every font."""
    if b"/Type3" in content:
        yield "pdf: a font of Type 3, expected Type 42"
    fonts, embedded = content.count(b"/Type /FontDescriptor"), content.count(b"/FontFile2 ")
    if fonts == 0 or fonts != embedded:
        yield f"pdf: {embedded} of {fonts} fonts embedded as TrueType"
    sizes = [float(size) for page in _streams(content) for size in SIZE.findall(page)]
    if min(sizes, default=0.0) < smallest - 0.01:
        yield f"pdf: text of {min(sizes, default=0.0):g} pt, expected {smallest:g} pt or larger"


SIZE = re.compile(rb"/F\S+ ([0-9.]+) Tf")


def _streams(content: bytes) -> Iterator[bytes]:
    """The deflated streams that are pages: those that set text."""
    for stream in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL):
        try:
            page = zlib.decompress(stream)
        except zlib.error:
            continue
        if b" Tf" in page:
            yield page


def _svg_fonts(content: bytes, smallest: float) -> Iterator[str]:
    if b"<text" in content:
        yield "svg: text that needs a font of the reader's, expected outlines"


#: Kind of file -> its width in millimetres.
WIDTHS: Mapping[str, Callable[[bytes], float | None]] = {
    "pdf": _pdf_width, "svg": _svg_width, "png": _png_width, "pgf": _pgf_width,
}  # fmt: skip
#: Kind of file -> where it tells its origin; the others tell it in plain bytes.
TEXTS: Mapping[str, Callable[[bytes], str]] = {"png": _png_text}
#: Kind of file -> what is wrong with its fonts.
FONTS: Mapping[str, Callable[[bytes, float], Iterator[str]]] = {
    "pdf": _pdf_fonts, "svg": _svg_fonts,
}  # fmt: skip
