"""Records what implementations answer, with numpy and the audited library alone; scored elsewhere.

    python record.py DIR

DIR holds plan.json (the cells) and inputs/*.npy (bit patterns of the rows), as
`lsetheory audit --record DIR` writes them, with a copy of this file whose table ENTRIES is filled
in. Results go to DIR/results/*.npy, the environment to DIR/environment.json, and the checksums of
all of it to DIR/SHA256SUMS. No pickles are written or read. `lsetheory audit --score DIR` scores.
"""

import hashlib
import importlib
import json
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

#: (name, operation) -> (imports, function of (*modules, x, **keywords)); filled in by the copy.
ENTRIES: dict[tuple[str, str], tuple[tuple[str, ...], Any]] = {}
#: format -> dtype of its bit patterns.
BITS = {"float16": "uint16", "bfloat16": "uint16", "float32": "uint32", "float64": "uint64"}
VERSIONS = ("numpy", "scipy", "torch", "jax", "jaxlib", "onnxruntime", "cupy", "triton")


def main(folder: str) -> list[str]:
    """Record every cell of the plan; one that fails is noted and the rest goes on.

    Returns:
        What to tell, in lines.
    """
    root = Path(folder)
    plan = json.loads((root / "plan.json").read_text())
    (root / "results").mkdir(exist_ok=True)
    status = [record(root, number, cell) for number, cell in enumerate(plan["cells"])]
    (root / "environment.json").write_text(json.dumps(environment(), indent=2, sort_keys=True))
    (root / "status.json").write_text(json.dumps(status, indent=2))
    seal(root)
    failed = [line for line in status if line["error"]]
    told = [f"{line['implementation']} {line['operation']}: {line['error']}" for line in failed]
    return [f"{len(status) - len(failed)} of {len(status)} cells recorded in {root}", *told]


def record(root: Path, number: int, cell: dict[str, Any]) -> dict[str, Any]:
    """Run one cell and keep the bits of its results."""
    line = {
        "cell": number,
        "implementation": cell["implementation"],
        "operation": cell["operation"],
    }
    start = time.perf_counter()
    try:
        got = answer(root, cell)
        np.save(root / "results" / f"{number}.npy", bits(got, cell["dtype"]), allow_pickle=False)
        return {**line, "error": None, "seconds": time.perf_counter() - start}
    except Exception as error:  # whatever the library throws is a result too
        text = (str(error) or "no message").splitlines()[0][:200]
        return {**line, "error": f"raised {type(error).__name__}: {text}", "seconds": None}


def answer(root: Path, cell: dict[str, Any]) -> Any:
    """The results of one cell, as a numpy array or as bits where numpy lacks the format."""
    names, function = ENTRIES[cell["implementation"], cell["operation"]]
    modules = [imported(name) for name in names]
    stored = {key: np.load(root / path, allow_pickle=False) for key, path in cell["arrays"].items()}
    into, back = library(names, cell["dtype"], cell["device"])
    arrays = {key: into(value) for key, value in stored.items()}
    x = arrays.pop("x")
    with np.errstate(all="ignore"):
        return back(function(*modules, x, **arrays, **cell["numbers"]))


def imported(name: str) -> Any:
    """The library an import line of that name binds: `import a.b` binds a."""
    module = importlib.import_module(name)
    return sys.modules["onnx"] if name == "onnx.parser" else module


def library(names: tuple[str, ...], dtype: str, device: str) -> tuple[Any, Any]:
    """How bit patterns become the library's arrays, and its results numpy's."""
    if "torch" in names:
        return _torch(dtype, device)
    if "jax" in names:
        return _jax(dtype, device)
    if "cupy" in names:
        cupy = importlib.import_module("cupy")
        return lambda b: cupy.asarray(b.view(dtype)), cupy.asnumpy
    return lambda b: b.view(numpy_dtype(dtype)), np.asarray


def numpy_dtype(dtype: str) -> Any:
    """The numpy dtype of a format; bfloat16 needs ml_dtypes."""
    return importlib.import_module("ml_dtypes").bfloat16 if dtype == "bfloat16" else np.dtype(dtype)


def _torch(dtype: str, device: str) -> tuple[Any, Any]:
    torch = importlib.import_module("torch")
    kind = getattr(torch, dtype)
    signed = np.dtype(BITS[dtype]).name.lstrip("u")

    def back(result: Any) -> Any:
        result = result.detach().contiguous().cpu()
        return (
            result.view(torch.int16).numpy().view("uint16")
            if dtype == "bfloat16"
            else result.numpy()
        )

    return lambda b: torch.from_numpy(b.view(signed)).view(kind).to(device), back


def _jax(dtype: str, device: str) -> tuple[Any, Any]:
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    place = jax.devices("gpu" if device == "cuda" else "cpu")[0]

    def into(b: Any) -> Any:
        kind = getattr(jax.numpy, dtype)
        return jax.device_put(jax.lax.bitcast_convert_type(jax.numpy.asarray(b), kind), place)

    def back(result: Any) -> Any:
        return np.asarray(jax.lax.bitcast_convert_type(result, getattr(jax.numpy, BITS[dtype])))

    return into, back


def bits(values: Any, dtype: str) -> Any:
    """Bit patterns of results in the format.

    Raises:
        TypeError: they are in another format.
    """
    values = np.asarray(values)
    if values.dtype.name not in (dtype, BITS[dtype]):
        raise TypeError(f"returned dtype {values.dtype.name}, expected {dtype}")
    return np.ascontiguousarray(values).view(BITS[dtype])


def environment() -> dict[str, Any]:
    """Where the results were made."""
    found = {"python": platform.python_version(), "machine": platform.machine(),
             "system": platform.system(), "cpus": os.cpu_count(), "devices": devices()}  # fmt: skip
    for name in VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def devices() -> list[str]:
    """Names of the CUDA devices that torch sees, if it was used."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return []
    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]


def seal(root: Path) -> None:
    """Write the checksums of everything that was recorded."""
    (root / "SHA256SUMS").write_text("".join(f"{h}  {p}\n" for p, h in checksums(root).items()))


def checksums(root: Path) -> dict[str, str]:
    """SHA-256 of the plan, inputs, results, status and environment, by path inside the folder."""
    paths = sorted([*root.glob("*.json"), *root.glob("inputs/*.npy"), *root.glob("results/*.npy")])
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


# entries

if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1], "plan.json").is_file():
        sys.exit("usage: python record.py DIR, with a folder DIR in which plan.json lies")
    sys.stdout.write("\n".join(main(sys.argv[1])) + "\n")
