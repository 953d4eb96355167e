"""One cell of the audit: one implementation on the rows of one family, scored; one plain row."""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from lsetheory.audit import cases, formats, guard, implementations, special
from lsetheory.audit import search as worse
from lsetheory.audit.cases import Case
from lsetheory.audit.implementations import _own
from lsetheory.audit.reference.judge import judge
from lsetheory.audit.score import NAN, OVERFLOW, UNDERFLOW, Scores, counts, scored, verdict
from lsetheory.audit.subject import Subject, named
from lsetheory.audit.witness import shown, witness

Array = np.ndarray[Any, Any]
Row = dict[str, Any]

SPECIAL = "special"
FAILED = "failed"

#: Longest row of which mpmath is asked where it is the one shown, at 25 to 150 µs a term; and how
#: many terms of rows drawn at random it is asked of besides, in each cell.
JUDGED, SAMPLED = 10_000, 40

#: Keys of a row, in the order in which they are written.
KEYS = (
    "implementation", "version", "operation", "dtype", "device", "family", "n", "rows", "seed",
    "max_ulp", "p99_ulp", "mean_ulp", "ulp_0", "ulp_1", "ulp_2", "ulp_more", "max_rho",
    "max_kappa", "bound_ratio", "overflow", "underflow", "nan", "verdict", "error", "steps",
    "judged", "witness",
)  # fmt: skip


def cell(
    implementation: str,
    operation: str,
    dtype: str,
    device: str,
    family: str,
    n: int,
    rows: int,
    seed: int,
    gate: float,
    gate_ulp: float | None,
    limit: float,
    search: float,
    steps: int,
    source: str,
    own: str | None = None,
    content: str | None = None,
    hardware: str | None = None,
) -> Row:
    """Audit one implementation on one case.

    Args:
        implementation, operation, dtype, device, family, n: the cell.
        rows: how many rows.
        seed: of the rows.
        gate: stability index above which it is `unstable`; gate_ulp: the same for ulp.
        limit: seconds a call may take.
        search, steps: seconds and steps at most of the worst-case search; 0 for none.
        source: hash of listed code behind the cell; part of the unit's identity alone.
        own: `fingerprint` of the user's own code; None of other code.
        content: of the file behind the family, as `cases.content` has it.
        hardware: what the implementation runs on, as `Implementation.hardware` has it.

    Returns:
        A row with `KEYS`: identity of the cell, errors in ulp against the exact result, how many
        results are 0, 1, 2 and more ulp from the correctly rounded one, stability index,
        condition number, ratio to the published bound, wrong non-finite results, verdict. A
        condition number is infinite where the result is 0: --json spells that "inf". What has no
        number, as the error of a NaN, is None.

    Raises:
        InputError: code, file or hardware are not those that were planned.
    """
    _own.unchanged(implementation, own)
    implementations.get(implementation, operation).planned_for(device, hardware)
    subject = named(implementation, operation, device, limit)
    version = implementations.get(implementation, operation).version
    cell = operation, dtype, family, n, rows, seed, content
    given = cases.case(*cell) if family != SPECIAL else None
    head = {
        "implementation": implementation, "version": version, "operation": operation,
        "dtype": dtype, "device": device, "family": family, "n": n, "seed": seed,
        "rows": len(given.x) if given else rows,
    }  # fmt: skip
    if search and given and given.layout == "contiguous" and given.integer is None:
        made = row(head, lambda: searched(subject, given, (gate, gate_ulp), seed, steps, search))
    else:
        made = row(head, lambda: measurements(subject, dtype, given, gate, gate_ulp))
    _own.unchanged(implementation, own)  # some calls may have been of the other
    return made


def row(head: Row, measure: Callable[[], Row]) -> Row:
    """A row of its identity and what a measurement gives, or why it gives nothing."""
    head = {**head, "steps": 0, "judged": 0}
    try:
        return head | measure()
    except guard.Failed as failed:
        return head | failure(str(failed))


def measurements(
    subject: Subject, dtype: str, case: Case | None, gate: float, gate_ulp: float | None
) -> Row:
    """The measured part of a row; no case means the table of special values.

    Raises:
        guard.Failed: the implementation gave nothing that can be scored.
    """
    if case is None:
        return special.row(subject, dtype)
    return audited(subject, case, gate, gate_ulp)


def audited(subject: Subject, case: Case, gate: float, gate_ulp: float | None) -> Row:
    """The measured part of a row: call, score, verdict, witness.

    Raises:
        guard.Failed: the implementation gave nothing that can be scored.
    """
    got = subject(case.handed_over, case.layout, case.parameters)
    return measured(subject, case, got, gate, gate_ulp)


def searched(
    subject: Subject,
    case: Case,
    gates: tuple[float, float | None],
    seed: int,
    steps: int,
    seconds: float,
) -> Row:
    """The measured part of a row, the worst row that a search reached among its rows.

    Raises:
        guard.Failed: the implementation gave nothing that can be scored.
    """
    got = subject(case.x, case.layout, case.parameters)
    case, got, taken = worse.extended(subject, case, got, gates[0], seed, steps, seconds)
    return measured(subject, case, got, *gates) | {"steps": taken}


def measured(subject: Subject, case: Case, got: Array, gate: float, gate_ulp: float | None) -> Row:
    """The same for results at hand."""
    case = fitting(subject, case, got)
    scores = scored(case, got, gate, subject.algorithm)
    row = measures(scores) | counts(got, case.certified, formats.of(got.dtype))
    word = verdict(scores.wrong, row["max_rho"], row["max_ulp"], gate, gate_ulp)
    found = shown(subject, case, got, scores, gate)
    return row | {
        "verdict": word, "error": None, "judged": judged(case, got, found[0][0] if found else None),
        "witness": witness(subject, case, got, scores, found) if found else None,
    }  # fmt: skip


def judged(case: Case, got: Array, worst: int | None) -> int:
    """Have mpmath confirm the certified results of the worst row and of a few others.

    Args:
        case, got: rows and results, which decide what others.
        worst: the row that is shown; None where there is none.

    Returns:
        How many results were confirmed; none of a row longer than `JUDGED`, nor of one that the
        table of special values decides.

    Raises:
        Disagreement: one was not; the auditor itself is wrong then, and the run stops.
    """
    rows, given = cases.plain_rows(case.operation, case.x, case.parameters)
    chosen = {worst} if worst is not None and rows.shape[1] <= JUDGED else set()
    return judge(
        case.operation, rows, case.certified, sorted(chosen | sample(case.x, got)), **given
    )


def sample(x: Array, got: Array) -> set[int]:
    """Rows of up to `SAMPLED` terms in all, others for other results: drawn by their bytes."""
    few = min(len(x), SAMPLED // max(x.shape[1], 1))
    rng = np.random.default_rng([zlib.crc32(x.tobytes()), zlib.crc32(got.tobytes())])
    return set(rng.choice(len(x), few, replace=False).tolist()) if few else set()


def fitting(subject: Subject, case: Case, got: Array) -> Case:
    """The case in the format of the results, which for integer rows is the library's choice."""
    if got.dtype == case.x.dtype:
        return case
    x = case.x.astype(got.dtype)
    return cases.build(subject.operation.name, x, case.parameters, case.layout, case.integer)


def measures(scores: Scores) -> Row:
    """Largest, 99th percentile and mean of the measures; None where there is nothing finite."""
    size = np.abs(scores.error[np.isfinite(scores.error)])
    return {
        "max_ulp": _top(scores.error),
        "p99_ulp": float(np.quantile(size, 0.99)) if size.size else 0.0,
        "mean_ulp": float(size.mean()) if size.size else 0.0,
        "max_rho": _top(scores.rho),
        "max_kappa": _top(scores.kappa),
        "bound_ratio": None if scores.ratio is None else _top(scores.ratio),
        "overflow": int((scores.wrong == OVERFLOW).sum()),
        "underflow": int((scores.wrong == UNDERFLOW).sum()),
        "nan": int((scores.wrong == NAN).sum()),
    }


def _top(values: Array) -> float:
    known = np.abs(values[~np.isnan(values)])
    return float(known.max()) if known.size else 0.0


def failure(error: str) -> Row:
    """The measured part of a row whose implementation gave nothing that can be scored."""
    empty = dict.fromkeys((
        "max_ulp", "p99_ulp", "mean_ulp", "max_rho", "max_kappa", "bound_ratio", "overflow",
        "underflow", "nan", "ulp_0", "ulp_1", "ulp_2", "ulp_more",
    ))  # fmt: skip
    return empty | {"verdict": FAILED, "error": error, "witness": None}
