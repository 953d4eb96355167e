"""Proofs and formulas as plain JSON, written and read: a table of terms, and steps that use it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from lsetheory.proof.kernel.terms import Expr, Formula, make
from lsetheory.proof.kernel.theorem import Refused, Theorem

Proof = dict[str, Any]
#: Rows [op, argument, ...] whose arguments speak of rows before them.
Table = list[list[Any]]


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


def formula_to_json(f: Formula) -> Table:
    """A formula as a table of terms whose last row it is."""
    writer = _Writer()
    writer.node(f)
    return writer.table


def formula_from_json(rows: Table) -> Expr:
    """The formula that `formula_to_json` wrote."""
    return read_table(rows)[-1]


def read_table(rows: Table) -> list[Expr]:
    """The terms of a table; a row may only speak of rows before it."""
    nodes: list[Expr] = []
    for row in rows:
        nodes.append(make(row[0], *(_scalar(a, nodes) for a in row[1:])))
    return nodes


def _scalar(a: Any, nodes: list[Expr]) -> Any:
    if isinstance(a, dict) and set(a) == {"term"}:
        return pick(nodes, a["term"])
    if isinstance(a, dict) and set(a) == {"number"}:
        over = str(a["number"]).split("/")
        return Fraction(*map(int, over))
    return a


def pick(items: list[Any], i: Any) -> Any:
    """Entry i of what was read so far; anything but such a number is refused."""
    if type(i) is not int or not 0 <= i < len(items):
        raise Refused(f"expected the number of an earlier entry, got {i!r}")
    return items[i]


def argument(a: Any, nodes: list[Expr], done: list[Theorem]) -> Any:
    """The argument of a step: a term, an earlier step, a tuple of these, or plain data."""
    if isinstance(a, list):
        return tuple(argument(x, nodes, done) for x in a)
    if isinstance(a, dict) and set(a) == {"step"}:
        return pick(done, a["step"])
    return _scalar(a, nodes)
