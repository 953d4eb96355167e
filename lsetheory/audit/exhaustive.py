"""The exhaustive sweep: implementations of logaddexp against every pair of `audit.pairs`.

A sweep is a list of units over ranges of pairs, so it goes on where it was stopped. A unit
certifies each block of pairs once and holds several implementations against it.
"""

import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np

from lsetheory import work
from lsetheory.audit import cases, cell, formats, guard, implementations, pairs, process
from lsetheory.audit.implementations import _own
from lsetheory.audit.operations import OPERATIONS
from lsetheory.audit.pairs import Answers
from lsetheory.audit.score import GATE, counts, score
from lsetheory.audit.subject import Subject, named
from lsetheory.catalogue import choose
from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]
Row = dict[str, Any]

#: Pairs of a unit, of a row, and of a call.
UNIT, STRETCH, BLOCK = 2**26, 2**20, 2**16
#: Largest errors, in ulp, that one row may stand for: no figure shows so small a difference.
NEAR = 1e-3


def plan(
    operation: str, dtypes: Iterable[str], names: Iterable[str], device: str = "cpu"
) -> list[work.Unit]:
    """The units of a sweep, in order of format and pair.

    Args:
        operation: logaddexp.
        dtypes: none means float32.
        names: implementations; none means all that are installed. Those without a format are left
            out there.
        device: cpu or cuda.

    Raises:
        InputError: another operation than logaddexp, a format too large, an unknown name, code of
            the user's own that cannot be imported, or none that runs here and takes the format.
    """
    if operation != "logaddexp":
        raise InputError(
            f"--exhaustive: expected logaddexp, got {operation!r}: no other is finite enough"
        )
    kinds = choose(dtypes or ["float32"], pairs.DTYPES, "dtype of an exhaustive sweep")
    chosen = _chosen(list(names), device)
    units = [
        unit(takers, kind, start, min(start + UNIT, pairs.count(kind)), device)
        for kind in kinds
        if (takers := [n for n in chosen if kind in implementations.get(n, operation).dtypes])
        for start in range(0, pairs.count(kind), UNIT)
    ]
    if not units:
        raise InputError(
            f"--exhaustive: expected an implementation that takes {' or '.join(kinds)} "
            f"on {device}, got {', '.join(chosen) or 'none'}"
        )
    return units


def _chosen(names: list[str], device: str) -> list[str]:
    listed = [n for n in implementations.names() if implementations.computing(n, "logaddexp")]
    choose([n for n in names if not _own.is_path(n)], listed, "implementation of logaddexp")
    for name in filter(_own.is_path, names):
        process.check(name, "logaddexp", guard.LIMIT)
    wanted = names or [n for n in implementations.installed(device) if n in listed]
    for missing in (implementations.get(name, "logaddexp").missing(device) for name in wanted):
        if missing is not None:
            raise InputError(missing)
    return list(dict.fromkeys(wanted))


def unit(names: Sequence[str], dtype: str, start: int, stop: int, device: str = "cpu") -> work.Unit:
    """The pairs from `start` up to `stop`."""
    arguments = {
        "names": list(names), "dtype": dtype, "start": start, "stop": stop, "device": device,
        "sources": [_own.fingerprint(name) if _own.is_path(name) else None for name in names],
        "hardware": [implementations.get(name, "logaddexp").hardware(device) for name in names],
    }  # fmt: skip
    return work.Unit("lsetheory.audit.exhaustive:sweep", arguments, _listed())


@cache
def _listed() -> tuple[str, ...]:
    """The modules of the entries, which are found by listing; a kept result depends on them."""
    found = pkgutil.iter_modules(implementations.__path__, f"{implementations.__name__}.")
    return tuple(info.name for info in found if "triton" not in info.name)


def sweep(
    names: Sequence[str], dtype: str, start: int, stop: int, device: str = "cpu",
    sources: Sequence[str | None] = (), hardware: Sequence[str | None] = (),
) -> list[Row]:  # fmt: skip
    """One unit: the pairs from `start` up to `stop`.

    Args:
        names, dtype, start, stop, device: which implementations on which pairs.
        sources: of each name, `fingerprint` of the user's own code, None of other code.
        hardware: of each name, as `Implementation.hardware` has it.

    Returns:
        One row for each implementation and `STRETCH` of pairs: implementation, dtype, device,
        start, pairs, wrong (beyond measure, as in an audit), ulp_0, ulp_1, ulp_2, ulp_more
        (distance of the others from the correctly rounded result), escalated, max_ulp (error of the
        finite ones against the exact result), max_rho (of those that are not correctly rounded; of
        the others it is at most 1), the numbers at_ulp, at_rho and at_wrong of the pairs with these
        two and of the first wrong one, and error (of a call that gave nothing to score).

    Raises:
        InputError: code or hardware are not those that were planned.
    """
    for name, source in zip(names, sources, strict=False):
        _own.unchanged(name, source)
    for name, device_there in zip(names, hardware, strict=False):
        implementations.get(name, "logaddexp").planned_for(device, device_there)
    subjects = {name: named(name, "logaddexp", device) for name in names}
    rows = list[Row]()
    for low in range(start, stop, STRETCH):
        end = min(low + STRETCH, stop)
        totals = {
            name: {**dict(zip(IDENTITY, (name, dtype, device), strict=True)), "start": low}
            | nothing()
            for name in names
        }
        for block in range(low, end, BLOCK):
            x = pairs.numbered(dtype, block, min(block + BLOCK, end))
            answers = pairs.block(x)
            for name, subject in list(subjects.items()):
                _add(totals[name], scored(subject, x, answers, block))
                if totals[name]["error"] is not None:  # it may hang: not once more in this unit
                    del subjects[name]
        rows += totals.values()
    for name, source in zip(names, sources, strict=False):
        _own.unchanged(name, source)  # some calls may have been of the other
    return rows


def lasting(rows: Iterable[Row]) -> bool:
    """Whether the rows of a unit may be kept: where a call failed, another try may not."""
    return all(row["error"] is None for row in rows)


def crashed(unit: work.Unit) -> list[Row]:
    """The rows of a unit that ended its process, which does not tell whose call that was."""
    start, stop, names = (unit.arguments[key] for key in ("start", "stop", "names"))
    told = guard.CRASHED if len(names) == 1 else f"one of {', '.join(names)} {guard.CRASHED}"
    size = {"pairs": stop - start, "wrong": stop - start, "at_wrong": start, "error": told}
    identity = {key: unit.arguments[key] for key in ("dtype", "device")}
    return [{"implementation": name, **identity, "start": start, **nothing(), **size}
            for name in names]  # fmt: skip


COUNTS = ("pairs", "wrong", "ulp_0", "ulp_1", "ulp_2", "ulp_more", "escalated")
#: Key of a maximum -> key of the number of its pair.
TOPS = {"max_ulp": "at_ulp", "max_rho": "at_rho"}
PLACES = (*TOPS.values(), "at_wrong")
IDENTITY = ("implementation", "dtype", "device")
CELL = {"operation": "logaddexp", "family": "exhaustive"}


def nothing() -> Row:
    """What is known of no pairs."""
    return {
        **dict.fromkeys(COUNTS, 0), **dict.fromkeys(TOPS, 0.0), **dict.fromkeys((*PLACES, "error")),
    }  # fmt: skip


def _add(total: Row, row: Row) -> None:
    for key in COUNTS:
        total[key] += row[key]
    for top, at in TOPS.items():
        if row[at] is not None and (total[at] is None or row[top] > total[top]):
            total[top], total[at] = row[top], row[at]
    for key in ("at_wrong", "error"):
        total[key] = row[key] if total[key] is None else total[key]


def scored(subject: Subject, x: Array, answers: Answers, first: int) -> Row:
    """What a sweep knows of one implementation on one block, whose first pair has this number."""
    try:
        got = subject(x, "contiguous", {})
    except guard.Failed as failed:
        size = {"pairs": len(x), "wrong": len(x), "at_wrong": first}
        return nothing() | size | {"error": str(failed)}
    bits = np.dtype(f"i{x.dtype.itemsize}")
    (off,) = np.nonzero(np.ascontiguousarray(got).view(bits) != answers.value.view(bits))
    off = off[got[off] != answers.value[off]]  # -0 is as good as +0
    row = nothing() | {"pairs": len(x), "ulp_0": len(x) - len(off), "escalated": answers.escalated}
    row |= {"max_ulp": answers.residual, "at_ulp": first + answers.at}
    if off.size:
        _add(row, _misrounded(x[off], got[off], first + off))
    return row


def _misrounded(x: Array, got: Array, places: Array) -> Row:
    x = np.asfortranarray(x)  # sums over two terms of a row are five times faster so
    exact, fmt = pairs.certified(x), formats.of(x.dtype)
    scores = score(OPERATIONS["logaddexp"], x, got, exact, fmt)
    wrong, row = scores.wrong > 0, nothing()
    row |= counts(np.where(wrong, np.nan, got), exact, fmt) | {"wrong": int(wrong.sum())}
    for (top, at), sizes in zip(TOPS.items(), (np.abs(scores.error), scores.rho), strict=True):
        if np.isfinite(sizes).any():
            row |= {top: float(np.nanmax(sizes)), at: int(places[np.nanargmax(sizes)])}
    return row | {"at_wrong": int(places[wrong][0]) if wrong.any() else None}


def gather(
    results: Iterable[Iterable[Row]], gate: float = GATE, gate_ulp: float | None = None
) -> list[Row]:
    """One row an implementation, format and device, from its units.

    Args:
        results: what `sweep` returned, unit by unit.
        gate: stability index above which it is `unstable`; gate_ulp: the same for ulp.

    Returns:
        The rows of `sweep` added up, with operation and family (exhaustive), so that a baseline
        can name them, version, verdict, and a witness for the worst pair (the first wrong one, else
        the one with the largest ρ if that exceeds the gate, else the one with the largest error) as
        an audit gives it: that pair is called again, scored and judged by mpmath.
    """
    totals: dict[tuple[str, ...], Row] = {}
    for row in (row for rows in results for row in rows):
        key = tuple(row[name] for name in IDENTITY)
        total = totals.setdefault(key, dict(zip(IDENTITY, key, strict=True)) | CELL | nothing())
        _add(total, row)
    return [total | _worst(total, gate, gate_ulp) for total in totals.values()]


def folded(results: Iterable[Iterable[Row]]) -> list[Row]:
    """The rows of `sweep` by implementation and format, few enough to be kept in a file.

    Neighbouring stretches whose results are all correctly rounded are added up to one row as long
    as their largest errors lie within `NEAR` ulp of the first one's, so that no row hides another
    error behind its maximum. All others keep rows of their own.
    """
    rows = [row for rows in results for row in rows]
    kept, first = list[Row](), 0.0
    for row in sorted(rows, key=lambda r: [r[key] for key in (*IDENTITY, "start")]):
        # The first error, not the last: small steps in one direction would add up.
        if kept and _alike(kept[-1], row) and abs(row["max_ulp"] - first) <= NEAR:
            _add(kept[-1], row)
        else:
            kept.append({key: row[key] for key in (*IDENTITY, "start", *nothing())})
            first = row["max_ulp"]
    return kept


def _alike(*rows: Row) -> bool:
    same = len({tuple(row[name] for name in IDENTITY) for row in rows}) == 1
    return same and all(row["ulp_0"] == row["pairs"] for row in rows)


def _worst(total: Row, gate: float, gate_ulp: float | None) -> Row:
    name, dtype, device = (total[key] for key in IDENTITY)
    version = {"version": implementations.get(name, "logaddexp").version}
    if total["error"] is not None:
        return version | {"verdict": cell.FAILED, "witness": None}
    subject, places = named(name, "logaddexp", device), {total[at] for at in PLACES} - {None}
    try:
        again = [_again(subject, dtype, place) for place in sorted(places)]
        x, got = (np.concatenate(parts) for parts in zip(*again, strict=True))
        found = cell.measured(subject, cases.build("logaddexp", x, {}), got, gate, gate_ulp)
    except guard.Failed as failed:
        return version | {"verdict": cell.FAILED, "witness": None, "error": str(failed)}
    return version | {key: found[key] for key in ("verdict", "witness")}


def _again(subject: Subject, dtype: str, place: int) -> tuple[Array, Array]:
    """One pair and its result, called in its block: alone it may take another path."""
    first, at = place - place % BLOCK, [place % BLOCK]
    x = pairs.numbered(dtype, first, min(first + BLOCK, pairs.count(dtype)))
    return x[at], subject(x, "contiguous", {})[at]
