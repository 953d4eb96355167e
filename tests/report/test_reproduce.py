"""`lsetheory reproduce` and `draw` on parts small enough to run: what they write, say, return."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from lsetheory import catalogue, environment, work
from lsetheory.cli import _derived, _parts, _tables, main
from lsetheory.report import drawing, provenance


class Small(_parts.Part):
    """A part of one unit."""

    name, title, caption, columns = "small", "Small <b>", "Numbers", ("number",)
    fallen: tuple[str, ...] = ()

    def plan(self, size: str, seed: int) -> list[work.Unit]:
        numbers = {"quick": [1], "default": [1, 2], "full": [1, 2, 3]}
        return [work.Unit("lsetheory.work:plain", {"value": {"number": n}}) for n in numbers[size]]

    def gather(self, results: list[Any]) -> list[dict[str, Any]]:
        return results

    def judge(self, rows: list[dict[str, Any]]) -> _parts.Verdict:
        return _parts.Verdict("measured", f"{len(rows)} numbers", ["all small"], self.fallen)


class Nothing(Small):
    """A part the page always has, empty here."""

    def __init__(self, name: str) -> None:
        self.name, self.columns = name, ()

    def plan(self, size: str, seed: int) -> list[work.Unit]:
        return []

    def judge(self, rows: list[dict[str, Any]]) -> _parts.Verdict:
        return _parts.Verdict("proved", "nothing")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One figure, a small part, a cache of its own."""
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(_parts, "PARTS", (Nothing("theorems"), Nothing("audit"), Small()))
    known = catalogue.figures()
    monkeypatch.setattr(catalogue, "figures", lambda: {"limits": known["limits"]})


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main([*words, "--workers", "1"])
    return int(end.value.code or 0)


def test_everything_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reproduce", "--quick", "--out", str(tmp_path / "out")) == 0
    found = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")}
    assert found == {"index.html", "results.json", "environment.json", "figures/limits.pdf"}
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["small"] == [{"number": 1}]
    assert results["size"] == "quick"
    assert [row["holds"] for row in results["fitter_check"]] == [True] * 3
    assert len(results["seeds"]) > 10
    assert "Small &lt;b&gt;" in (tmp_path / "out" / "index.html").read_text()
    said = capsys.readouterr().out
    assert "measured: 1 numbers" in said
    assert "index.html" in said


def test_a_law_that_is_missed_falls_short() -> None:
    row = {"family": "{0..d-1}", "expected_law": "exponential", "law": "power", "holds": False}
    lines = list(_derived.fell_short({"fitter_check": [row, {**row, "holds": True}]}))
    assert lines == ["scaling laws: {0..d-1} gave power, not exponential"]


def test_what_falls_short_exits_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Small, "fallen", ("small: 1 is not 2",))
    assert run("reproduce", "--quick", "--out", str(tmp_path / "out")) == 1
    assert "1 fell short: small: 1 is not 2" in capsys.readouterr().err
    assert (tmp_path / "out" / "index.html").is_file()


def test_json_alone_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reproduce", "--quick", "--json", "-", "--out", str(tmp_path / "out")) == 0
    assert json.loads(capsys.readouterr().out)["fell_short"] == []


def test_quick_and_full_together_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reproduce", "--quick", "--full") == 2
    assert "expected --quick or --full, got both" in capsys.readouterr().err


def test_an_interrupt_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(part: Small, results: list[Any]) -> list[Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Small, "gather", interrupted)
    assert run("reproduce", "--quick", "--out", str(tmp_path / "out")) == 130
    assert "run the same command" in capsys.readouterr().err


def test_draw_writes_each_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("draw", "limits", "--quick", "--format", "SVG,png", "--json", "-")
    assert run(*words, "--out", str(tmp_path)) == 0
    rows = json.loads(capsys.readouterr().out)["figures"]
    assert sorted(row["format"] for row in rows) == ["png", "svg"]
    assert all(Path(row["file"]).is_file() for row in rows)
    assert rows[0]["width_mm"] == 82.55
    assert b"quick: fewer points; commit" in (tmp_path / "limits.svg").read_bytes()


def test_only_a_quick_figure_says_so() -> None:
    entry = catalogue.figures()["limits"]
    assert drawing.caption(entry, quick=True) == f"{drawing.QUICK} {drawing.caption(entry)}"
    assert "quick" not in provenance.of([]).words()


def test_figures_name_every_library_that_can_change_a_row() -> None:
    told = provenance.of([]).versions
    assert all(f"{name} {text}" in told for name, text in environment.versions().items())


BOARD = {
    "operation": "logsumexp", "dtype": "float32", "device": "cpu", "version": "1", "family": "ties",
    "rows": 4, "n": 2, "ulp_0": 4, "overflow": 0, "underflow": 0, "nan": 0, "max_ulp": 2.0,
    "max_rho": 1.0, "verdict": "correct",
}  # fmt: skip


def test_the_leaderboard_ranks_what_overflows_last_and_leaves_out_one_operation() -> None:
    lost = BOARD | {"implementation": "naive", "overflow": 2, "verdict": "overflow", "ulp_0": 2,
                    "max_ulp": 0.5, "max_rho": 0.1}  # fmt: skip
    odd = BOARD | {"implementation": "odd", "verdict": "unstable", "max_rho": 9.0}
    rows = _tables.leaderboard([lost, odd, BOARD | {"implementation": "sound"}])
    assert [row["implementation"] for row in rows] == ["sound", "odd", "naive"]
    assert rows[-1]["max_ulp"] == rows[-1]["max_rho"] == math.inf
    columns = _tables.TABLES["leaderboard"].columns
    assert "operation" not in _tables.telling(rows, columns)
    assert "operation" in _tables.telling([*rows, BOARD | {"operation": "softmax"}], columns)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("draw", "limit"), "unknown figure 'limit'"),
        (("draw", "--style", "nature"), "unknown style 'nature'"),
        (("draw", "--format", "pdf,gif"), "--format: expected a list of pdf, svg, png, pgf, got"),
        (("draw", "limits", "--out", "/dev/null/x"), "--out /dev/null/x: expected a folder, got"),
        (("draw", "limits", "--tables"), "--tables: expected no NAMES beside it"),
        (("draw", "--tables", "--style", "icml"), "--tables: expected no --style beside it"),
    ],
)
def test_bad_input_is_one_line(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_card_of_claims_says_what_the_rows_say() -> None:
    mutants = [{"words": "", "refused": True, "refuted": r, "at": ""} for r in (True, False)]
    row = {
        "name": "a", "status": "proved", "attack": {"points": 9, "counterexamples": 1},
        "mutants": {"list": mutants, "refused": 2, "refuted": 1, "total": 2},
        "equality": {"hold": 0, "total": 0, "sharper": 0, "sharper_refuted": 0},
    }  # fmt: skip
    _, attacked, variants, *_ = _parts.Theorems().judge([row]).lines
    assert attacked == "9 points of attack, 1 counterexample"
    assert variants == "1 of 2 false variants refused and refuted"


def test_the_card_of_networks_rounds_a_bound_up() -> None:
    row = {"kernel": "1x2", "width": 4, "sup_upper": 2.4813}
    assert "to within 2.5 (kernel" in _parts.Fit().judge([row]).lines[0]


def test_cards_gather_what_belongs_together() -> None:
    verdicts = [_parts.Verdict("measured", "2 a", ["x"]), _parts.Verdict("measured", "3 b", ["y"])]
    assert list(_parts.cards(verdicts)) == [("measured", "2 a", ["x", "3 b", "y"])]


OWN = {
    "implementation": "pooling-jax", "operation": "pooled_lse_gradient", "dtype": "float64",
    "family": "wide", "n": 10, "verdict": "underflow", "max_rho": 5.0,
}  # fmt: skip
SOFTMAX = {"verdict": "unstable", "operation": "softmax", "family": "ties"}


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({}, False),  # XLA flushes to zero
        ({"implementation": "pooling-numpy"}, True),
        ({"verdict": "overflow"}, True),
        ({"family": "all_equal"}, True),
        (SOFTMAX | {"max_rho": 32.0}, False),
        (SOFTMAX | {"max_rho": 32.5}, True),
        ({"verdict": "unstable", "operation": "logsumexp"}, True),
        (
            {"verdict": "unstable", "operation": "pooled_lse", "family": "ties"},
            False,
        ),  # XLA's log1p
        ({"verdict": "unstable", "implementation": "scipy-logsumexp"}, False),  # not its own
    ],
)
def test_what_is_known_of_its_own_is_excused_and_nothing_else(
    changes: dict[str, Any], fails: bool
) -> None:
    verdict = _parts.Audit().judge([OWN | changes])
    assert bool(verdict.short) is fails
