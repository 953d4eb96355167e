"""The sweeps over every pair: all of them once, certified, and planted faults are found."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsetheory import work
from lsetheory.audit import cell, exhaustive, formats, guard, pairs, reference, subject
from lsetheory.audit.implementations._entry import Implementation
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.reference.judge import judge
from lsetheory.audit.score import counts, score
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
COUNTS = {"float32": 2_139_095_041, "float16": 2_015_331_328, "bfloat16": 2_130_706_560}
#: First pairs of stretches with answers that are constant, change fast, change slowly, and vanish.
PLACES = {
    "float32": (0, 0x32FFF000, 0x3F000000, 0x42B00000, 0x42CFF000, 0x60000000),
    "float16": (0, 200_000_123, 540_000_000, 1_100_000_000, 2_015_331_328 - 5000),
    "bfloat16": (0, 300_000_123, 600_000_000, 1_170_000_000, 2_130_706_560 - 5000),
}
CASES = [(dtype, place) for dtype, places in PLACES.items() for place in places]


@pytest.mark.parametrize("dtype", pairs.DTYPES)
def test_a_sweep_covers_every_pair_once(dtype: str) -> None:
    units = exhaustive.plan("logaddexp", [dtype], ["torch-logaddexp"])
    ranges = [(u.arguments["start"], u.arguments["stop"]) for u in units]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == pairs.count(dtype) == COUNTS[dtype]
    assert all(a[1] == b[0] for a, b in pairwise(ranges))


def test_a_unit_holds_all_implementations_of_its_format() -> None:
    names = ["numpy-logaddexp", "rounded-log1p"]
    both, one = (exhaustive.plan("logaddexp", [d], names)[0] for d in ("float16", "float32"))
    assert both.arguments["names"] == names
    assert one.arguments["names"] == names[:1]


def test_a_sweep_goes_stale_with_the_code_of_its_entry(tmp_path: Path) -> None:
    (unit, *_) = exhaustive.plan("logaddexp", ["float16"], ["numpy-logaddexp"])
    assert "lsetheory.audit.implementations.numpy_" in unit.modules
    assert unit.key() != work.Unit(unit.function, unit.arguments).key()
    keys = set()
    for text in ("def f(x): return x[:, 0]", "def f(x): return x[:, 1]"):
        (tmp_path / "mine.py").write_text(text)
        keys.add(exhaustive.plan("logaddexp", [], [f"{tmp_path}/mine.py:f"])[0].key())
    assert len(keys) == 2


def test_gaps_are_the_nonnegative_patterns() -> None:
    last = pairs.numbered("float32", COUNTS["float32"] - 2, COUNTS["float32"])
    assert last[:, 1].tolist() == [-np.finfo(np.float32).max, -np.inf]
    assert pairs.numbered("float32", 1, 2)[0].tolist() == [0.0, -(2.0**-149)]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_pairs_of_a_half_format_are_all_pairs(dtype: str) -> None:
    x = pairs.numbered(dtype, 0, 200 * 201 // 2).astype(float)
    least = np.unique(x)
    assert x.tolist() == [[a, b] for a in least for b in least if b <= a]
    parts = [pairs.numbered(dtype, i, j) for i, j in ((0, 7), (7, 4000), (4000, 20100))]
    assert np.concatenate(parts).astype(float).tolist() == x.tolist()
    n = len(pairs._numbers(dtype))
    top = pairs.numbered(dtype, COUNTS[dtype] - n, COUNTS[dtype]).astype(float)
    assert set(top[:, 0]) == {formats.of(dtype).largest}
    assert (np.diff(top[:, 1]) > 0).all()
    assert np.isfinite(top).all()


@pytest.mark.parametrize("dtype", pairs.DTYPES)
def test_the_fast_certificate_agrees_with_the_reference(dtype: str) -> None:
    fmt, rng = formats.of(dtype), np.random.default_rng(0)
    wide = rng.standard_normal((4000, 2)) * 10.0 ** rng.uniform(-6, 1.5, (4000, 1))
    wide[::7, 1] = -np.inf
    x = fmt.store(fmt.nearest(-np.sort(-wide, axis=1)))
    certified, exact = pairs.certified(x), reference.logaddexp(x)
    np.testing.assert_array_equal(certified.value, exact.value)
    off = np.abs(certified.residual - exact.residual)
    assert (off <= certified.residual_bound + exact.residual_bound).all()
    assert judge("logaddexp", x, certified, range(1, 40, 7)) == 6


@pytest.mark.parametrize("sign", [-1, 1])
def test_exp_and_log1p_may_be_as_bad_as_is_trusted(
    sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = pairs.numbered("float32", 0x3F000000, 0x3F000000 + 40_000)
    exact, factor = reference.logaddexp(x), 1 + sign * 3.5 * 2.0**-52
    for name in ("exp", "log1p"):
        call = getattr(np, name)
        monkeypatch.setattr(pairs.np, name, lambda v, call=call: call(v) * factor)
    certified = pairs.certified(x)
    np.testing.assert_array_equal(certified.value, exact.value)
    off = np.abs(certified.residual - exact.residual)
    assert (off <= certified.residual_bound + exact.residual_bound).all()


@pytest.mark.parametrize(("dtype", "place"), CASES)
def test_a_block_is_certified_as_its_pairs_are(dtype: str, place: int) -> None:
    x = pairs.numbered(dtype, place, place + 5000)
    block, each = pairs.block(x), reference.logaddexp(x)
    np.testing.assert_array_equal(block.value, each.value)
    assert abs(block.residual - np.abs(each.residual).max()) < 1e-6
    assert abs(block.residual - abs(each.residual[block.at])) < 1e-6


@pytest.mark.parametrize(("dtype", "place"), CASES)
def test_a_sweep_scores_as_an_audit_does(dtype: str, place: int) -> None:
    x, fmt = pairs.numbered(dtype, place, place + 3000), formats.of(dtype)
    (row,) = exhaustive.sweep(["torch-logaddexp"], dtype, place, place + 3000)
    exact = reference.logaddexp(x)
    got = subject.named("torch-logaddexp", "logaddexp")(x, "contiguous", {})
    scores, near = score(OPERATIONS["logaddexp"], x, got, exact, fmt), counts(got, exact, fmt)
    assert {key: row[key] for key in near} == near
    assert row["pairs"] == 3000
    assert abs(row["max_ulp"] - np.abs(scores.error).max()) < 1e-6
    off = scores.rho[got != exact.value]
    assert abs(row["max_rho"] - (off.max() if off.size else 0.0)) < 1e-6
    assert (scores.rho[got == exact.value] <= 1.0).all()


def off_by_an_ulp(value: Array) -> Array:
    value[::997] = np.nextafter(value[::997], np.float32(9))
    return value


def flushed(value: Array) -> Array:
    return np.where(np.abs(value) < np.float32(2.0**-126), np.float32(0), value)


def off_by_a_percent(value: Array) -> Array:
    return np.where(np.arange(len(value)) == 77, value * np.float32(1.01), value)


def lost(what: float) -> Callable[[Array], Array]:
    def planted(value: Array) -> Array:
        value[1234] = what
        return value

    return planted


#: What is planted, where, and what is said of it with which gate on ulp.
FAULTS = {
    "nothing": (lambda value: value, 0x3F000000, "correct", 0.5),
    "an ulp in 1e3": (off_by_an_ulp, 0x3F000000, "unstable", 1.0),
    "an ulp in 1e3, no gate on ulp": (off_by_an_ulp, 0x3F000000, "correct", None),
    "flush to zero": (flushed, 0x42AEA000, "underflow", None),
    "a percent": (off_by_a_percent, 0x3F000000, "unstable", None),
    "NaN": (lost(np.nan), 0x3F000000, "special", None),
    "overflow": (lost(np.inf), 0x20000000, "overflow", None),
    "minus infinity": (lost(-np.inf), 0x60000000, "underflow", None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, first, verdict, gate_ulp = FAULTS[fault]
    planted = subject.function(lambda x: change(pairs.certified(x).value), "logaddexp")
    monkeypatch.setattr(exhaustive, "named", lambda *_: planted)
    monkeypatch.setattr(exhaustive, "BLOCK", 2**12)
    rows = exhaustive.sweep(["numpy-logaddexp"], "float32", first, first + 2**12)
    (total,) = exhaustive.gather([rows], gate_ulp=gate_ulp)
    value = reference.logaddexp(pairs.numbered("float32", first, first + 2**12)).value
    off = int((change(value.copy()) != value).sum())
    assert (off == 0) == (fault == "nothing")
    assert total["verdict"] == verdict
    assert total["pairs"] == 2**12 == sum(total[k] for k in exhaustive.COUNTS[1:6])
    assert total["pairs"] - total["ulp_0"] == off
    x = np.array([[float.fromhex(h) for h in total["witness"]["x"]]], np.float32)
    exact = float(reference.logaddexp(x).value[0])
    assert float.fromhex(total["witness"]["expected"]) == exact
    assert (float.fromhex(total["witness"]["got"]) == exact) == (off == 0)


def test_the_sign_of_a_zero_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = subject.function(lambda x: np.full(len(x), -0.0, np.float32), "logaddexp")
    monkeypatch.setattr(exhaustive, "named", lambda *_: planted)
    (row,) = exhaustive.sweep(["numpy-logaddexp"], "float32", 0x60000000, 0x60000000 + 100)
    assert (row["ulp_0"], row["max_rho"], row["at_rho"]) == (100, 0.0, None)


def test_one_ulp_in_ten_thousand_is_found_in_a_half_format(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(x: Array) -> Array:
        value = pairs.certified(x).value
        value.view(np.int16)[5000::10_000] += 1
        return value

    monkeypatch.setattr(exhaustive, "named", lambda *_: subject.function(planted, "logaddexp"))
    (row,) = exhaustive.sweep(["torch-logaddexp"], "bfloat16", 600_000_000, 600_030_000)
    assert (row["pairs"], row["ulp_0"], row["ulp_1"], row["wrong"]) == (30_000, 29_997, 3, 0)


def test_the_users_own_function_is_swept_and_the_rest_goes_on_where_it_fails(
    tmp_path: Path,
) -> None:
    text = "import numpy as np\ndef good(x): return np.logaddexp(x[:, 0], x[:, 1])\n"
    (tmp_path / "mine.py").write_text(text + "def bad(x): raise ValueError('no')\n")
    names = [f"{tmp_path}/mine.py:{name}" for name in ("good", "bad")]
    unit = exhaustive.plan("logaddexp", ["float32"], names)[0]
    assert unit.arguments["names"] == names
    rows = exhaustive.sweep(names, "float32", 0x3F000000, 0x3F000000 + 2000)
    good, bad = exhaustive.gather([rows])
    (listed,) = exhaustive.sweep(["numpy-logaddexp"], "float32", 0x3F000000, 0x3F000000 + 2000)
    assert listed | {"implementation": names[0]} == rows[0]
    assert (good["verdict"], good["error"]) == ("correct", None)
    assert (bad["verdict"], bad["wrong"]) == (cell.FAILED, 2000)
    assert "ValueError: no" in bad["error"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["numpy-logaddexp"], guard.CRASHED),
        (["numpy-logaddexp", "torch-logaddexp"],
         "one of numpy-logaddexp, torch-logaddexp crashed its process"),
    ],
)  # fmt: skip
def test_a_unit_that_ends_its_process_is_a_row_of_each_and_not_kept(
    names: list[str], told: str
) -> None:
    rows = exhaustive.crashed(exhaustive.unit(names, "float32", 5, 25))
    assert not exhaustive.lasting(rows)
    assert exhaustive.lasting(exhaustive.sweep(names[:1], "float32", 5, 25))
    assert [row["implementation"] for row in rows] == names
    for row in exhaustive.gather([rows]):
        assert (row["verdict"], row["wrong"], row["error"]) == (cell.FAILED, 20, told)


def test_folding_keeps_every_pair_and_every_misrounded_stretch() -> None:
    def row(start: int, off: int) -> dict[str, Any]:
        size = exhaustive.NEAR * start / 10
        right = {"pairs": 10, "ulp_0": 10 - off, "ulp_1": off, "max_ulp": size, "at_ulp": 1}
        head = {"implementation": "a", "dtype": "float32", "device": "cpu", "start": start}
        return exhaustive.nothing() | head | right

    results = [[row(0, 0), row(1, 0)], [row(2, 3)], [row(3, 0)], [row(4, 0)], [row(5, 0)]]
    kept = exhaustive.folded(results)
    assert [r["start"] for r in kept] == [0, 2, 3]
    assert [r["pairs"] for r in kept] == [20, 10, 30]
    assert [r["max_ulp"] / exhaustive.NEAR for r in kept] == pytest.approx([0.1, 0.2, 0.5])


def test_folding_shows_every_error_of_correctly_rounded_stretches() -> None:
    """Errors that creep up in small steps are not merged under the last one, nor an outlier."""
    sizes = [0.0004 * i for i in range(1000)] + [0.4, 0.1, 0.1005, 0.4, 0.4]
    assert sizes[1] < exhaustive.NEAR < sizes[-1]
    head = {"implementation": "a", "dtype": "float32", "device": "cpu", "pairs": 1, "ulp_0": 1}
    rows = [
        exhaustive.nothing() | head | {"start": i, "max_ulp": size, "at_ulp": i}
        for i, size in enumerate(sizes)
    ]
    kept = exhaustive.folded([rows])
    assert sum(row["pairs"] for row in kept) == len(sizes)
    for row in kept:
        own = sizes[row["start"] : row["start"] + row["pairs"]]
        assert row["max_ulp"] == max(own) == sizes[row["at_ulp"]]
        assert max(own) - min(own) <= 2 * exhaustive.NEAR
    assert len(kept) < len(sizes) / 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("softmax", [], []), "--exhaustive: expected logaddexp, got 'softmax'"),
        (("logaddexp", ["float64"], []), "unknown dtype of an exhaustive sweep 'float64'"),
        (("logaddexp", [], ["torch-logaddex"]), "did you mean torch-logaddexp"),
        (("logaddexp", [], ["scipy-logsumexp"]), "unknown implementation of logaddexp"),
        (("logaddexp", ["bfloat16"], ["numpy-logaddexp"]), "takes bfloat16 on cpu, got numpy"),
        (("logaddexp", [], ["nowhere.py"]), "expected a Python file"),
        (("logaddexp", [], ["numpy-logaddexp"], "cuda"), "it runs on cpu, not on cuda"),
    ],
)
def test_what_cannot_be_swept_is_said(words: tuple[Any, ...], says: str) -> None:
    with pytest.raises(InputError, match=says):
        exhaustive.plan(*words)


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Implementation, "missing", lambda self, _: f"{self.name} skipped: it is far"
    )
    with pytest.raises(InputError, match="torch-logaddexp skipped: it is far"):
        exhaustive.plan("logaddexp", [], ["torch-logaddexp"])
