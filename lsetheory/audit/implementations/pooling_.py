"""The layers of `lsetheory.pooling`: on numpy, on torch and jax, and through their gradients."""

from collections.abc import Callable
from typing import Any

from lsetheory.audit.implementations._entry import (
    ALL,
    FLOATS,
    Factory,
    Implementation,
    implementation,
)


def layer(operation: str, *parameters: str) -> Callable[[Factory], tuple[Implementation, ...]]:
    """Make the decorated function an entry for each library whose arrays the layer takes."""

    def entries(factory: Factory) -> tuple[Implementation, ...]:
        return tuple(
            Implementation(f"pooling-{library}", operation, factory, ALL, ("cpu",), None,
                           parameters, False, False, arrays)
            for library, arrays in (("numpy", ()), ("torch", ("torch",)), ("jax", ("jax",)))
        )  # fmt: skip

    return entries


@layer("logsumexp")
def logsumexp(pooling: Any) -> Any:
    return lambda x: pooling.lse(x)


@layer("softmax")
def softmax(pooling: Any) -> Any:
    return lambda x: pooling.softmax(x)


@layer("pooled_lse", "r")
def pooled_lse(pooling: Any) -> Any:
    return lambda x, r: pooling.lse(x, r, form="mean")


@layer("swap", "r")
def swap(pooling: Any) -> Any:
    return lambda x, r: pooling.swap(x, r)


@layer("ordinal", "weights")
def ordinal(pooling: Any) -> Any:
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
