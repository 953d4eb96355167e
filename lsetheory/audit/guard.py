"""Calls an implementation that nobody vouches for: it may raise, hang or answer nonsense.

Needs numpy alone, as it is also a part of the recorder that runs where this package is not.
"""

import signal
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
#: Seconds a call may take unless told otherwise.
LIMIT = 60.0
#: How it is said that a call took too long, or ended its process.
LATE, CRASHED = "took longer than", "crashed its process"
#: The formats a result may have.
FORMATS = ("float16", "bfloat16", "float32", "float64")


class Failed(Exception):
    """The implementation gave no result that can be scored; the message is one line."""


class Late(Failed):
    """It took too long, as it may again: whoever sees this had better not call it once more."""


class _Alarm(BaseException):
    """Time is up; no Exception, for code under audit that catches these would go on for ever."""


def here(
    function: Callable[..., Any], x: Array, parameters: Mapping[str, Any], limit: float
) -> Array:
    """Call a function in this process, stopped by an alarm where there is one.

    Raises:
        Late: it took longer than `limit` seconds.
        Failed: it raised, returned no array, or changed its input.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        return attempt(function, x, parameters)

    def late(_: int, frame: FrameType | None) -> None:
        # in this very frame the call is over, or not begun: raised there, it would leave the
        # timer running, or come out as another error
        if frame is None or frame.f_code is not here.__code__:
            raise _Alarm

    previous = signal.signal(signal.SIGALRM, late)
    try:
        # again and again: raised inside a callback of C, the first one may be lost
        signal.setitimer(signal.ITIMER_REAL, limit, max(limit, 1.0))
        return attempt(function, x, parameters)
    except _Alarm:
        raise Late(f"{LATE} {limit:g} s; stopped") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def attempt(function: Callable[..., Any], x: Array, parameters: Mapping[str, Any]) -> Array:
    """Call the function once; see that it returns and leaves its input alone.

    Keywords are handed over as copies; rows are as they come, for a copy would lose their layout.

    Raises:
        Failed: it raised, returned no array, or changed its input.
    """
    before, given = x.copy(), {key: _copy(value) for key, value in parameters.items()}
    try:
        with np.errstate(all="ignore"):
            got = as_array(function(x, **given))
    except Failed:
        raise
    except (Exception, SystemExit) as error:  # a KeyboardInterrupt may be the user's own Ctrl-C
        line = (str(error).strip() or "no message").splitlines()[0]
        raise Failed(f"raised {type(error).__name__}: {line[:200]}") from None
    if x.tobytes() != before.tobytes():
        raise Failed("changed its input in place; expected it untouched")
    for key, value in parameters.items():
        if isinstance(value, np.ndarray) and given[key].tobytes() != value.tobytes():
            raise Failed(f"changed its keyword {key} in place; expected it untouched")
    return got


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def as_array(result: Any) -> Array:
    """The result as a numpy array: a number, numpy's array or another library's.

    Raises:
        Failed: it is none, as None, a list or a tuple.
    """
    if isinstance(result, int | float) or hasattr(result, "__array__"):
        return np.asarray(result)
    raise Failed(f"returned {type(result).__name__}, expected an array")


def checked(rowwise: bool, x: Array, got: Array) -> Array:
    """The result if its shape and format are right: the input's, or any float for integer rows.

    Args:
        rowwise: whether there is a result for each term of a row, rather than one.
        x: the rows, (rows, n).
        got: what came out.

    Raises:
        Failed: they are not.
    """
    shape = x.shape if rowwise else x.shape[:1]
    if got.shape != shape:
        raise Failed(f"returned shape {got.shape}, expected {shape} for input {x.shape}")
    expected = FORMATS if x.dtype.kind in "iu" else (name_of(x.dtype),)
    if name_of(got.dtype) not in expected:
        raise Failed(f"returned dtype {name_of(got.dtype)}, expected {' or '.join(expected)}")
    return got if got.dtype.isnative else got.astype(got.dtype.newbyteorder("="))


def name_of(dtype: Any) -> str:
    """Name of a dtype; numpy knows bfloat16 as two bytes of another's kind."""
    return "bfloat16" if dtype.kind == "V" and dtype.itemsize == 2 else str(dtype.name)
