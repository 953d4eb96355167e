"""Functions at hand that hang, or that no other process can import."""

import functools
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lsetheory.audit import cases, guard
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


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="has no alarm")
def test_an_alarm_between_the_end_of_a_call_and_its_own_is_passed_over() -> None:
    before = signal.getsignal(signal.SIGALRM)

    def ends(x: np.ndarray) -> np.ndarray:
        handler, frame = signal.getsignal(signal.SIGALRM), sys._getframe()
        while frame.f_code is not guard.here.__code__:
            assert frame.f_back is not None
            frame = frame.f_back
        assert callable(handler)
        handler(signal.SIGALRM, frame)  # as where `here` runs again, and has yet to disarm it
        return x[:, 0]

    assert guard.here(ends, np.ones((1, 1)), {}, 60.0) == [1.0]
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0
    assert signal.getsignal(signal.SIGALRM) == before


def test_numbers_in_another_order_of_bytes_are_read_as_numbers() -> None:
    x = np.ones((2, 1))
    got = guard.checked(False, x, np.array([1.0, 2.0], ">f8"))
    assert got.dtype == "=f8"
    assert got.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(("places", "row"), [({13}, 14), ({19, 7}, 8), ({0}, 1), ({0, 1}, None)])
def test_the_row_that_raises_is_told(places: set[int], row: int | None) -> None:
    x = cases.case("logsumexp", "float64", "normal", 1, 20, 0).x

    def careful(rows: np.ndarray) -> np.ndarray:
        if {*x[list(places), 0]} & {*rows[:, 0]}:
            raise ValueError("bad")
        return np.zeros_like(rows[:, 0])

    (found, *_) = audit(careful, chosen="normal", dtype="float64", rows=20)
    head, _, told = found["error"].partition("; row ")
    assert head == "raised ValueError: bad"
    if row is None:
        assert not told
    else:
        assert told.startswith(f"{row} of 20 does so alone: import numpy as np; function = ")
        assert x[row - 1, 0].hex() in told


def test_what_only_several_rows_raise_is_told_without_one() -> None:
    def several(x: np.ndarray) -> np.ndarray:
        if len(x) > 15:
            raise ValueError("too many")
        return np.zeros_like(x[:, 0])

    (found, *_) = audit(several, chosen="normal", dtype="float64", rows=20)
    assert found["error"] == "raised ValueError: too many"


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
