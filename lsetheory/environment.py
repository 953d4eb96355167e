"""Where a number was made: library versions, processor features, threads, flush-to-zero, commit."""

import os
import platform
import subprocess
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

#: Distributions whose version can change a row.
LIBRARIES = (
    "numpy", "scipy", "sympy", "mpmath", "python-flint", "ml_dtypes", "array-api-compat",
    "matplotlib", "torch", "jax", "jaxlib", "onnxruntime", "numba", "cupy", "triton",
    "scikit-image",
)  # fmt: skip


@cache
def versions() -> dict[str, str]:
    """Versions of the installed libraries that matter, by distribution name."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


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
