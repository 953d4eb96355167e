"""The benchmarks' own arithmetic: pairing, exponents, the scheduler's model, the page."""

from importlib import import_module

import numpy as np
import pytest

from benchmarks import __main__ as run
from benchmarks import _measured, _paired, growth, scale, startup


def test_every_benchmark_says_what_it_measures() -> None:
    assert {"faithful", "growth", "pooling", "startup"} <= set(run.subjects())
    for name in run.subjects():
        module = import_module(f"benchmarks.{name}")
        assert callable(module.rows)
        assert module.__doc__


@pytest.mark.parametrize("power", [0.0, 1.0, 2.5])
def test_exponents_of_powers_are_found(power: float) -> None:
    sizes = [10, 100, 1000]
    assert growth.exponent(sizes, [3 * s**power for s in sizes]) == pytest.approx(
        (power, 0.0), abs=1e-7
    )
    bent = [s**power * f for s, f in zip(sizes, (1, 2, 1), strict=True)]
    slope, error = growth.exponent(sizes, bent)
    assert slope == pytest.approx(power, abs=1e-12)
    assert error is not None
    assert error > 0.1
    assert growth.exponent(sizes[:2], [1.0, 10**power])[1] is None


def test_pairs_are_timed_in_turn_after_one_call_of_each() -> None:
    calls: list[str] = []
    found = _paired.paired(lambda: calls.append("a"), lambda: calls.append("b"), 0.0)
    assert calls == ["a", "b"] * 4
    assert found["ratio_low"] <= found["ratio"] <= found["ratio_high"]


def test_peak_memory_counts_what_the_call_holds() -> None:
    assert 8e5 <= _paired.peak_bytes(lambda: np.zeros(100_000)) < 9e5


def test_a_free_scheduler_keeps_all_workers_busy_and_a_slow_one_does_not() -> None:
    assert scale.simulated(10, 200, 1.0, 0.0) == 20.0
    # one scheduler at 1 s a unit hands out 200 units in 200 s, however many workers there are
    assert scale.simulated(1000, 200, 1.0, 1.0) == pytest.approx(202.0)


def test_what_import_must_not_pull_in_is_looked_for() -> None:
    assert startup._fresh(startup.PULLED).strip() == ""
    pulled = startup.PULLED.replace("import sys,", "import sys, numpy,")
    assert startup._fresh(pulled).strip() == "numpy"


ROWS = [
    {"subject": "growth", "claim": "a", "peer": "b", "ours_s": 0.5, "peer_s": 90.0,
     "ratio": 1 / 180, "ratio_low": 1 / 200, "ratio_high": 0.25, "target": 0.01, "held": True,
     "exponent": 1.0},
    {"subject": "startup", "claim": "c", "peer": None, "ours_s": 2.0},
]  # fmt: skip
ORIGIN = {"quick": True, "seconds": 3.0, "commit": "abc", "cpus": 2, "processor": "P",
          "versions": {"numpy": "9.9"}}  # fmt: skip


def test_the_page_has_the_promises_and_a_table_a_subject() -> None:
    page = _measured.markdown(ORIGIN, ROWS)
    assert "| a | b | 1/180 | 1/200 to 0.25 | 1/100 | yes |" in page
    assert "## growth" in page
    assert "| a | b | 0.5 | 90 | 1/180 | 1/200 to 0.25 | 1/100 | yes | 1 |" in page
    assert "| c | 2 |" in page
    assert "numpy 9.9" in page


def test_the_figure_shows_every_paired_row() -> None:
    paired = {**ROWS[0], "pairs": 3, "sizes": [1, 2], "ours_each": [1.0, 2.0],
              "peer_each": [1.0, 2.0], "peer_exponent": 1.0}  # fmt: skip
    left, right = _measured.figure([paired, ROWS[1]]).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["a / b"]
    assert len(right.lines) == 2
