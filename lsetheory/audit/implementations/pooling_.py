"""The layers of `lsetheory.pooling`: on numpy, on torch and jax, and through their gradients."""

from typing import Any

from lsetheory.audit.implementations._entry import ALL, FLOATS, implementation


@implementation("pooling-numpy", "logsumexp", dtypes=ALL)
def logsumexp(pooling: Any) -> Any:
    return lambda x: pooling.lse(x)


@implementation("pooling-numpy", "softmax", dtypes=ALL)
def softmax(pooling: Any) -> Any:
    return lambda x: pooling.softmax(x)


@implementation("pooling-numpy", "pooled_lse", dtypes=ALL, parameters=("r",))
def pooled_lse(pooling: Any) -> Any:
    return lambda x, r: pooling.lse(x, r, form="mean")


@implementation("pooling-numpy", "swap", dtypes=ALL, parameters=("r",))
def swap(pooling: Any) -> Any:
    return lambda x, r: pooling.swap(x, r)


@implementation("pooling-numpy", "ordinal", dtypes=ALL, parameters=("weights",))
def ordinal(pooling: Any) -> Any:
    return lambda x, weights: pooling.ordinal(x, weights, len(weights))


@implementation("pooling-torch", "logsumexp", dtypes=ALL)
def logsumexp_torch(pooling: Any, torch: Any) -> Any:
    return lambda x: pooling.lse(x)


@implementation("pooling-torch", "softmax", dtypes=ALL)
def softmax_torch(pooling: Any, torch: Any) -> Any:
    return lambda x: pooling.softmax(x)


@implementation("pooling-torch", "pooled_lse", dtypes=ALL, parameters=("r",))
def pooled_lse_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, r: pooling.lse(x, r, form="mean")


@implementation("pooling-torch", "swap", dtypes=ALL, parameters=("r",))
def swap_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, r: pooling.swap(x, r)


@implementation("pooling-torch", "ordinal", dtypes=ALL, parameters=("weights",))
def ordinal_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, weights: pooling.ordinal(x, weights, len(weights))


@implementation("pooling-torch", "logsumexp_gradient", dtypes=ALL)
def logsumexp_gradient_torch(pooling: Any, torch: Any) -> Any:
    return lambda x: torch.func.grad(lambda t: pooling.lse(t).sum())(x)


@implementation("pooling-torch", "pooled_lse_gradient", dtypes=ALL, parameters=("r",))
def pooled_lse_gradient_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, r: torch.func.grad(lambda t: pooling.lse(t, r, form="mean").sum())(x)


@implementation("pooling-torch", "swap_gradient", dtypes=ALL, parameters=("r",))
def swap_gradient_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, r: torch.func.grad(lambda t: pooling.swap(t, r).sum())(x)


@implementation("pooling-torch", "ordinal_gradient", dtypes=ALL, parameters=("weights",))
def ordinal_gradient_torch(pooling: Any, torch: Any) -> Any:
    return lambda x, weights: torch.func.grad(
        lambda t: pooling.ordinal(t, weights, len(weights)).sum()
    )(x)


@implementation("pooling-jax", "logsumexp", dtypes=ALL)
def logsumexp_jax(pooling: Any, jax: Any) -> Any:
    return lambda x: pooling.lse(x)


@implementation("pooling-jax", "softmax", dtypes=ALL)
def softmax_jax(pooling: Any, jax: Any) -> Any:
    return lambda x: pooling.softmax(x)


@implementation("pooling-jax", "pooled_lse", dtypes=ALL, parameters=("r",))
def pooled_lse_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, r: pooling.lse(x, r, form="mean")


@implementation("pooling-jax", "swap", dtypes=ALL, parameters=("r",))
def swap_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, r: pooling.swap(x, r)


@implementation("pooling-jax", "ordinal", dtypes=ALL, parameters=("weights",))
def ordinal_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, weights: pooling.ordinal(x, weights, len(weights))


@implementation("pooling-jax", "logsumexp_gradient", dtypes=ALL)
def logsumexp_gradient_jax(pooling: Any, jax: Any) -> Any:
    return lambda x: jax.grad(lambda t: pooling.lse(t).sum())(x)


@implementation("pooling-jax", "pooled_lse_gradient", dtypes=ALL, parameters=("r",))
def pooled_lse_gradient_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, r: jax.grad(lambda t: pooling.lse(t, r, form="mean").sum())(x)


@implementation("pooling-jax", "swap_gradient", dtypes=ALL, parameters=("r",))
def swap_gradient_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, r: jax.grad(lambda t: pooling.swap(t, r).sum())(x)


@implementation("pooling-jax", "ordinal_gradient", dtypes=ALL, parameters=("weights",))
def ordinal_gradient_jax(pooling: Any, jax: Any) -> Any:
    return lambda x, weights: jax.grad(lambda t: pooling.ordinal(t, weights, len(weights)).sum())(x)


@implementation("pooling-jax-jit", "logsumexp", dtypes=FLOATS)
def logsumexp_jit(pooling: Any, jax: Any) -> Any:
    return jax.jit(lambda x: pooling.lse(x))


@implementation("pooling-jax-jit", "pooled_lse", dtypes=FLOATS, parameters=("r",))
def pooled_lse_jit(pooling: Any, jax: Any) -> Any:
    return jax.jit(lambda x, r: pooling.lse(x, r, form="mean"), static_argnames="r")


@implementation("pooling-jax-jit", "swap", dtypes=FLOATS, parameters=("r",))
def swap_jit(pooling: Any, jax: Any) -> Any:
    return jax.jit(lambda x, r: pooling.swap(x, r), static_argnames="r")
