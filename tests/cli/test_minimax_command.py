"""`lsetheory minimax`: what it prints, its JSON, and one line for every mistake."""

import json
from fractions import Fraction

import pytest

from lsetheory.cli import _workshop, main


def run(capsys, *words):
    with pytest.raises(SystemExit) as caught:
        main(["minimax", *words])
    return caught.value.code, *capsys.readouterr()


def test_the_answer_is_printed_in_fractions_and_decimals(capsys):
    code, out, _ = run(capsys, "8", "--ranks", "0,1,7")
    assert code == 0
    assert "1/18 = 0.0555556 (proved)" in out
    for text in ("-4/27", "28/27", "-0.1481", "4/9", "float32"):
        assert text in out


def test_json_has_the_documented_keys(capsys, tmp_path):
    code, _, _ = run(capsys, "8", "--ranks", "0,1,7", "--json", str(tmp_path / "m.json"))
    found = json.loads((tmp_path / "m.json").read_text())
    assert code == 0
    assert {"d", "ranks", "error", "coefficients", "certificate"} <= set(found)
    assert (found["d"], found["ranks"], found["error"]) == (8, [0, 1, 7], "1/18")
    assert found["coefficients"] == {"0": "1/18", "1": "-4/27", "7": "28/27"}
    assert sum(abs(Fraction(w)) for w in found["certificate"].values()) == 1
    assert {row["form"] for row in found["evaluation"]} == {"ranks", "sorted"}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["8", "--ranks", "1,7"], "1/17"),
        (["8", "--ranks", "0,1,7", "--box", "-1,1"], "1/9"),
        (["8", "--ranks", "1,7", "--relative"], "1/16"),
        (["3", "--ranks", "0,3"], "0"),
    ],
)
def test_constant_box_and_whole_space(capsys, words, error):
    code, out, _ = run(capsys, *words, "--json", "-")
    assert (code, json.loads(out)["error"]) == (0, error)


def test_quiet_prints_nothing(capsys):
    assert run(capsys, "4", "--ranks", "0,1", "-q") == (0, "", "")


def test_many_inputs_are_solved_apart_and_kept(capsys, monkeypatch):
    asked = {}

    def run_unit(shop, what, units, **options):
        asked.update(options, what=what)
        return [unit() for unit in units]

    monkeypatch.setattr(_workshop.Workshop, "run", run_unit)
    code, out, _ = run(capsys, "100000", "--ranks", "0,1", "--json", "-")
    assert (code, json.loads(out)["error"]) == (0, "99999/200000")
    assert asked == {
        "what": "exact numbers at 100001 vertices for 2 ranks", "keep": True, "apart": True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["100000000", "--ranks", "0,1"], "250 MB of exact numbers at most"),
        (["8", "--ranks", "x"], "--ranks: expected integers as in 0,1,7"),
        (["8", "--ranks", "0,9"], "ranks in 0..8"),
        (["8", "--ranks", "1,1"], "each rank once"),
        (["0", "--ranks", "0"], "inputs d ≥ 1"),
        (["8", "--ranks", "0,1", "--box", "1"], "--box: expected two numbers"),
        (["8", "--ranks", "0,1", "--box", "2,1"], "lower end first"),
        (["8", "--ranks", "0,1", "--box", "0,nan"], "two finite numbers"),
        (["8", "--ranks", "0,1", "--relative"], "ranks in 1..8"),
        (["8", "--ranks", "1,7", "--relative", "--box", "0,2"], "--relative: expected no --box"),
        (["eight", "--ranks", "0,1"], "integer"),
        (["8"], "--ranks"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(capsys, words, message):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
