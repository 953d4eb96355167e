"""The prove command: rows, one derivation, LaTeX, one's own folder, errors in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lsetheory.cli import main
from lsetheory.proof import ledger

OWN = '''"""exp r >= 1 + r for every r.

Source: folklore.
"""
from lsetheory.proof import Claim, Mutant, exp, real

r = real("r")
CLAIM = Claim(words="w", source="s", parts={{"tangent": 1 + r <= exp(r)}})
EQUALITY = ()
MUTANTS = (Mutant("strict", CLAIM.but(tangent=1 + r < exp(r)), {{"r": 0}}),
           Mutant("reversed", CLAIM.but(tangent=exp(r) <= 1 + r), {{"r": 1}}))


def proof(k):
    return {body}
'''


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["prove", *words])
    return end.value.code, capsys.readouterr()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path):
    def write(body="k.close((), k.exp_tangent(r))", text=None):
        home = tmp_path / "own"
        home.mkdir(exist_ok=True)
        (home / "tangent.py").write_text(text or OWN.format(body=body))
        return str(home)

    return write


def test_json_has_the_documented_keys(capsys):
    code, out = run(capsys, "limit_mean", "--points", "50", "--json", "-")
    (row,) = json.loads(out.out)["theorems"]
    assert code == 0
    assert row["name"] == "limit_mean"
    assert row["status"] == "proved"
    assert row["attack"]["points"] == 50
    assert row["attack"]["counterexamples"] == 0
    assert row["mutants"]["total"] == row["mutants"]["refused"] == row["mutants"]["refuted"] == 3
    assert {"steps", "rests_on", "seconds"} <= set(row)
    said = {row["statement"]: row["verdict"] for row in json.loads(out.out)["seeds"]}
    assert said["the pooled value tends to the mean as r → 0"] == "proved"
    assert said["the pooled value tends to the maximum as r → ∞"] == "open"  # not asked for


def test_show_prints_numbered_steps(capsys):
    code, out = run(capsys, "--show", "limit_mean")
    assert code == 0
    assert "[tends_quotient" in out.out


def test_latex_is_a_document(capsys, tmp_path):
    target = tmp_path / "appendix.tex"
    code, _ = run(capsys, "limit_max", "--points", "20", "--latex", str(target), "-q")
    assert code == 0
    assert r"\begin{document}" in target.read_text()


def test_own_folder(capsys, folder):
    code, out = run(capsys, "--path", folder(), "--points", "50", "--json", "-")
    assert code == 0
    assert [row["status"] for row in json.loads(out.out)["theorems"]] == ["proved"]


def test_a_failing_proof_names_the_step_and_both_sides(capsys, folder):
    code, out = run(capsys, "--path", folder("k.by(1 + r < exp(r), k.exp_tangent(r))"),
                    "--points", "20", "-q")  # fmt: skip
    assert code == 1
    assert "tangent.py:15" in out.err
    assert "1 + r < exp(r)" in out.err
    assert "1 + r ≤ exp(r)" in out.err


def test_proving_something_else_shows_both(capsys, folder):
    code, out = run(capsys, "--path", folder("k.exp_positive(r)"), "--points", "20", "-q")
    assert code == 1
    assert "proved 0 < exp(r), claimed 1 + r ≤ exp(r)" in out.err


def open_claim(extra=""):
    text, _, _ = OWN.format(body="1").partition("\n\ndef proof")
    return f'{text}\nOPEN = "the tangent line, which is not enough"\n{extra}'


def test_open_claim_is_shown_as_open_and_does_not_fail(capsys, folder):
    home = folder(text=open_claim())
    code, out = run(capsys, "--path", home, "--points", "50", "--json", "-")
    (row,) = json.loads(out.out)["theorems"]
    assert code == 0
    assert row["status"] == "open: the tangent line, which is not enough"
    assert (row["steps"], row["rests_on"], row["mutants"]["refuted"]) == (0, [], 2)
    code, out = run(capsys, "--path", home, "--show", "tangent")
    assert code == 1
    assert "open: the tangent line" in out.err


def test_open_claim_that_is_false_fails(capsys, folder):
    text = open_claim().replace("tangent=1 + r < exp(r)", "tangent=2 + r <= exp(r)")
    text = text.replace('parts={"tangent": 1 + r <= exp(r)}', 'parts={"tangent": r * r <= exp(r)}')
    code, out = run(capsys, "--path", folder(text=text), "--points", "50", "-q")
    assert code == 1
    assert "refuted at r = " in out.err


def test_a_claim_about_nothing_falls_short(capsys, folder):
    text = OWN.format(body="k.close(CLAIM.given, k.exp_tangent(r))")
    text = text.replace('source="s",', 'source="s", given=(0 < r, r < 0),')
    code, out = run(capsys, "--path", folder(text=text), "--points", "5", "-q")
    assert code == 1
    assert "no point was found that meets the hypotheses" in out.err


def test_a_part_about_nothing_falls_short(capsys, folder):
    text = OWN.format(body="k.close((), k.exp_tangent(r))").replace(
        "import Claim", "import Implies, Claim"
    )
    text = text.replace(
        'parts={"tangent": 1 + r <= exp(r)}',
        'parts={"tangent": 1 + r <= exp(r), "idle": Implies(0 < r, r < 0, r <= 5)}',
    )
    code, out = run(capsys, "--path", folder(text=text), "--points", "1000", "-q")
    assert code == 1
    assert "idle: no point was found that meets the hypotheses" in out.err


def test_a_proof_that_the_attack_contradicts_is_no_proof():
    attacked = {"counterexamples": 1, "witness": "r = 1"}
    result = {"failure": None, "proof": {"steps": []}, "attack": attacked}
    row = ledger._row(result, {"status": "proved", "rests_on": []})
    assert row["status"] == "proved, and yet refuted at r = 1"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_proof_that_ends_python_is_a_failure_of_its_own(capsys, folder, workers):
    home = folder("__import__('sys').exit(0)")
    (Path(home) / "sound.py").write_text(OWN.format(body="k.close((), k.exp_tangent(r))"))
    code, out = run(capsys, "--path", home, "--points", "5", "--workers", workers)
    assert code == 1
    assert "tangent.py:15: SystemExit: 0" in out.err
    assert "sound" in out.out


def test_a_file_that_ends_python_is_refused(capsys, folder):
    text = OWN.format(body="1").replace("r = real", "__import__('sys').exit(0)\nr = real")
    code, out = run(capsys, "--path", folder(text=text), "--points", "5")
    assert (code, out.err) == (2, "lsetheory: tangent.py:7: SystemExit: 0\n")


def test_a_folder_without_theorems_is_refused(capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    for words in ((), ("lse_bounds",)):
        code, out = run(capsys, *words, "--path", str(tmp_path / "empty"), "--points", "5")
        assert (code, out.out) == (2, "")
        assert "expected theorem files, got none" in out.err


def test_a_shown_derivation_is_json_too(capsys, tmp_path):
    code, out = run(capsys, "--show", "lse_bounds", "--json", "-")
    assert code == 0
    shown = json.loads(out.out)
    assert shown["name"] == "lse_bounds"
    assert len(shown["derivation"]) > 3


@pytest.mark.parametrize("words", [("lse_bounds",), ("--latex", "x.tex"), ("--formal",)])
def test_what_a_shown_derivation_does_not_use_is_refused(capsys, words):
    code, out = run(capsys, "--show", "hoeffding", *words)
    assert code == 2
    assert "--show: expected no" in out.err


def test_a_terminal_without_the_letters_is_no_reason_to_fail(tmp_path):
    words = ["prove", "lse_bounds", "--points", "5", "--json", str(tmp_path / "rows.json")]
    done = subprocess.run([sys.executable, "-m", "lsetheory", *words], capture_output=True,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"\\u2264" in done.stdout
    assert (tmp_path / "rows.json").is_file()


def test_a_lemma_that_is_open_proves_nothing(capsys, folder):
    home = folder("k.lemma('guess')")
    (Path(home) / "guess.py").write_text(open_claim())
    code, out = run(capsys, "tangent", "--path", home, "--points", "5", "-q")
    assert code == 1
    assert "expected a theorem guess that is proved" in out.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1\n", "tangent.py:1: expected a docstring"),
        ('"""Doc."""\nCLAIM = 1\n', "tangent.py:2: expected the file to define"),
        ('"""Doc."""\nCLAIM = (\n', "tangent.py:2: not a Python file"),
        (OWN.format(body="1").replace("CLAIM = Claim", "CLAIM = dict"), "tangent.py:10: Attr"),
        (OWN.format(body="1") + "CLAIM = 1\n", "expected CLAIM to be a Claim, got int"),
        (OWN.format(body="1") + "MUTANTS = MUTANTS[:1]\n", "two Mutants or more, got 1"),
        (OWN.format(body="1") + "OPEN = 'tried'\n", "expected proof, or OPEN"),
        (open_claim("OPEN = 3\n"), "expected proof, or OPEN"),
        (open_claim().replace("OPEN", "CLOSED"), "none of the name proof or OPEN"),
        (OWN.format(body="1").replace("1 + r <= exp(r)", "0.5 <= exp(r)"), "tangent.py:8"),
    ],
)
def test_malformed_files_are_refused_in_one_line(capsys, folder, text, reason):
    code, out = run(capsys, "--path", folder(text=text), "--points", "5", "-q")
    assert code == 2
    assert reason in out.err
    assert out.err.count("\n") == 1


def test_unknown_name(capsys):
    code, out = run(capsys, "lse_bound")
    assert code == 2
    assert "did you mean lse_bounds" in out.err
