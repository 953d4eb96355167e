"""The table of constructions: every row is settled, the depths and widths are the known ones."""

import pytest

from lsetheory.relu.networks.table import network_rows

ROWS = {row["name"]: row for row in network_rows(9)}


@pytest.mark.parametrize("name", ROWS)
def test_every_construction_is_proved(name):
    assert ROWS[name]["equal"]
    assert ROWS[name]["cones"] > 0
    assert ROWS[name]["slim_parameters"] <= ROWS[name]["parameters"]


def test_nine_inputs_need_a_layer_less_than_a_tournament():
    assert (ROWS["tournament 9"]["depth"], ROWS["stages 9"]["depth"]) == (4, 3)
    assert (ROWS["tournament 5"]["depth"], ROWS["two layers 5"]["depth"]) == (3, 2)


def test_canonical_widths():
    assert ROWS["subpools 5 {0, 1, 4}"]["widths"] == [26, 22]
