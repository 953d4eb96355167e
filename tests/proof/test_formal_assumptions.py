"""Everything Rocq says a proof rests on beyond the classical reals is noticed."""

import pytest

from lsetheory.proof import formal_assumptions

ASSUMED = {
    "nothing": ("Closed under the global context\n", []),
    "the classical reals": (
        "Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop,\n  x\n"
        "ClassicalDedekindReals.sig_forall_dec\n  : y\nClassical_Prop.classic : z\n",
        [],
    ),
    "an axiom": ("Axioms:\nClassical_Prop.classic : z\nLedger.easy : False\n", ["Ledger.easy"]),
    "collapsed universes": (
        "Axioms:\nLedger.foo relies on an unsafe hierarchy.\n",
        ["Ledger.foo relies on an unsafe hierarchy."],
    ),
    "an unguarded fixpoint": (
        "Axioms:\nLedger.bad is assumed to be guarded.\n",
        ["Ledger.bad is assumed to be guarded."],
    ),
    "another section": (
        "Axioms:\nClassical_Prop.classic : z\nTheory:\n  Set is impredicative\n",
        ["Theory:"],
    ),
}


@pytest.mark.parametrize("label", ASSUMED)
def test_reads_what_is_assumed(label):
    said, surplus = ASSUMED[label]
    assert formal_assumptions.printed(said) == surplus


SUMMARY = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Reals.ClassicalDedekindReals.sig_not_dec
    Coq.Logic.Classical_Prop.classic

* Constants/Inductives relying on type-in-type: <none>

* Constants/Inductives relying on unsafe (co)fixpoints: <none>
"""
SURPLUS = {
    "nothing": ("Classical_Prop.classic", "Classical_Prop.classic", []),
    "an axiom": ("Coq.Logic.Classical_Prop.classic", "Ledger.easy", ["Ledger.easy"]),
    "an imitated axiom": ("Coq.Logic.Classical_Prop.classic", "Ledger.classic", ["Ledger.classic"]),
    "type in type": (
        "type-in-type: <none>",
        "type-in-type:\n    Ledger.T",
        ["Constants/Inductives relying on type-in-type:", "Ledger.T"],
    ),
    "impredicative": (
        "Set is predicative",
        "Set is impredicative",
        ["Theory: Set is impredicative"],
    ),
}


@pytest.mark.parametrize("label", SURPLUS)
def test_reads_the_independent_checkers_summary(label):
    old, new, surplus = SURPLUS[label]
    assert old in SUMMARY
    assert formal_assumptions.in_summary(SUMMARY.replace(old, new)) == surplus
