"""Where a number was made: library versions, processor features, threads, flush-to-zero, commit."""

import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import import_module, metadata
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

#: Distributions whose version can change a row.
LIBRARIES = (
    "numpy", "scipy", "sympy", "mpmath", "python-flint", "ml_dtypes", "array-api-compat",
    "matplotlib", "torch", "jax", "jaxlib", "onnxruntime", "numba", "cupy", "triton",
    "scikit-image",
)  # fmt: skip

#: Distribution -> the module it installs, where the name is another.
MODULES = {"python-flint": "flint", "scikit-image": "skimage",
           "array-api-compat": "array_api_compat"}  # fmt: skip


@cache
def versions() -> dict[str, str]:
    """Versions of the installed libraries that matter, by the usual name of their distribution.

    Some come under several: cupy-cuda12x is cupy, onnxruntime-gpu is onnxruntime.
    """
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            module = MODULES.get(library, library)
            others = distributions(module) if find_spec(module) is not None else ()
            if others:
                found[library] = version_of(others[0])
    return found


@cache
def _modules() -> dict[str, list[str]]:
    """Top-level module -> the distributions that install it."""
    return dict(metadata.packages_distributions())


def distributions(module: str) -> tuple[str, ...]:
    """The distributions that install a top-level module, none where it is no installed one."""
    plain = {MODULES.get(library, library): library for library in LIBRARIES}
    if module in plain and _is_installed(plain[module]):  # asking for all takes half a second
        return (plain[module],)
    return tuple(sorted(set(_modules().get(module, ()))))


def _is_installed(distribution: str) -> bool:
    try:
        return bool(version(distribution))
    except PackageNotFoundError:
        return False


def version_of(distribution: str) -> str:
    """Its version; `unknown` where it states none."""
    return metadata.distribution(distribution).version or "unknown"


def required(names: Iterable[str]) -> set[str]:
    """These distributions and what they require, without the LIBRARIES and what is missing."""
    known, found, todo = set(map(_normal, LIBRARIES)), set[str](), list(names)
    while todo:
        name = _normal(todo.pop())
        if name in known or name in found or not _is_installed(name):
            continue
        found.add(name)
        wanted = (text for text in metadata.requires(name) or () if "extra ==" not in text)
        todo += [match[0] for text in wanted if (match := re.match(r"[\w.-]+", text))]
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def stamp(distribution: str) -> str:
    """What tells one installation of a distribution from another: version, its files' sizes, times.

    Looked at once a process: what is imported stays as it was as well.
    """
    found = metadata.distribution(distribution)
    digest = hashlib.sha256(f"{distribution} {found.version}".encode())
    for file in found.files or ():
        try:
            known = Path(str(file.locate())).stat()
        except OSError:
            continue
        if not file.name.endswith(".pyc"):
            digest.update(f"{file} {known.st_size} {known.st_mtime_ns}".encode())
    return digest.hexdigest()


@cache
def cpu_features() -> tuple[str, ...]:
    """The SIMD extensions numpy found on this processor (np.exp differs between them)."""
    # numpy shows this table publicly only as printed text (np.show_runtime).
    features: dict[str, bool] = import_module("numpy._core._multiarray_umath").__cpu_features__
    return tuple(sorted(name for name, on in features.items() if on))


def numerics() -> dict[str, object]:
    """What two processes must share for their results to be the same to the last bit."""
    return {"versions": versions(), "cpu_features": list(cpu_features())}


def flush_to_zero() -> bool:
    """Whether this thread's arithmetic flushes subnormal float64 results to zero."""
    import numpy as np

    smallest = np.array([np.finfo(np.float64).smallest_normal])
    return bool((smallest * 0.5 == 0.0)[0])


@cache
def commit() -> str | None:
    """The commit of the checkout this package runs from, `+` appended when it has changes."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        head = _git(root, "rev-parse", "HEAD")
        return head + ("+" if _git(root, "status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def describe() -> dict[str, object]:
    """Everything above as one plain row."""
    from lsetheory import __version__

    return {
        "lsetheory": __version__,
        "commit": commit(),
        **numerics(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cpus": os.cpu_count(),
        "threads": {name: os.environ[name] for name in ("OMP_NUM_THREADS",) if name in os.environ},
        "flush_to_zero": flush_to_zero(),
    }
