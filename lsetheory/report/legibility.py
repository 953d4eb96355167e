"""Looks at a drawn figure as a referee would: size, type, overlaps, clipping, grey print."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from lsetheory.report.style import INCH, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

#: Pixels by which extents may touch.
TOUCH = 0.5
#: Shade, of 255, below which a pixel counts as ink.
FAINT = 200


def faults(figure: "Figure", style: Style, span: str = "column") -> list[str]:
    """What is wrong with a figure that has been drawn, one sentence each; empty if nothing is."""
    with style.settings():
        texts = list(_texts(figure))
        return [
            *_size(figure, style, span),
            *_small(texts, style.smallest_pt),
            *_clipped(texts, figure.bbox.frozen()),
            *_cut(figure),
            *_overlapping(texts),
            *(fault for axes in figure.axes for fault in _axes_faults(axes)),
            *_titled(figure),
        ]


def _size(figure: "Figure", style: Style, span: str) -> Iterator[str]:
    width, height = figure.get_size_inches() * INCH
    if abs(width - style.width_mm(span)) > 0.05:
        yield f"width {width:.2f} mm, expected {style.width_mm(span):.2f} mm ({span})"
    if height > style.tallest_mm[span] + 0.05:
        yield f"height {height:.2f} mm, expected at most {style.tallest_mm[span]:.2f} mm"


def _texts(figure: "Figure") -> "Iterator[tuple[Text, Bbox]]":
    """Every text that leaves ink, with its extent in pixels."""
    from matplotlib.text import Text

    hidden = {id(label) for axes in figure.axes for label in _unseen_ticks(axes)}
    for text in figure.findobj(Text):
        if text.get_text().strip() and id(text) not in hidden and _seen(text):
            yield text, text.get_window_extent()


def _seen(text: "Text") -> bool:
    return bool(text.get_visible() and (text.axes is None or text.axes.get_visible()))


def _unseen_ticks(axes: "Axes") -> "Iterator[Text]":
    """The labels of ticks that matplotlib keeps and does not draw."""
    for axis in (axes.xaxis, axes.yaxis):
        scale = axis.get_transform().transform
        low, high = sorted(scale(axis.get_view_interval()))
        slack = 1e-9 * (high - low)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            inside = low - slack <= scale(float(tick.get_loc())) <= high + slack
            if not (inside and axes.axison and axis.get_visible()):
                yield from (tick.label1, tick.label2)


def _small(texts: "list[tuple[Text, Bbox]]", smallest: float) -> Iterator[str]:
    for text, _ in texts:
        size = _smallest_glyph(text)
        if size < smallest - 1e-6:
            yield f"text {text.get_text()!r} is {size:.1f} pt, expected {smallest:g} pt or larger"


def _smallest_glyph(text: "Text") -> float:
    """The size of the smallest glyph in points: a script is smaller than the text around it."""
    from matplotlib.mathtext import MathTextParser

    if text.get_text().replace(r"\$", "").count("$") < 2:
        return float(text.get_fontsize())
    parsed = MathTextParser("path").parse(text.get_text(), dpi=72, prop=text.get_fontproperties())
    return min(float(glyph[1]) for glyph in parsed.glyphs)


def _clipped(texts: "list[tuple[Text, Bbox]]", page: "Bbox") -> Iterator[str]:
    for text, box in texts:
        frame = text.get_clip_box() if text.get_clip_on() else None
        room = page if frame is None else frame
        over = max(room.x0 - box.x0, room.y0 - box.y0, box.x1 - room.x1, box.y1 - room.y1)
        if over > TOUCH:
            yield f"text {text.get_text()!r} is cut by {over:.1f} pixels"


def _cut(figure: "Figure") -> Iterator[str]:
    """Ink on the outermost pixels, of lines and markers too, means that some lies beyond."""
    canvas: Any = figure.canvas
    canvas.draw()
    ink: Any = np.any(np.asarray(canvas.buffer_rgba())[..., :3] < FAINT, axis=-1)
    edges = {"top": ink[0], "bottom": ink[-1], "left": ink[:, 0], "right": ink[:, -1]}
    for side, pixels in edges.items():
        if pixels.any():
            yield f"ink reaches the {side} edge of the page"


def _overlapping(texts: "list[tuple[Text, Bbox]]") -> Iterator[str]:
    for (one, a), (two, b) in combinations(texts, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > TOUCH and high > TOUCH:
            yield f"texts {one.get_text()!r} and {two.get_text()!r} overlap"


def _axes_faults(axes: "Axes") -> Iterator[str]:
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        ticked = any(tick.label1.get_visible() for tick in axis.get_major_ticks())
        shown = axes.axison and axis.get_visible() and ticked
        if shown and not axis.get_label_text() and not _shared(axes, name):
            yield f"the {name} axis has ticks and no label"
    yield from _covering_legend(axes)
    yield from _alike_in_grey(axes)


def _shared(axes: "Axes", name: str) -> bool:
    """Whether a neighbour on the same shared axis carries the label."""
    siblings = getattr(axes, f"get_shared_{name}_axes")().get_siblings(axes)
    return any(getattr(other, f"get_{name}label")() for other in siblings)


def _covering_legend(axes: "Axes") -> Iterator[str]:
    legend = axes.get_legend()
    if legend is not None:
        box = legend.get_window_extent()
        for line in axes.get_lines():
            if _crosses(line.get_path().transformed(line.get_transform()), box, filled=False):
                yield f"the legend lies over the line {line.get_label()!r}"
        for dots in axes.collections:
            if _touches(dots, axes, box):
                yield f"the legend lies over the data {dots.get_label()!r}"


def _touches(dots: object, axes: "Axes", box: "Bbox") -> bool:
    from matplotlib.collections import Collection

    if not isinstance(dots, Collection):
        return False
    offsets = dots.get_offset_transform().transform(dots.get_offsets())
    if np.size(offsets) > 2:
        return bool(box.count_contains(np.ma.filled(offsets, np.nan)))
    paths = (path.transformed(dots.get_transform()) for path in dots.get_paths())
    return any(_crosses(path, box, filled=True) for path in paths)


def _crosses(path: Any, box: "Bbox", filled: bool) -> bool:
    return len(path.vertices) > 0 and bool(path.intersects_bbox(box, filled=filled))


def _alike_in_grey(axes: "Axes") -> Iterator[str]:
    """Labelled lines that only their colour tells apart."""
    named = [line for line in axes.get_lines() if not str(line.get_label()).startswith("_")]
    for one, two in combinations(named, 2):
        if _stroke(one) == _stroke(two):
            yield f"lines {one.get_label()!r} and {two.get_label()!r} differ by colour alone"


def _stroke(line: Any) -> tuple[Any, ...]:
    return line._dash_pattern, line.get_marker(), line.get_linewidth()


def _titled(figure: "Figure") -> Iterator[str]:
    sides: tuple[Any, ...] = ("center", "left", "right")
    titles = [axes.get_title(loc=side) for axes in figure.axes for side in sides]
    for title in filter(None, (*titles, figure.get_suptitle())):
        yield f"a title inside the figure: {title!r}; the caption says it"
