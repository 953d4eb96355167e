"""The checker of figures notices each planted fault, and finds none in a plain figure."""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lsetheory.report import legibility
from lsetheory.report.style import styles

STYLE = styles()["ieee"]


def plain(plant: Callable[[Any], None] = lambda axes: None, width: float = 88.57) -> Figure:
    with STYLE.settings():
        figure = Figure(figsize=(width / 25.4, 2.2))
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.plot([0, 1, 2], [0, 1, 0.5], label="one")
        axes.plot([0, 1, 2], [1, 0, 0.5], label="two")
        axes.set_xlabel("x (mm)")
        axes.set_ylabel("y")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.03), ncols=2)
        plant(axes)
        figure.draw_without_rendering()
    return figure


def faults(plant: Callable[[Any], None]) -> str:
    return " / ".join(legibility.faults(plain(plant), STYLE))


def test_a_plain_figure_has_no_fault() -> None:
    assert legibility.faults(plain(), STYLE) == []


def overlapping(axes: Any) -> None:
    axes.annotate("here", (0.5, 0.5), xycoords="axes fraction")
    axes.annotate("there", (0.51, 0.5), xycoords="axes fraction")


def ticks_overlap(axes: Any) -> None:
    axes.set_xticks([0, 0.05, 0.1], ["long label", "longer label", "longest label"])


def clipped_by_page(axes: Any) -> None:
    axes.annotate("far out", (1.5, 0.5), xycoords="axes fraction")


def clipped_by_axes(axes: Any) -> None:
    axes.text(1.95, 0.5, "half inside", clip_on=True)


def line_beyond_the_page(axes: Any) -> None:
    (line,) = axes.plot([0, 9], [0.5, 0.5], "-", clip_on=False)
    line.set_in_layout(False)
    axes.set_xlim(0, 2)


def covering(axes: Any) -> None:
    axes.legend(loc="upper center")


def covering_dots(axes: Any) -> None:
    axes.lines[0].remove()
    axes.lines[0].remove()
    axes.scatter([0, 1, 2], [0, 1, 2], label="dots")
    axes.legend(loc="lower left")


def covering_band(axes: Any) -> None:
    axes.fill_between([0, 1, 2], -1, 3, color="0.9", label="band")
    axes.set_ylim(-1, 3)
    axes.legend(loc="upper right", bbox_to_anchor=(1, 0.98))


def alike(axes: Any) -> None:
    axes.lines[1].set_linestyle(axes.lines[0].get_linestyle())


PLANTED = {
    "is 5.0 pt": lambda axes: axes.set_xlabel("x", fontsize=5),
    "is 4.9 pt": lambda axes: axes.set_xlabel("$x_{small}$", fontsize=7),
    "texts 'here' and 'there' overlap": overlapping,
    "texts 'long label' and 'longer label' overlap": ticks_overlap,
    "text 'far out' is cut": clipped_by_page,
    "text 'half inside' is cut": clipped_by_axes,
    "ink reaches the right edge of the page": line_beyond_the_page,
    "the legend lies over the line": covering,
    "the legend lies over the data 'dots'": covering_dots,
    "the legend lies over the data 'band'": covering_band,
    "'one' and 'two' differ by colour alone": alike,
    "a title inside the figure: 'Title'": lambda axes: axes.set_title("Title"),
    "a title inside the figure: 'Above'": lambda axes: axes.figure.suptitle("Above", y=0.5),
    "the y axis has ticks and no label": lambda axes: axes.set_ylabel(""),
}


@pytest.mark.parametrize("said", PLANTED)
def test_a_planted_fault_is_noticed(said: str) -> None:
    assert said in faults(PLANTED[said])


def test_a_wrong_width_is_noticed() -> None:
    found = legibility.faults(plain(width=88.77), STYLE)
    assert found == ["width 88.77 mm, expected 88.57 mm (column)"]


def test_a_tall_figure_is_noticed() -> None:
    figure = plain()
    figure.set_figheight(5)
    figure.draw_without_rendering()
    assert "height 127.00 mm" in " / ".join(legibility.faults(figure, STYLE))


def test_ticks_outside_the_view_are_no_fault() -> None:
    def narrow(axes: Any) -> None:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:.0e}")
        axes.set_ylim(1.5e-12, 0.9)
        axes.set_xlim(0.5, 1.5)

    assert faults(narrow) == ""
