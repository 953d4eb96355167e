"""Streamed pooling beside unfold-then-reduce: time and peak memory.

numpy: each operator on (8, 32, 112, 112) float64, 3x3 stride 2; the peer materialises the windows
and reduces their axis with the same operator. Memory is the peak that tracemalloc sees above the
input, in outputs, the result among them; at most 2 are allowed for each running quantity.

torch: log-sum-exp on (8, 64, 112, 112) float32, 3x3 stride 2, forward and backward;
the peer is torch.nn.functional.unfold, then torch.logsumexp. Memory is the rise of the peak of the
resident set in a fresh process (Linux), in MiB, result and gradient included; at most a quarter of
the peer's is allowed.
"""

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._paired import paired, peak_bytes
from lsetheory import pooling

KERNEL, STRIDE = (3, 3), 2
#: Operator, its parameters, and its running quantities: the extreme and its sums, or the kept list.
NUMPY_CASES: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("lse", {"r": 1.0}, 3),
    ("lse", {"r": 1.0, "form": "mean"}, 3),
    ("swap", {"r": 1.0}, 3),
    ("ordinal", {"weights": [2.0, 1.0, 0.0], "pool_range": 3}, 3),
    ("max", {}, 3),
    ("mean", {}, 2),
)


#: Threads, whether backward too, and the promised ratio.
TORCH_CASES = (
    (1, False, None),
    (os.cpu_count() or 1, True, None),
    (1, True, 0.5),
)
SHOWN = ("memory_unit", "ours_memory", "peer_memory", "memory_allowed")


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row an operator in numpy, three in torch where that is installed."""
    seconds = 0.3 if quick else 5.0
    cases = NUMPY_CASES[:1] if quick else NUMPY_CASES
    return [_numpy_row(*case, seconds) for case in cases] + list(_torch_rows(seconds, quick))


def _numpy_row(
    operator: str, parameters: dict[str, Any], quantities: int, seconds: float
) -> dict[str, Any]:
    x = np.random.default_rng(0).normal(size=(8, 32, 112, 112))
    reduce = getattr(pooling, operator)

    def ours() -> Any:
        return pooling.pool(x, operator, KERNEL, stride=STRIDE, **parameters)

    def peer() -> Any:
        return pooling.pool(x, reduce, KERNEL, stride=STRIDE, **parameters)

    size = ours().nbytes
    return {
        "claim": f"pool {operator} {parameters or ''}, numpy".replace(" ,", ","),
        "ours": "streamed",
        "peer": "windows, then reduce",
        "target": None,
        **paired(ours, peer, seconds),
        "memory_unit": "outputs",
        "ours_memory": peak_bytes(ours) / size,
        "peer_memory": peak_bytes(peer) / size,
        "memory_allowed": 2.0 * quantities,
    }


def _torch_rows(seconds: float, quick: bool) -> Iterator[dict[str, Any]]:
    try:
        import torch
    except ModuleNotFoundError:
        return
    for cores, backward, target in TORCH_CASES[-1:] if quick else TORCH_CASES:
        before = torch.get_num_threads()
        torch.set_num_threads(cores)
        try:
            yield _torch_row(cores, backward, target, seconds)
        finally:
            torch.set_num_threads(before)


def _torch_row(cores: int, backward: bool, target: float | None, seconds: float) -> dict[str, Any]:
    x = _batch()
    ours, peer = (_resident_peak(name, backward) / 2**20 for name in ("ours", "peer"))
    threads = f", {cores} threads" if cores > 1 else ""
    return {
        "claim": f"pool lse, torch, forward{' and backward' if backward else ''}{threads}",
        "ours": "streamed",
        "peer": "unfold, then logsumexp",
        "target": target,
        **paired(lambda: _step("ours", x, backward), lambda: _step("peer", x, backward), seconds),
        "memory_unit": "MiB",
        "ours_memory": ours,
        "peer_memory": peer,
        "memory_allowed": peer / 4,
    }


def _batch() -> Any:
    import torch

    generator = torch.Generator().manual_seed(0)
    return torch.randn(8, 64, 112, 112, generator=generator).requires_grad_()


def _step(which: str, x: Any, backward: bool) -> None:
    y = pooling.pool(x, "lse", KERNEL, stride=STRIDE) if which == "ours" else _unfolded(x)
    if backward:
        x.grad = None
        y.sum().backward()


def _unfolded(x: Any) -> Any:
    """Channels go with the batch, which is faster than unfolding them together."""
    import torch

    batch, channels, height, width = x.shape
    columns = torch.nn.functional.unfold(x.reshape(-1, 1, height, width), KERNEL, stride=STRIDE)
    sides = ((n - k) // STRIDE + 1 for n, k in zip((height, width), KERNEL, strict=True))
    return torch.logsumexp(columns, 1).reshape(batch, channels, *sides)


def _resident_peak(which: str, backward: bool) -> int:
    """Bytes by which one step raises the peak of the resident set, in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as fresh:
        return fresh.apply(_raised_peak, (which, backward))


def _raised_peak(which: str, backward: bool) -> int:
    import torch

    torch.set_num_threads(1)
    x = _batch()
    _step(which, x[:1, :1].detach().requires_grad_(), backward)  # loads what is loaded on first use
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = _status("VmRSS")
    _step(which, x, backward)
    return _status("VmHWM") - before


def _status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(key + ":"))
