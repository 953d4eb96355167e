"""Figure styles: one TOML file a venue in figures/styles/, its widths and matplotlib settings."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lsetheory.errors import InputError

#: Millimetres in an inch, matplotlib's unit of length.
INCH = 25.4


@dataclass(frozen=True)
class Style:
    """A venue's page: widths and heights in millimetres, smallest type in points, settings."""

    name: str
    column_mm: float
    text_mm: float
    tallest_mm: dict[str, float]  #: by span, "column" or "text"
    smallest_pt: float
    rc: dict[str, Any]

    def width_mm(self, span: str) -> float:
        """The width of a figure that spans a "column" or the whole "text"."""
        return {"column": self.column_mm, "text": self.text_mm}[span]

    def size_inches(self, span: str, aspect: float) -> tuple[float, float]:
        """Width and height of a figure; `aspect` is height over width, cut at the tallest."""
        width = self.width_mm(span)
        return width / INCH, min(width * aspect, self.tallest_mm[span]) / INCH

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Matplotlib's defaults under this style, whatever the user's own matplotlibrc says."""
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            settings: Any = matplotlib.rcParams
            settings.update(self.rc)
            yield


@cache
def styles() -> dict[str, Style]:
    """Every style, by the name of its file."""
    folder = files("lsetheory.figures") / "styles"
    base = tomllib.loads((folder / "_base.toml").read_text(encoding="utf-8"))["rc"]
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        name, dot, kind = file.name.partition(".")
        if dot + kind == ".toml" and not name.startswith("_"):
            own = tomllib.loads(file.read_text(encoding="utf-8"))
            found[name] = Style(name=name, **{**own, "rc": base | own["rc"]})
    return found


def style(name: str) -> Style:
    """The style of that name.

    Raises:
        InputError: there is none.
    """
    if name not in styles():
        raise InputError(f"unknown style {name!r}: expected one of {', '.join(styles())}")
    return styles()[name]
