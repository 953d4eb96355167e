"""Every listed implementation answers in the right shape and format; witnesses repeat it."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lsetheory.audit import cases, formats, guard, implementations, repeat, subject
from lsetheory.audit.implementations import _algorithms as algorithms
from lsetheory.audit.implementations import _bridge
from lsetheory.audit.implementations._entry import Implementation
from lsetheory.audit.operations import OPERATIONS
from lsetheory.errors import InputError

SLOW = ("torch-compile-logsumexp",)
ENTRIES = [
    pytest.param(entry, id=f"{name}-{operation}")
    for (name, operation), entry in implementations.entries().items()
    if name not in SLOW
]


def case_of(entry: Implementation, dtype: str) -> cases.Case:
    n = OPERATIONS[entry.operation].n or 5
    return cases.case(entry.operation, dtype, "normal", n, 3, 0)


@pytest.mark.parametrize("entry", ENTRIES)
def test_entry_agrees_with_the_reference_in_every_format_it_names(entry: Implementation) -> None:
    if reason := entry.missing():
        pytest.skip(reason)
    for dtype in {entry.dtypes[0], "float32"} & {*entry.dtypes}:
        case = case_of(entry, dtype)
        got = subject.named(entry.name, entry.operation)(case.x, "contiguous", case.parameters)
        expected = np.asarray(case.certified.value, dtype=np.float64)
        tolerance = 64 * formats.of(dtype).u
        np.testing.assert_allclose(
            np.asarray(got, dtype=np.float64), expected, rtol=tolerance, atol=tolerance
        )


def test_every_entry_is_of_a_known_operation_and_format() -> None:
    for (name, operation), entry in implementations.entries().items():
        assert (entry.name, entry.operation) == (name, operation)
        assert operation in OPERATIONS
        assert set(entry.dtypes) <= set(formats.FORMATS)
        assert set(entry.devices) <= {"cpu", "cuda"}


def test_shipped_libraries_are_audited_by_their_own_expressions() -> None:
    shipped = ("scipy-", "torch-", "jax-", "onnxruntime-")
    for (name, _), entry in implementations.entries().items():
        if name.startswith(shipped):
            assert entry.expression() is not None, name
    expression = implementations.get("torch-logsumexp", "logsumexp").expression()
    assert expression is not None
    assert expression.text == "torch.logsumexp(x, -1)"


@pytest.mark.parametrize(
    ("name", "operation", "library"),
    [
        ("numpy-naive", "logsumexp", "numpy"),
        ("numpy-online", "logsumexp", "numpy"),
        ("scipy-logsumexp", "logsumexp", "scipy"),
        ("scipy-logsumexp", "pooled_lse", "scipy"),
        ("jax-jit-logsumexp", "logsumexp", "jax"),
        ("onnxruntime-logsumexp", "logsumexp", "onnxruntime"),
        ("pooling-torch", "swap_gradient", "torch"),
    ],
)
def test_the_line_of_a_witness_repeats_the_result(name: str, operation: str, library: str) -> None:
    pytest.importorskip(library, reason=f"audits {library}")
    thing = subject.named(name, operation)
    case = cases.case(operation, "float32", "normal", 2, 1, 7)
    got = thing(case.x, "contiguous", case.parameters)
    index = 1 if got.ndim == 2 else None
    line = repeat.code(thing.repeat, case.x[0], index, case.parameters, None)
    assert line is not None
    assert "\n" not in line
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, check=True, cwd=Path.cwd(),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.stdout.strip() == repeat.hexed(got[0, 1] if got.ndim == 2 else got[0])


def test_long_rows_are_written_as_runs_or_not_at_all() -> None:
    equal = np.zeros(5000, dtype=np.float32)
    assert repeat.terms(equal) == ["0x0.0p+0*5000"]
    assert repeat.terms(np.arange(5000.0)) == []
    recipe = implementations.get("numpy-naive", "logsumexp")
    thing = repeat.of_entry("numpy-naive", recipe, "cpu")
    assert "for _ in range(int(k))" in (repeat.code(thing, equal, None, {}, None) or "")
    assert repeat.code(thing, np.arange(5000.0), None, {}, None) is None


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean numpy-naive"):
        implementations.get("numpy-nave", "logsumexp")
    with pytest.raises(InputError, match="got operation 'swap'"):
        implementations.get("numpy-naive", "swap")


def test_a_library_that_is_absent_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsetheory.audit.implementations._bridge.find_spec", lambda name: None)
    entry = implementations.get("torch-logsumexp", "logsumexp")
    assert entry.missing() == (
        "torch-logsumexp skipped: torch is not installed; install it with  "
        "pip install 'lsetheory[torch]'"
    )


def test_cuda_entries_do_not_run_on_the_processor() -> None:
    reason = implementations.get("triton-online", "logsumexp").missing("cpu")
    assert reason is not None
    assert "\n" not in reason


SUMS = [algorithms.pairwise, algorithms.sequential, algorithms.compensated]


@pytest.mark.parametrize("total", SUMS, ids=lambda total: total.__name__)
@pytest.mark.parametrize(
    "algorithm",
    [
        algorithms.naive, algorithms.shifted, algorithms.shifted_log1p, algorithms.online,
        algorithms.online_blocks, algorithms.logaddexp_fold,
    ],
    ids=lambda algorithm: algorithm.__name__,
)  # fmt: skip
def test_textbook_algorithms_agree_where_nothing_is_hard(algorithm, total) -> None:  # type: ignore[no-untyped-def]
    x = np.random.default_rng(0).standard_normal((20, 150))
    expected = np.log(np.exp(x).sum(axis=1))
    np.testing.assert_allclose(algorithm(x, total), expected, rtol=1e-13)


def test_compensated_sum_is_exact_where_plain_sums_lose_everything() -> None:
    terms = np.array([[1e16, 1.0, -1e16, 1.0]])
    assert algorithms.compensated(terms) == 2.0
    assert algorithms.sequential(terms) != 2.0


def test_a_call_that_fails_is_one_line() -> None:
    thing = subject.function(lambda x: x[0, 0], "logsumexp")
    with pytest.raises(guard.Failed, match=r"returned shape \(\), expected \(2,\)"):
        thing(np.zeros((2, 3)), "contiguous", {})


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_the_line_of_a_jax_witness_has_the_terms_to_the_last_bit(dtype: str) -> None:
    pytest.importorskip("jax", reason="runs jax")
    fmt = formats.of(dtype)
    row = fmt.store(np.array([fmt.tiny / 2, -fmt.eta, 1.0]))
    recipe = subject.named("jax-logsumexp", "logsumexp").repeat
    code = repeat.code(recipe, row, None, {}, None)
    assert code is not None
    names: dict[str, object] = {}
    exec(code.rpartition("; ")[0], names)
    assert np.asarray(names["x"]).tobytes() == row.tobytes()


def test_jax_lets_go_what_it_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    jax = pytest.importorskip("jax", reason="runs jax")
    cleared: list[bool] = []
    monkeypatch.setattr(_bridge, "JAX_KEEPS", 3)
    monkeypatch.setattr(_bridge, "_jax_calls", itertools.count(1))
    monkeypatch.setattr(jax, "clear_caches", lambda: cleared.append(True))
    call = _bridge.bridged(lambda jax: jax.numpy.exp, ("jax",), "cpu")
    for _ in range(7):
        np.testing.assert_array_equal(call(np.zeros(2)), [1.0, 1.0])
    assert len(cleared) == 2
