"""What changes amid an audit: code, data, pictures, the device; nothing is kept as the other's."""

import sys
import types
from pathlib import Path

import numpy as np
import pytest

from lsetheory import environment, work
from lsetheory.audit import cases, exhaustive, run
from lsetheory.audit.implementations import _bridge, _entry, _own
from lsetheory.errors import InputError
from lsetheory.relu import images

LSE = "import numpy as np\ndef f(x):\n    return np.logaddexp.reduce(x, axis=-1)\n"
#: The same, but its file is another one once it was called.
EDITS = LSE.replace("    return", "    open(__file__, 'a').write('# edited')\n    return")
CHANGED = "expected the code that was planned, got other code: it changed"


def cells(name: str) -> list[work.Unit]:
    return run.plan([name], [], ["float64"], ["normal"], 5)


def pairs(name: str) -> list[work.Unit]:
    return [exhaustive.unit([name], "float32", 0, 10)]


@pytest.mark.parametrize("plan", [cells, pairs])
def test_code_that_is_edited_after_the_plan_is_refused(tmp_path: Path, plan) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "mine.py"
    file.write_text(LSE)
    units = plan(f"{file}:f")
    assert units[0]()
    file.write_text(LSE + "# edited")
    with pytest.raises(InputError, match=CHANGED):
        units[0]()
    assert plan(f"{file}:f")[0]()


@pytest.mark.parametrize("plan", [cells, pairs])
def test_code_that_is_edited_amid_its_calls_is_refused(tmp_path: Path, plan) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "mine.py"
    file.write_text(EDITS)
    with pytest.raises(InputError, match=CHANGED):
        plan(f"{file}:f")[0]()


def test_times_of_installed_files_may_differ_between_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("import typer\n" + LSE)
    name = str(tmp_path / "mine.py")
    here = _own.fingerprint(name)
    _own._KNOWN.clear()
    monkeypatch.setattr(environment, "stamp", lambda distribution: "another")
    assert _own.fingerprint(name) != here
    _own.unchanged(name, here)
    _own._KNOWN.clear()


def test_the_case_of_a_file_is_of_its_present_content(tmp_path: Path) -> None:
    file, store = tmp_path / "rows.npy", work.Store(tmp_path / "store")

    def audited() -> list[str]:
        units = run.plan(["numpy-naive"], [], ["float32"], files=[file])
        return [row["verdict"] for row in work.run(units, store=store)]

    np.save(file, np.zeros((3, 4)))
    (planned,) = run.plan(["numpy-naive"], [], ["float32"], files=[file])
    assert audited() == ["correct"]
    np.save(file, np.full((3, 4), 200.0))
    assert audited() == ["overflow"]
    cases.case.cache_clear()
    with pytest.raises(InputError, match="expected the file that was planned, got another content"):
        planned()
    np.save(file, np.zeros((3, 4)))
    assert audited() == ["correct"]


def test_a_picture_that_changed_after_the_plan_is_refused(tmp_path: Path) -> None:
    shades = np.linspace(0.0, 1.0, 1600).reshape(40, 40)
    np.save(tmp_path / "a.npy", shades)
    unit = images.plan([tmp_path / "a.npy"])[0]
    assert unit()
    np.save(tmp_path / "a.npy", shades**2)
    with pytest.raises(InputError, match="expected the file that was planned, got another content"):
        unit()


def on(monkeypatch: pytest.MonkeyPatch, device: str) -> list[work.Unit]:
    """Plans of a machine with this CUDA device."""
    monkeypatch.setattr(_bridge, "cuda", lambda libraries: True)
    monkeypatch.setattr(_bridge, "device_name", lambda libraries: device)
    cells = run.plan(["torch-logaddexp"], ["logaddexp"], ["float32"], ["normal"], 5, device="cuda")
    return [cells[0], exhaustive.unit(["torch-logaddexp"], "float32", 0, 10, "cuda")]


def test_results_of_one_cuda_device_are_not_those_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch", reason="plans torch")
    old, new = on(monkeypatch, "A"), on(monkeypatch, "B")
    assert not {unit.key() for unit in old} & {unit.key() for unit in new}
    for unit in old:
        with pytest.raises(InputError, match=r"expected A, .*, got B, .* use workers of one kind"):
            unit()


def test_processor_features_that_torch_leaves_unused_are_in_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    before = cells("numpy-naive")[0].key()
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    assert cells("numpy-naive")[0].key() != before


@pytest.mark.parametrize(
    ("library", "stands"),
    [
        ("torch", {"cuda": types.SimpleNamespace(get_device_name="card {}".format)}),
        ("jax", {"devices": lambda kind: [types.SimpleNamespace(device_kind="card 0")]}),
        ("cupy", {"cuda": types.SimpleNamespace(runtime=types.SimpleNamespace(
            getDeviceProperties=lambda i: {"name": f"card {i}".encode()}))}),
    ],
)  # fmt: skip
def test_every_library_names_its_device(
    monkeypatch: pytest.MonkeyPatch, library: str, stands: dict[str, object]
) -> None:
    monkeypatch.setitem(sys.modules, library, types.SimpleNamespace(**stands))  # type: ignore[arg-type]
    assert _bridge.device_name((library, "np")) == "card 0"


def test_the_driver_is_told_where_there_is_one() -> None:
    assert "\n" not in _entry._driver() != ""
