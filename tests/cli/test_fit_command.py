"""`lsetheory fit`: its JSON, its resumption, its refusals."""

import json

import pytest

from lsetheory import cli, work
from lsetheory.cli import _console

SMALL = ["--kernel", "1x2,2x2", "--width", "1x,4", "--depth", "1", "--seeds", "2", "--workers", "1"]


def run(arguments):
    return _console.exit_code(cli.app(), ["fit", *arguments])


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")


def test_json_and_resume_give_the_same_rows(tmp_path, capsys, monkeypatch):
    target = tmp_path / "fit.json"
    assert run([*SMALL, "--json", str(target)]) == 0
    found = json.loads(target.read_text())
    assert set(found) == {"fits", "smooth", "error_laws", "width_laws", "widths_needed", "check"}
    assert [(row["kernel"], row["width"]) for row in found["fits"]] == [
        ("1x2", 2), ("1x2", 4), ("2x2", 4),
    ]  # fmt: skip
    assert all(row["sup_lower"] <= row["sup_upper"] for row in found["fits"])
    assert all(row["holds"] for row in found["check"])
    capsys.readouterr()
    monkeypatch.setattr(work.Unit, "__call__", lambda unit: pytest.fail("worked again"))
    assert run([*SMALL, "--resume", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == found


def test_networks_left_out_are_counted(capsys):
    assert run([*SMALL, "--largest", "20"]) == 0
    assert "left out: 1 networks of more than 20 parameters" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kernel", "2y2"], "kernel: expected sizes such as 2x2"),
        (["--kernel", "1x1"], "expected two inputs or more"),
        (["--width", "big"], "width: expected a number"),
        (["--depth", "deep"], "--depth: expected integers"),
        (["--depth", "0"], "expected depths and seeds of 1 or more"),
        (["--largest", "2"], "every network has more than 2 parameters"),
        (["--kernel", ""], "kernel: expected sizes such as 2x2"),
        (["--quick", "--kernel", "3x3"], "--quick: expected no --kernel beside it"),
        (["--quick", "--seeds", "3"], "--quick: expected no --seeds beside it"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_2(arguments, message, capsys):
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_an_interrupt_says_how_to_go_on(capsys, monkeypatch):
    def interrupted(unit):
        raise KeyboardInterrupt

    monkeypatch.setattr(work.Unit, "__call__", interrupted)
    assert run(SMALL) == 130
    assert "finished work is kept, run the same command with --resume" in capsys.readouterr().err
