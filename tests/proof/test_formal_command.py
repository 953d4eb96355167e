"""`lsetheory prove --formal`: rows, the line on numbers or on a missing Rocq, exit codes."""

import json
import shutil
from pathlib import Path

import pytest

from lsetheory.cli import main
from lsetheory.proof import formal

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="coqc is not on the PATH (apt-get install coq)"
)
DEFINITIONS = Path(formal.__file__).parents[2] / "proofs" / "rocq" / "Definitions.v"

CLAIM = '''"""1 + r <= exp r for every r.

Source: folklore.
"""
from lsetheory.proof import Claim, Equality, Mutant, exp, real

r = real("r")
CLAIM = Claim(words="w", source="s", parts={"tangent": 1 + r <= exp(r)})
EQUALITY = (Equality("tangent", {"r": 0}),)
MUTANTS = (Mutant("strict", CLAIM.but(tangent=1 + r < exp(r)), {"r": 0}),
           Mutant("reversed", CLAIM.but(tangent=exp(r) <= 1 + r), {"r": 1}))


def proof(k):
    return k.close((), k.exp_tangent(r))
'''
LEDGER = """Require Export Definitions.

Theorem tangent : forall r, 1 + r <= exp r.
Proof.
  intro r. destruct (Req_dec r 0) as [-> | H]; [rewrite exp_0; lra | apply Rlt_le, exp_ineq1; auto].
Qed.
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of one's own: a claim, and its theorem in rocq/ beside it."""
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))
    rocq = tmp_path / "own" / "rocq"
    rocq.mkdir(parents=True)
    (tmp_path / "own" / "tangent.py").write_text(CLAIM)
    shutil.copy(DEFINITIONS, rocq)
    (rocq / "Ledger.v").write_text(LEDGER)
    (rocq / "_CoqProject").write_text("Definitions.v\nLedger.v\n")
    return tmp_path / "own"


def run(capsys, folder):
    """The exit code, the claim's row and what was said on either stream."""
    words = ["prove", "tangent", "--path", str(folder), "--formal", "--points", "20"]
    with pytest.raises(SystemExit) as end:
        main([*words, "--json", str(folder / "out.json")])
    said = capsys.readouterr()
    (row,) = json.loads((folder / "out.json").read_text())["theorems"]
    return end.value.code, row, said.out + said.err


@needs_rocq
def test_a_claim_that_rocq_confirms(capsys, folder):
    code, row, said = run(capsys, folder)
    assert code == 0
    assert row["formal"] == f"checked (Rocq {formal.version()})"
    assert row["formal_statement"] == "forall (r : R), 1 + r <= exp r"
    numbers = row["formal_numbers"]
    if numbers["detail"] is None:  # both mutants and the bound made sharper at r = 0
        assert (numbers["mutants"], numbers["refuted"], numbers["open"]) == (3, 3, [])
        assert "3 of 3 false variants refuted" in said
    else:
        assert "apt-get install libcoq-interval" in said


@needs_rocq
def test_a_theorem_that_states_something_else_fails_the_command(capsys, folder):
    ledger = folder / "rocq" / "Ledger.v"
    ledger.write_text(LEDGER.replace("forall r, 1 + r <=", "forall r, r + 1 <=").replace(
        "Proof.", "Proof. intro r. rewrite (Rplus_comm r 1). revert r."))  # fmt: skip
    assert "r + 1 <=" in ledger.read_text()
    code, row, said = run(capsys, folder)
    assert code == 1
    assert row["formal"] == formal.DIFFERS
    assert "1 + r <= exp r" in said
    assert "r + 1 <= exp r" in said


@needs_rocq
def test_a_claim_that_has_no_theorem_passes(capsys, folder):
    (folder / "rocq" / "Ledger.v").write_text(LEDGER.replace("Theorem tangent", "Theorem other"))
    code, row, _ = run(capsys, folder)
    assert (code, row["formal"]) == (0, formal.NOT_STATED)


def test_without_rocq_one_line_tells_how_to_install_it(capsys, folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    code, row, said = run(capsys, folder)
    assert (code, row["formal"]) == (0, formal.NOT_CHECKED)
    (line,) = [line for line in said.splitlines() if "coqc" in line]
    assert line.startswith("--formal: coqc is not on the PATH; install it with")


def test_a_failure_of_all_claims_is_told_once():
    from lsetheory.cli import prove

    row = {"formal": "failed: Sums.v does not compile", "formal_detail": None}
    rows = [{**row, "name": "a"}, {**row, "name": "b"}, {"name": "c", "formal": "checked"}]
    assert prove._rejected(rows) == ["2 claims: failed: Sums.v does not compile"]
    assert prove._rejected(rows[1:]) == ["b: failed: Sums.v does not compile"]
