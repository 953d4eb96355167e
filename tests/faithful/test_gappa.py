"""The rounding errors in the core steps of the tiers, bounded by Gappa."""

import shutil
import subprocess
from pathlib import Path

import pytest

#: script beside this file -> a bound in it, and one that does not hold or cannot be shown.
SCRIPTS = {
    "wide_term": ("2.72e-19", "1e-19"),
    "wide_log": ("2.3e-19", "1e-19"),
    "wide_exp": ("3.6e-18", "1e-18"),
    "narrow_exp": ("3.2e-16", "5e-17"),
    "precise_exp": ("3.03e-26", "2.5e-26"),
}


def gappa(script):
    program = shutil.which("gappa")
    if program is None:
        pytest.skip("needs the program gappa (Debian package gappa)")
    return subprocess.run([program], input=script, capture_output=True, text=True, timeout=60)


def text(name):
    return Path(__file__).with_name(f"{name}.g").read_text()


def test_all_scripts_are_run():
    assert {path.stem for path in Path(__file__).parent.glob("*.g")} == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_bound_is_proved(name):
    done = gappa(text(name))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_tighter_bound_is_refused(name):
    script, (bound, tighter) = text(name), SCRIPTS[name]
    assert bound in script
    done = gappa(script.replace(bound, tighter))
    assert done.returncode != 0
    assert "not satisfied" in done.stderr


def test_a_product_of_one_bit_too_many_is_refused():
    """On a grid twice as fine w1 can have 28 bits, and ten rows of the table round head * w1."""
    script = text("precise_exp")
    assert "fixed<-37, ne>" in script
    done = gappa(script.replace("fixed<-37, ne>", "fixed<-38, ne>"))
    assert done.returncode != 0
    assert "|p - head * w1|" in done.stderr
