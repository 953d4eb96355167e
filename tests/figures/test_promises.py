"""What captions promise about marks and rows, on planted rows where real ones may not show it."""

import math
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from lsetheory.audit.score import GATE
from lsetheory.figures import conditioning, growth, image_gaps, leaderboard, network_max5, surfaces


def cell(witness: dict[str, Any] | None) -> dict[str, Any]:
    return {"implementation": "numpy-naive", "family": "offset", "n": 3, "verdict": "overflow",
            "witness": witness}  # fmt: skip


def drawn(figure: Any, rows: list[dict[str, Any]]) -> Any:
    axes = Figure().subplots()
    figure.draw(axes, rows)
    return axes


def test_conditioning_keeps_what_is_not_finite_and_drops_what_has_no_condition_number() -> None:
    lost = cell({"ulp": math.nan, "rho": math.nan, "kappa": 2.0})
    special = cell({"ulp": None, "rho": None, "kappa": None})
    (row,) = conditioning.gather([lost, special, cell(None)])
    assert (row["ulp"], row["rho"], row["kappa"]) == (None, None, 2.0)


@pytest.mark.parametrize(
    ("ulp", "kappa", "place", "filled"),
    [
        (None, 2.0, (2.0, conditioning.MORE), True),
        (1e30, 2.0, (2.0, conditioning.MORE), False),
        (-0.0, 1e-40, (conditioning.LESS, conditioning.LESS), False),
        (-7.0, 3.0, (3.0, 7.0), False),
    ],
)
def test_conditioning_draws_off_the_scale_beyond_a_dotted_line(
    ulp: float | None, kappa: float, place: tuple[float, float], filled: bool
) -> None:
    row = {"implementation": "numpy-naive", "family": "offset", "n": 3, "ulp": ulp, "kappa": kappa}
    axes = drawn(conditioning, [row])
    marks = [
        line for line in axes.get_lines() if line.get_marker() == "o" and len(line.get_xdata())
    ]
    assert {(line.get_xdata()[0], line.get_ydata()[0]) for line in marks} == {place}
    assert any(line.get_markerfacecolor() != "none" for line in marks) == filled
    dotted = [line for line in axes.get_lines() if line.get_linestyle() == ":"]
    assert len(dotted) == sum(end in (conditioning.LESS, conditioning.MORE) for end in place)
    assert axes.viewLim.contains(*place)


def test_the_leaderboard_breaks_its_shades_at_the_gate() -> None:
    span = math.log10(leaderboard.CEILING / leaderboard.FLOOR)
    at = [math.log10(GATE * factor / leaderboard.FLOOR) / span for factor in (0.8, 1.25)]
    below, above = leaderboard._broken()(at)[:, :3].mean(axis=1)
    assert below - above > 0.15


def test_growth_takes_as_many_rows_at_every_length() -> None:
    for quick in (True, False):
        assert {unit.arguments["rows"] for unit in growth.plan(quick)} == {growth.ROWS}


def test_a_share_of_zero_is_on_the_picture() -> None:
    axes = Figure().subplots()
    image_gaps._from_zero(axes)
    across = axes.transData.transform([(0, 0), (1e-3, 0), (100, 0)])[:, 0]
    assert axes.bbox.x0 < across[0] < across[1] < across[2] <= axes.bbox.x1 + 1e-9


def test_the_width_of_an_edge_is_linear_in_its_weight() -> None:
    rows = network_max5.rows()
    widths = [line.get_linewidth() for line in drawn(network_max5, rows).get_lines()[: len(rows)]]
    sizes = [abs(row["weight_float"]) for row in rows]
    assert len(set(sizes)) > 2
    np.testing.assert_allclose(
        np.ptp(np.array(widths) - np.polyval(np.polyfit(sizes, widths, 1), sizes)), 0, atol=1e-12
    )


def test_the_shades_hold_every_slope() -> None:
    slopes = [row["slope"] for row in surfaces.rows()]
    assert surfaces.SHADES[0] < min(slopes)
    assert max(slopes) < surfaces.SHADES[-1]
