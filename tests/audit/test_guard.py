"""Functions at hand that hang, or that no other process can import."""

import functools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lsetheory.testing import audit


def test_what_catches_every_exception_is_stopped_and_not_called_again() -> None:
    calls = []

    def stubborn(x: np.ndarray) -> np.ndarray:
        calls.append(1)
        while True:
            try:
                time.sleep(60)
            except Exception:
                continue

    told = [row["error"] for row in audit(stubborn, chosen=["normal", "special"], limit=0.2)]
    assert told[0] == "took longer than 0.2 s; stopped"
    assert set(told[1:]) == {"not called again: it took longer than 0.2 s; stopped"}
    assert len(calls) == 1


class Thing:
    def zero(self, x: np.ndarray) -> np.ndarray:
        return np.zeros(len(x), x.dtype)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.zero(x)


def local() -> Callable[..., Any]:
    def zero(x: np.ndarray) -> np.ndarray:
        return np.zeros(len(x), x.dtype)

    return zero


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda x: np.zeros(len(x), x.dtype), "put here: <lambda> of "),
        (Thing().zero, "put here: Thing.zero of "),
        (Thing(), "put here: an object of Thing of "),
        (functools.partial(local()), "put here: a partial of local.<locals>.zero of "),
        (local(), "put here: local.<locals>.zero of "),
    ],
)
def test_what_cannot_be_imported_is_named_with_its_place(function: Any, says: str) -> None:
    (row, *_) = audit(function, chosen="offset")
    code = row["witness"]["code"]
    assert f"import numpy as np; function = '{says}{__file__}, line " in code
    assert "print(float((function(x))[0]).hex())" in code
    line = int(code.partition(", line ")[2].partition("'")[0])
    with open(__file__, encoding="utf-8") as file:
        text = file.read().splitlines()[line - 1]
    assert "lambda x" in text or "def " in text
