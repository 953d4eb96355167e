"""The wheel and the editable install carry everything and run from an empty folder."""

import json
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from lsetheory import catalogue

pytest.importorskip("hatchling", reason="building the wheel needs hatchling (extra test)")
ROOT = Path(__file__).parents[2]
PIP = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is shipped, so that building leaves nothing behind."""
    copy = tmp_path_factory.mktemp("checkout") / "lsetheory"
    skip = shutil.ignore_patterns("__pycache__", "*.vo", "*.glob")
    for name in ("lsetheory", "proofs", "figures"):
        shutil.copytree(ROOT / name, copy / name, ignore=skip)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def environment(folder: Path) -> Path:
    """A new environment that sees this one's libraries but not its lsetheory; its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.mark.parametrize("how", [(), ("--editable",)], ids=["wheel", "editable"])
def test_installed_it_runs_from_an_empty_folder(
    how: tuple[str, ...], checkout: Path, tmp_path: Path
) -> None:
    python = environment(tmp_path / "env")
    subprocess.run([python, *PIP, *how, checkout], check=True, cwd=tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()

    def run(*words: str | Path) -> str:
        return subprocess.run(words, cwd=empty, capture_output=True, text=True, check=True).stdout

    home = Path(run(python, "-c", "import lsetheory; print(lsetheory.__file__)").strip())
    assert home.is_relative_to(checkout if how else tmp_path / "env")
    for command in ((python.parent / "lsetheory",), (python, "-m", "lsetheory")):
        listed = json.loads(run(*command, "list", "--json", "-"))
        assert listed["theorems"] == sorted(catalogue.theorems())
        assert listed["figures"] == sorted(catalogue.figures())
    imports = "import lsetheory.proofs, lsetheory.figures, sys; print('proofs' in sys.modules)"
    assert run(python, "-c", imports).strip() == "False"
