"""Numbers as Rocq goals: each mutant's point refutes the mutant, proved by interval arithmetic.

Needs libcoq-interval (Melquiond's `interval` tactic) beside Rocq. A mutant whose statement is no
comparison of numbers at its point (a limit, a derivative) is left open here, and counted as such.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from lsetheory.proof.claim import Mutant
from lsetheory.proof.formal import ABSENT, DEFINITIONS, script, version
from lsetheory.proof.formal_statement import NotExpressible, free_variables, real_text, to_rocq
from lsetheory.proof.terms import Term, as_term

#: Seconds that one goal may take.
LIMIT = 4
#: Entries written out of a value that is given as a Python function.
TABULATED = 8
#: The tactic that refutes, told beside this file.
TACTIC = Path(__file__).with_name("formal_numbers.v")
NO_INTERVAL = "libcoq-interval is not installed; install it with  apt-get install libcoq-interval"

Row = dict[str, Any]


def check(mutants: Mapping[str, Sequence[Mutant]]) -> list[Row]:
    """Refute the claims' mutants at their points, by interval arithmetic in Rocq.

    Returns:
        One row a claim: name; mutants, how many it has; refuted, how many of them Rocq's kernel
        refuted; open, the words of the others; detail, None or why nothing could be checked.
    """
    if version() is None:
        return [_row(name, each, (), ABSENT) for name, each in mutants.items()]
    goals = {(name, k): goal for name, each in mutants.items() for k, mutant in enumerate(each)
             if (goal := refutation(mutant)) is not None}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="lsetheory-rocq-") as place:
        done = script("Numbers.v", _lines(goals), Path(place))
    if "Interval" in done.stderr and done.returncode:
        return [_row(name, each, (), NO_INTERVAL) for name, each in mutants.items()]
    refuted = set(re.findall(r"^@@(\w+) (\d+)$", done.stdout, re.MULTILINE))
    return [_row(name, each, [k for k in range(len(each)) if (name, str(k)) in refuted],
                 " ".join(done.stderr.split())[:500] or None if done.returncode else None)
            for name, each in mutants.items()]  # fmt: skip


def refutation(mutant: Mutant) -> tuple[str, list[str]] | None:
    """The mutant's statement in Rocq and the values, in the order it quantifies over them.

    None where the statement or a value cannot be written, or a variable has no value.
    """
    try:
        text = to_rocq(mutant.claim.statement)
        variables = free_variables(mutant.claim.statement)
        return text, [_value(mutant.at[name], kind) for name, kind, _ in variables]
    except (NotExpressible, KeyError):
        return None


def _row(name: str, mutants: Sequence[Mutant], refuted: Sequence[int], detail: str | None) -> Row:
    return {
        "name": name,
        "mutants": len(mutants),
        "refuted": len(refuted),
        "open": [mutant.words for k, mutant in enumerate(mutants) if k not in refuted],
        "detail": detail,
    }


def _lines(goals: Mapping[tuple[str, int], tuple[str, list[str]]]) -> list[str]:
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
