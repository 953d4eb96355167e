"""A proof as numbered lines a person can read."""

from collections.abc import Iterator
from typing import Any

from lsetheory.proof.kernel import written
from lsetheory.proof.kernel.written import Proof
from lsetheory.proof.show import text

#: Steps of bookkeeping that a reader does not miss.
SILENT = ("assume", "both", "first", "second", "specialise", "generalise", "apply", "discharge",
          "instantiate")  # fmt: skip


def lines(proof: Proof) -> Iterator[dict[str, Any]]:
    """Rows {number, conclusion, rule, from}: every step, premises by number."""
    nodes = written.read_table(proof["terms"])
    for number, step in enumerate(proof["steps"]):
        yield {
            "number": number + 1,
            "conclusion": text(nodes[step["conclusion"]]),
            "rule": step["rule"] if step["rule"] != "lemma" else f"theorem {step['args'][0]}",
            "from": [i + 1 for i in _premises(step["args"])],
            "silent": step["rule"] in SILENT,
        }


def _premises(args: Any) -> Iterator[int]:
    for a in args:
        if isinstance(a, list):
            yield from _premises(a)
        elif isinstance(a, dict) and "step" in a:
            yield a["step"]


def readable(proof: Proof) -> list[str]:
    """The derivation as lines of text."""
    rows = list(lines(proof))
    width = len(str(len(rows)))
    return [f"{r['number']:>{width}}. {r['conclusion']}    [{_why(r)}]" for r in rows]


def _why(row: dict[str, Any]) -> str:
    premises = ", ".join(map(str, row["from"]))
    return f"{row['rule']} {premises}".rstrip()
