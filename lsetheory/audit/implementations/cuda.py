"""cupy, and a one-pass Triton kernel: they run on a CUDA device alone."""

from typing import Any

from lsetheory.audit.implementations._entry import FLOATS, implementation

DEVICES = ("cuda",)


@implementation(
    "cupy-shifted", "logsumexp", dtypes=("float16", *FLOATS), devices=DEVICES, algorithm="shifted"
)
def cupy_shifted(cupy: Any) -> Any:
    def logsumexp(x: Any) -> Any:
        m = x.max(axis=-1, keepdims=True)
        m = cupy.where(cupy.isfinite(m), m, 0)
        return (m + cupy.log(cupy.exp(x - m).sum(axis=-1, keepdims=True)))[..., 0]

    return logsumexp


@implementation("triton-online", "logsumexp", devices=DEVICES)
def triton_online(torch: Any, triton: Any) -> Any:
    from lsetheory.audit.implementations import _triton_kernel

    return _triton_kernel.logsumexp
