"""PyTorch: eager, compiled, and the backward passes of autograd."""

from typing import Any

from lsetheory.audit.implementations._entry import ALL, FLOATS, implementation

DEVICES = ("cpu", "cuda")


@implementation(
    "torch-logsumexp", "logsumexp", dtypes=ALL, devices=DEVICES, algorithm="shifted", integers=True
)
def logsumexp(torch: Any) -> Any:
    return lambda x: torch.logsumexp(x, -1)


@implementation(
    "torch-compile-logsumexp",
    "logsumexp",
    dtypes=FLOATS,
    devices=DEVICES,
    algorithm="shifted",
    parameters=("scale",),
)
def compiled(torch: Any) -> Any:
    return torch.compile(lambda x, scale=1.0: torch.logsumexp(x * scale, -1), dynamic=True)


@implementation("torch-softmax", "softmax", dtypes=ALL, devices=DEVICES, algorithm="shifted")
def softmax(torch: Any) -> Any:
    return lambda x: torch.softmax(x, -1)


@implementation("torch-log-softmax", "log_softmax", dtypes=ALL, devices=DEVICES)
def log_softmax(torch: Any) -> Any:
    return lambda x: torch.log_softmax(x, -1)


@implementation("torch-logaddexp", "logaddexp", dtypes=ALL, devices=DEVICES)
def logaddexp(torch: Any) -> Any:
    return lambda x: torch.logaddexp(x[..., 0], x[..., 1])


@implementation("torch-logcumsumexp", "logsumexp", dtypes=ALL, devices=DEVICES)
def logcumsumexp(torch: Any) -> Any:
    return lambda x: torch.logcumsumexp(x, -1)[..., -1]


@implementation(
    "torch-logsumexp", "logsumexp_gradient", dtypes=ALL, devices=DEVICES, algorithm="shifted-exp"
)
def logsumexp_gradient(torch: Any) -> Any:
    return lambda x: torch.func.grad(lambda t: torch.logsumexp(t, -1).sum())(x)


@implementation("torch-logaddexp", "logaddexp_gradient", dtypes=ALL, devices=DEVICES)
def logaddexp_gradient(torch: Any) -> Any:
    return lambda x: torch.func.grad(lambda t: torch.logaddexp(t[..., 0], t[..., 1]).sum())(x)
