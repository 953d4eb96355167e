"""Every theorem file: proved on replay, attacked without a counterexample, mutants caught."""

import pytest

from lsetheory import catalogue
from lsetheory.proof import ledger

NAMES = sorted(catalogue.theorems())


@pytest.fixture(scope="module")
def rows():
    units = ledger.plan(NAMES, evaluations=60)
    return {row["name"]: row for row in ledger.gather(unit() for unit in units)}


@pytest.mark.parametrize("name", NAMES)
def test_theorem(rows, name):
    row = rows[name]
    assert ledger.fell_short(row) == []
    assert row["steps"] > 0
    assert row["mutants"]["total"] >= 2
    assert row["attack"]["points"] > 0
