"""The verdicts on the source works follow the ledger and the witnesses, not the author."""

import pytest

from lsetheory import catalogue
from lsetheory.proof import seeds

ALL = [{"name": name, "status": "proved"} for seed in seeds.SEEDS for name in seed.theorems]
VERDICTS = {"proved", "proved with a condition", "refuted", "measured", "open"}


def verdicts(ledger):
    return {row["statement"]: row["verdict"] for row in seeds.rows(ledger)}


def test_all_proved():
    found = verdicts(ALL)
    assert len(found) == len(seeds.SEEDS)
    assert set(found.values()) <= VERDICTS - {"open"}
    assert found["all elements receive a gradient"] == "refuted"
    assert found["contains max pooling"] == "proved with a condition"


def test_nothing_proved():
    """Without the ledger nothing is proved; what is computed stays."""
    found = verdicts([{**row, "status": "not proved: step 1"} for row in ALL])
    assert set(found.values()) == {"open", "refuted", "measured"}


@pytest.mark.parametrize("compute", [
    seeds.vanishing_weight, seeds.vanishing_swap_gradient, seeds.residual_halves,
])  # fmt: skip
def test_computations_show_what_they_are_for(compute):
    holds, text = compute()
    assert holds
    assert text


def test_a_witness_that_fails_refutes_nothing():
    failing = seeds.Seed("work", "says", witness=lambda: (False, "no"))
    assert seeds._row(failing, set())["verdict"] == "open"


def test_cited_theorems_exist_or_are_measured():
    known = catalogue.theorems()
    for seed in seeds.SEEDS:
        assert all(name in known for name in seed.theorems) or seed.measure
