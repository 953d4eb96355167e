"""The check that runs the rules of written proofs again, from nothing else.

Run as `python -m lsetheory.proof.kernel.replay IN OUT`: a fresh process that has never seen the
theorem files reads proofs and claims, replays them, and writes what it found. No text is evaluated:
terms are rebuilt node by node, rules are looked up in the closed list by name.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsetheory.proof.kernel.rules import RULES
from lsetheory.proof.kernel.terms import Expr, Formula, IllFormed
from lsetheory.proof.kernel.theorem import Refused, Theorem
from lsetheory.proof.kernel.written import (
    Proof,
    Table,
    argument,
    formula_from_json,
    pick,
    read_table,
)

MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


class Failed(Exception):
    """A step that does not hold: its number and why."""


def replay(proof: Proof, proved: Mapping[str, Formula]) -> tuple[Theorem, set[str]]:
    """Run the steps again; a lemma counts only if it is in `proved`.

    Returns:
        The last theorem, and the names of the rules and lemmas it rests on.

    Raises:
        Failed: a step is malformed, refused, or concludes something other than it says.
    """
    done: list[Theorem] = []
    rests_on = set[str]()
    try:
        nodes = read_table(proof["terms"])
        steps = list(proof["steps"])
    except MALFORMED as error:
        raise Failed(f"the table of terms: {error}") from None
    for number, step in enumerate(steps):
        try:
            done.append(_step(step, nodes, done, proved, rests_on))
        except MALFORMED as error:
            named = step.get("rule") if isinstance(step, dict) else step
            raise Failed(f"step {number} ({named}): {error}") from None
    if not done:
        raise Failed("a proof without steps")
    return done[-1], rests_on


def _step(
    step: Any, nodes: list[Expr], done: list[Theorem], proved: Mapping[str, Formula], used: set[str]
) -> Theorem:
    name = step["rule"]
    args = [argument(a, nodes, done) for a in step["args"]]
    if name == "lemma" and proved.get(args[0]) is not args[1]:
        raise Refused(f"expected a theorem {args[0]} that is proved and says {args[1]!r}")
    th = RULES[name](*args)
    claimed = pick(nodes, step["conclusion"])
    if th.conclusion is not claimed:
        raise Refused(f"the rule gives {th.conclusion!r}, the proof says {claimed!r}")
    if th.hypotheses != frozenset(pick(nodes, h) for h in step["hypotheses"]):
        raise Refused(f"the rule assumes {sorted(map(repr, th.hypotheses))}, the proof says less")
    used.add(f"theorem {args[0]}" if name == "lemma" else name)
    return th


def check(proofs: Mapping[str, Proof], claims: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Replay proofs against claims, lemmas first.

    Returns:
        Rows {name, status, steps, rests_on}; status is "proved" or the reason it is not.
    """
    proved: dict[str, Formula] = {}
    rows = {}
    for name in _lemmas_first(proofs):
        rows[name] = _checked(name, proofs[name], claims.get(name, []), proved)
    return [rows[name] for name in proofs]


def _checked(name: str, proof: Proof, claim: Table, proved: dict[str, Formula]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "status": "proved", "steps": 0, "rests_on": []}
    try:
        row["steps"] = len(proof["steps"])
        statement = formula_from_json(claim)
        th, used = replay(proof, proved)
        row["rests_on"] = sorted(used)
        if th.hypotheses:
            raise Failed(f"hypotheses left over: {', '.join(sorted(map(repr, th.hypotheses)))}")
        if th.conclusion is not statement:
            raise Failed(f"proved {th.conclusion!r}, claimed {statement!r}")
        proved[name] = th.conclusion
    except (Failed, IllFormed, *MALFORMED) as error:
        row["status"] = f"not proved: {error}"
    return row


def cited(proof: Any) -> list[str]:
    """The names of the lemmas that a proof cites; none where it is no proof."""
    try:
        return [str(s["args"][0]) for s in proof["steps"] if s["rule"] == "lemma"]
    except MALFORMED:
        return []


def _lemmas_first(proofs: Mapping[str, Proof]) -> list[str]:
    """The names, each after the lemmas it cites; a circle keeps its order and fails in replay."""
    order: list[str] = []
    open_ = set[str]()

    def visit(name: str) -> None:
        if name in order or name in open_ or name not in proofs:
            return
        open_.add(name)
        for lemma in cited(proofs[name]):
            visit(lemma)
        order.append(name)

    for name in proofs:
        visit(name)
    return order


def main(arguments: list[str]) -> None:
    """Replay the file named first, write rows to the file named second."""
    bundle = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    rows = check(bundle["proofs"], bundle["claims"])
    Path(arguments[1]).write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
