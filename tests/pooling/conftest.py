"""The array libraries that the pooling tests run on, and the operators in exact arithmetic."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest


@dataclass(frozen=True)
class Library:
    """An array library: how numpy arrays go in and come out."""

    name: str
    array: Callable[[Any], Any]

    def numpy(self, x: Any) -> np.ndarray:
        return np.asarray(x.detach() if hasattr(x, "detach") else x)


def _module(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is an optional library")


ARRAYS: dict[str, Callable[[], Callable[[Any], Any]]] = {
    "numpy": lambda: np.asarray,
    "torch": lambda: _module("torch").tensor,
    "jax": lambda: _module("jax").numpy.asarray,
    "array-api-strict": lambda: _module("array_api_strict").asarray,
}


def _library(name: str) -> Iterator[Library]:
    array = ARRAYS[name]()
    with _module("jax").enable_x64(True) if name == "jax" else nullcontext():
        yield Library(name, array)


@pytest.fixture(params=ARRAYS)
def library(request: pytest.FixtureRequest) -> Iterator[Library]:
    yield from _library(request.param)


@pytest.fixture(params=["torch", "jax"])
def differentiable(request: pytest.FixtureRequest) -> Iterator[Library]:
    yield from _library(request.param)


def _exp(t: Any) -> Any:
    """exp for t <= 0; below 10^-40000 it is 0 to any number that a test looks at, and slow."""
    return mpmath.exp(t) if t > -1e5 else mpmath.mpf(0)


class Exact:
    """The operators in mpmath, on lists of mpf; nothing here shares a formula with the package."""

    @staticmethod
    def shares(x: Sequence[Any], r: float) -> list[Any]:
        c = max(x) if r > 0 else min(x)
        powers = [_exp(mpmath.mpf(r) * (a - c)) for a in x]
        return [p / mpmath.fsum(powers) for p in powers]

    @staticmethod
    def lse(x: Sequence[Any], r: float, form: str) -> Any:
        if np.isinf(r):
            return max(x) if r > 0 else min(x)
        if r == 0:
            return mpmath.fsum(x) / len(x)
        c, r = (max(x) if r > 0 else min(x)), mpmath.mpf(r)
        total = mpmath.fsum(_exp(r * (a - c)) for a in x)
        return c + mpmath.log(total / (len(x) if form == "mean" else 1)) / r

    @staticmethod
    def swap(x: Sequence[Any], r: float) -> Any:
        if np.isinf(r):
            return max(x) if r > 0 else min(x)
        return mpmath.fsum(p * a for p, a in zip(Exact.shares(x, r), x, strict=True))

    @staticmethod
    def ordinal(x: Sequence[Any], weights: Sequence[float], pool_range: int) -> Any:
        tops = sorted(x, reverse=True)[:pool_range]
        shares = Exact.shares([mpmath.mpf(w) for w in weights], 1)
        return mpmath.fsum(p * a for p, a in zip(shares, tops, strict=True))


@pytest.fixture
def exact() -> Iterator[type[Exact]]:
    """At 1000 bits and more: r = 1e-300 alone cancels 1000 of them."""
    with mpmath.workprec(4000):
        yield Exact


@pytest.fixture
def gradient_of() -> Callable[[Library, Callable[[Any], Any], np.ndarray], np.ndarray]:
    """The gradient of sum(f(x)) by the library's own differentiation."""
    return lambda library, f, x: _gradients(library, [f], x)[0]


@pytest.fixture
def gradients_of() -> Callable[..., list[np.ndarray]]:
    """The gradients of several functions at one array, compiled together in jax."""
    return _gradients


def _gradients(
    library: Library, functions: Sequence[Callable[[Any], Any]], x: np.ndarray
) -> list[np.ndarray]:
    if library.name == "torch":
        leaf = library.array(x).requires_grad_()
        return [_torch_gradient(f, leaf) for f in functions]
    import jax

    grads = [jax.grad(lambda a, f=f: f(a).sum()) for f in functions]
    together = jax.jit(lambda a: [grad(a) for grad in grads])
    return [np.asarray(grad) for grad in together(library.array(x))]


def _torch_gradient(f: Callable[[Any], Any], leaf: Any) -> np.ndarray:
    import torch

    return torch.autograd.grad(f(leaf).sum(), leaf)[0].numpy()
