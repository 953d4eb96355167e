"""The rounding errors of a term of the fast tier, bounded by Gappa."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("wide_term.g")


def gappa(script):
    program = shutil.which("gappa")
    if program is None:
        pytest.skip("needs the program gappa (Debian package gappa)")
    return subprocess.run([program], input=script, capture_output=True, text=True, timeout=60)


def test_the_bound_is_proved():
    done = gappa(SCRIPT.read_text())
    assert done.returncode == 0, done.stderr


def test_a_tighter_bound_is_refused():
    script = SCRIPT.read_text()
    assert "2.72e-19" in script
    done = gappa(script.replace("2.72e-19", "1e-19"))
    assert done.returncode != 0
    assert "not satisfied" in done.stderr
