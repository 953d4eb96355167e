"""The command line's manners: exit codes, one line on standard error, clean standard output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lsetheory import catalogue
from lsetheory.cli import _console, main

ROOT = Path(__file__).parents[2]


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert isinstance(exit_.value.code, int)
    return exit_.value.code


def test_list_json_is_all_that_standard_output_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert code("list", "--json", "-") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["theorems"] == sorted(catalogue.theorems())
    assert listed["figures"] == sorted(catalogue.figures())


@pytest.mark.parametrize(
    "words", [["nonsense"], ["list", "--nonsense"], ["prove", "no_such_theorem"]]
)
def test_bad_input_is_one_line_and_exit_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert code(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_output_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert code("list", "--json", str(tmp_path / "file" / "x.json")) == 2
    assert "expected a path that can be written" in capsys.readouterr().err


def test_json_spells_the_floats_it_lacks() -> None:
    row = {"a": float("inf"), "b": [float("-inf"), float("nan"), 1.5], "c": None}
    assert _console.finite(row) == {"a": "inf", "b": ["-inf", "nan", 1.5], "c": None}


HEAVY = {"numpy", "scipy", "sympy", "mpmath", "matplotlib", "torch", "jax", "flint", "numba"}


@pytest.mark.parametrize("program", ["import lsetheory", "from lsetheory.cli import app; app()"])
def test_nothing_scientific_is_imported_at_start(program: str) -> None:
    show = f"import sys; {program}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_python_m_is_the_same_command() -> None:
    words = [sys.executable, "-m", "lsetheory", "list", "--json", "-"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["theorems"] == sorted(catalogue.theorems())
