"""The kept sweep behind the gap axis: whole, as its origin says, made again in part, and drawn."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsetheory import catalogue, environment
from lsetheory.audit import exhaustive, implementations, pairs
from lsetheory.figures import gap_axis
from lsetheory.report import drawing


def kept_rows() -> list[dict[str, str]]:
    text = (gap_axis.DATA / "exhaustive.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_kept_sweep_is_whole_and_as_its_origin_says() -> None:
    content, origin = (gap_axis.DATA / "exhaustive.csv").read_bytes(), gap_axis.kept()
    assert hashlib.sha256(content).hexdigest() == origin["sha256"]
    for total in origin["totals"]:
        mine = [r for r in kept_rows() if r["implementation"] == total["implementation"]]
        for key in exhaustive.COUNTS:
            assert sum(int(row[key]) for row in mine) == total[key]
        assert total["pairs"] == pairs.count("float32")
        ends = [int(row["start"]) + int(row["pairs"]) for row in mine]
        assert [int(row["start"]) for row in mine] == [0, *ends[:-1]]
        assert max(float(row["max_ulp"]) for row in mine) == total["max_ulp"]


def test_outside_the_figure_every_kept_result_is_correctly_rounded() -> None:
    off = [int(row["start"]) for row in kept_rows() if row["ulp_0"] != row["pairs"]]
    first, last = (int(np.float32(gap).view(np.int32)) for gap in gap_axis.SHOWN)
    assert min(off) >= first
    assert max(off) + exhaustive.STRETCH <= last


@pytest.mark.parametrize("share", [0.1, 0.7])
@pytest.mark.parametrize("total", gap_axis.kept()["totals"], ids=lambda t: t["implementation"])
def test_kept_rows_come_out_again(total: dict[str, Any], share: float) -> None:
    name, entry = total["implementation"], implementations.get(total["implementation"], "logaddexp")
    if entry.missing() is not None or entry.version != total["version"]:
        pytest.skip(f"the sweep was of {name} {total['version']}, which is not installed")
    if list(environment.cpu_features()) != gap_axis.kept()["environment"]["cpu_features"]:
        pytest.skip("the sweep was kept on a processor with other features")
    mine = [r for r in kept_rows() if r["implementation"] == name and r["ulp_0"] != r["pairs"]]
    kept = mine[int(share * len(mine))]
    start = int(kept["start"])
    (row,) = exhaustive.sweep([name], "float32", start, start + int(kept["pairs"]))
    assert {key: "" if row[key] is None else str(row[key]) for key in kept} == kept


@pytest.mark.parametrize("row", [0, 5, -1])
def test_a_kept_row_has_the_largest_error_of_each_of_its_stretches(row: int) -> None:
    """Rows of several stretches, on which every result is correctly rounded: left, right, last."""
    mine = [r for r in kept_rows() if r["implementation"] == "numpy-logaddexp"]
    kept = [r for r in mine if int(r["pairs"]) > exhaustive.STRETCH][row]
    first = int(kept["start"]) // exhaustive.STRETCH
    many = -(-int(kept["pairs"]) // exhaustive.STRETCH)
    for stretch in (first, first + many // 2):
        start = stretch * exhaustive.STRETCH
        (made,) = exhaustive.sweep(
            ["numpy-logaddexp"], "float32", start, start + exhaustive.STRETCH
        )
        assert made["ulp_0"] == made["pairs"]
        assert abs(made["max_ulp"] - float(kept["max_ulp"])) <= 2 * exhaustive.NEAR


def test_the_page_says_what_was_found() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = (docs / "exhaustive.md").read_text(encoding="utf-8")
    halves = json.loads((docs / "exhaustive.json").read_text(encoding="utf-8"))
    for total in (*gap_axis.kept()["totals"], *halves["totals"]):
        assert total["pairs"] == pairs.count(total["dtype"])
        counts = [f"{total[key]:,}" for key in exhaustive.COUNTS[1:6]]
        sizes = [f"{total[key]:.4g}" for key in exhaustive.TOPS]
        head = [f"{total['implementation']} {total['version']}", total["dtype"]]
        assert f"| {' | '.join([*head, *counts, *sizes, total['verdict']])} |" in page
        assert total["witness"]["code"] in page


def test_every_stretch_with_an_error_is_drawn_on_its_own() -> None:
    rows = drawing.gather(catalogue.figures()["gap_axis"], [])
    assert {row["n"] for row in rows if row["misrounded"]} == {exhaustive.STRETCH}


def test_the_caption_names_the_curves_that_coincide_and_the_one_that_leaves() -> None:
    curves: dict[str, list[tuple[float, ...]]] = {}
    for row in gap_axis.rows():
        values = row["gap"], row["n"], row["max_ulp"], row["misrounded"]
        curves.setdefault(row["implementation"], []).append(values)
    assert curves["numpy-logaddexp"] == curves["torch-logaddexp"]
    above = {name: [v for v in values if v[2] > gap_axis.HIGHEST]
             for name, values in curves.items()}  # fmt: skip
    assert [name for name, values in above.items() if values] == ["jax-logaddexp"]
    assert all(80 <= gap < 128 for gap, *_ in above["jax-logaddexp"])
    assert 2**22 < max(size for _, _, size, _ in above["jax-logaddexp"]) <= 2**23
