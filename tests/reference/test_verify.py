"""The verification of the reference on the hard families: it counts what is wrong, and shows it."""

import numpy as np
import pytest

from benchmarks import verify
from benchmarks._hard import FAMILIES
from lsetheory import work
from lsetheory.audit import reference
from lsetheory.audit.reference import compiled


def test_every_operation_on_every_family():
    units = verify.plan(2, list(reference.OPERATIONS), ["float32"], list(FAMILIES))
    found = verify.gather(units, work.run(units))
    assert {row["operation"] for row in found} == set(reference.OPERATIONS)
    assert all(row["wrong"] == 0 for row in found), [row["witness"] for row in found]
    assert all(row["rows"] == 2 for row in found)


def test_rows_are_all_judged_in_chunks():
    units = verify.plan(1201, ["logsumexp"], ["float64"], ["normal"])
    assert [unit.arguments["rows"] for unit in units] == [500, 500, 201]
    [row] = verify.gather(units[-1:], work.run(units[-1:]))
    assert row["compared"] == 201


@pytest.mark.parametrize("family", ["normal", "subnormal"])
def test_a_wrong_reference_is_counted(monkeypatch, family):
    """One ulp off in the third row of a chunk."""
    right = reference.OPERATIONS["logsumexp"]

    def off(x):
        result = right(x)
        result.value[2] = np.nextafter(result.value[2], np.float32(np.inf))
        return result

    monkeypatch.setattr(reference, "OPERATIONS", {"logsumexp": off})
    units = verify.plan(5, ["logsumexp"], ["float32"], [family])
    [row] = verify.gather(units, work.run(units))
    assert row["wrong"] == 1
    assert "mpmath says" in row["witness"]


def test_compiled_tiers_that_differ_are_counted(monkeypatch):
    """They move the value of every row by one step."""
    pytest.importorskip("numba", reason="compiles the tiers")
    right = compiled.settle

    def off(result, *rest):
        left = right(result, *rest)
        result.value[:] = np.nextafter(result.value, np.float32(np.inf))
        return left

    monkeypatch.setattr(compiled, "settle", off)
    units = verify.plan(3, ["logsumexp"], ["float32"], ["normal"])
    [row] = verify.gather(units, work.run(units))
    assert row["wrong"] == 3
    assert "compiled tiers on" in row["witness"]
