"""A row of the ledger as the report page unfolds it: statement, facts, derivation."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


def theorems(rows: list[Row]) -> list[Row]:
    """Each row as `theorem` gives it."""
    from lsetheory import catalogue

    known = catalogue.theorems() if rows else {}
    return [theorem(row, known[row["name"]].load().CLAIM) for row in rows]


def theorem(row: Row, claim: Any) -> Row:
    """Keys name, status, words, statement and given (lists of LaTeX), facts and derivation."""
    from lsetheory.proof import latex

    parts = [latex.math(part) for part in claim.parts.values()]
    return {
        "name": row["name"], "status": row["status"], "words": [row["words"], *_idea(row["doc"])],
        "statement": [claim.latex] if claim.latex else parts, "facts": list(_facts(row)),
        "given": [latex.math(part) for part in claim.given],
        "derivation": list(_steps(row["proof"])) if row["proof"] else [],
    }  # fmt: skip


def _idea(doc: str) -> list[str]:
    _, idea, text = doc.partition("Idea:")
    return [" ".join((idea + text).split())] if idea else []


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    attack, mutants, equality = row["attack"], row["mutants"], row["equality"]
    yield "source", row["source"]
    yield "rests on", ", ".join(row["rests_on"])
    yield "attack", f"{attack['points']:,} points, {attack['counterexamples']} counterexamples"
    if row.get("formal"):
        yield "second checker", row["formal"]
    if equality["total"]:
        yield "equality", f"attained in {equality['hold']} of {equality['total']} stated cases"
    for mutant in mutants["list"]:
        refused = "refused by the kernel" if mutant["refused"] else "NOT refused by the kernel"
        refuted = f"false at {mutant['at']}" if mutant["refuted"] else "NOT refuted"
        yield f"false variant: {mutant['words']}", f"{refused}; {refuted}"


def _steps(proof: Row) -> Iterator[Row]:
    """The steps a reader needs, bookkeeping left out; their numbers are the proof's own."""
    from lsetheory.proof import derivation, latex
    from lsetheory.proof.kernel import written

    nodes = written.read_table(proof["terms"])
    for step, line in zip(proof["steps"], derivation.lines(proof), strict=True):
        if not line["silent"]:
            yield {
                "number": line["number"], "formula": latex.math(nodes[step["conclusion"]]),
                "reason": f"{line['rule']} {', '.join(map(str, line['from']))}".rstrip(),
            }  # fmt: skip
