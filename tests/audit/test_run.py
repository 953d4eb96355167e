"""The audit as a whole: plans, rows, resuming, searching, baselines, leaderboard."""

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from lsetheory import sources, work
from lsetheory.audit import (
    baseline,
    cases,
    cell,
    run,
    search,
    subject,
    summary,
)  # fmt: skip
from lsetheory.errors import InputError

ISSUE_KEYS = [
    "implementation",
    "version",
    "operation",
    "dtype",
    "device",
    "family",
    "n",
    "rows",
    "max_ulp",
    "p99_ulp",
    "mean_ulp",
    "max_rho",
    "max_kappa",
    "bound_ratio",
    "overflow",
    "underflow",
    "nan",
    "verdict",
    "witness",
]


def small(**given: object) -> list[work.Unit]:
    arguments: dict[str, object] = {
        "names": ["numpy-naive", "numpy-shifted-log1p"], "dtypes": ["float32"],
        "chosen": ["normal", "offset"], "rows": 20,
    }  # fmt: skip
    return run.plan(**{**arguments, **given})  # type: ignore[arg-type]


def test_rows_have_the_promised_keys_and_are_plain() -> None:
    rows = run.gather(work.run(small()))
    assert all(set(ISSUE_KEYS) <= set(row) for row in rows)
    assert all(list(row) == list(cell.KEYS) for row in rows)
    witness = {"x", "got", "expected", "ulp", "rho", "kappa", "code"}
    assert all(witness <= set(row["witness"]) for row in rows)
    assert json.loads(json.dumps(rows)) == rows


def test_naive_overflows_and_shifted_does_not() -> None:
    rows = run.gather(work.run(small(chosen=["offset"])))
    verdicts = {row["implementation"]: row["verdict"] for row in rows}
    assert verdicts["numpy-naive"] == "overflow"
    assert verdicts["numpy-shifted-log1p"] in ("correct", "conditioning")


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    store, units = work.Store(tmp_path), small()
    whole = list(work.run(units, store=None))
    assert list(islice(work.run(units, store=store), 3)) == whole[:3]
    assert list(work.run(units, store=store)) == whole


def test_different_seeds_give_different_rows_and_the_same_seed_the_same() -> None:
    x = cases.case("logsumexp", "float32", "normal", 10, 5, 1).x
    cases.case.cache_clear()
    assert (cases.case("logsumexp", "float32", "normal", 10, 5, 1).x == x).all()
    assert not (cases.case("logsumexp", "float32", "normal", 10, 5, 2).x == x).any()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"names": ["numpy-nave"]}, "unknown implementation 'numpy-nave'"),
        ({"operations": ["softmx"]}, "did you mean softmax"),
        ({"dtypes": ["float31"]}, "unknown dtype 'float31'"),
        ({"chosen": ["nearzero"]}, "unknown family 'nearzero'"),
        ({"operations": ["all", "nosuch"]}, "unknown operation 'nosuch'"),
        ({"rows": 10**17}, "rows: expected 1,000,000,000 at most, got 100000000000000000"),
        ({"gate": float("nan")}, "gate: expected a number of 0 or more, got nan"),
        ({"limit": float("inf")}, "limit: expected a number of 0.1 to 86400, got inf"),
        ({"files": [Path("nothing.npy")]}, "nothing.npy: expected a .npy, .npz, .csv or image"),
    ],
)
def test_unknown_names_are_told(given: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        small(**given)


def test_rows_that_memory_does_not_hold_are_told() -> None:
    with pytest.raises(InputError, match="rows: expected as many as memory holds"):
        cases.case("logsumexp", "float64", "normal", 10, 10**14, 0)


def test_all_operations_can_be_planned() -> None:
    planned = {unit.arguments["operation"] for unit in run.plan([], ["all"], ["float64"], rows=5)}
    assert {"logsumexp", "softmax", "swap", "ordinal", "logsumexp_gradient"} <= planned


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_published_bounds_hold_where_every_operation_rounds_once(dtype: str) -> None:
    names = ["rounded-naive", "rounded-shifted", "rounded-exp-minus-lse"]
    kinds = ["normal", "wide", "dominant", "offset", "normalised", "ties"]
    units = run.plan(names, ["logsumexp", "softmax"], [dtype], kinds, 50)
    rows = run.gather(work.run(units))
    for name in names:
        assert 0.3 < max(row["bound_ratio"] for row in rows if row["implementation"] == name) <= 1


# search


def searched(steps: int, seed: int = 0) -> tuple[float, float]:
    thing = subject.named("numpy-shifted", "logsumexp")
    case = cases.case("logsumexp", "float32", "normal", 10, 30, 0)
    row = cell.searched(thing, case, (4.0, None), seed, steps, 1e9)
    assert row["steps"] == steps
    return row["max_rho"], row["max_ulp"]


def test_search_only_raises_the_error_and_is_repeatable() -> None:
    none, some, more = searched(0), searched(10), searched(30)
    assert none[0] <= some[0] <= more[0]
    assert more[0] > none[0]
    assert searched(30) == more


def test_moves_stay_in_range_and_places_have_an_inverse() -> None:
    x = np.array([-1.5, -0.0, 0.0, 2.0, 1e-310])
    order = search.places(x)
    assert (np.diff(order[np.argsort(x)]) >= 0).all()
    np.testing.assert_array_equal(search.numbers(order, x.dtype), x)
    moved = search.moved(np.random.default_rng(0), x, (-1.5, 2.0))
    assert moved.shape == (search.WIDTH, 5)
    assert ((moved >= -1.5) & (moved <= 2.0)).all()
    assert (moved != x).any()


# baseline


KNOWN = {
    "implementation": "numpy-naive", "operation": "logsumexp", "dtype": "*", "family": "offset",
    "verdict": "overflow", "reason": "no shift", "link": "https://example.org",
}  # fmt: skip


def test_a_baseline_accepts_what_it_knows_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(json.dumps([KNOWN]))
    known = baseline.load(path)
    rows = run.gather(work.run(small()))
    found = [row for row in rows if summary.is_finding(row)]
    assert {row["family"] for row in found} == {"normal", "offset"}
    assert {row["family"] for row in baseline.new(found, known)} == {"normal"}
    assert baseline.unused(found, known) == []
    good = [row | {"verdict": "correct"} for row in rows]
    assert baseline.unused(good, known) == known
    assert baseline.unused([row for row in good if row["family"] != "offset"], known) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "expected a baseline file, got no JSON: Expecting"),
        pytest.param("[" * 100_000 + "]" * 100_000, "got no JSON: maximum recursion", id="deep"),
        (json.dumps([{**KNOWN, "max_rho": True}]), "1: max_rho: expected a number of 0 or more"),
        (json.dumps([{**KNOWN, "max_rho": np.nan}]), "expected a number of 0 or more, got nan"),
        pytest.param("[" * 900 + "]" * 900, "1: expected the keys .*, got list", id="nested"),
        ("{}", "expected a JSON list of findings, got dict"),
        (json.dumps([{**KNOWN, "reason": ""}]), "finding 1: expected text in 'reason', got ''"),
        (json.dumps([{"implementation": "x"}]), "finding 1: expected the keys implementation"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        baseline.load(path)


def test_the_leaderboard_puts_fewest_findings_first() -> None:
    board = summary.leaderboard(run.gather(work.run(small())))
    assert [line["implementation"] for line in board] == ["numpy-shifted-log1p", "numpy-naive"]
    (lines,) = summary.brief(board).values()
    assert list(lines[0]) == list(summary.COLUMNS)
    assert [line["findings"] for line in lines] == ["", str(board[1]["findings"])]


def test_a_result_goes_stale_with_the_layers_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are handed `lsetheory.pooling` by name: no import statement shows it."""
    before = run._source()
    true = sources.code_hash
    changed = {"lsetheory.pooling": "another"}
    monkeypatch.setattr(sources, "code_hash", lambda name: changed.get(name) or true(name))
    run._source.cache_clear()
    after = run._source()
    run._source.cache_clear()
    assert after != before
