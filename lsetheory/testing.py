"""For other people's test suites: is my log-sum-exp accurate? With a witness ready to paste.

from lsetheory.testing import assert_accurate, inputs

assert_accurate(my_logsumexp, operation="logsumexp", dtype="float32", max_rho=4)

@given(inputs("near_zero_dominant", dtype="float64"))
def test_mine(x): ...
"""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np

from lsetheory.audit import cases, cell, families, formats, guard, operations, special, subject
from lsetheory.audit.families import Family
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
    chosen: Iterable[str]
    rows: int
    seed: int
    limit: float


def assert_accurate(
    function: Callable[..., Any],
    operation: str = "logsumexp",
    dtype: str = "float32",
    **options: Unpack[Options],
) -> None:
    """Audit a function on every family of inputs and on the special values.

    Args:
        function: takes a numpy array of shape (rows, n) in the format, and the operation's
            keywords (r, weights, cotangent) if it has any; gives the result over the last axis.
        operation: what it claims to compute: logsumexp, softmax, log_softmax, logaddexp, ...
        dtype: float16, bfloat16 (of ml_dtypes), float32 or float64.
        **options: those of `audit`, the gates max_rho and max_ulp first.

    Raises:
        AssertionError: a result is wrong; the message shows what, where, and how to see it again.
        InputError: an unknown operation, dtype or family.
    """
    for row in audit(function, operation, dtype, **options):
        if row["verdict"] in (*FINDINGS, cell.FAILED):
            raise AssertionError(explain(row))


def audit(
    function: Callable[..., Any],
    operation: str = "logsumexp",
    dtype: str = "float32",
    *,
    max_rho: float = GATE,
    max_ulp: float | None = None,
    chosen: Iterable[str] = (),
    rows: int = 100,
    seed: int = 0,
    limit: float = guard.LIMIT,
) -> Iterator[Row]:
    """The audit rows of a function, one a family and size, as `assert_accurate` judges them.

    Args:
        function, operation, dtype: as there.
        max_rho: largest stability index that passes.
        max_ulp: largest error in ulp that passes, whatever the conditioning; None: any.
        chosen: names of families, or special; none means all.
        rows: rows a family; long rows are fewer.
        seed: of the rows.
        limit: seconds a call may take.
    """
    choose([operation], tuple(operations.OPERATIONS), "operation")
    choose([dtype], tuple(formats.FORMATS), "dtype")
    thing = subject.function(function, operation, limit)
    for name in choose(chosen, [*families.names(), cell.SPECIAL], "family"):
        for n in _sizes(name, operation, dtype, rows):
            head = {"operation": operation, "dtype": dtype, "family": name, "n": n}
            try:
                yield head | _row(thing, dtype, name, n, rows, seed, (max_rho, max_ulp))
            except guard.Failed as failed:
                yield head | cell.failure(str(failed))


def _sizes(family: str, operation: str, dtype: str, rows: int) -> tuple[int, ...]:
    if family == cell.SPECIAL:
        return (0,)
    entry = families.get(family)
    if entry.needs or entry.integers:
        return ()
    return tuple(n for n in entry.sizes_for(operation, dtype) if cases.count(operation, rows, n))


def _row(
    thing: subject.Subject,
    dtype: str,
    family: str,
    n: int,
    rows: int,
    seed: int,
    gates: tuple[float, float | None],
) -> Row:
    if family == cell.SPECIAL:
        return special.row(thing, dtype)
    name = thing.operation.name
    case = cases.case(name, dtype, family, n, cases.count(name, rows, n), seed)
    return cell.audited(thing, case, *gates)


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
    return (
        f"{head}{part}\n  got       {witness['got']}\n  expected  {witness['expected']}{measured}"
        f"\n  repeat    {witness['code']}"
    )


def inputs(family: str, dtype: str = "float64", n: int | None = None) -> "SearchStrategy[Array]":
    """The rows of a family as a hypothesis strategy: arrays of shape (n,) in the format.

    A failing row shrinks to few terms and a small seed; to simpler terms it cannot, for they would
    be no rows of the family. The special values shrink towards plain numbers.

    Args:
        family: a name of `lsetheory list`, or special for rows with infinities, NaN and one entry.
        dtype: the format.
        n: terms; None: SHORTEST, or any of the family's own sizes up to LONGEST.

    Raises:
        InputError: an unknown family or dtype, or special values of more than three terms.
        MissingExtra: hypothesis is not installed.
    """
    strategies = optional("hypothesis.strategies", "test")
    choose([dtype], tuple(formats.FORMATS), "dtype")
    if family == cell.SPECIAL:
        if n not in (None, 1, 2, 3):
            raise InputError(f"special: expected n of 1, 2 or 3, got {n}; pass none for all")
        sizes = strategies.sampled_from([1, 2, 3] if n is None else [n])
        rows: SearchStrategy[Array] = sizes.flatmap(
            lambda size: strategies.sampled_from(_special(dtype, size))
        )
        return rows
    entry = families.get(family)
    own = {SHORTEST, *(size for size in entry.sizes if size <= LONGEST)}
    draw: SearchStrategy[Array] = strategies.builds(
        lambda size, seed: _one(entry, dtype, size, seed),
        strategies.sampled_from(sorted(own) if n is None else [n]),
        strategies.integers(0, 2**32 - 1),
    )
    return draw


def _special(dtype: str, n: int) -> list[Array]:
    fmt = formats.of(dtype)
    return [fmt.store(np.array(row)) for row in special.rows(n, fmt.largest)]


def _one(entry: Family, dtype: str, n: int, seed: int) -> Array:
    return np.asarray(entry.rows(cases.generator(seed, entry.name, n), dtype, 1, n)[0])
