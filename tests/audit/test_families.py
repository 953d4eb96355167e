"""Every family gives the rows it promises, in every format, the same every time."""

import numpy as np
import pytest

from lsetheory.audit import cases, families, formats, layouts, run
from lsetheory.audit.operations import OPERATIONS
from lsetheory.errors import InputError

NAMES = families.names()
#: The families an audit must have; a lost file would lose some silently.
EXPECTED = [
    "normal",
    "wide",
    "dominant",
    "near_zero_dominant",
    "near_zero_cancel",
    "normalised",
    "offset",
    "offset_sorted",
    "offset_alternating",
    "overflow_threshold",
    "underflow_threshold",
    "extreme_range",
    "subnormal_inputs",
    "subnormal_results",
    "all_equal",
    "ties",
    "long_uniform",
    "long_ascending",
    "long_descending",
    "long_stagnating",
    "long_float16",
    "strided",
    "transposed",
    "window",
    "broadcast",
    "integers",
    "scaled",
    "weights",
    "leading_neginf",
    "inner_neginf",
    "photographs",
    "largest",
    "block_edges",
    "masked_blocks",
]


def test_all_families_are_listed() -> None:
    assert sorted(NAMES) == sorted(EXPECTED)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_in_the_format_and_repeatable(name: str) -> None:
    family = families.get(name)
    for dtype in family.dtypes:
        n = min(family.sizes)
        rows = 3 if n <= 1000 else 1
        x = family.rows(np.random.default_rng(1), dtype, rows, n)
        again = family.rows(np.random.default_rng(1), dtype, rows, n)
        assert x.shape == (rows, n)
        assert x.dtype == formats.of(dtype).dtype
        assert x.tobytes() == again.tobytes()
        assert not np.isnan(np.asarray(x, dtype=np.float64)).any()
        assert not (np.asarray(x, dtype=np.float64) == np.inf).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_families_are_hard_in_the_way_they_say(dtype: str) -> None:
    fmt = formats.of(dtype)

    def results(name: str, n: int = 10) -> np.ndarray:
        case = cases.case("logsumexp", dtype, name, n, 200, 3)
        return np.asarray(case.certified.value, dtype=np.float64)

    assert np.abs(results("near_zero_dominant")).max() < 1e-3
    assert (np.abs(results("subnormal_results", 3)) < fmt.tiny).mean() > 0.9
    assert np.abs(results("normalised")).max() < 1e-5
    assert np.abs(results("near_zero_cancel")).max() < 1e-5
    assert np.abs(results("extreme_range")).max() > fmt.largest**0.8


@pytest.mark.parametrize("dtype", formats.FORMATS)
def test_thresholds_are_met_from_both_sides(dtype: str) -> None:
    """By single terms and by their plain sum; and by the gaps that softmax sees."""
    fmt = formats.of(dtype)

    def rows(name: str) -> np.ndarray:
        x = families.get(name).rows(np.random.default_rng(0), dtype, 400, 10)
        return np.asarray(x, dtype=np.float64)

    def exp(x: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore", under="ignore"):
            return fmt.nearest(np.exp(x))

    with np.errstate(over="ignore"):
        x = rows("overflow_threshold")
        terms, sums = np.isinf(exp(x)), np.isinf(fmt.nearest(exp(x).sum(axis=1)))
    assert 0.05 < terms.any(axis=1).mean() < 0.95
    assert 0.01 < sums[~terms.any(axis=1)].mean() < 0.99
    x = rows("underflow_threshold")
    assert 0.05 < (exp(x) == 0).all(axis=1).mean() < 0.5
    assert 0.05 < ((exp(x) > 0) & (exp(x) < fmt.tiny)).any(axis=1).mean() < 0.95
    shares = exp(x - x.max(axis=1, keepdims=True))
    assert 0.1 < (shares == 0).any(axis=1).mean() < 0.9
    assert 0.1 < ((shares > 0) & (shares < fmt.tiny)).any(axis=1).mean() < 0.9


@pytest.mark.parametrize("dtype", formats.FORMATS)
def test_offsets_overflow_exp_in_every_format(dtype: str) -> None:
    fmt = formats.of(dtype)
    x = families.get("offset").rows(np.random.default_rng(0), dtype, 300, 10).astype(np.float64)
    assert 0.03 < (x.max(axis=1) > fmt.exp_overflow).mean() < 0.6
    assert 0.03 < (x.max(axis=1) < fmt.exp_underflow).mean() < 0.6
    assert np.mean([len(set(row)) > 1 for row in x.tolist()]) > 0.9
    assert np.abs(x).max() > 0.3 * min(1e8, 1 / fmt.u)


@pytest.mark.parametrize("dtype", formats.FORMATS)
def test_stagnating_sums_stagnate(dtype: str) -> None:
    """Added one by one in the format, the small terms leave the first one as it is."""
    fmt = formats.of(dtype)
    x = families.get("long_stagnating").rows(np.random.default_rng(0), dtype, 20, 1000)
    terms = fmt.nearest(np.exp(x.astype(np.float64)))
    total = terms[:, 0]
    for term in terms[:, 1:].T:
        total = fmt.nearest(total + term)
    assert (total == 1).all()
    assert (terms[:, 1:].sum(axis=1) > 20 * 2 * fmt.u).all()


@pytest.mark.parametrize("dtype", formats.FORMATS)
def test_what_is_special_about_ordinary_rows(dtype: str) -> None:
    fmt = formats.of(dtype)

    def rows(name: str, n: int = 10) -> np.ndarray:
        x = families.get(name).rows(np.random.default_rng(1), dtype, 200, n)
        return np.asarray(x, dtype=np.float64)

    top = np.sort(rows("ties"), axis=1)
    assert (top[:, -1] == top[:, -2]).mean() > 0.7
    assert (np.ptp(rows("all_equal"), axis=1) == 0).all()
    x = np.sort(rows("dominant"), axis=1)
    others = np.exp(x[:, :-1] - x[:, -1:]).sum(axis=1)
    assert ((others > fmt.u / 4) & (others < 2 * fmt.u**0.5)).all()
    assert np.isneginf(rows("leading_neginf")[:, 0]).all()
    inner = np.isneginf(rows("inner_neginf"))
    assert not inner[:, 0].any()
    assert 0.2 < inner[:, 1:].mean() < 0.6
    wide = rows("wide")
    assert (np.ptp(wide, axis=1) > 0.5 * fmt.exp_overflow).mean() > 0.7
    small = rows("subnormal_inputs")
    assert ((np.abs(small) < fmt.tiny) & (small != 0)).mean() > 0.9


def test_long_sums_come_in_every_order_and_length() -> None:
    for name in ("long_uniform", "long_ascending", "long_descending", "long_stagnating"):
        assert families.get(name).sizes_for("logsumexp", "float32") == (1000, 100_000, 1_000_000)
    up, down = (
        families.get(name).rows(np.random.default_rng(0), "float32", 2, 1000)
        for name in ("long_ascending", "long_descending")
    )
    assert (np.diff(up, axis=1) >= 0).all()
    assert (np.diff(down, axis=1) <= 0).all()


def test_offset_orders() -> None:
    rng = np.random.default_rng(0)
    x = families.get("offset_sorted").rows(rng, "float64", 5, 10)
    assert (np.diff(x, axis=1) >= 0).all()
    y = families.get("offset_alternating").rows(rng, "float64", 5, 10)
    assert (np.sign(np.diff(y, axis=1)) == np.resize([1, -1], 9)).all()


@pytest.mark.parametrize("name", [*layouts.LAYOUTS])
def test_layouts_change_strides_and_no_number(name: str) -> None:
    x = np.arange(12.0).reshape(3, 4)
    got = layouts.LAYOUTS[name](x)
    np.testing.assert_array_equal(got, np.repeat(x[:1], 3, axis=0) if name == "broadcast" else x)
    assert name == "contiguous" or not got.flags.c_contiguous


@pytest.mark.parametrize("dtype", ["bfloat16", "float64"])
def test_a_term_at_the_edge_of_a_block_carries_half_of_the_result(dtype: str) -> None:
    family, edges = families.get("block_edges"), set[int]()
    for n in family.sizes:
        x = family.rows(np.random.default_rng(0), dtype, 12, n).astype(np.float64)
        share = np.exp(x - np.log(np.exp(x).sum(axis=1, keepdims=True)))
        assert (np.abs(share.max(axis=1) - 0.5) < 0.25).all()
        assert share[0].argmax() == n - 1
        edges |= set(share.argmax(axis=1).tolist())
    assert {0, 63, 64, 256, 1023, 1024} <= edges
    assert {n % 64 for n in family.sizes} == {0, 1, 63}


@pytest.mark.parametrize("n", families.get("masked_blocks").sizes)
def test_whole_blocks_are_masked_and_never_all(n: int) -> None:
    x = families.get("masked_blocks").rows(np.random.default_rng(0), "float32", 60, n)
    masked = np.isneginf(x)
    assert masked.any(axis=1).all()
    assert not masked.all(axis=1).any()
    assert masked[:1, :64].all()
    for size in (32, 64, 128):
        blocks = [masked[:, i : i + size].all(axis=1) for i in range(0, n - size, size)]
        assert not blocks or blocks[0].any()
        inside = [block & ~masked[:, 0] & ~masked[:, -1] for block in blocks]
        assert np.any(inside) or n < 2 * size
    assert masked[:, -1].any()


def test_integer_rows_wrap_in_their_own_dtype() -> None:
    case = cases.case("logsumexp", "float32", "integers", 10, 50, 0)
    x = case.handed_over
    assert x.dtype == np.int16
    wide = x.astype(np.int64)
    assert ((x.max(axis=1) - x.min(axis=1)) != (wide.max(axis=1) - wide.min(axis=1))).any()
    np.testing.assert_array_equal(x.astype(np.float32), case.x)


def test_weights_are_repeated_entries() -> None:
    case = cases.case("logsumexp", "float64", "weights", 10, 20, 0)
    w = np.asarray(case.parameters["weights"])
    expected = np.log((w * np.exp(case.x)).sum(axis=1))
    np.testing.assert_allclose(case.certified.value, expected, rtol=1e-13)


def test_photographs_are_windows_of_pictures() -> None:
    x = families.get("photographs").rows(np.random.default_rng(0), "float64", 40, 49)
    assert ((x >= 0) & (x <= 255)).all()
    assert len(np.unique(x)) > 100


def test_an_unknown_family_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean normalised or normal"):
        families.get("normalized")


@pytest.mark.parametrize("name", NAMES)
def test_every_family_meets_the_operations_it_is_meant_for(name: str) -> None:
    """At every size it names, in every format, by some implementation that ships."""
    entry = families.get(name)
    units = run.plan((), ["all"], entry.dtypes, [name], 10**6, elsewhere=True)
    met = {(unit.arguments["operation"], unit.arguments["dtype"]) for unit in units}
    wanted = entry.operations or tuple(OPERATIONS)
    assert met == {(operation, dtype) for operation in wanted for dtype in entry.dtypes}
    sizes = {unit.arguments["n"] for unit in units if unit.arguments["operation"] == wanted[0]}
    assert sizes == set(entry.sizes)
