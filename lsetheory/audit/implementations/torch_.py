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
    compiled=True,
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


@implementation(
    "torch-softmax", "softmax_gradient", dtypes=ALL, devices=DEVICES, parameters=("cotangent",)
)
def softmax_gradient(torch: Any) -> Any:
    return lambda x, cotangent: torch.func.vjp(lambda t: torch.softmax(t, -1), x)[1](cotangent)[0]


@implementation(
    "torch-log-softmax",
    "log_softmax_gradient",
    dtypes=ALL,
    devices=DEVICES,
    parameters=("cotangent",),
)
def log_softmax_gradient(torch: Any) -> Any:
    return lambda x, cotangent: torch.func.vjp(lambda t: torch.log_softmax(t, -1), x)[1](cotangent)[
        0
    ]


@implementation("torch-logsumexp", "pooled_lse", dtypes=ALL, devices=DEVICES, parameters=("r",))
def pooled_lse(torch: Any) -> Any:
    return lambda x, r: (
        (torch.logsumexp(r * x, -1) - torch.tensor(x.shape[-1], dtype=x.dtype).log()) / r
    )


@implementation("torch-softmax", "swap", dtypes=ALL, devices=DEVICES, parameters=("r",))
def swap(torch: Any) -> Any:
    return lambda x, r: (torch.softmax(r * x, -1) * x).sum(-1)


@implementation("torch-softmax", "swap_gradient", dtypes=ALL, devices=DEVICES, parameters=("r",))
def swap_gradient(torch: Any) -> Any:
    return lambda x, r: torch.func.grad(lambda t: (torch.softmax(r * t, -1) * t).sum())(x)
