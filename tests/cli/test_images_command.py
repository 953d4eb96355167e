"""`lsetheory images`: its JSON, its sentences, its refusals."""

import json

import numpy as np
import pytest

from lsetheory import cli
from lsetheory.cli import _console
from lsetheory.relu import images


def run(*arguments):
    return _console.exit_code(cli.app(), ["images", *map(str, arguments)])


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(images, "SIDE", 160)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "soft.npy"
    np.save(path, np.add.outer(np.arange(40), np.arange(60)) / 100)
    return path


def test_a_file_is_answered_for_with_sentences_and_json(picture, tmp_path, capsys):
    target = tmp_path / "images.json"
    assert run(picture, "--kernel", "3", "--stride", "2", "--json", target) == 0
    out = capsys.readouterr().out.replace("\n", " ")
    assert "Windows of pixels, gap as it is: 0.0%" in out
    assert "not settled by fewer than 5 pictures." in out
    found = json.loads(target.read_text())
    assert set(found) == {"gaps", "errors", "approximations", "answers"}
    assert all(row["d"] == 9 for row in found["gaps"])


def test_json_on_standard_output_is_json_alone(picture, capsys):
    assert run(picture, "--json", "-") == 0
    assert json.loads(capsys.readouterr().out)["answers"][0]["rare"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.png"], "no.png: expected a file that exists"),
        (["--kernel", "1"], "kernel: expected windows of 3 to 36 pixels"),
        (["a.txt"], "a.txt: expected .png, .jpg, .jpeg, .npy"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_2(arguments, message, capsys):
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
