"""Pure units of work, run on any executor, each result kept on disk under the hash of its content.

A unit names a module-level function and its plain arguments; its result is plain data (what JSON
holds). The same unit gives the same bytes wherever it runs, so a result on disk may stand for the
work: that is the cache, and it is how a killed run goes on.
"""

import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from lsetheory import dispatch, environment
from lsetheory.dispatch import Made as Made
from lsetheory.dispatch import UnitFailed as UnitFailed
from lsetheory.errors import InputError
from lsetheory.sources import code_hash


@dataclass(frozen=True)
class Unit:
    """One call, as data: `function` is "package.module:name", `arguments` are plain keywords."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    #: Modules the function imports by name, which its source does not show; their code counts too.
    modules: tuple[str, ...] = ()
    #: Units with one name here, standing together, go to a worker together: they share what it
    #: keeps at hand between calls, and short ones do not drown a scheduler.
    batch: str | None = None

    def __call__(self) -> Any:
        """Do the work here and now."""
        module, name = self.function.split(":")
        return plain(getattr(import_module(module), name)(**self.arguments))

    def line(self) -> str:
        """One line of Python that repeats this unit alone."""
        module, name = self.function.split(":")
        keywords = ", ".join(f"{key}={value!r}" for key, value in self.arguments.items())
        return f"from {module} import {name}; {name}({keywords})"

    def code(self) -> str:
        """Hash of the code it can reach in this package."""
        return _hash([code_hash(module) for module in (self.function.split(":")[0], *self.modules)])

    def key(self) -> str:
        """Hash of the call, the code it can reach in this package, and the library versions."""
        return _hash([self.function, self.arguments, self.code(), environment.numerics()])


def _hash(value: Any) -> str:
    return hashlib.sha256(dumps(value).encode()).hexdigest()


class MixedEnvironments(UserWarning):
    """Workers differ in versions or processor features; their last bits may differ too."""


def dumps(value: Any) -> str:
    """Plain data as canonical JSON text: sorted keys, shortest floats, one spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    """`value` as JSON gives it back, so that a fresh result and one from disk cannot differ."""
    return json.loads(dumps(value))


@dataclass(frozen=True)
class Store:
    """A folder of results, one file a unit, written whole or not at all."""

    folder: Path

    def get(self, unit: Unit) -> Made:
        """The kept result.

        Raises:
            KeyError: there is none, or its file is damaged.
        """
        try:
            content = json.loads(self._path(unit).read_text())
            _words(content["environment"])
            return Made(content["result"], content["environment"])
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise KeyError(unit.function) from error

    def put(self, unit: Unit, made: Made) -> None:
        """Keep a result: written beside its place, then moved there in one step.

        Raises:
            InputError: the folder cannot be written.
        """
        path = self._path(unit)
        content = {"function": unit.function, "arguments": unit.arguments, **made._asdict()}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # not NamedTemporaryFile: Python drops an interrupt that falls into its __del__
            descriptor, written = tempfile.mkstemp(dir=path.parent)
            try:
                with open(descriptor, "w", encoding="utf-8") as file:
                    file.write(dumps(content))
                os.replace(written, path)
            except BaseException:
                with suppress(OSError):  # an interrupt may come when it is in its place already
                    os.unlink(written)
                raise
        except OSError as error:
            raise InputError(
                f"{self.folder}: expected a folder for finished work that can be written, got "
                f"{error.strerror}; set LSETHEORY_CACHE to another"
            ) from None

    def _path(self, unit: Unit) -> Path:
        key = unit.key()
        return self.folder / key[:2] / f"{key}.json"


def default_store() -> Store:
    """`$LSETHEORY_CACHE`, else `$XDG_CACHE_HOME/lsetheory`, else `~/.cache/lsetheory`."""
    if own := os.environ.get("LSETHEORY_CACHE"):
        return Store(Path(own))
    base = os.environ.get("XDG_CACHE_HOME")  # a home is not asked for where none is needed
    return Store((Path(base) if base else Path.home() / ".cache") / "lsetheory")


def run(
    units: Sequence[Unit],
    *,
    executor: Executor | None = None,
    store: Store | None = None,
    reuse: bool = True,
    done: Callable[[Unit], None] = lambda unit: None,
    found: Callable[[int], None] = lambda kept: None,
    lasting: Callable[[Any], bool] = lambda result: True,
    ended: Callable[[Unit], Any] | None = None,
) -> Iterator[Any]:
    """Yield each unit's result, in the order of `units` whatever finished first.

    Args:
        units: the work.
        executor: any `concurrent.futures.Executor` (threads, processes, Dask, MPI); None runs here.
        store: where results are kept as soon as they are known; None keeps none.
        reuse: take results that the store already holds.
        done: called once a unit, as soon as its result is known: for a progress bar.
        found: called with the number of results that the store held.
        lasting: whether a result may be kept.
        ended: what stands for the result of a unit that ends its worker process; none: UnitFailed.

    Raises:
        UnitFailed: a unit raised; on an executor, whose workers may die, at every attempt (see
            `dispatch`). Or it ended its worker process, alone in it and twice.
    """
    known = dict(_kept(units, store)) if store is not None and reuse else {}
    found(len(known))
    for i in known:
        done(units[i])
    waiting = [i for i in range(len(units)) if i not in known]
    stands = None if ended is None else lambda unit: plain(ended(unit))
    fresh = dispatch.finished(units, waiting, executor, stands)
    for turn in range(len(units)):
        while turn not in known:
            i, made = next(fresh)
            if store is not None and lasting(made.result):
                store.put(units[i], made)
            done(units[i])
            known[i] = made
        result, there = known.pop(turn)
        _compare(there)
        yield result


def _kept(units: Iterable[Unit], store: Store) -> Iterator[tuple[int, Made]]:
    for i, unit in enumerate(units):
        try:
            yield i, store.get(unit)
        except KeyError:
            continue


def _compare(environment_there: Mapping[str, Any]) -> None:
    """Warn where a result was computed with other versions or processor features than these."""
    here, there = _words(environment.numerics()), _words(environment_there)
    if here != there:
        warnings.warn(
            f"a worker differs from this process: {_listed(here - there)} here only, "
            f"{_listed(there - here)} there only; results may differ in the last bits",
            MixedEnvironments,
            stacklevel=2,
        )


def _words(numerics: Mapping[str, Any]) -> set[str]:
    versions = {f"{name} {version}" for name, version in numerics["versions"].items()}
    return versions | set(numerics["cpu_features"])


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"
