"""Sampled weights sum to 1 exactly; sampled entries have the sizes asked for."""

import numpy as np
import pytest

from lsetheory.proof import samples


@pytest.mark.parametrize("least", [0, 1])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_probabilities(n, least):
    rng = np.random.default_rng(n)
    for _ in range(50):
        p = samples.probabilities(rng, n, least)
        assert len(p) == n
        assert sum(p) == 1
        assert min(p) * samples.UNITS >= least


def test_entries():
    rng = np.random.default_rng(0)
    drawn = [samples.entries(rng, 4, largest=30.0) for _ in range(200)]
    assert all(len(x) == 4 for x in drawn)
    assert max(abs(v) for x in drawn for v in x) < 30 * 8
    assert any(len(set(x)) < 4 for x in drawn)
