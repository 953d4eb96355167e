"""One entry an implementation: what it computes, in which formats, and the library call itself.

An entry is a function that takes the libraries it needs (its parameters are their import names,
`np` for numpy) and returns the callable under audit. Nothing is imported before `load`. Where the
entry is one `return` of a library expression, that same expression, read from its source, is the
code a witness prints: the thing audited and the line that reproduces it cannot drift apart.
"""

import ast
import builtins
import inspect
import os
import shutil
import textwrap
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from lsetheory import environment
from lsetheory.audit.implementations import _bridge
from lsetheory.errors import InputError, optional

FLOATS = ("float32", "float64")
HALVES = ("float16", "bfloat16")
ALL = (*HALVES, *FLOATS)

#: Import name of a library -> the extra of this package that installs it.
EXTRAS = {"torch": "torch", "jax": "jax", "onnx": "onnx", "onnxruntime": "onnx"}

#: What compiled entries need one of.
COMPILERS = ("c++", "g++", "clang++", "cl")

Array = np.ndarray[Any, Any]
Factory = Callable[..., Callable[..., Any]]


@dataclass(frozen=True)
class Implementation:
    """One way to compute one operation; `load` gives a function from rows to results."""

    name: str  #: library-variant, e.g. torch-logsumexp
    operation: str  #: a key of `operations.OPERATIONS`
    factory: Factory
    dtypes: tuple[str, ...]  #: formats it accepts
    devices: tuple[str, ...]  #: cpu, cuda
    algorithm: str | None  #: key of the error bound of Blanchard, Higham & Higham that applies
    parameters: tuple[str, ...]  #: keywords it accepts besides x
    integers: bool  #: whether it accepts integer rows
    compiled: bool  #: by a C++ compiler, in minutes: left out unless named or everything is run
    arrays: tuple[str, ...] = ()  #: the library whose arrays it takes, where it calls another

    @property
    def libraries(self) -> tuple[str, ...]:
        """Import names of the libraries it needs; those it calls first, as its source has them."""
        return (*inspect.signature(self.factory).parameters, *self.arrays)

    @property
    def library(self) -> str:
        """The module under audit; this package for its own code and the user's."""
        name = next(iter(self.libraries), "lsetheory")
        return _bridge.MODULES.get(name, name).split(".")[0]

    @property
    def version(self) -> str:
        """Version of the library under audit."""
        if self.library == "lsetheory":
            return _own_version()
        return environment.versions().get(self.library, "unknown")

    def missing(self, device: str = "cpu") -> str | None:
        """Why it cannot run here, in one line; None when it can."""
        module = _bridge.lacking(self.libraries)
        if module is not None:
            return f"{self.name} skipped: {module} is not installed{_advice(module)}"
        if self.compiled and not any(map(shutil.which, COMPILERS)):
            return f"{self.name} skipped: none of {', '.join(COMPILERS)} is on the path"
        if device not in self.devices:
            return f"{self.name} skipped: it runs on {' and '.join(self.devices)}, not on {device}"
        if device == "cuda" and not _bridge.cuda(self.libraries):
            return f"{self.name} skipped: no CUDA device is available to it"
        return None

    def hardware(self, device: str) -> str | None:
        """What results depend on besides versions and the processor's features.

        Returns:
            Name and driver of the CUDA device; of the processor, what torch is told to leave
            unused of it; None where that is nothing.
        """
        if device == "cuda":
            return f"{_bridge.device_name(self.libraries)}, {_driver()}"
        return os.environ.get("ATEN_CPU_CAPABILITY")

    def planned_for(self, device: str, hardware: str | None) -> None:
        """See that this CUDA device is the one of a plan.

        Raises:
            InputError: it is another, and results would be kept as those of the one planned.
        """
        if device != "cuda" or hardware is None:
            return
        if (here := self.hardware(device)) != hardware:
            raise InputError(
                f"{self.name}: expected {hardware}, as where the work was planned, got {here}; "
                "use workers of one kind"
            )

    def load(self, device: str = "cpu") -> Callable[..., Array]:
        """The callable, taking and giving numpy arrays.

        Raises:
            MissingExtra: a library is not installed.
        """
        return _loaded(self.factory, self.libraries, device)

    def expression(self) -> "Expression | None":
        """The library expression of x that is under audit, or None where it is a program."""
        return _expression(self.factory, self.libraries)


#: Stands for the keywords that are given, in the text of an expression that is a call.
KEYWORDS = "{keywords}"


@dataclass(frozen=True)
class Expression:
    """A library expression of x and keywords, as source text."""

    text: str
    defaults: dict[str, str]  #: keyword -> source of its default, for those the text names

    def bound(self, given: Collection[str]) -> str:
        """The text of the call with these keywords."""
        return self.text.replace(KEYWORDS, "".join(f", {key}={key}" for key in given))


def implementation(
    name: str,
    operation: str,
    *,
    dtypes: tuple[str, ...] = FLOATS,
    devices: tuple[str, ...] = ("cpu",),
    algorithm: str | None = None,
    parameters: tuple[str, ...] = (),
    integers: bool = False,
    compiled: bool = False,
) -> Callable[[Factory], Implementation]:
    """Make the decorated function an entry; listing the folder finds it."""

    def entry(factory: Factory) -> Implementation:
        return Implementation(
            name, operation, factory, dtypes, devices, algorithm, parameters, integers, compiled
        )

    return entry


@cache
def _loaded(factory: Factory, libraries: tuple[str, ...], device: str) -> Callable[..., Array]:
    for module in (_bridge.MODULES.get(name, name) for name in libraries):
        optional(module, EXTRAS.get(module, module))
    return cast("Callable[..., Array]", _bridge.bridged(factory, libraries, device))


@cache
def _expression(factory: Factory, libraries: tuple[str, ...]) -> Expression | None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(factory))).body[0]
    if not isinstance(tree, ast.FunctionDef) or len(tree.body) != 1:
        return None
    value = tree.body[0].value if isinstance(tree.body[0], ast.Return) else None
    if value is None or not _free_names(value) <= {*libraries, *dir(builtins)}:
        return None
    if not isinstance(value, ast.Lambda):
        return Expression(f"{ast.unparse(value)}(x{KEYWORDS})", {})
    names = [argument.arg for argument in value.args.args]
    texts = [ast.unparse(default) for default in value.args.defaults]
    return Expression(ast.unparse(value.body), dict(zip(names[::-1], texts[::-1], strict=False)))


def _free_names(tree: ast.AST) -> set[str]:
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound


@cache
def _driver() -> str:
    try:
        text = Path("/proc/driver/nvidia/version").read_text(encoding="utf-8")
    except OSError:
        return "unknown driver"
    return next(iter(text.splitlines()), "unknown driver")


def _advice(module: str) -> str:
    extra = EXTRAS.get(module)
    return f"; install it with  pip install 'lsetheory[{extra}]'" if extra else ""


def _own_version() -> str:
    from lsetheory import __version__

    return __version__
