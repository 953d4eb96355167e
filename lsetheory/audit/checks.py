"""What a user gives, checked once for the command line and for Python: numbers, and JSON."""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.errors import InputError

#: Rows, or terms of one: more is a slip, and much more numpy cannot even be asked for.
MOST = 10**9
#: Seconds a call may take: below, a slow machine decides; above, there is no limit.
LIMITS = 0.1, 86400.0


def whole(what: str, number: Any, least: int = 1, most: float = MOST) -> int:
    """A whole number between two.

    Raises:
        InputError: it is none.
    """
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
        raise InputError(f"{what}: expected a whole number of {least} or more, got {told(number)}")
    if number > most:
        raise InputError(f"{what}: expected {most:,} at most, got {told(number)}; take fewer")
    return int(number)


def real(what: str, number: Any, least: float = 0.0, most: float = math.inf) -> float:
    """A number between two; a NaN is not, and as a gate it would let everything pass.

    Raises:
        InputError: it is none.
    """
    value = math.nan
    if isinstance(number, int | float | np.integer | np.floating) and not isinstance(number, bool):
        with suppress(OverflowError):
            value = float(number)
    if not least <= value <= most:
        upper = "or more" if most == math.inf else f"to {most:g}"
        raise InputError(f"{what}: expected a number of {least:g} {upper}, got {told(number)}")
    return value


def gates(
    rho: Any, ulp: Any, names: tuple[str, str] = ("gate", "gate_ulp")
) -> tuple[float, float | None]:
    """The gates of a stability index and, unless it is None, of an error in ulp.

    Raises:
        InputError: one is no number of 0 or more.
    """
    return real(names[0], rho), None if ulp is None else real(names[1], ulp)


def limit(seconds: Any) -> float:
    """Seconds that a call may take.

    Raises:
        InputError: no number, or one beyond `LIMITS`.
    """
    return real("limit", seconds, *LIMITS)


def content(path: Path, what: str) -> Any:
    """What a file of JSON holds.

    Raises:
        InputError: it cannot be read, is no JSON, or is nested too deeply.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: expected {what}, got {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: expected {what}, got no JSON: {error}") from None


def told(value: Any) -> str:
    """A value in a short line: a list may have no bottom, and Python prints no huge integer."""
    if isinstance(value, int) and abs(value) > 10**99:
        return "one of more than 99 digits"
    plain = value is None or isinstance(value, str | int | float | np.number)
    return repr(value)[:100] if plain else type(value).__name__
