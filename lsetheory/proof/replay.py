"""Proofs as plain JSON, and the check that runs their rules again from nothing else.

Run as `python -m lsetheory.proof.replay IN OUT`: a fresh process that has never seen the theorem
files reads proofs and claims, replays them, and writes what it found. No text is evaluated: terms
are rebuilt node by node, rules are looked up in the closed list by name.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from lsetheory.proof import rules_analysis, rules_real, rules_sum, tactics
from lsetheory.proof.kernel import RULES, Refused, Theorem
from lsetheory.proof.terms import Expr, Formula, IllFormed, make

#: The modules whose import fills RULES; nothing else may.
RULE_MODULES = (rules_real, rules_sum, rules_analysis, tactics)
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
Proof = dict[str, Any]
#: Rows [op, argument, ...] whose arguments speak of rows before them.
Table = list[list[Any]]


# Writing.


def proof_of(th: Theorem) -> Proof:
    """The proof graph of a theorem: a table of terms, a list of steps, the last one the result."""
    writer = _Writer()
    numbers: dict[int, int] = {}
    steps = []
    for step in _in_order(th):
        steps.append({
            "rule": step.rule,
            "args": [writer.argument(a, numbers) for a in step.args],
            "hypotheses": sorted(writer.node(h) for h in step.hypotheses),
            "conclusion": writer.node(step.conclusion),
        })  # fmt: skip
        numbers[id(step)] = len(steps) - 1
    return {"terms": writer.table, "steps": steps}


def _in_order(root: Theorem) -> Iterator[Theorem]:
    """Every theorem the root rests on, each once and after its premises."""
    done = set[int]()
    stack = [(root, False)]
    while stack:
        th, ready = stack.pop()
        if id(th) in done:
            continue
        if ready:
            done.add(id(th))
            yield th
        else:
            stack.append((th, True))
            stack += [(p, False) for p in reversed(list(_premises(th.args)))]


def _premises(args: tuple[Any, ...]) -> Iterator[Theorem]:
    for a in args:
        if isinstance(a, Theorem):
            yield a
        elif isinstance(a, tuple):
            yield from _premises(a)


class _Writer:
    """Gives each term a number in one table, so that shared parts are written once."""

    def __init__(self) -> None:
        self.table: Table = []
        self._numbers: dict[Expr, int] = {}

    def node(self, e: Expr) -> int:
        if e not in self._numbers:
            row = [e.op, *map(self._plain, e.args)]
            self.table.append(row)
            self._numbers[e] = len(self.table) - 1
        return self._numbers[e]

    def _plain(self, a: Any) -> Any:
        if isinstance(a, Expr):
            return {"term": self.node(a)}
        return {"number": str(a)} if isinstance(a, Fraction) else a

    def argument(self, a: Any, numbers: Mapping[int, int]) -> Any:
        if isinstance(a, Theorem):
            return {"step": numbers[id(a)]}
        if isinstance(a, tuple):
            return [self.argument(x, numbers) for x in a]
        return self._plain(a)


# Reading.


def read_table(rows: Table) -> list[Expr]:
    """The terms of a table; a row may only speak of rows before it."""
    nodes: list[Expr] = []
    for row in rows:
        nodes.append(make(row[0], *(_scalar(a, nodes) for a in row[1:])))
    return nodes


def _scalar(a: Any, nodes: list[Expr]) -> Any:
    if isinstance(a, dict) and set(a) == {"term"}:
        return _pick(nodes, a["term"])
    if isinstance(a, dict) and set(a) == {"number"}:
        over = str(a["number"]).split("/")
        return Fraction(*map(int, over))
    return a


def _pick(items: list[Any], i: Any) -> Any:
    if type(i) is not int or not 0 <= i < len(items):
        raise Refused(f"expected the number of an earlier entry, got {i!r}")
    return items[i]


def _argument(a: Any, nodes: list[Expr], done: list[Theorem]) -> Any:
    if isinstance(a, list):
        return tuple(_argument(x, nodes, done) for x in a)
    if isinstance(a, dict) and set(a) == {"step"}:
        return _pick(done, a["step"])
    return _scalar(a, nodes)


def formula_to_json(f: Formula) -> Table:
    """A formula as a table of terms whose last row it is."""
    writer = _Writer()
    writer.node(f)
    return writer.table


def formula_from_json(rows: Table) -> Expr:
    """The formula that `formula_to_json` wrote."""
    return read_table(rows)[-1]


# Replay.


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
    args = [_argument(a, nodes, done) for a in step["args"]]
    if name == "lemma" and proved.get(args[0]) is not args[1]:
        raise Refused(f"expected a theorem {args[0]} that is proved and says {args[1]!r}")
    th = RULES[name](*args)
    claimed = _pick(nodes, step["conclusion"])
    if th.conclusion is not claimed:
        raise Refused(f"the rule gives {th.conclusion!r}, the proof says {claimed!r}")
    if th.hypotheses != frozenset(_pick(nodes, h) for h in step["hypotheses"]):
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
