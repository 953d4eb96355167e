"""lsetheory.logsumexp beside torch.logsumexp and jax.scipy.special.logsumexp (compiled).

Theirs lose digits where ours does not: see docs/findings.md for the inputs. Both run in a fresh
process that keeps to one processor, since jax cannot be told a number of threads.
"""

import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

Row = dict[str, Any]

SHAPES = ((1_000_000, 10), (10_000, 1000))
DTYPES = ("float32", "float64")


def rows(quick: bool = False) -> list[Row]:
    """One row a library that is installed, format and shape."""
    installed = [name for name in CALLS if find_spec(name)]
    with multiprocessing.get_context("spawn").Pool(1, initializer=_keep_to_one) as fresh:
        found: list[Row] = fresh.apply(_rows, (installed, quick))
    return found


def _keep_to_one() -> None:
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _rows(installed: list[str], quick: bool) -> list[Row]:
    return [
        _row(library, dtype, (count // 10 if quick else count, n), 0.3 if quick else 3.0)
        for library in installed
        for dtype in DTYPES
        for count, n in (SHAPES[:1] if quick else SHAPES)
    ]


def _row(library: str, dtype: str, shape: tuple[int, int], seconds: float) -> Row:
    import numpy as np

    from benchmarks._paired import paired
    from lsetheory.faithful import logsumexp

    x = np.random.default_rng(1).standard_normal(shape).astype(dtype)
    peer = CALLS[library](x)
    return {
        "claim": f"logsumexp, {dtype}, {shape[0]} x {shape[1]}", "ours": "lsetheory",
        "peer": library, "target": None,
        **paired(partial(logsumexp, x), peer, seconds),
    }  # fmt: skip


def _torch(x: Any) -> Callable[[], Any]:
    import torch

    torch.set_num_threads(1)
    return partial(torch.logsumexp, torch.from_numpy(x), -1)


def _jax(x: Any) -> Callable[[], Any]:
    import jax

    jax.config.update("jax_enable_x64", True)  # this process is for nothing else
    compiled = jax.jit(partial(jax.scipy.special.logsumexp, axis=-1))
    held = jax.numpy.asarray(x)
    return lambda: compiled(held).block_until_ready()


#: Library -> an array's call; the array is the library's own before the clock starts.
CALLS: dict[str, Callable[[Any], Callable[[], Any]]] = {"torch": _torch, "jax": _jax}
