"""What captions promise about marks and rows, on planted rows where real ones may not show it."""

import math
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.figure import Figure

from lsetheory.audit import guard, special, subject
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.score import GATE
from lsetheory.figures import (
    breakdown,
    conditioning,
    growth,
    image_gaps,
    leaderboard,
    network_max5,
    overflow,
    special_values,
    surfaces,
)


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


@pytest.mark.parametrize("turned", [False, True])
def test_a_cell_of_the_leaderboard_has_the_worst_verdict_and_the_largest_index(
    turned: bool,
) -> None:
    found = [("underflow", 1e5), ("overflow", 2.0), ("unstable", 1e6), ("correct", 0.5)]
    rows = [{"implementation": "a", "family": "f", "n": n, "verdict": verdict, "max_rho": rho}
            for n, (verdict, rho) in enumerate(found)]  # fmt: skip
    (row,) = leaderboard.gather(rows[::-1] if turned else rows)
    assert (row["verdict"], row["rho"]) == ("overflow", 1e6)


class Answering:
    """Stands for an implementation: what it gives for every row of two terms, and for no terms."""

    operation = OPERATIONS["logsumexp"]
    repeat = subject.named("numpy-shifted", "logsumexp").repeat

    def __init__(self, empty: str) -> None:
        self.empty = empty

    def __call__(self, x: Any, layout: str, given: dict[str, Any]) -> Any:
        if not x.shape[1]:
            raise guard.Failed(self.empty)
        with np.errstate(all="ignore"):
            return np.max(x, axis=1)


@pytest.mark.parametrize(
    ("says", "right"), [("raised ValueError: empty", True), ("took longer than 9 s", False)]
)
def test_the_empty_row_is_judged_in_the_figure_as_in_the_audit(
    says: str, right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = cast(subject.Subject, Answering(says))
    monkeypatch.setattr(special_values.subject, "named", lambda *_: called)
    rows = special_values.conformance("a")
    wrong = {row["kind"]: row["tried"] - row["right"] for row in rows}
    assert wrong == dict.fromkeys(special_values.KINDS, 0) | {"empty": int(not right)}
    assert special.row(called, "float32")["ulp_more"] == sum(wrong.values())


def test_a_float_program_that_failed_leaves_a_gap() -> None:
    evaluated = [{"part": "evaluation", "dtype": dtype, "form": form, "d": 4, "measured": 1e-8,
                  "error": 2.0**-4}
                 for dtype in ("float32", "float64") for form in breakdown.FORMS]  # fmt: skip
    for ratios in ([1.0, None, 3.0], [None]):
        program = [{"part": "program", "d": d, "ratio": r} for d, r in enumerate(ratios)]
        axes = dict(zip(("evaluation", "program"), Figure().subplots(1, 2), strict=True))
        breakdown.draw(axes, evaluated + program)
        (line,) = axes["program"].get_lines()
        assert list(line.get_ydata()) == [r for r in ratios if r is not None]


def test_the_sum_of_the_overflow_map_is_rounded_to_the_format_at_each_step() -> None:
    """On the edge: rounded at each step the sum overflows float16, rounded once it does not."""
    r, width = np.float16(0.364), 29.635
    terms = np.exp(r * np.linspace(0, width, overflow.N).astype(np.float16))
    assert np.isfinite(terms.sum())
    assert overflow._outcome("as written", np.float16, float(r), width) == "overflow"


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
