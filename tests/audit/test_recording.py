"""Recordings: made with numpy and the library alone, scored elsewhere; nothing is executed."""

import ast
import json
import os
import subprocess
import sys
import types
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsetheory import work
from lsetheory.audit import (
    families,
    guard,
    implementations,
    record,
    recorded,
    recorder,
    recording,
    run,
)
from lsetheory.audit.score import GATE
from lsetheory.errors import InputError

OWN = """
import numpy as np
def logsumexp(x):
    m = x.max(axis=-1)
    return m + np.log(np.exp(x - m[:, None]).sum(axis=-1))
def fails(x):
    raise KeyError("lost")
def changes(x):
    x[...] = 0
    return x[:, 0]
def whole(x):
    return x
def text(x):
    return "no"
"""
#: Hostile content of a folder that is to be scored: each would leave a file `trace` behind.
TRACE = "import pathlib; pathlib.Path({!r}).touch()\n"


def plan(*names: str, **given: Any) -> list[work.Unit]:
    arguments: dict[str, Any] = {"dtypes": ["float64"], "chosen": ["wide", "ties"], "rows": 4}
    return run.plan(names, **{**arguments, **given})


def live(units: list[work.Unit]) -> list[dict[str, Any]]:
    return run.gather(work.run(units))


def scored(folder: Path) -> list[dict[str, Any]]:
    return [work.plain(row) for row in run.gather(recorded.score(folder))]


def same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    """Whether all is the same, but for witnesses that a live run prefers as they show alone."""
    for one, other in zip(found, expected, strict=True):
        mine, live = one["witness"], other["witness"]
        if mine and live and mine["alone"] is None:
            assert mine["x"] != live["x"] or mine == {**live, "alone": None}
            assert badness(mine) >= badness(live)
            left = {"witness": None, "judged": None}  # the row that is shown is one of the judged
            one, other = {**one, **left}, {**other, **left}
        assert one == other
    return True


def badness(witness: dict[str, Any]) -> tuple[float, float]:
    """ρ where it exceeds the gate, then ulp; not known where something is not finite."""
    rho = witness["rho"] or 0.0
    return (rho if rho > GATE else 0.0), abs(witness["ulp"] or 0.0)


def recorder_of(folder: Path) -> Any:
    """The folder's own record.py, in this process, where a test can play another machine."""
    spec = spec_from_file_location("lsetheory_recorded", folder / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record_in(folder: Path, units: list[work.Unit]) -> list[str]:
    recording.write(folder, units)
    return list(recorder_of(folder).main(str(folder)))


@pytest.mark.parametrize(
    ("names", "operation", "dtypes"),
    [
        (["numpy-naive", "numpy-online", "scipy-logsumexp"], "logsumexp", ["float32", "float64"]),
        (["rounded-shifted", "pooling-numpy"], "logsumexp", ["bfloat16", "float16"]),
        (["scipy-softmax", "numpy-exp-minus-lse"], "softmax", ["float32"]),
        (["numpy-shifted"], "ordinal", ["float64"]),
        (["numpy-naive", "pooling-numpy"], "pooled_lse", ["float64"]),
    ],
)
def test_every_family_scores_as_a_live_run_does(
    tmp_path: Path, names: list[str], operation: str, dtypes: list[str]
) -> None:
    units = plan(*names, operations=[operation], dtypes=dtypes, chosen=(), rows=10)
    assert {"special", "leading_neginf"} <= {unit.arguments["family"] for unit in units}
    assert (
        record_in(tmp_path, units)[0]
        == f"{len(units)} of {len(units)} cells recorded in {tmp_path}"
    )
    assert same(scored(tmp_path), live(units))


@pytest.mark.parametrize("library", ["torch", "jax", "onnxruntime"])
@pytest.mark.parametrize("operation", ["logsumexp", "softmax_gradient"])
def test_libraries_score_as_a_live_run_does(tmp_path: Path, library: str, operation: str) -> None:
    pytest.importorskip(library, reason=f"records {library}")
    names = sorted(
        {n for n, o in implementations.entries() if (n, o) == (f"{library}-logsumexp", o)}
    )
    names = names if operation == "logsumexp" else [f"{library}-softmax"]
    chosen = ["wide", "special", "strided", "subnormal_inputs", "scaled", "weights"]
    units = plan(*names, operations=[operation], dtypes=["float32"], chosen=chosen)
    if not units:
        pytest.skip(f"{library} has no {operation}")
    record_in(tmp_path, units)
    assert same(scored(tmp_path), live(units))


def test_the_users_own_code_is_copied_and_its_failures_are_those_of_a_live_run(
    tmp_path: Path,
) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(OWN)
    names = [f"{file}{f}" for f in ("", ":fails", ":changes", ":whole", ":text")]
    units = plan(*names, chosen=["wide", "transposed", "special"])
    told = record_in(folder, units)
    assert any("raised KeyError: 'lost'" in line for line in told)
    assert same(scored(folder), live(units))


def test_what_the_users_file_imports_goes_with_it(tmp_path: Path) -> None:
    """Two files of one name, each with a neighbour of one name, and a package below it."""
    names = []
    for home, constant in (("one", 1), ("two", 2)):
        package = tmp_path / home / "pack"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("from .core import add\n")
        (package / "core.py").write_text("from shared import add\n")
        (tmp_path / home / "shared.py").write_text(f"add = {constant}\n")
        (tmp_path / home / "mine.py").write_text(
            "from pack import add\ndef logsumexp(x):\n    return x.max(axis=-1) + add\n"
        )
        names.append(f"{tmp_path}/{home}/mine.py")
    units = plan(*names, chosen=["wide"])
    expected = live(units)
    recording.write(tmp_path / "folder", units)
    for home in ("one", "two"):
        (tmp_path / home).rename(tmp_path / f"{home} is gone")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "folder" / "record.py"), str(tmp_path / "folder")],
        capture_output=True, text=True, check=True, cwd="/",
    )  # fmt: skip
    assert done.stdout.startswith("2 of 2 cells recorded")
    rows = scored(tmp_path / "folder")
    measures = ("version", "max_ulp", "max_rho", "ulp_0", "verdict")
    assert [[r[k] for k in measures] for r in rows] == [[r[k] for k in measures] for r in expected]
    assert rows[0]["version"] != rows[1]["version"]


def test_versions_are_those_of_where_it_was_recorded(folder: Path) -> None:
    for known, told in (("0.1", "0.1"), (None, "unknown")):
        here = json.loads((folder / "environment.json").read_text())
        (folder / "environment.json").write_text(json.dumps({**here, "numpy": known}))
        sealed(folder)
        assert [row["version"] for row in scored(folder)] == [told]


def test_the_users_own_module_has_the_version_it_has_there(tmp_path: Path) -> None:
    units = plan("scipy.special:logsumexp", chosen=["wide"])
    record_in(tmp_path, units)
    assert scored(tmp_path)[0]["version"] == live(units)[0]["version"]
    where = tmp_path / "environment.json"
    where.write_text(json.dumps({**json.loads(where.read_text()), "scipy": "0.1"}))
    sealed(tmp_path)
    assert scored(tmp_path)[0]["version"] == "0.1"


def test_the_users_own_module_is_imported_where_it_is_recorded(tmp_path: Path) -> None:
    units = plan("lsetheory.pooling:lse", chosen=["wide"])
    record_in(tmp_path, units)
    assert [row["verdict"] for row in scored(tmp_path)] == ["correct"]


def test_the_file_runs_by_itself(tmp_path: Path) -> None:
    recording.write(tmp_path, units := plan("numpy-online", "scipy-logsumexp"))
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "record.py"), str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == f"4 of 4 cells recorded in {tmp_path}\n"
    assert same(scored(tmp_path), live(units))


def test_what_own_code_writes_stays_out_of_what_the_recorder_tells(tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(f"import os\nos.write(1, b'noise')\nprint('more')\n{OWN}")
    recording.write(folder, plan(str(file)))
    assert recording.run(folder) == [f"2 of 2 cells recorded in {folder}"]


def test_code_that_ends_its_process_is_noted_and_the_rest_goes_on(tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(OWN + "def dies(x):\n    import os\n    os._exit(3)\n")
    units = plan(f"{file}:dies", f"{file}:logsumexp")
    recording.write(folder, units)
    assert recording.run(folder)[0] == f"4 of 4 cells recorded in {folder}"
    verdicts = [(row["verdict"], row["error"]) for row in scored(folder)]
    assert verdicts == [("failed", guard.CRASHED), ("correct", None)] * 2


def test_a_recorder_that_cannot_start_is_told(tmp_path: Path) -> None:
    recording.write(tmp_path, plan("numpy-online"))
    (tmp_path / "record.py").write_text("raise SystemExit(7)")
    with pytest.raises(InputError, match="expected it to record a cell, got exit code 7"):
        recording.run(tmp_path)


def test_a_killed_recording_goes_on_but_not_on_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = plan("numpy-online", "scipy-logsumexp")
    recording.write(tmp_path, units)
    module, calls = recorder_of(tmp_path), list[int]()
    answer = module.answer

    def counted(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return answer(*given)

    monkeypatch.setattr(module, "answer", counted)
    with pytest.raises(KeyboardInterrupt):
        module.main(str(tmp_path))
    with pytest.raises(InputError, match="expected a recorded folder with SHA256SUMS"):
        scored(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(module.platform, "machine", lambda: "abacus")
        with pytest.raises(InputError, match="where its results are from, got abacus; go on there"):
            main(module, tmp_path)
    recording.write(tmp_path, units)
    module.main(str(tmp_path))
    assert len(calls) == 5
    assert same(scored(tmp_path), live(units))
    module.main(str(tmp_path))
    assert len(calls) == 9


def main(module: Any, folder: Path) -> None:
    """Record; the file has an InputError of its own."""
    try:
        module.main(str(folder))
    except module.InputError as error:
        raise InputError(str(error)) from None


def test_a_cell_that_was_interrupted_is_not_one_that_crashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.write(tmp_path, units := plan("numpy-online", chosen=["wide"]))
    for _ in range(3):
        module = recorder_of(tmp_path)
        monkeypatch.setattr(module, "answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            module.main(str(tmp_path))
    recorder_of(tmp_path).main(str(tmp_path))
    assert same(scored(tmp_path), live(units))


def test_nor_is_one_whose_recorder_was_killed_for_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python sees no Ctrl-C amid a call of C; `subprocess` kills it after a while."""
    recording.write(tmp_path, plan("numpy-online", chosen=["wide", "ties"]))

    def killed(command: list[str], **_: Any) -> None:
        module = recorder_of(tmp_path)
        true = module.made

        def made(root: Path, number: int, cell: Any) -> Any:
            if number == 1:
                raise SystemExit  # stands for the kill: nothing is taken back
            return true(root, number, cell)

        monkeypatch.setattr(module, "made", made)
        with pytest.raises(SystemExit):
            module.main(str(tmp_path))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(recording.subprocess, "run", killed)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                recording.run(tmp_path)
    recorder_of(tmp_path).main(str(tmp_path))
    assert scored(tmp_path)[1]["error"] is None


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


# what a shell starts in the background ignores the signal
STOPPED = """import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
os.kill(os.getpid(), signal.SIGINT)
"""
WAITS = "import sys, time\ndef logsumexp(x):\n    time.sleep(120)\n"


def test_ctrl_c_exits_with_130(tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(STOPPED + OWN)
    recording.write(folder, plan(str(file), chosen=["wide"]))
    done = subprocess.run(
        [sys.executable, str(folder / "record.py"), str(folder)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (130, "stopped; the same command goes on\n")


def test_own_code_may_end_with_the_code_of_a_refusal(tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(f"import os\ndef logsumexp(x):\n    os._exit({record.REFUSED})\n")
    recording.write(folder, plan(str(file), chosen=["wide"]))
    recording.run(folder)
    assert {row["error"] for row in recorded.score(folder)} == {record.CRASHED}


@pytest.mark.skipif(os.name == "nt", reason="has no locks")
def test_two_do_not_record_in_one_folder(tmp_path: Path) -> None:
    file, folder = tmp_path / "mine.py", tmp_path / "folder"
    file.write_text(WAITS)
    recording.write(folder, plan(f"{file}:logsumexp", chosen=["wide"], limit=300.0))
    command = [sys.executable, str(folder / "record.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as first:
        try:
            while not (folder / "results" / "0.json").is_file():
                assert first.poll() is None
            second = subprocess.run(command, capture_output=True, text=True, timeout=60)
            with pytest.raises(InputError, match="got the one told above"):
                recording.run(folder)
        finally:
            first.kill()
    assert second.returncode == record.REFUSED
    assert f"expected no other record.py at work on it, got process {first.pid} on" in second.stderr
    file.write_text(OWN)
    (folder / "results" / "0.json").unlink()
    recording.write(folder, units := plan(str(file), chosen=["wide"]))
    assert recorder_of(folder).main(str(folder))
    assert same(scored(folder), live(units))


def test_results_of_another_plan_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    record_in(first, plan("numpy-naive"))
    record_in(second, plan("numpy-online"))
    for name in ("status.json", "results/0-0.npy", "results/1-0.npy"):
        (second / name).write_bytes((first / name).read_bytes())
    sealed(second)
    with pytest.raises(InputError, match=r"cell 0: expected .*, got: results of another plan"):
        scored(second)
    module = recorder_of(second)
    (second / "SHA256SUMS").unlink()
    status = json.loads((first / "status.json").read_text())
    (second / "results" / "0.json").write_text(json.dumps(status[0]))
    with pytest.raises(InputError, match="got one of another plan; delete"):
        main(module, second)


def test_a_resumed_recording_knows_its_cuda_device_before_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the library is not imported before the first call, so it could not be asked."""
    stand_in = fake_cupy()
    monkeypatch.setitem(sys.modules, "cupy", stand_in)
    recording.write(tmp_path, cuda_plan("cupy-shifted", "wide", "ties"))
    module = recorder_of(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(module, "answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            module.main(str(tmp_path))
    stand_in.cuda.runtime.getDeviceProperties = lambda i: {"name": b"another"}
    with pytest.raises(InputError, match=r"expected devices \['card 0'\], .*, got \['another'\]"):
        main(recorder_of(tmp_path), tmp_path)


@pytest.mark.parametrize("place", ["results", "inputs"])
def test_bits_written_in_another_order_of_bytes_are_the_same_results(
    folder: Path, place: str
) -> None:
    expected = scored(folder)
    for path in (folder / place).glob("*.npy"):
        bits = np.load(path)
        np.save(path, bits.astype(bits.dtype.newbyteorder()))
    sealed(folder)
    assert scored(folder) == expected
    assert recorder_of(folder).main(str(folder))
    assert scored(folder) == expected


def test_what_is_no_bit_pattern_of_the_format_is_refused(folder: Path) -> None:
    path = folder / "results" / "0-0.npy"
    np.save(path, np.load(path).view("float64"))
    sealed(folder)
    with pytest.raises(InputError, match=r"0-0\.npy of float64, expected uint64"):
        scored(folder)


def test_the_file_imports_the_standard_library_and_numpy_alone() -> None:
    source = recorder.source(list(implementations.entries()))
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names] if isinstance(node, ast.Import) else []
        )
    }  # fmt: skip
    # triton's kernel is compiled from its source, inside a try: where triton is not, it is left out
    assert imported - sys.stdlib_module_names == {"numpy", "torch", "triton"}
    assert "pickle=True" not in source


def test_no_two_parts_define_the_same_name() -> None:
    parts = [ast.parse(recorder.standalone(m)).body for m in (*recorder.PARTS, record)]
    defined = [
        node.name
        for part in parts
        for node in part
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    assert len(defined) == len(set(defined))


def test_bfloat16_needs_no_library_but_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="records torch")
    units = plan("torch-logsumexp", dtypes=["bfloat16"], chosen=["wide", "strided"])
    recording.write(tmp_path, units)
    real = find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda n: None if n == "ml_dtypes" else real(n))
    recorder_of(tmp_path).main(str(tmp_path))
    monkeypatch.undo()
    assert same(scored(tmp_path), live(units))


# a machine with a GPU, as far as one without can play it


def cuda_plan(name: str, *chosen: str) -> list[work.Unit]:
    return plan(name, device="cuda", elsewhere=True, dtypes=["float32"], chosen=chosen)


def test_a_missing_device_or_library_is_one_line_each(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="records torch")
    chosen = [
        *cuda_plan("torch-logsumexp", "wide", "ties"),
        *cuda_plan("cupy-shifted", "wide"),
    ]
    assert record_in(tmp_path, chosen) == [
        f"0 of 3 cells recorded in {tmp_path}",
        "torch-logsumexp: no CUDA device is available to it (2 times)",
        "cupy-shifted: cupy is not installed (1 times)",
    ]
    assert scored(tmp_path) == []
    assert recorded.absent(tmp_path) == [
        "cupy-shifted not recorded: cupy is not installed",
        "torch-logsumexp not recorded: no CUDA device is available to it",
    ]


def fake_cupy() -> types.ModuleType:
    cupy = types.ModuleType("cupy")
    vars(cupy).update({k: getattr(np, k) for k in ("asarray", "where", "isfinite", "log", "exp")})
    runtime = types.SimpleNamespace(getDeviceProperties=lambda i: {"name": f"card {i}".encode()})
    device = types.SimpleNamespace(is_available=lambda: True, runtime=runtime)
    vars(cupy).update({"asnumpy": np.asarray, "cuda": device})
    vars(cupy)["__version__"], cupy.__spec__ = "0.0", types.SimpleNamespace(name="cupy")  # type: ignore[assignment]
    return cupy


def test_cupy_is_recorded_through_its_own_arrays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cupy", fake_cupy())
    units = cuda_plan("cupy-shifted", "wide", "special", "strided")
    assert record_in(tmp_path, units)[0].startswith("3 of 3 cells")
    rows = scored(tmp_path)
    assert [row["version"] for row in rows] == ["0.0"] * 3
    assert [row["device"] for row in rows] == ["cuda"] * 3
    own = live(plan("numpy-shifted", dtypes=["float32"], chosen=["wide", "special", "strided"]))
    same = ("max_ulp", "max_rho", "verdict", "family", "ulp_0")
    assert [[row[k] for k in same] for row in rows] == [[row[k] for k in same] for row in own]


def test_torch_is_recorded_on_the_device_that_the_plan_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason="records torch")
    asked, to = list[str](), torch.Tensor.to
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda i: "a stand-in")
    monkeypatch.setattr(torch.Tensor, "to", lambda t, d, *a: (asked.append(d), to(t, "cpu", *a))[1])
    units = cuda_plan("torch-logsumexp", "wide")
    record_in(tmp_path, units)
    assert asked == ["cuda"]
    assert json.loads((tmp_path / "environment.json").read_text())["devices"] == ["a stand-in"]
    assert scored(tmp_path)[0]["ulp_0"] == live(plan("torch-logsumexp", dtypes=["float32"],
                                                      chosen=["wide"]))[0]["ulp_0"]  # fmt: skip


# what a folder from elsewhere may hold


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record_in(tmp_path / "folder", plan("numpy-naive", chosen=["wide"]))
    return tmp_path / "folder"


def resealed(folder: Path, name: str, change: Any) -> None:
    """Change a file as one who means it: lines of status.json need not say of which cell."""
    for path, edit in (("status.json", unnamed), (name, change)):
        content = json.loads((folder / path).read_text())
        edit(content)
        (folder / path).write_text(json.dumps(content))
    sealed(folder)


def unnamed(status: list[dict[str, Any]]) -> None:
    for line in status:
        line.pop("of", None)


def sealed(folder: Path) -> None:
    sums = "".join(f"{h}  {p}\n" for p, h in record.checksums(folder).items())
    (folder / "SHA256SUMS").write_text(sums)


def test_scoring_executes_nothing_of_the_folder(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    evil = folder / "own" / "evil.py"
    for file in (evil, folder / "record.py", folder / "numpy.py", folder / "sitecustomize.py"):
        file.write_text(TRACE.format(str(trace)))
    resealed(folder, "plan.json", lambda p: p["cells"][0].update(
        implementation=f"{evil}:logsumexp", own=f"{evil}:logsumexp", copied=True))  # fmt: skip
    assert [row["implementation"] for row in recorded.score(folder)] == [f"{evil}:logsumexp"]
    resealed(folder, "plan.json", lambda p: p["cells"][0].update(implementation="antigravity:f"))
    list(recorded.score(folder))
    assert not trace.exists()
    assert "antigravity" not in sys.modules


def test_pickles_in_the_folder_are_refused(folder: Path) -> None:
    np.save(folder / "results" / "0-0.npy", np.array([object()]), allow_pickle=True)
    resealed(folder, "plan.json", lambda p: None)
    with pytest.raises(InputError, match=r"what record\.py writes, got: .*pickle"):
        list(recorded.score(folder))


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("plan.json", lambda p: p.update(format=1), "expected a plan of format 2, got another"),
        ("plan.json", lambda p: p["cells"][0].update(operation="softmx"), "did you mean softmax"),
        ("plan.json", lambda p: p["cells"][0].update(implementation="numpy-nave"), "numpy-naive"),
        ("plan.json", lambda p: p["cells"][0].update(dtype="object"), "expected one of float16"),
        ("plan.json", lambda p: p["cells"][0].pop("gate"), "cell 0: expected what record.py"),
        (
            "plan.json",
            lambda p: p["cells"][0]["calls"][0]["arrays"].update(x="../../etc/passwd"),
            "the path '../../etc/passwd'",
        ),
        ("plan.json", lambda p: p["cells"][0]["calls"][0].update(layout="heap"), "unknown layout"),
        (
            "plan.json",
            lambda p: p.pop("cells"),
            "plan.json: expected a list of cells, got NoneType",
        ),
        ("plan.json", lambda p: p.update(cells=5), "plan.json: expected a list of cells, got int"),
        ("plan.json", lambda p: p.update(cells=[5]), "cell 0: expected what .* got no operation"),
        ("plan.json", lambda p: p["cells"][0].update(gate="4"), "cell 0: expected what record.py"),
        ("plan.json", lambda p: p["cells"][0].update(gate=float("nan")), "gate: expected a number"),
        ("plan.json", lambda p: p["cells"][0].update(calls=[]), "cell 0: expected what record.py"),
        ("plan.json", lambda p: p["cells"][0].update(rowwise=0, family=[]), "expected what record"),
        ("status.json", lambda p: p.clear(), "expected 1 cells as in plan.json, got 0"),
        ("status.json", lambda p: p.append(5), "cell 1: expected what .* got no implementation"),
        ("status.json", lambda p: p.append(p[0]), "expected 1 cells as in plan.json, got 2"),
        ("status.json", lambda p: p.__setitem__(0, {"absent": "x"}), "got no implementation"),
        ("status.json", lambda p: p[0].update(calls=5), "cell 0: expected what record.py writes"),
    ],
)
def test_a_damaged_folder_is_one_line(folder: Path, name: str, change: Any, says: str) -> None:
    resealed(folder, name, change)
    with pytest.raises(InputError, match=says):
        list(recorded.score(folder))


def test_an_array_that_claims_to_be_enormous_is_one_line(folder: Path) -> None:
    path = folder / "results" / "0-0.npy"
    head = b"{'descr': '<u8', 'fortran_order': False, 'shape': (1000000000000000,), }"
    head += b" " * (118 - len(head) - 1) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head)
    sealed(folder)
    with pytest.raises(InputError, match="cell 0: expected what record"):
        list(recorded.score(folder))


@pytest.mark.parametrize("name", ["plan.json", "status.json", "environment.json"])
def test_json_without_a_bottom_is_one_line(folder: Path, name: str) -> None:
    (folder / name).write_text("[" * 100_000)
    sums = "".join(f"{h}  {p}\n" for p, h in record.checksums(folder).items())
    (folder / "SHA256SUMS").write_text(sums)
    with pytest.raises(InputError, match=f"{name}: expected JSON of a recording"):
        list(recorded.score(folder))


def test_an_environment_that_is_no_table_is_one_line(folder: Path) -> None:
    (folder / "environment.json").write_text("[]")
    sealed(folder)
    with pytest.raises(InputError, match="cell 0: expected what record"):
        list(recorded.score(folder))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_links_and_pipes_in_the_folder_are_refused(folder: Path, kind: str) -> None:
    path = folder / "results" / "0-0.npy"
    path.unlink()
    if kind == "link":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    with pytest.raises(InputError, match=r"0-0\.npy: expected a file of a recording"):
        list(recorded.score(folder))


@pytest.mark.parametrize("name", ["environment.json", "record.py", "results/0-0.npy"])
def test_a_changed_recording_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(InputError, match=f"{name} is not what SHA256SUMS says"):
        list(recorded.score(folder))


def test_a_folder_without_a_recording_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a recorded folder with SHA256SUMS"):
        list(recorded.score(tmp_path))


@pytest.mark.parametrize("other", [None, "{}", '{"format": 2}', "[" * 10_000, "no JSON"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, other: str | None) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.tex").write_text("all of it")
    if other is not None:
        (tmp_path / "plan.json").write_text(other)
    with pytest.raises(InputError, match="expected a new folder or a recording, got other files"):
        recording.write(tmp_path, plan("numpy-naive"))
    assert (tmp_path / "own" / "thesis.tex").exists()


@pytest.mark.parametrize("whole", [True, False])
def test_results_are_not_written_over(folder: Path, whole: bool) -> None:
    if not whole:
        (folder / "SHA256SUMS").unlink()
    with pytest.raises(InputError, match="without results, got some that would be lost") as told:
        recording.write(folder, plan("numpy-naive"))
    assert ("go on with  python" in str(told.value)) is not whole
    assert (folder / "results" / "0-0.npy").is_file()


def test_a_plan_is_written_over_where_nothing_is_recorded(tmp_path: Path) -> None:
    recording.write(tmp_path, plan("numpy-naive"))
    assert record_in(tmp_path, plan("numpy-online"))[0] == f"2 of 2 cells recorded in {tmp_path}"


def test_every_layout_is_recorded_by_some_family() -> None:
    used = {family.layout for family in families.entries().values()}
    assert used == set(recorded.LAYOUTS)
