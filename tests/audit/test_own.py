"""The user's own implementations: modules, files, shared libraries; hostile ones included."""

import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from lsetheory import environment
from lsetheory.audit import guard, implementations, run, subject, summary
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
        _own.resolve(name, "logsumexp").load()


def test_a_file_that_does_not_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("1/0")
    with pytest.raises(InputError, match="expected a file that runs, got ZeroDivisionError"):
        _own.resolve(str(path), "logsumexp").load()


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
        _own.resolve(f"{path}:notfn", "logsumexp").load()
    path.write_text("import sys; sys.exit(4)")
    with pytest.raises(InputError, match="expected a file that runs, got SystemExit: 4"):
        _own.resolve(f"{path}:f", "logsumexp").load()


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


# what the import of own code may do


def test_own_code_is_imported_in_no_process_of_the_audit(tmp_path: Path) -> None:
    path, mark = tmp_path / "counted.py", tmp_path / "mark"
    path.write_text(f"import os\nopen({str(mark)!r}, 'a').write(f'{{os.getpid()}} ')\n{GOOD}")
    units = run.plan([str(path), f"{path}:talks"], [], ["float64"], ["normal", "wide"], 5)
    assert {unit()["verdict"] for unit in units} == {"correct"}
    assert len(units) > 8
    imported = mark.read_text().split()
    assert len(imported) == 2  # one a name
    assert str(os.getpid()) not in imported


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import os; os._exit(3)", r"it crashed its process \(exit code 3\)$"),
        ("import time; time.sleep(60)", r"it took longer than 0\.5 s to import; stopped; --limit"),
        ("import sys; sys.exit(4)", "expected a file that runs, got SystemExit: 4"),
        ("1/0", "expected a file that runs, got ZeroDivisionError"),
    ],
)
def test_an_import_that_goes_wrong_is_told_before_the_audit(
    tmp_path: Path, line: str, says: str
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(line)
    with pytest.raises(InputError, match=says):
        run.plan([f"{path}:f"], [], ["float64"], ["normal"], 5, limit=0.5)


def test_what_an_import_writes_past_python_stays_off_standard_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loud.py"
    path.write_text(f"import os\nos.write(1, b'noise')\n{GOOD}")
    run.plan([f"{path}:talks"], [], ["float64"], ["normal"], 5)[0]()
    assert capfd.readouterr().out == ""


def test_an_edited_file_is_imported_anew(file: Path) -> None:
    np.testing.assert_allclose(ask(str(file)), np.log(2))
    file.write_text("import numpy as np\ndef logsumexp(x):\n    return np.zeros(len(x))\n")
    assert ask(str(file)).tolist() == [0, 0]


PARALLEL = """
import multiprocessing, os, time
import numpy as np
def one(row):
    m = row.max()
    return m + np.log(np.exp(row - m).sum())
def logsumexp(x):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return np.array(pool.map(one, x))
def dies(x):
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,)).start()
    os._exit(5)
def hangs(x):
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    child.start()
    open(os.environ["LSETHEORY_TEST_PID"], "w").write(str(child.pid))
    child.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_own_code_may_have_processes_of_its_own_and_they_end_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pid = tmp_path / "parallel.py", tmp_path / "pid"
    path.write_text(PARALLEL)
    monkeypatch.setenv("LSETHEORY_TEST_PID", str(pid))
    np.testing.assert_allclose(ask(str(path)), np.log(2))
    with pytest.raises(guard.Failed, match=r"crashed its process \(exit code 5\)"):
        ask(f"{path}:dies")
    with pytest.raises(guard.Late):
        ask(f"{path}:hangs", limit=1.0)
    deadline = time.monotonic() + 30
    while _alive(int(pid.read_text())):
        assert time.monotonic() < deadline


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


DAEMON = """
import multiprocessing, sys
from lsetheory.audit import run

def work(path):
    (unit,) = run.plan([path], [], ["float64"], ["wide"], 5)
    print(unit()["verdict"], flush=True)

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=work, args=sys.argv[1:], daemon=True)
    worker.start()
    worker.join()
    sys.exit(worker.exitcode)
"""


def test_own_code_runs_below_a_daemon_as_dasks_workers_are(file: Path) -> None:
    script = file.with_name("daemon.py")
    script.write_text(DAEMON)
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, script, file], capture_output=True, text=True, env=paths,
                          timeout=120)  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "correct"), done.stderr


def test_workers_with_own_code_end(file: Path) -> None:
    """They wait for children that are no daemons: these have to be stopped before."""
    code = (
        "from lsetheory import work, workers\n"
        "from lsetheory.audit import run\n"
        "if __name__ == '__main__':\n"
        f"    units = run.plan([{str(file)!r}], [], ['float64'], ['normal', 'wide'], 5)\n"
        "    with workers.Processes(2) as pool:\n"
        "        print(len(list(work.run(units, executor=pool))))\n"
    )
    script = file.with_name("script.py")
    script.write_text(code)
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=paths,
                          timeout=120)  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "9"), done.stderr


def test_what_hangs_is_called_once(file: Path) -> None:
    units = run.plan([f"{file}:hangs"], [], ["float64"], ["normal", "wide"], 5, limit=0.4)
    rows = [unit() for unit in units]
    assert [row["verdict"] for row in rows] == ["failed"] * len(rows)
    first, *others = [row["error"] for row in rows]
    assert first == "took longer than 0.4 s; stopped"
    assert set(others) == {"not called again: it took longer than 0.4 s; stopped"}
    assert not any(map(run.lasting, rows))
    again = run.plan([f"{file}:hangs"], [], ["float64"], ["wide"], 5, limit=0.5)
    assert again[0]()["error"] == "took longer than 0.5 s; stopped"


# whose version it is


def test_own_code_has_a_version_of_its_own(file: Path) -> None:
    told = implementations.get(str(file), "logsumexp").version
    assert told == f"sha256:{(_own.fingerprint(str(file)) or '')[:8]}"
    assert _own.version("scipy.special:logsumexp") == version("scipy")
    assert _own.version("nowhere_at_all:f") == "unknown"


SITE_PACKAGE = {
    "ours/__init__.py": "from ours.core import lse\n",
    "ours/core.py": "import theirs\ndef lse(x):\n    return theirs.lse(x)\n",
    "ours-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: ours\nVersion: 1.0\n"
    "Requires-Dist: theirs>=1\nRequires-Dist: unused; extra == 'more'\n",
    "ours-1.0.dist-info/RECORD": "ours/__init__.py,,\nours/core.py,,\n",
    "theirs.py": "def lse(x):\n    return x.max(axis=-1)\n",
    "theirs-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n",
    "theirs-1.0.dist-info/RECORD": "theirs.py,,\n",
    "loose.py": "lse = 1\n",
}


@pytest.mark.parametrize(
    ("name", "changed", "text"),
    [
        ("ours:lse", "ours/core.py", "def lse(x):\n    return x.min(axis=-1)\n"),
        ("ours:lse", "theirs.py", "def lse(x):\n    return x.min(axis=-1)\n"),
        ("ours:lse", "ours-1.0.dist-info/METADATA",
         "Metadata-Version: 2.1\nName: ours\nVersion: 2.0\n"),
        ("uses.py:lse", "theirs.py", "def lse(x):\n    return x.min(axis=-1)\n"),
        ("uses.py:lse", "loose.py", "lse = 2\n"),
    ],
)  # fmt: skip
def test_the_fingerprint_follows_installed_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, changed: str, text: str
) -> None:
    site = tmp_path / "site-packages"
    for path, content in SITE_PACKAGE.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(content)
    (tmp_path / "uses.py").write_text("import loose, numpy, ours\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(site))

    def seen() -> str | None:
        for kept in (environment._modules, environment.stamp):
            kept.cache_clear()
        _own._KNOWN.clear()
        return _own.fingerprint(name)

    before = seen()
    assert before == seen()
    (site / changed).write_text(text)
    assert before != seen()
    environment._modules.cache_clear()
    environment.stamp.cache_clear()


def test_libraries_under_another_name_have_their_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cupy.py").touch()
    info = tmp_path / "cupy_cuda12x-13.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cupy-cuda12x\nVersion: 13.5\n")
    (info / "RECORD").write_text("cupy.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    environment._modules.cache_clear()
    try:
        assert environment.versions.__wrapped__()["cupy"] == "13.5"
    finally:
        environment._modules.cache_clear()


def test_every_entry_that_is_installed_has_a_version() -> None:
    found = implementations.entries().values()
    assert all(entry.version != "unknown" for entry in found if entry.missing() is None)


# families that not every function can take


def test_own_code_meets_integers_and_keywords_only_where_they_are_named(file: Path) -> None:
    more = ["integers", "scaled", "weights"]
    plain = run.plan([str(file)], [], ["float64"], [], 20)
    assert plain
    assert not {unit.arguments["family"] for unit in plain} & set(more)
    named = run.plan([str(file)], [], ["float64"], ["normal", *more], 20)
    assert {unit.arguments["family"] for unit in named} == {"normal", *more}


# lines that repeat a call


def repeated(code: str, folder: Path) -> str:
    """What the line prints in a folder where neither this package nor the code is at hand."""
    apart = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=apart
    )
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["wrong.py:f", "wrong:f", "package.wrong:f"])
def test_the_line_of_a_witness_needs_neither_this_package_nor_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home, empty = tmp_path / "home", tmp_path / "empty"
    for folder in (home / "package", empty):
        folder.mkdir(parents=True)
    text = "import numpy as np\nfrom near import one\ndef f(x):\n    return x.max(axis=-1) + one\n"
    for path in (home / "wrong.py", home / "package" / "wrong.py"):
        path.write_text(text)
    (home / "package" / "__init__.py").touch()
    (home / "near.py").write_text("one = 1\n")
    monkeypatch.chdir(home)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*sys.path, ""]))
    (row,) = [unit() for unit in run.plan([name], [], ["float64"], ["wide"], 5)]
    assert "lsetheory" not in row["witness"]["code"]
    assert repeated(row["witness"]["code"], empty) == row["witness"]["got"]


@pytest.mark.parametrize("operation", ["logsumexp", "softmax"])
def test_so_does_the_line_of_a_c_function(echo: Path, tmp_path: Path, operation: str) -> None:
    """Which copies the last term, or writes as many zeros as there are rows into n times more."""
    recipe = subject.named(f"{echo}:echo", operation).repeat
    row = np.array([1.5, 0.1, 2.5], "float32")
    index = None if operation == "logsumexp" else 0
    code = subject.repeat.code(recipe, row, index, {}, None)
    assert "lsetheory" not in code
    assert repeated(code, tmp_path) == (2.5).hex()


WRITES = """
from pathlib import Path
import numpy as np

made = Path(__file__).with_name("made_when_imported.py")
if not made.exists():
    made.write_text("SHIFT = 0.0\\n")
from made_when_imported import SHIFT

def logsumexp(x):
    top = x.max(axis=-1, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=-1)) + top[..., 0] + x.dtype.type(SHIFT)
"""


def test_own_code_may_write_what_it_imports(tmp_path: Path) -> None:
    path = tmp_path / "writes.py"
    path.write_text(WRITES)
    units = run.plan([f"{path}:logsumexp"], [], ["float64"], ["normal"], 5)
    assert (tmp_path / "made_when_imported.py").exists()
    assert all(unit()["error"] is None for unit in units)
    again = run.plan([f"{path}:logsumexp"], [], ["float64"], ["normal"], 5)
    assert [unit.key() for unit in units] == [unit.key() for unit in again]
