"""Rocq refutes mutants at their points by interval arithmetic, and refutes nothing that is true."""

import shutil

import pytest

from lsetheory.proof import formal_numbers
from lsetheory.proof.claim import Claim, Mutant
from lsetheory.proof.language import Max, Tends, exp, log, lse, nat, real, vector

needs_rocq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not on the PATH")

n, r, x = nat("n"), real("r"), vector("x")
y, top = lse(n, lambda i: x[i]), Max(n, lambda i: x[i])


def mutant(words, part, at, given=(1 <= n,)):
    return Mutant(words, Claim({"part": part}, "a sentence", "here", given), at)


FALSE = [
    mutant("a constant below log n", y <= top + log(n) * 999 / 1000, {"n": 2, "x": (0, 0)}),
    mutant("relative size 1e-9", y <= top + log(n) * (10**9 - 1) / 10**9, {"n": 3, "x": (7, 7, 7)}),
    mutant("a value that is no fraction", exp(r) <= 1, {"r": log(2)}, given=()),
]
OTHER = [
    mutant("true", y <= top + log(n), {"n": 2, "x": (0, 0)}),
    mutant("hypothesis unmet", y <= top, {"n": 0, "x": ()}),
    mutant("no comparison of numbers", Tends(lambda t: t * r, 0, 1), {"r": 1}, given=()),
    mutant("no value for r", 0 < r, {}, given=()),
]


@needs_rocq
def test_refutes_what_is_false_and_nothing_else():
    false, other = formal_numbers.check({"false": FALSE, "other": OTHER})
    if false["detail"] == formal_numbers.NO_INTERVAL:
        pytest.skip(formal_numbers.NO_INTERVAL)
    assert (false["refuted"], false["open"], false["detail"]) == (len(FALSE), [], None)
    assert (other["refuted"], other["open"]) == (0, [each.words for each in OTHER])


def test_writes_the_statement_and_the_values():
    statement, values = formal_numbers.refutation(FALSE[0])
    assert statement.startswith("forall (n : nat) (x : nat -> R), (1 <= n)%nat -> ")
    assert values == ["2%nat", "(fun i : nat => match i with | 0 => (0) | 1 => (0) | _ => (0) end)"]
    assert formal_numbers.refutation(OTHER[-1]) is None


def test_says_how_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    (row,) = formal_numbers.check({"false": FALSE})
    assert "apt-get install coq" in row["detail"]
    assert row["refuted"] == 0
