"""The one-pass (online) log-sum-exp as a Triton kernel: one program a row, a block at a time."""

from typing import Any

import torch
import triton
import triton.language as tl

BLOCK = 128


@triton.jit  # type: ignore[untyped-decorator, unused-ignore]
def _online(x: Any, y: Any, n: Any, BLOCK: tl.constexpr) -> None:  # type: ignore[valid-type, unused-ignore]
    row = tl.program_id(0)
    lane = tl.arange(0, BLOCK)
    zero = tl.load(x + row * n) * 0
    m, s = zero - float("inf"), zero
    for start in range(0, n, BLOCK):
        block = tl.load(x + row * n + start + lane, mask=start + lane < n, other=-float("inf"))
        new = tl.maximum(m, tl.max(block, axis=0))
        safe = tl.where(tl.abs(new) < float("inf"), new, 0.0)
        s = s * tl.exp(m - safe) + tl.sum(tl.exp(block - safe), axis=0)
        m = new
    tl.store(y + row, tl.where(tl.abs(m) < float("inf"), m, 0.0) + tl.log(s))


def logsumexp(x: Any) -> Any:
    """Log-sum-exp of the rows of a CUDA tensor of shape (rows, n), n at least 1."""
    x = x.contiguous()
    y = torch.empty(x.shape[0], dtype=x.dtype, device=x.device)
    _online[(x.shape[0],)](x, y, x.shape[1], BLOCK=BLOCK)
    return y
