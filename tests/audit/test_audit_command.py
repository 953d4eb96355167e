"""`lsetheory audit` as a user meets it: exit codes, JSON, CSV, baselines, recordings, bad input."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lsetheory import cli
from lsetheory.audit import baseline, exhaustive, guard

QUICK = ["--family", "normal", "--family", "offset", "--rows", "10", "--dtype", "float64"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "cache"))


def audit(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["audit", "--workers", "1", *words])
    return int(ended.value.code or 0)


def test_a_good_implementation_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit("--impl", "scipy-logsumexp", *QUICK) == 0
    assert "scipy-logsumexp" in capsys.readouterr().out


def test_a_finding_exits_with_1_and_shows_a_line_to_paste(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit("--impl", "numpy-naive", *QUICK) == 1
    told = capsys.readouterr()
    assert "cells fell short" in told.err
    assert "print(float((np.log(np.sum(np.exp(x), axis=-1)))[0]).hex())" in told.out


def test_json_on_standard_output_is_all_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    audit("--impl", "numpy-naive", *QUICK, "--json", "-")
    rows = json.loads(capsys.readouterr().out)
    assert {row["verdict"] for row in rows} >= {"overflow"}


def test_out_writes_json_and_csv(tmp_path: Path) -> None:
    audit("--impl", "numpy-naive", *QUICK, "--out", str(tmp_path), "--quiet", "--leaderboard",
          "--operation", "logsumexp")  # fmt: skip
    rows = json.loads((tmp_path / "audit.json").read_text())
    with (tmp_path / "audit.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(rows)
    assert {"leaderboard.md", "leaderboard.tex", "leaderboard.html"} <= {
        path.name for path in tmp_path.iterdir()
    }


def test_a_baseline_makes_known_findings_pass_and_new_ones_fail(tmp_path: Path) -> None:
    known = {
        "implementation": "numpy-naive", "operation": "*", "dtype": "*", "family": "offset",
        "verdict": "overflow", "reason": "no shift", "link": "https://example.org",
    }  # fmt: skip
    path = tmp_path / "known.json"
    path.write_text(json.dumps([known]))
    words = ["--impl", "numpy-naive", "--rows", "10", "--dtype", "float64", "--baseline", str(path)]
    assert audit(*words, "--family", "offset") == 0
    assert audit(*words, "--family", "offset", "--family", "near_zero_dominant") == 1


def test_gates_can_be_moved() -> None:
    words = ["--impl", "scipy-logsumexp", "--family", "normal", "--rows", "200"]
    assert audit(*words, "--gate", "1e9") == 0
    assert audit(*words, "--gate", "0.1") == 1
    assert audit(*words, "--gate-ulp", "0.5") == 1


def test_data_is_audited(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", np.full((2, 3), -2000.0))
    assert audit("--impl", "numpy-naive", "--data", str(tmp_path / "rows.npy"), "--quiet") == 1
    assert audit("--impl", "scipy-logsumexp", "--data", str(tmp_path / "rows.npy"), "--quiet") == 0


def test_a_known_finding_is_known_up_to_its_largest_index(tmp_path: Path) -> None:
    known = {
        "implementation": "numpy-naive", "operation": "*", "dtype": "*", "family": "*",
        "verdict": "unstable", "reason": "no log1p", "link": "https://example.org", "max_rho": 1e3,
    }  # fmt: skip
    path = tmp_path / "known.json"
    path.write_text(json.dumps([known]))
    entry = baseline.load(path)[0]
    row = {**known, "family": "wide"}
    assert [baseline.matches(entry, {**row, "max_rho": rho}) for rho in (9.0, 2e3, None)] == [
        True, False, False,
    ]  # fmt: skip
    path.write_text(json.dumps([{**known, "max_rho": "many"}]))
    assert audit("--baseline", str(path)) == 2


def test_a_sample_of_data_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.npy"
    np.save(file, np.zeros((9, 3)))
    assert audit("--impl", "numpy-shifted", "--data", str(file), "--rows", "4") == 0
    assert f"{file}: 4 of its 9 rows are drawn, --rows 9 takes them all" in capsys.readouterr().out


def test_numbers_beyond_the_format_are_refused_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "big.npy"
    np.save(file, np.array([[0.0, np.inf], [1.0, 1e39]]))
    words = ["--impl", "numpy-shifted", "--data", str(file), "--quiet"]
    assert audit(*words) == 2
    says = f"{file}: row 2, column 2: expected a number of float32, got 1e+39, which is too large"
    assert says in capsys.readouterr().err
    assert audit(*words, "--dtype", "float64") == 0


def test_results_from_disk_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--impl", "numpy-shifted", "--family", "normal", "--rows", "10", "--dtype", "float64"]
    told = []
    for more in ([], [], ["--fresh"], ["--json", "-"]):
        assert audit(*words, *more) == 0
        told.append("8 of 8 results are from disk" in capsys.readouterr().out)
    assert told == [False, True, False, False]


def test_a_leaderboard_escapes_what_own_code_is_called(tmp_path: Path) -> None:
    path = tmp_path / "a|b&c%.py"
    path.write_text(FAULTY)
    words = ["--impl", f"{path}:lse", "--family", "normal", "--rows", "5", "--dtype", "float64"]
    audit(*words, "--leaderboard", "--out", str(tmp_path / "out"), "-q")
    text = {kind: (tmp_path / "out" / f"leaderboard.{kind}").read_text()
            for kind in ("md", "tex", "html")}  # fmt: skip
    assert text["md"].startswith("## logsumexp\n\n| implementation | version | dtype |")
    assert r"a\|b&amp;c%.py" in text["md"]
    assert r"a\textbar{}b\&c\%.py" in text["tex"]
    assert "a|b&amp;c%.py" in text["html"]


def test_own_code_on_a_leaderboard_computes_one_operation(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(FAULTY)
    words = ["--impl", f"{path}:lse", "--family", "offset", "--rows", "10", "--dtype", "float64"]
    assert audit(*words, "--leaderboard", "--out", str(tmp_path / "out")) == 0
    rows = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert {row["operation"] for row in rows} == {"logsumexp"}


def test_a_library_that_ends_its_process_is_a_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    """No library that is at hand does: entries of this package are made to, in the workers."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "class Deadly:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'scipy.special' and 'spawn_main' in ' '.join(sys.orig_argv):\n"
        "            os._exit(42)\n"
        "sys.meta_path.insert(0, Deadly())\n"
    )
    command = [sys.executable, "-m", "lsetheory", "audit", "--impl", "scipy-logsumexp", "--impl",
               "numpy-naive", "--family", "wide", "--rows", "10", "--workers", "2", "--quiet",
               "--json", str(tmp_path / "out.json"), "--fresh"]  # fmt: skip
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True,
                          text=True, timeout=300)  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    rows = json.loads((tmp_path / "out.json").read_text())
    words = {(row["implementation"], row["error"]) for row in rows}
    assert words == {("scipy-logsumexp", guard.CRASHED), ("numpy-naive", None)}


FAULTY = """
import numpy as np
def lse(x):
    m = x.max(axis=-1, keepdims=True)
    return m[:, 0] + np.log(np.exp(x - m).sum(axis=-1))
def last_row(x):
    y = lse(x)
    y[-1] += len(y) > 1
    return y
def no_stride(x):
    return lse(x) if x.flags.c_contiguous else lse(x) + 1
"""


@pytest.mark.parametrize(
    ("function", "family"), [("last_row", "normal"), ("no_stride", "transposed")]
)
def test_an_error_that_a_row_alone_does_not_show_is_witnessed_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], function: str, family: str
) -> None:
    (tmp_path / "faulty.py").write_text(FAULTY)
    words = ["--family", family, "--rows", "20", "--dtype", "float64", "--json"]
    assert audit("--impl", f"{tmp_path}/faulty.py:{function}", *words, f"{tmp_path}/out.json") == 1
    rows = json.loads((tmp_path / "out.json").read_text())
    for row in rows:
        assert row["witness"]["rho"] == row["max_rho"] > 4
        assert row["witness"]["got"] != row["witness"]["expected"]
        assert row["witness"]["alone"] is False
    assert "the row alone does not show it" in capsys.readouterr().out


def test_record_and_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit("--impl", "numpy-naive", *QUICK, "--record", str(tmp_path / "r")) == 0
    assert "cells recorded in" in capsys.readouterr().out
    assert audit("--score", str(tmp_path / "r")) == 1
    assert "overflow" in capsys.readouterr().out


def test_a_recording_without_results_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--impl", "cupy-shifted", *QUICK, "--device", "cuda", "--record", str(tmp_path / "r")]
    assert audit(*words) == 0
    assert "cupy-shifted: cupy is not installed (" in capsys.readouterr().out
    assert audit("--score", str(tmp_path / "r")) == 2
    assert "expected recorded cells, got none: cupy-shifted not" in capsys.readouterr().err


def test_a_score_is_held_to_the_baseline_too(tmp_path: Path) -> None:
    words = ["--impl", "numpy-naive", "--family", "offset", "--rows", "5", "--dtype", "float64"]
    assert audit(*words, "--record", str(tmp_path / "r")) == 0
    assert audit("--score", str(tmp_path / "r"), "--baseline", str(baseline.KNOWN)) == 0
    known = tmp_path / "none.json"
    known.write_text("[]")
    assert audit("--score", str(tmp_path / "r"), "--baseline", str(known)) == 1


def test_a_store_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LSETHEORY_CACHE", str(tmp_path / "file"))
    assert audit("--impl", "numpy-naive", *QUICK) == 2
    assert "set LSETHEORY_CACHE to another" in capsys.readouterr().err


def test_a_name_given_twice_is_audited_once(capsys: pytest.CaptureFixture[str]) -> None:
    audit("--impl", "scipy-logsumexp", "--impl", "scipy-logsumexp", *QUICK, "--json", "-")
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len({(row["family"], row["n"]) for row in rows})


def swept(monkeypatch: pytest.MonkeyPatch, pairs: int) -> None:
    """Sweep no more than the first pairs from a place where results change."""
    unit = exhaustive.unit(["numpy-logaddexp"], "float32", 0x3F000000, 0x3F000000 + pairs)
    monkeypatch.setattr(exhaustive, "plan", lambda *_: [unit])


@pytest.mark.parametrize(("gates", "code"), [((), 0), (("--gate", "0.5"), 1),
                                             (("--gate-ulp", "0.9"), 1)])  # fmt: skip
def test_a_sweep_that_falls_short_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, gates: tuple[str, ...], code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    swept(monkeypatch, 3000)
    assert audit("--exhaustive", "logaddexp", *gates) == code
    shown = capsys.readouterr()
    verdict = "unstable" if code else "correct"
    assert f"numpy-logaddexp float32: {verdict}, ρ " in shown.out
    assert "print(float((np.logaddexp(x[..., 0], x[..., 1]))[0]).hex())" in shown.out
    assert ("1 of 1 sweeps fell short: numpy-logaddexp float32" in shown.err) == bool(code)


FLAWED = """
import os, pathlib
import numpy as np
flag = pathlib.Path(__file__).with_suffix(".flag")
def crashes_once(x):
    if not flag.exists():
        flag.touch()
        os._exit(3)
    return np.logaddexp(x[:, 0], x[:, 1])
def fails_after_once(x):
    if flag.exists():
        raise MemoryError("all gone")
    flag.touch()
    return np.logaddexp(x[:, 0], x[:, 1])
"""


def test_a_failed_call_of_a_sweep_is_told_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(FLAWED)
    told = []
    for function in ("crashes_once", "crashes_once", "fails_after_once"):
        unit = exhaustive.unit(
            [f"{tmp_path}/mine.py:{function}"], "float32", 0x3F000000, 0x3F000100
        )
        monkeypatch.setattr(exhaustive, "plan", lambda *_, unit=unit: [unit])
        if function == "fails_after_once":
            (tmp_path / "mine.flag").unlink()
        code = audit("--exhaustive", "logaddexp", "--json", "-")
        (row,) = json.loads(capsys.readouterr().out)
        told.append((code, row["verdict"], row["error"]))
    assert told[0] == (1, "failed", "crashed its process (exit code 3)")
    assert told[1] == (0, "correct", None)
    assert told[2][:2] == (1, "failed")
    assert told[2][2].startswith("raised MemoryError: all gone")


def test_a_known_finding_of_a_sweep_passes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    swept(monkeypatch, 3000)
    entry = {"implementation": "numpy-logaddexp", "operation": "logaddexp", "dtype": "float32",
             "family": "exhaustive", "verdict": "unstable", "reason": "-", "link": "-"}  # fmt: skip
    (tmp_path / "known.json").write_text(json.dumps([entry]))
    words = ["--exhaustive", "logaddexp", "--gate", "0.5", "--csv", str(tmp_path / "rows.csv")]
    assert audit(*words) == 1
    assert audit(*words, "--baseline", str(tmp_path / "known.json")) == 0
    (row,) = csv.DictReader((tmp_path / "rows.csv").read_text().splitlines())
    assert (row["pairs"], row["verdict"]) == ("3000", "unstable")
    assert "np.logaddexp" in row["code"]


def test_a_sweep_is_kept_with_its_origin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    swept(monkeypatch, 3000)
    assert audit("--exhaustive", "logaddexp", "--out", str(tmp_path)) == 0
    origin = json.loads((tmp_path / "exhaustive.json").read_text())
    table = (tmp_path / "exhaustive.csv").read_bytes()
    assert hashlib.sha256(table).hexdigest() == origin["sha256"]
    assert origin["command"].endswith("--dtype float32 --device cpu --impl numpy-logaddexp")
    assert "numpy" in origin["environment"]["versions"]
    (row,) = csv.DictReader(table.decode().splitlines())
    assert (row["start"], row["pairs"]) == (str(0x3F000000), "3000")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--impl", "numpy-nave"], "unknown implementation 'numpy-nave'"),
        (["--family", "nowhere"], "unknown family 'nowhere'"),
        (["--operation", "softmx"], "did you mean softmax"),
        (["--dtype", "float31"], "unknown dtype 'float31'"),
        (["--device", "abacus"], "expected cpu or cuda, got 'abacus'"),
        (["--data", "nothing.npy"], "got no file"),
        (["--data", "x" * 5000], "got no file"),
        (["--rows", "99999999999999999"], "rows: expected 1,000,000,000 at most"),
        (["--baseline", "nothing.json"], "expected a baseline file"),
        (["--score", "nowhere"], "expected a recorded folder"),
        (["--score", "x" * 300], "expected a recorded folder"),
        (["--record", "x" * 300], "expected a folder to write, got File name too long"),
        (["--exhaustive", "softmax"], "expected logaddexp"),
        (["--impl", "nothing.py"], "expected a Python file"),
        (["--impl", f"{'x' * 300}.py"], "expected a Python file"),
        (["--impl", f"{'x' * 300}.so"], "expected a shared library"),
        (["--impl", ":"], "expected a module that imports, got ValueError"),
        (["--impl", "no_such_module:f"], "expected a module that imports, got ModuleNotFound"),
        (["--impl", "numpy-naive", "--operation", "swap"], "got nothing: the implementations do"),
        (["--impl", "triton-online"], "got nothing: triton-online skipped: "),
        (["--impl", "numpy-naive", "--device", "cuda"], "it runs on cpu, not on cuda"),
        (["--record", "a", "--score", "b"], "--score: expected no --record beside it"),
        (["--record", "a", "--search", "5"], "--record: expected no --search beside it"),
        (["--exhaustive", "logaddexp", "--rows", "3", "--family", "wide"], "no --family, --rows"),
        (["--score", "a", "--gate", "9"], "--score: expected no --gate beside it"),
        (["--steps", "5"], "--steps: expected --search SECONDS beside it"),
    ],
)
def test_bad_input_is_one_line_and_exits_with_2(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(*words) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err


def test_an_own_implementation_that_fails_is_a_line_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.py"
    path.write_text("def logsumexp(x):\n    raise OSError('no luck')\n")
    assert audit("--impl", str(path), "--impl", "scipy-logsumexp", *QUICK) == 1
    told = capsys.readouterr().out
    assert "raised OSError: no luck" in told
    assert "scipy-logsumexp" in told
