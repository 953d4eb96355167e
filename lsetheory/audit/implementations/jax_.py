"""JAX: op by op, compiled by XLA, and the backward passes of grad."""

from typing import Any

from lsetheory.audit.implementations._entry import ALL, implementation

DEVICES = ("cpu", "cuda")


@implementation(
    "jax-logsumexp",
    "logsumexp",
    dtypes=ALL,
    devices=DEVICES,
    algorithm="shifted",
    parameters=("weights",),
)
def logsumexp(jax: Any) -> Any:
    return lambda x, weights=None: jax.nn.logsumexp(x, axis=-1, b=weights)


@implementation(
    "jax-jit-logsumexp",
    "logsumexp",
    dtypes=ALL,
    devices=DEVICES,
    algorithm="shifted",
    parameters=("scale",),
)
def logsumexp_jit(jax: Any) -> Any:
    return jax.jit(lambda x, scale=1.0: jax.nn.logsumexp(x * scale, axis=-1), static_argnums=1)


@implementation("jax-logaddexp-reduce", "logsumexp", dtypes=ALL, devices=DEVICES)
def logaddexp_reduce(jax: Any) -> Any:
    return lambda x: jax.numpy.logaddexp.reduce(x, axis=-1)


@implementation("jax-softmax", "softmax", dtypes=ALL, devices=DEVICES, algorithm="shifted")
def softmax(jax: Any) -> Any:
    return lambda x: jax.nn.softmax(x, axis=-1)


@implementation("jax-jit-softmax", "softmax", dtypes=ALL, devices=DEVICES, algorithm="shifted")
def softmax_jit(jax: Any) -> Any:
    return jax.jit(lambda x: jax.nn.softmax(x, axis=-1))


@implementation("jax-log-softmax", "log_softmax", dtypes=ALL, devices=DEVICES)
def log_softmax(jax: Any) -> Any:
    return lambda x: jax.nn.log_softmax(x, axis=-1)


@implementation("jax-jit-log-softmax", "log_softmax", dtypes=ALL, devices=DEVICES)
def log_softmax_jit(jax: Any) -> Any:
    return jax.jit(lambda x: jax.nn.log_softmax(x, axis=-1))


@implementation("jax-logaddexp", "logaddexp", dtypes=ALL, devices=DEVICES)
def logaddexp(jax: Any) -> Any:
    return lambda x: jax.numpy.logaddexp(x[..., 0], x[..., 1])


@implementation("jax-logsumexp", "logsumexp_gradient", dtypes=ALL, devices=DEVICES)
def logsumexp_gradient(jax: Any) -> Any:
    return jax.grad(lambda x: jax.nn.logsumexp(x, axis=-1).sum())


@implementation("jax-jit-logsumexp", "logsumexp_gradient", dtypes=ALL, devices=DEVICES)
def logsumexp_gradient_jit(jax: Any) -> Any:
    return jax.jit(jax.grad(lambda x: jax.nn.logsumexp(x, axis=-1).sum()))


@implementation("jax-logaddexp", "logaddexp_gradient", dtypes=ALL, devices=DEVICES)
def logaddexp_gradient(jax: Any) -> Any:
    return jax.grad(lambda x: jax.numpy.logaddexp(x[..., 0], x[..., 1]).sum())


@implementation(
    "jax-softmax", "softmax_gradient", dtypes=ALL, devices=DEVICES, parameters=("cotangent",)
)
def softmax_gradient(jax: Any) -> Any:
    return lambda x, cotangent: jax.vjp(jax.nn.softmax, x)[1](cotangent)[0]


@implementation(
    "jax-log-softmax",
    "log_softmax_gradient",
    dtypes=ALL,
    devices=DEVICES,
    parameters=("cotangent",),
)
def log_softmax_gradient(jax: Any) -> Any:
    return lambda x, cotangent: jax.vjp(jax.nn.log_softmax, x)[1](cotangent)[0]


@implementation("jax-softmax", "swap", dtypes=ALL, devices=DEVICES, parameters=("r",))
def swap(jax: Any) -> Any:
    return lambda x, r: (jax.nn.softmax(r * x, axis=-1) * x).sum(-1)


@implementation("jax-softmax", "swap_gradient", dtypes=ALL, devices=DEVICES, parameters=("r",))
def swap_gradient(jax: Any) -> Any:
    return lambda x, r: jax.grad(lambda t: (jax.nn.softmax(r * t, axis=-1) * t).sum())(x)
