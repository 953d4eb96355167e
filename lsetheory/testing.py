"""For other people's test suites: is my log-sum-exp accurate? With a witness ready to paste.

from lsetheory.testing import assert_accurate, inputs

assert_accurate(my_logsumexp, operation="logsumexp", dtype="float32", max_rho=4)

@given(inputs("near_zero_dominant", dtype="float64"))
def test_mine(x): ...
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import DTypeLike

from lsetheory.audit import (
    cases,
    cell,
    checks,
    families,
    formats,
    guard,
    operations,
    special,
    subject,
)
from lsetheory.audit.score import FINDINGS, GATE
from lsetheory.catalogue import choose
from lsetheory.errors import InputError, optional

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Array = np.ndarray[Any, Any]
Row = dict[str, Any]
#: Terms of the rows that `inputs` gives: the fewest of every family, and the most.
SHORTEST, LONGEST = 4, 1000


class Options(TypedDict, total=False):
    """Keywords of `assert_accurate` and `audit`."""

    max_rho: float
    max_ulp: float | None
    chosen: str | Iterable[str]
    rows: int
    seed: int
    limit: float


def assert_accurate(
    function: Callable[..., Any],
    operation: str = "logsumexp",
    dtype: DTypeLike = "float32",
    **options: Unpack[Options],
) -> None:
    """Audit a function on the families of inputs and on the special values.

    Not every function takes integer rows, or the keywords weights and scale: the families
    integers, weights and scaled are audited where they are named in `chosen`, and else left out.

    Args:
        function: takes a numpy array of shape (rows, n) in the format, and the operation's
            keywords (r, weights, cotangent) if it has any; gives the result over the last axis.
        operation: what it claims to compute: logsumexp, softmax, log_softmax, logaddexp, ...
        dtype: float16, bfloat16 (of ml_dtypes), float32 or float64: a name or a dtype.
        **options: those of `audit`, the gates max_rho and max_ulp first.

    Raises:
        AssertionError: a result is wrong; the message shows what, where, and how to see it again.
        InputError: an unknown operation, dtype or family; a number out of range; nothing to call;
            nothing to audit, as where a named family has no rows for the operation, the dtype or so
            few rows.
    """
    for row in audit(function, operation, dtype, **options):
        if row["verdict"] in (*FINDINGS, cell.FAILED):
            raise AssertionError(explain(row))


def audit(
    function: Callable[..., Any],
    operation: str = "logsumexp",
    dtype: DTypeLike = "float32",
    *,
    max_rho: float = GATE,
    max_ulp: float | None = None,
    chosen: str | Iterable[str] = (),
    rows: int = 100,
    seed: int = 0,
    limit: float = guard.LIMIT,
) -> Iterator[Row]:
    """The audit rows of a function, one a family and size, as `assert_accurate` judges them.

    Args:
        function, operation, dtype: as there.
        max_rho: largest stability index that passes.
        max_ulp: largest error in ulp that passes, whatever the conditioning; None: any.
        chosen: names of families, or special; none means all but those that ask for more.
        rows: rows a family; long rows are fewer, and left out where even one is too long: of more
            than 100·rows terms, or than rows terms where there is a result a term.
        seed: of the rows.
        limit: seconds a call may take, 0.1 to 86400.

    Raises:
        InputError: as there.
    """
    if not callable(function):
        raise InputError(f"function: expected one to call, got {type(function).__name__}")
    name = _names([operation], operations.OPERATIONS, "operation")[0]
    fmt, thing = _format(dtype), subject.function(function, name, checks.limit(limit))
    gates = checks.gates(max_rho, max_ulp, ("max_rho", "max_ulp"))
    rows, seed = checks.whole("rows", rows), checks.whole("seed", seed, 0, math.inf)
    return _rows(thing, fmt, _cases(chosen, name, fmt, rows), rows, seed, gates)


def _names(names: str | Iterable[str], known: Collection[str], what: str) -> list[str]:
    return choose(_listed(names, what), known, what)


def _listed(names: str | Iterable[str], what: str) -> list[str]:
    if not isinstance(names, Iterable):
        raise InputError(f"{what}: expected a name, or several, got {checks.told(names)}")
    listed = [names] if isinstance(names, str) else list(names)
    for name in listed:
        if not isinstance(name, str):
            raise InputError(f"{what}: expected a name, got {checks.told(name)}")
    return listed


def _format(dtype: DTypeLike) -> str:
    if isinstance(dtype, str):
        return _names(dtype, formats.FORMATS, "dtype")[0]
    try:
        return formats.of(dtype if dtype is not None else object).name
    except TypeError:
        known = ", ".join(formats.FORMATS)
        raise InputError(f"dtype: expected one of {known}, got {dtype!r}") from None


def _cases(
    chosen: str | Iterable[str], operation: str, dtype: str, rows: int
) -> list[tuple[str, int]]:
    """(family, n) of all that is to be audited; the special values alone only where asked for."""
    known = [*families.names(), cell.SPECIAL]
    plain = [name for name in known if name == cell.SPECIAL or not _asks_for_more(name)]
    named = _listed(chosen, "family")
    sizes = {
        name: _sizes(name, operation, dtype, rows)
        for name in choose(named or plain, known, "family")
    }
    without = [name for name in sizes if not sizes[name]]
    if without and (named or not any(sizes[name] for name in sizes if name != cell.SPECIAL)):
        raise InputError(_nothing(without[0], operation, dtype, rows))
    return [(name, n) for name in sizes for n in sizes[name]]


def _asks_for_more(family: str) -> bool:
    entry = families.get(family)
    return entry.integers or entry.needs is not None


def _sizes(family: str, operation: str, dtype: str, rows: int) -> list[int]:
    if family == cell.SPECIAL:
        return [0] if any(special.judged(operations.OPERATIONS[operation], dtype)) else []
    sizes = families.get(family).sizes_for(operation, dtype)
    return [n for n in sizes if cases.count(operation, rows, n)]


def _nothing(family: str, operation: str, dtype: str, rows: int) -> str:
    """Why a family has no rows to audit."""
    if family == cell.SPECIAL:
        return f"{family}: expected another family, as no answers are agreed on for {operation}"
    entry = families.get(family)
    if dtype not in entry.dtypes:
        return f"{family}: expected dtype {' or '.join(entry.dtypes)}, got {dtype}"
    sizes = entry.sizes_for(operation, dtype)
    if not sizes:
        return f"{family}: expected {' or '.join(entry.operations or ())}, got {operation}"
    least = next(i for i in count(rows) if cases.count(operation, i, min(sizes)))
    return f"{family}: expected rows={least} or more for rows of {min(sizes)} terms, got {rows}"


def _rows(
    thing: subject.Subject,
    dtype: str,
    wanted: list[tuple[str, int]],
    rows: int,
    seed: int,
    gates: tuple[float, float | None],
) -> Iterator[Row]:
    operation = thing.operation.name
    for name, n in wanted:
        head = {"operation": operation, "dtype": dtype, "family": name, "n": n}
        many = cases.count(operation, rows, n)
        ordinary = name != cell.SPECIAL
        case = cases.case(operation, dtype, name, n, many, seed) if ordinary else None
        try:
            yield head | cell.measurements(thing, dtype, case, *gates)
        except guard.Failed as failed:
            yield head | cell.failure(str(failed))


def explain(row: Row) -> str:
    """What a failing row says, in lines: verdict, numbers, and the code that shows it."""
    head = f"{row['operation']} in {row['dtype']}, family {row['family']}: {row['verdict']}"
    witness = row["witness"]
    if witness is None:
        return f"{head}, {row['error']}"
    part = "" if witness["index"] is None else f" in component {witness['index']}"
    finite = witness["rho"] is not None and math.isfinite(witness["rho"])
    measured = "" if not finite else (
        f"\n  error     {witness['ulp']:.6g} ulp, stability index {witness['rho']:.4g}, "
        f"condition number {witness['kappa']:.4g}"
    )  # fmt: skip
    apart = "" if witness["alone"] is not False else (
        f"\n  but the row alone does not show it: it takes the other rows, or their layout "
        f"({families.get(row['family']).layout})"
    )  # fmt: skip
    return (
        f"{head}{part}\n  got       {witness['got']}\n  expected  {witness['expected']}{measured}"
        f"\n  repeat    {witness['code']}{apart}"
    )


def inputs(
    family: str, dtype: DTypeLike = "float64", n: int | None = None
) -> "SearchStrategy[Array]":
    """The rows of a family as a hypothesis strategy: arrays of shape (n,) in the format.

    A failing row shrinks to few terms and a small seed; to simpler terms it cannot, for they would
    be no rows of the family. The special values shrink towards plain numbers. The report of a
    failure has the row as numpy shows it, and a note of at most LONGEST terms with every digit.

    Args:
        family: a name of `lsetheory list`, or special for rows with infinities, NaN and one entry.
        dtype: the format.
        n: terms; None: SHORTEST, or any of the family's own sizes up to LONGEST.

    Raises:
        InputError: an unknown family or dtype, a dtype that is not the family's, fewer terms than
            it has, or special values of more than three terms.
        MissingExtra: hypothesis is not installed.
    """
    hypothesis, fmt = optional("hypothesis", "test"), _format(dtype)
    (family,) = _names([family], [*families.names(), cell.SPECIAL], "family")
    strategies = hypothesis.strategies
    sizes = _special_sizes(n) if family == cell.SPECIAL else _family_sizes(family, fmt, n)

    def row(draw: Callable[[Any], Any]) -> Array:
        size = draw(strategies.sampled_from(sizes))
        if family == cell.SPECIAL:
            x: Array = draw(strategies.sampled_from(_special(fmt, size)))
        else:
            x = _one(family, fmt, size, draw(strategies.integers(0, 2**32 - 1)))
        if size <= LONGEST:
            hypothesis.note(f"{family}: {_text(x)}")
        return x

    # of a strategy that maps or builds, a report would show the calls in this file
    strategy: SearchStrategy[Array] = strategies.composite(row)()
    return strategy


def _special_sizes(n: int | None) -> list[int]:
    if n is not None and checks.whole("n", n) > 3:
        raise InputError(f"special: expected n of 1, 2 or 3, got {n}; pass none for all")
    return [1, 2, 3] if n is None else [int(n)]


def _family_sizes(family: str, dtype: str, n: int | None) -> list[int]:
    entry = families.get(family)
    if dtype not in entry.dtypes:
        raise InputError(f"{family}: expected dtype {' or '.join(entry.dtypes)}, got {dtype}")
    if n is None:
        return sorted({SHORTEST, *(size for size in entry.sizes if size <= LONGEST)})
    if checks.whole("n", n) < SHORTEST and not _has_rows(family, dtype, n):
        raise InputError(f"{family}: expected n of {SHORTEST} or more, got {n}")
    return [int(n)]


def _has_rows(family: str, dtype: str, n: int) -> bool:
    """Whether the family can be so short; some put a -inf before another term."""
    try:
        _one(family, dtype, n, 0)
    except (IndexError, ValueError):
        return False
    return True


def _special(dtype: str, n: int) -> list[Array]:
    fmt = formats.of(dtype)
    return [fmt.store(np.array(row)) for row in special.rows(n, fmt.largest)]


def _one(family: str, dtype: str, n: int, seed: int) -> Array:
    rows = families.get(family).rows(cases.generator(seed, family, n), dtype, 1, n)
    return np.asarray(rows[0])


def _text(x: Array) -> str:
    """Python that makes the row again, to the last bit: numpy's own text has eight digits."""
    terms = repr(x.astype(np.float64).tolist()).replace("inf", "np.inf").replace("nan", "np.nan")
    return f"np.array({terms}, dtype={x.dtype.name!r})"
