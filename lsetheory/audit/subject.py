"""The thing under audit: one implementation of one operation, called with care."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsetheory.audit import guard, implementations, layouts, process, repeat
from lsetheory.audit.implementations import _own
from lsetheory.audit.implementations._entry import Implementation
from lsetheory.audit.operations import OPERATIONS, Operation

Array = np.ndarray[Any, Any]
Raw = Callable[[Array, str, Mapping[str, Any]], Array]
#: What was called -> why it is not called again in this process.
_LATE: dict[Any, str] = {}
#: Longer lines of code are left out of an error.
SHORT = 1000
#: How the error of a call begins that was not made, as an earlier one took too long.
NOT_AGAIN = "not called again: it "


@dataclass(frozen=True)
class Subject:
    """What the audit needs to know of an implementation, registered or not."""

    operation: Operation
    algorithm: str | None  #: which published error bound applies
    raw: Raw  #: rows, layout, keywords -> results
    repeat: repeat.Recipe  #: how a line of Python repeats one call

    def __call__(self, x: Array, layout: str, parameters: Mapping[str, Any]) -> Array:
        """The results on rows handed over in a layout, checked for shape and format.

        Raises:
            guard.Failed: it raised, took too long, crashed, changed its input, or returned
                something else.
        """
        try:
            return guard.checked(self.operation.rowwise, x, self.raw(x, layout, parameters))
        except guard.Failed as failed:
            if isinstance(failed, guard.Late) or not str(failed).startswith("raised "):
                raise
            raise guard.Failed(f"{failed}{self._culprit(x, parameters, str(failed))}") from None

    def _culprit(self, x: Array, parameters: Mapping[str, Any], told: str) -> str:
        """The first row that raises alone what was told of all, unless all of them do."""
        low, high = 0, len(x)
        while high - low > 1:
            middle = (low + high) // 2
            if self._raises(x, parameters, low, middle, told):
                high = middle
            elif self._raises(x, parameters, middle, high, told):
                low = middle
            else:
                return ""
        if len(x) < 2 or (low == 0 and self._raises(x, parameters, 1, len(x), told)):
            return ""
        given = _part(parameters, len(x), low, high)
        code = repeat.code(self.repeat, x[low], 0 if self.operation.rowwise else None, given, None)
        short = f": {code}" if code and len(code) < SHORT else ""
        return f"; row {low + 1} of {len(x)} does so alone{short}"

    def _raises(
        self, x: Array, parameters: Mapping[str, Any], low: int, high: int, told: str
    ) -> bool:
        try:
            self.raw(x[low:high], "contiguous", _part(parameters, len(x), low, high))
        except guard.Failed as failed:
            return str(failed).partition(":")[0] == told.partition(":")[0]
        return False


def _part(parameters: Mapping[str, Any], rows: int, low: int, high: int) -> dict[str, Any]:
    """The keywords of some rows: a cotangent has a row for each row, the others are common."""
    each = {k for k, v in parameters.items() if np.ndim(v) == 2 and len(v) == rows}
    return {k: v[low:high] if k in each else v for k, v in parameters.items()}


def named(name: str, operation: str, device: str = "cpu", limit: float = guard.LIMIT) -> Subject:
    """A registered implementation, run here, or the user's own, run in a process of its own.

    Raises:
        InputError: no such implementation.
    """
    entry = implementations.get(name, operation)
    content = _own.fingerprint(name) if _own.is_path(name) else None

    def raw(x: Array, layout: str, parameters: Mapping[str, Any]) -> Array:
        if _own.is_path(name):
            return process.elsewhere(name, operation, x, layout, dict(parameters), limit)
        return guard.here(entry.load(device), layouts.LAYOUTS[layout](x), parameters, limit)

    recipe, key = repeat.of_entry(name, entry, device), (name, content, operation, device, limit)
    return Subject(OPERATIONS[operation], entry.algorithm, _once_late(key, _LATE, raw), recipe)


def _once_late(key: Any, late: dict[Any, str], raw: Raw) -> Raw:
    """The same, but not called again once it took too long: its limit is not paid in every cell."""

    def call(x: Array, layout: str, parameters: Mapping[str, Any]) -> Array:
        if key in late:
            raise guard.Failed(NOT_AGAIN + late[key])
        try:
            return raw(x, layout, parameters)
        except guard.Late as error:
            late[key] = str(error)
            raise

    return call


def function(call: Callable[..., Any], operation: str, limit: float = guard.LIMIT) -> Subject:
    """A function at hand, from numpy rows to a numpy result, run here."""

    def raw(x: Array, layout: str, parameters: Mapping[str, Any]) -> Array:
        return guard.here(call, layouts.LAYOUTS[layout](x), parameters, limit)

    return Subject(OPERATIONS[operation], None, _once_late(None, {}, raw), repeat.of_function(call))


Answers = Mapping[bytes, Array | guard.Failed]


def recorded(entry: Implementation, device: str, answers: Answers) -> Subject:
    """An implementation whose results were recorded elsewhere.

    Args:
        entry: what was called; it is not called here.
        device: where it ran.
        answers: `question` of each call -> its results, or why there are none.
    """

    def raw(x: Array, layout: str, parameters: Mapping[str, Any]) -> Array:
        answer = answers.get(question(x, layout), guard.Failed("recorded elsewhere"))
        if isinstance(answer, guard.Failed):
            raise answer
        return answer

    recipe = repeat.of_entry(entry.name, entry, device)
    return Subject(OPERATIONS[entry.operation], entry.algorithm, raw, recipe)


def question(x: Array, layout: str) -> bytes:
    """What tells the calls of one cell apart: rows, their shape and dtype, and the layout."""
    return f"{layout} {x.dtype.name} {x.shape} ".encode() + x.tobytes()
