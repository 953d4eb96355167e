"""The unit that puts all claims before Rocq: planned only where it can run, tied to its sources."""

import shutil

import pytest

from lsetheory.proof import formal, formal_ledger

needs_rocq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="coqc is not on the PATH (apt-get install coq)"
)


def test_plans_nothing_without_rocq(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert formal_ledger.plan() == []


@needs_rocq
def test_the_unit_changes_with_the_sources(monkeypatch, tmp_path):
    folder = formal_ledger._folder()
    (unit,) = formal_ledger.plan()
    assert formal_ledger.plan() == [unit]
    assert unit.arguments["version"] == formal.version()
    copy = tmp_path / "rocq"
    shutil.copytree(folder, copy)
    monkeypatch.setattr(formal_ledger, "_folder", lambda: copy)
    assert formal_ledger.plan() == [unit]
    with (copy / "Sums.v").open("a") as file:
        file.write("(* changed *)\n")
    assert formal_ledger.plan()[0].key() != unit.key()


def test_rows_get_what_was_said_of_them():
    said = {"formal_rows": [{"name": "a", "formal": formal.NOT_STATED}]}
    assert formal_ledger.is_result(said)
    assert formal_ledger.gather([{"name": "a"}, {"name": "b"}], [said]) == [
        {"name": "a", "formal": formal.NOT_STATED},
        {"name": "b"},
    ]
