"""The user's own implementations: modules, files, shared libraries; hostile ones included."""

import shutil
import subprocess
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from lsetheory.audit import guard, run, subject, summary
from lsetheory.audit.implementations import _bridge, _own
from lsetheory.errors import InputError

GOOD = """
import numpy as np
def logsumexp(x):
    m = x.max(axis=-1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=-1))
def raises(x):
    raise KeyError("lost")
def crashes(x):
    import os
    os._exit(11)
def hangs(x):
    while True:
        pass
def talks(x):
    print("hello")
    return logsumexp(x)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(GOOD)
    return path


def ask(name: str, limit: float = 60.0) -> np.ndarray:
    return subject.named(name, "logsumexp", limit=limit)(np.zeros((2, 2)), "contiguous", {})


def test_a_file_is_called_by_function_or_by_the_name_of_the_operation(file: Path) -> None:
    np.testing.assert_allclose(ask(str(file)), np.log(2))
    np.testing.assert_allclose(ask(f"{file}:talks"), np.log(2))


def test_what_own_code_prints_stays_off_standard_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loud.py"
    path.write_text(f"print('loading')\n{GOOD}")
    ask(f"{path}:talks")
    told = capfd.readouterr()
    assert told.out == ""
    assert "loading" in told.err
    assert "hello" in told.err


def test_failures_are_one_line_and_the_next_call_works(file: Path) -> None:
    with pytest.raises(guard.Failed, match="raised KeyError: 'lost'"):
        ask(f"{file}:raises")
    with pytest.raises(guard.Failed, match=r"crashed its process \(exit code 11\)"):
        ask(f"{file}:crashes")
    with pytest.raises(guard.Failed, match=r"took longer than 0\.3 s; stopped"):
        ask(f"{file}:hangs", limit=0.3)
    np.testing.assert_allclose(ask(f"{file}:talks"), np.log(2))


def test_a_run_goes_on_past_a_failing_implementation(file: Path) -> None:
    units = run.plan([f"{file}:raises", "numpy-shifted"], [], ["float64"], ["normal"], 5)
    rows = run.gather(unit() for unit in units)
    assert {row["verdict"] for row in rows if "raises" in row["implementation"]} == {"failed"}
    assert not any(summary.is_finding(r) for r in rows if r["implementation"] == "numpy-shifted")


def test_a_module_function() -> None:
    np.testing.assert_allclose(
        _own.resolve("lsetheory.pooling:lse", "logsumexp").load()(np.zeros((1, 2))), np.log(2)
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere_at_all:f", "expected a module that imports"),
        ("lsetheory.pooling:nothing", "expected a function 'nothing', got none"),
        ("missing.py", "expected a Python file, got none"),
        ("missing.so:f", "expected a shared library with 'f'"),
    ],
)
def test_a_wrong_path_is_told(name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        _own.resolve(name, "logsumexp")


def test_a_file_that_does_not_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("1/0")
    with pytest.raises(InputError, match="expected a file that runs, got ZeroDivisionError"):
        _own.resolve(str(path), "logsumexp")


def test_an_edited_file_is_a_different_unit(file: Path) -> None:
    before = [unit.key() for unit in run.plan([str(file)], [], ["float64"], ["normal"], 5)]
    file.write_text(GOOD + "\n# edited\n")
    after = [unit.key() for unit in run.plan([str(file)], [], ["float64"], ["normal"], 5)]
    assert not set(before) & set(after)


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_a_c_function_in_a_shared_library(tmp_path: Path) -> None:
    source, library = tmp_path / "mine.c", tmp_path / "mine.so"
    source.write_text(
        "#include <math.h>\n#include <stddef.h>\n"
        "void logsumexp(const double *x, double *y, size_t rows, size_t n) {\n"
        "  for (size_t i = 0; i < rows; i++) { double s = 0;\n"
        "    for (size_t j = 0; j < n; j++) s += exp(x[i*n+j]);\n"
        "    y[i] = log(s); } }\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    got = _own.resolve(f"{library}:logsumexp", "logsumexp").load()(np.array([[0.0, 1.0]]))
    np.testing.assert_allclose(got, np.log(1 + np.e))


def test_the_fingerprint_follows_what_the_file_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "uses.py": "import json, numpy\nfrom helper import lse\n", "helper.py": "lse = 1",
        "inside/__init__.py": "from .core import lse", "inside/core.py": "from . import deep",
        "inside/deep.py": "lse = 1",
    }  # fmt: skip
    (tmp_path / "inside").mkdir()
    for name, text in texts.items():
        (tmp_path / name).write_text(text)

    def seen() -> list[str | None]:
        return [_own.fingerprint(name) for name in ("uses.py", "inside:lse", "elsewhere:lse")]

    first = seen()
    (tmp_path / "helper.py").write_text("lse = 2")
    (tmp_path / "inside" / "deep.py").write_text("lse = 2")
    second = seen()
    assert [a == b for a, b in zip(first, second, strict=True)] == [False, False, True]
    assert second == seen()


ECHO = """
#include <stddef.h>
void echo(const T *x, T *y, size_t rows, size_t n) {
  for (size_t i = 0; i < rows; i++) y[i] = x[i * n + n - 1]; }
void nothing(const T *x, T *y, size_t rows, size_t n) {}
"""


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler")
    source = tmp_path_factory.mktemp("echo") / "echo.c"
    source.write_text(ECHO.replace("T *", "float *"))
    library = source.with_suffix(".so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


@pytest.mark.parametrize("dtype", ["int16", "int32", "float16", ml_dtypes.bfloat16, ">f4", bool])
def test_a_c_function_is_not_called_with_what_it_would_misread(echo: Path, dtype: str) -> None:
    call = _own.resolve(f"{echo}:echo", "logsumexp").load()
    with pytest.raises(guard.Failed, match="echo takes rows of float32 or float64, got"):
        call(np.zeros((3, 2), dtype))


def test_a_c_function_gets_rows_alone_and_contiguous(echo: Path) -> None:
    call = _own.resolve(f"{echo}:echo", "logsumexp").load()
    rows = np.arange(12.0, dtype="float32").reshape(3, 4)
    for x in (rows, rows[:, ::2], rows.T, rows[::-1]):
        got = call(x)
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, x[:, -1])
    with pytest.raises(guard.Failed, match=r"takes rows of shape \(rows, n\), got shape \(4,\)"):
        call(rows[0])
    with pytest.raises(guard.Failed, match="takes rows alone, got r as well"):
        call(rows, r=1.0)
    unwritten = _own.resolve(f"{echo}:nothing", "logsumexp").load()(rows)
    assert np.isnan(unwritten).all()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return None", "returned NoneType, expected an array"),
        ("return [0.0, 0.0]", "returned list, expected an array"),
        ("raise SystemExit(3)", "raised SystemExit: 3"),
    ],
)
def test_own_code_is_told_what_it_did(tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"def f(x):\n    {body}\n")
    with pytest.raises(guard.Failed, match=f"^{says}$"):
        ask(f"{path}:f")


def test_what_cannot_be_called_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"{GOOD}notfn = 3\n")
    says = "expected a function 'notfn', got int; what can be called there is logsumexp, raises"
    with pytest.raises(InputError, match=says):
        _own.resolve(f"{path}:notfn", "logsumexp")
    path.write_text("import sys; sys.exit(4)")
    with pytest.raises(InputError, match="expected a file that runs, got SystemExit: 4"):
        _own.resolve(f"{path}:f", "logsumexp")


@pytest.mark.parametrize(
    ("library", "array"), [("torch", "a tensor"), ("jax", "a jax array"), ("numpy", "an array")]
)
def test_what_an_entry_returns_instead_of_an_array_is_told(library: str, array: str) -> None:
    pytest.importorskip(library, reason="the bridge under test is this library's")
    bridge = _bridge.of((library,))
    with pytest.raises(guard.Failed, match=f"^returned list, expected {array}$"):
        bridge(lambda x: [0.0], np.zeros((1, 2)), "cpu", {})


def test_a_file_may_import_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "neighbour_of_mine.py").write_text(GOOD)
    path = tmp_path / "mine.py"
    path.write_text("from neighbour_of_mine import logsumexp\n")
    np.testing.assert_allclose(ask(str(path)), np.log(2))
