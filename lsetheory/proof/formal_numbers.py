"""Numbers as Rocq goals: each mutant's point refutes the mutant, proved by interval arithmetic.

Needs libcoq-interval (Melquiond's `interval` tactic) beside Rocq. A mutant whose statement is no
comparison of numbers at its point (a limit, a derivative) is left open here, and counted as such.
"""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from lsetheory.proof.claim import Mutant
from lsetheory.proof.formal import ABSENT, DEFINITIONS, Rejected, script, version
from lsetheory.proof.formal_statement import NotExpressible, free_variables, real_text, to_rocq
from lsetheory.proof.kernel.terms import Expr, Term, as_term
from lsetheory.proof.language import Implies
from lsetheory.proof.truth import truth

#: Seconds that one goal may take.
LIMIT = 1
#: Entries written out of a value that is given as a Python function.
TABULATED = 8
#: The tactic that refutes, told beside this file.
TACTIC = Path(__file__).with_name("formal_numbers.v")
NO_INTERVAL = "libcoq-interval is not installed; install it with  apt-get install libcoq-interval"

Row = dict[str, Any]
#: By claim and number of the mutant: a statement, and values at which it fails.
Goals = Mapping[tuple[str, int], tuple[str, list[str]]]


def check(mutants: Mapping[str, Sequence[Mutant]]) -> list[Row]:
    """Refute the claims' mutants at their points, by interval arithmetic in Rocq.

    Returns:
        One row a claim: name; mutants, how many it has; refuted, how many of them Rocq's kernel
        refuted; open, the words of the others; beyond, how many of the open ones are not tried,
        since a limit or the like takes part; detail, None or why nothing could be checked.
    """
    if version() is None:
        return [_row(name, each, (), (), ABSENT) for name, each in mutants.items()]
    goals = {(name, k): goal for name, each in mutants.items() for k, mutant in enumerate(each)
             if (goal := refutation(mutant)) is not None}  # fmt: skip
    refuted, detail = _refuted(goals)
    numbers = {name: range(len(each)) for name, each in mutants.items()}
    return [_row(name, each, [k for k in numbers[name] if (name, k) in refuted],
                 [k for k in numbers[name] if (name, k) not in goals], detail)
            for name, each in mutants.items()]  # fmt: skip


def beside(rows: Iterable[Mapping[str, Any]], mutants: Mapping[str, Sequence[Mutant]]) -> list[Row]:
    """The ledger's rows, each with its row of `check` as `formal_numbers`."""
    said = {row["name"]: row for row in check(mutants)}
    return [{**row, "formal_numbers": said[row["name"]]} for row in rows]


def summary(rows: Iterable[Mapping[str, Any]]) -> str:
    """One line on what `beside` added."""
    said = [row["formal_numbers"] for row in rows]
    detail = next((row["detail"] for row in said if row["detail"]), None)
    if detail is not None:
        return f"numbers in Rocq: not checked: {detail}"
    refuted, total, beyond = (sum(r[key] for r in said) for key in ("refuted", "mutants", "beyond"))
    return (f"numbers in Rocq: {refuted} of {total} false variants refuted at their points by "
            f"interval arithmetic; {beyond} with limits or derivatives are not tried")  # fmt: skip


def _refuted(goals: Goals) -> tuple[set[tuple[str, int]], str | None]:
    """The goals that Rocq refutes, and why it could not try."""
    with tempfile.TemporaryDirectory(prefix="lsetheory-rocq-") as place:
        try:
            done = script("Numbers.v", _lines(goals), Path(place))
        except Rejected as reason:
            return set(), str(reason)
    said = " ".join(done.stderr.split())[:500]
    if done.returncode:
        return set(), NO_INTERVAL if "Interval" in said else said
    found = re.findall(r"^@@(\w+) (\d+)$", done.stdout, re.MULTILINE)
    return {(name, int(k)) for name, k in found}, None


def refutation(mutant: Mutant) -> tuple[str, list[str]] | None:
    """A consequence of the mutant, hypotheses → false part, in Rocq, and the values it fails at.

    The values stand in the order in which it quantifies. None where no part is found false, the
    statement or a value cannot be written, a variable has no value, or a limit or a derivative
    takes part.
    """
    try:
        part = next(f for f in mutant.claim.parts.values() if truth(f, mutant.at) is False)
        statement = Implies(*mutant.claim.given, part)
        values = {name: (mutant.at[name], kind) for name, kind, _ in free_variables(statement)}
        if _beyond_numbers(statement):
            return None
        return to_rocq(statement), [_value(*value) for value in values.values()]
    except (StopIteration, NotExpressible, KeyError):
        return None


def _beyond_numbers(node: Any) -> bool:
    """Whether a limit or a derivative occurs, or a quantifier over real numbers."""
    if not isinstance(node, Expr):
        return False
    real = node.op in ("forall", "exists") and node.args[0] == "real"
    return real or node.op in ("deriv", "tends") or any(map(_beyond_numbers, node.args))


def _row(
    name: str, mutants: Sequence[Mutant], refuted: Sequence[int], beyond: Sequence[int],
    detail: str | None,
) -> Row:  # fmt: skip
    return {
        "name": name,
        "mutants": len(mutants),
        "refuted": len(refuted),
        "open": [mutant.words for k, mutant in enumerate(mutants) if k not in refuted],
        "beyond": len(beyond),
        "detail": detail,
    }


def _lines(goals: Goals) -> list[str]:
    # `abstract` hands each proof to the kernel, whatever becomes of the goal around it
    return [
        "From Coq Require Import Reals Lra Lia.",
        "From Interval Require Import Tactic.",
        "Open Scope R_scope.",
        *DEFINITIONS.values(),
        TACTIC.read_text("utf-8"),
        *(
            f"Goal True. try (assert (~ ({statement})) by abstract (let H := fresh in intro H; "
            f"timeout {LIMIT} (fails_at {_applied('H', values)})); "
            f'idtac "@@{name} {k}"). Abort.'
            for (name, k), (statement, values) in goals.items()
        ),
    ]


def _applied(name: str, values: Sequence[str]) -> str:
    return f"({name} {' '.join(values)})" if values else name


def _value(value: Any, kind: str) -> str:
    """An int, a Fraction, a closed term, a tuple or a function of them, as Rocq's argument."""
    if callable(value):
        value = tuple(value(i) for i in range(TABULATED))
    if isinstance(value, tuple | list):
        cases = " ".join(f"| {i} => {_value(item, kind)}" for i, item in enumerate(value))
        rest = _value(value[-1], kind) if value else "0"
        return f"(fun i : nat => match i with {cases} | _ => {rest} end)"
    if kind in ("nat", "map"):
        return f"{value}%nat"
    return f"({real_text(value if isinstance(value, Term) else as_term(Fraction(value)))})"
