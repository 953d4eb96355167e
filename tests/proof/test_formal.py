"""The Rocq driver accepts theorems that state the claims, and notices every way of cheating it."""

import shutil
from pathlib import Path

import pytest

from lsetheory.proof import formal, formal_sources
from lsetheory.proof.language import And, Implies, Sum, eq, nat, real, vector

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="coqc is not on the PATH (apt-get install coq)"
)

n, a, b, x = nat("n"), real("a"), real("b"), vector("x")
total = Sum(n, lambda i: x[i])

#: A ledger small enough to be compiled many times over.
CLAIMS = {
    "twice": Implies(1 <= n, eq(total + total, 2 * total)),
    "grows": Implies(0 < a, a <= 2 * a),
    "unstated": 0 < a * a + 1,
}
LEDGER = """(* Theorem commented : False. *)
From Coq Require Import Lra.
Require Export Definitions.

Theorem twice : forall n x, (1 <= n)%nat -> Sum n x + Sum n x = 2 * Sum n x.
Proof. intros. lra. Qed.

Theorem grows : forall a, 0 < a -> a <= 2 * a.
Proof. intros. lra. Qed.
"""
REAL = Path(formal.__file__).parents[2] / "proofs" / "rocq"


def write(folder, ledger):
    (folder / "Definitions.v").write_text((REAL / "Definitions.v").read_text())
    (folder / "Ledger.v").write_text(ledger)
    (folder / "_CoqProject").write_text("Definitions.v\nLedger.v\n")


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, LEDGER)
    return tmp_path


def applied(folder, file, old, new):
    """Mutate a file, and hold that the mutation was applied."""
    text = (folder / file).read_text()
    mutated = text.replace(old, new)
    assert mutated != text
    (folder / file).write_text(mutated)


def verdicts(folder, claims=CLAIMS):
    return {row["name"]: row["formal"] for row in formal.check(claims, folder)}


@needs_rocq
def test_accepts_theorems_that_state_the_claims(folder):
    checked = f"checked (Rocq {formal.version()})"
    assert verdicts(folder) == {
        "twice": checked,
        "grows": checked,
        "unstated": "not stated there",
    }


#: label: (claim, its statement in Rocq, a change to it that can be proved too).
DRIFTED = {
    "a constant": (Implies(0 < a, a <= 2 * a), "forall a, 0 < a -> a <= 2 * a", ("2 * a", "3 * a")),
    "a sign": (
        Implies(0 < a, a <= 2 * a),
        "forall a, 0 < a -> a <= 2 * a",
        ("-> a <=", "-> - a <="),
    ),
    "a stronger hypothesis": (
        Implies(0 < a, a <= 2 * a),
        "forall a, 0 < a -> a <= 2 * a",
        ("0 < a ->", "1 < a ->"),
    ),
    "a hypothesis more": (
        Implies(a < b, a < (a + b) / 2),
        "forall a b, a < b -> a < (a + b) / 2",
        ("a < b ->", "0 < a -> a < b ->"),
    ),
    "a hypothesis dropped": (
        Implies(1 <= n, eq(total + total, 2 * total)),
        "forall n x, (1 <= n)%nat -> Sum n x + Sum n x = 2 * Sum n x",
        ("(1 <= n)%nat -> ", ""),
    ),
    "a smaller range": (
        eq(total + total, 2 * total),
        "forall n x, Sum n x + Sum n x = 2 * Sum n x",
        ("forall n x,", "forall n x, (n <= 9)%nat ->"),
    ),
    "a weakened conclusion": (
        Implies(a < b, a < (a + b) / 2),
        "forall a b, a < b -> a < (a + b) / 2",
        ("(a + b) / 2", "(a + b) / 2 \\/ a = 0"),
    ),
    "a weakened relation": (
        Implies(a < b, a < (a + b) / 2),
        "forall a b, a < b -> a < (a + b) / 2",
        ("a < (a", "a <= (a"),
    ),
    "swapped variables": (
        Implies(a < b, a < (a + b) / 2),
        "forall a b, a < b -> a < (a + b) / 2",
        ("forall a b,", "forall b a,"),
    ),
    "a part of two": (
        Implies(0 < a, And(0 < 2 * a, a < 2 * a)),
        "forall a, 0 < a -> 0 < 2 * a /\\ a < 2 * a",
        (" /\\ a < 2 * a", ""),
    ),
    "swapped names, one": (Implies(0 < a, a < 3 * a), "forall a, 0 < a -> a < 3 * a", ("3", "4")),
    "swapped names, other": (Implies(0 < a, a < 4 * a), "forall a, 0 < a -> a < 4 * a", ("4", "3")),
}
PROOF = "Proof. intros. repeat split; lra. Qed."


def theorem_name(label):
    return label.replace(",", "").replace(" ", "_")


@pytest.fixture(scope="module")
def drifted(tmp_path_factory):
    """All drifted theorems in one ledger, compiled once, each beside one true to its claim."""
    folder = tmp_path_factory.mktemp("drifted")
    lines = ["From Coq Require Import Lra.", "Require Export Definitions."]
    for label, (_, statement, (old, new)) in DRIFTED.items():
        changed = statement.replace(old, new)
        assert changed != statement, label
        lines += [f"Theorem {theorem_name(label)} : {changed}.", PROOF]
        lines += [f"Theorem true_{theorem_name(label)} : {statement}.", PROOF]
    write(folder, "\n".join(lines) + "\n")
    claims = {theorem_name(label): claim for label, (claim, _, _) in DRIFTED.items()}
    claims |= {f"true_{name}": claim for name, claim in claims.items()}
    return {row["name"]: row for row in formal.check(claims, folder)}


@needs_rocq
@pytest.mark.parametrize("label", DRIFTED)
def test_notices_a_drifted_theorem(drifted, label):
    row = drifted[theorem_name(label)]
    assert row["formal"] == "failed: the theorem does not state the claim"
    claim, theorem = row["detail"].split("\n")
    assert claim == f"claim:   {row['statement']}"
    assert theorem.startswith("theorem: forall ")
    assert theorem.partition(": ")[2] != row["statement"]
    assert drifted[f"true_{theorem_name(label)}"]["formal"] == f"checked (Rocq {formal.version()})"


@needs_rocq
def test_notices_a_drifted_claim(folder):
    """The other side: the theorems stay, the claims change."""
    changed = {
        "grows": Implies(0 < a, a < 2 * a),
        "twice": Implies(1 <= n, eq(total + total, 2 * Sum(n + 1, lambda i: x[i]))),
    }
    assert all(changed[name] is not CLAIMS[name] for name in changed)
    assert set(verdicts(folder, changed).values()) == {formal.DIFFERS}


@needs_rocq
def test_a_renamed_type_fools_no_pin(folder):
    """Statements are read where the sources' own names are not in scope."""
    applied(
        folder,
        "Ledger.v",
        "Theorem grows : forall a, 0 < a -> a <= 2 * a.\nProof. intros. lra.",
        "Definition R := nat.\nTheorem grows : forall a : R, (0 < a)%nat -> (a <= 2 * a)%nat.\n"
        "Proof. unfold R. Lia.lia.",
    )
    assert verdicts(folder)["grows"] == formal.DIFFERS


#: label: (file, old, new, what the failure says). Refused for the whole folder.
TAMPERED = {
    "a definition changed": (
        "Definitions.v",
        "Sum m f + f m",
        "Sum m f + f m + 0",
        "the definition of Sum is not the pinned one",
    ),
    "a maximum made a minimum": (
        "Definitions.v",
        "Rmax (largest k x)",
        "Rmin (largest k x)",
        "the definition of largest is not the pinned one",
    ),
    "a limit with a weaker quantifier": (
        "Definitions.v",
        "r <> a -> Rabs (r - a) < delta",
        "a < r -> Rabs (r - a) < delta",
        "the definition of tends is not the pinned one",
    ),
    "Admitted": ("Ledger.v", "Proof. intros. lra. Qed.", "Proof. Admitted.", "leaves a proof open"),
    "admit": ("Ledger.v", "intros. lra.", "intros. admit.", "leaves a proof open"),
    "an axiom": (
        "Ledger.v",
        "Theorem twice",
        "Axiom easy : False.\nTheorem twice",
        "assumes something",
    ),
    "a parameter": (
        "Ledger.v",
        "Theorem twice",
        "Parameter easy : False.\nTheorem twice",
        "assumes something",
    ),
    "a variable outside a section": (
        "Ledger.v",
        "Theorem twice",
        "Variable easy : False.\nTheorem twice",
        "Variable outside a section",
    ),
    "universe checking off": (
        "Ledger.v",
        "Theorem twice",
        "Unset Universe Checking.\nTheorem twice",
        "changes what is checked",
    ),
    "guard checking off": (
        "Ledger.v",
        "Theorem twice",
        "Unset Guard Checking.\nTheorem twice",
        "changes what is checked",
    ),
    "checks bypassed": (
        "Ledger.v",
        "Theorem twice",
        "#[bypass_check(typing)] Theorem twice",
        "changes what is checked",
    ),
    "a plugin": (
        "Ledger.v",
        "Theorem twice",
        'Declare ML Module "x".\nTheorem twice',
        "assumes something",
    ),
    "output redirected": (
        "Ledger.v",
        "Theorem twice",
        'Redirect "x" Print nat.\nTheorem twice',
        "reaches beyond the proofs",
    ),
    "a file loaded": ("Ledger.v", "Theorem twice", "Load other.\nTheorem twice", "reaches beyond"),
    "a notation": (
        "Ledger.v",
        "Theorem twice",
        'Notation "a <= b" := (a < b).\nTheorem twice',
        "changes how statements are read",
    ),
    "a module that imitates": (
        "Ledger.v",
        "Theorem twice",
        "Module Classical_Prop. End Classical_Prop.\nTheorem twice",
        "imitates a module",
    ),
    "another library": (
        "Ledger.v",
        "From Coq Require Import Lra",
        "From Interval Require Import Tactic",
        "expected the standard library",
    ),
    "a proof that fails": ("Ledger.v", "a <= 2 * a.", "2 * a <= a.", "Ledger.v does not compile"),
    "a theorem twice": (
        "Ledger.v",
        "Theorem grows",
        "Theorem twice : True.\nProof. exact I. Qed.\nTheorem grows",
        "expected one theorem twice",
    ),
    "a file left out": ("_CoqProject", "Ledger.v", "", "list them in compile order"),
}


@needs_rocq
@pytest.mark.parametrize("label", TAMPERED)
def test_notices_tampering(folder, label):
    file, old, new, said = TAMPERED[label]
    applied(folder, file, old, new)
    found = verdicts(folder)
    assert all(verdict.startswith("failed: ") and said in verdict for verdict in found.values()), (
        found
    )


@needs_rocq
def test_notices_an_axiom_of_the_standard_library(folder):
    """No word of the source gives it away: the printed assumptions do."""
    applied(
        folder,
        "Ledger.v",
        "From Coq Require Import Lra.",
        "From Coq Require Import Lra IndefiniteDescription.",
    )
    applied(
        folder,
        "Ledger.v",
        "2 * a.\nProof. intros. lra. Qed.",
        "2 * a.\nProof.\n  intros. "
        "pose proof (constructive_indefinite_description (fun i : nat => i = i) "
        "(ex_intro _ O eq_refl)) as [i E].\n  lra.\nQed.",
    )
    assert "constructive_indefinite_description" in verdicts(folder)["grows"]


def test_says_how_to_install(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    assert formal.version() is None
    rows = formal.check(CLAIMS, folder)
    assert {row["formal"] for row in rows} == {"not checked"}
    (line,) = {row["detail"] for row in rows}
    assert "coqc is not on the PATH" in line
    assert "apt-get install coq" in line
    assert "\n" not in line


def test_comments_and_strings_hide_nothing_and_nothing_hides_in_them():
    code = formal_sources.blanked('a (* b (* "*)" c *) d *) e "f (* g" h\n(* i\n*) j')
    assert code.split() == ["a", "e", "h", "j"]
    assert code.count("\n") == 2
