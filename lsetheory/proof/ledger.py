"""The ledger: every theorem file proved, replayed in a fresh process, and attacked, as plain rows.

`plan` makes one unit of work a theorem, `examine` does one, `gather` replays all proofs at once in
a process that has never seen the files, and makes the rows.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from lsetheory import catalogue
from lsetheory.proof import attack
from lsetheory.proof.claim import Claim, Equality, Mutant
from lsetheory.proof.kernel import replay, written
from lsetheory.proof.kernel.theorem import Refused, Theorem
from lsetheory.proof.show import text
from lsetheory.proof.tactics import Prover
from lsetheory.proof.theorem_files import (
    FAILURES,
    Statements,
    digest,
    entries,
    known,
    module_of,
    reason,
)
from lsetheory.work import Unit

Row = dict[str, Any]
#: Points a claim is tried at.
EVALUATIONS = 10_000
#: Points among which one should meet the hypotheses of each part.
MANY = 1_000
#: How the status of a claim without a proof begins; what was tried follows.
OPEN = "open: "


def plan(
    names: Sequence[str] = (), *, path: str | None = None, seed: int = 0,
    evaluations: int = EVALUATIONS,
) -> list[Unit]:  # fmt: skip
    """One unit a theorem, of proofs/ or of the folder `path`; all of them if none is named.

    Raises:
        InputError: an unknown name, or a malformed theorem file.
    """
    chosen = catalogue.choose(names, entries(path), "theorem")
    common = {"path": path, "seed": seed, "evaluations": evaluations}
    own = [{"name": name, "digest": digest(name, path)} for name in chosen]
    return [Unit("lsetheory.proof.ledger:examine", {**each, **common}) for each in own]


def examine(name: str, path: str | None, seed: int, evaluations: int, digest: str = "") -> Row:
    """Prove one claim, attack it and its mutants; the proof goes along as JSON for the replay.

    `digest` is not used: it ties a kept row to the files it was made from.
    """
    start = time.perf_counter()
    entry = known(path)[name]
    module = module_of(entry)
    claim: Claim = module.CLAIM
    row = {**derived(name, path), **_described(name, entry, claim)}
    rng = np.random.default_rng([seed, *name.encode()])
    row["attack"] = attack.attack(claim, module.EQUALITY, rng, evaluations,
                                  getattr(module, "sample", None))  # fmt: skip
    row["equality"] = _equality_row(claim, module.EQUALITY)
    row["mutants"] = _mutant_row(module, row["proof"], path)
    row["seconds"] = time.perf_counter() - start
    return row


def derived(name: str, path: str | None) -> Row:
    """The proof a theorem file gives, as JSON, or why it gives none."""
    entry = known(path)[name]
    module = module_of(entry)
    row: Row = {"name": name, "claim": written.formula_to_json(module.CLAIM.statement)}
    if hasattr(module, "OPEN"):
        return {**row, "proof": None, "failure": f"{OPEN}{module.OPEN}"}
    try:
        th = module.proof(Prover(Statements(path)))
        if not isinstance(th, Theorem):
            raise Refused(f"{entry.path}: expected proof(k) to return a theorem, got {th!r}")
        return {**row, "proof": written.proof_of(th), "failure": None}
    except FAILURES as error:
        return {**row, "proof": None, "failure": reason(error, entry.path)}


def _described(name: str, entry: catalogue.Entry, claim: Claim) -> Row:
    return {
        "doc": entry.doc,
        "words": claim.words,
        "source": claim.source,
        "hypotheses": [text(f) for f in claim.given],
        "statement": {part: text(f) for part, f in claim.parts.items()},
    }


def _equality_row(claim: Claim, cases: Sequence[Equality]) -> Row:
    """How many claimed equality cases hold, and that each refutes a claim sharper by 1e-9."""
    sharper = _sharper(claim, cases)
    return {
        "total": len(cases),
        "hold": sum(attack.equality_holds(claim, c) for c in cases),
        "sharper": len(sharper),
        "sharper_refuted": sum(map(attack.refutes, sharper)),
    }


def false_variants(name: str, path: str | None = None) -> list[Mutant]:
    """A claim's mutants, and its bounds made sharper by 1e-9 at the points where they are met."""
    module = module_of(known(path)[name])
    return [*module.MUTANTS, *_sharper(module.CLAIM, module.EQUALITY)]


def _sharper(claim: Claim, cases: Sequence[Equality]) -> list[Mutant]:
    return [m for m in (attack.sharpened(claim, c) for c in cases) if m is not None]


def _mutant_row(module: ModuleType, proof: written.Proof | None, path: str | None) -> Row:
    """How many mutants the kernel refuses and the attack refutes."""
    mutants: Sequence[Mutant] = module.MUTANTS
    refused = [_refused(module, m, proof, path) for m in mutants]
    refuted = [attack.refutes(m) for m in mutants]
    return {
        "total": len(mutants),
        "refused": sum(refused),
        "refuted": sum(refuted),
        "list": [{"words": m.words, "at": attack.shown(m.at), "refused": r, "refuted": f}
                 for m, r, f in zip(mutants, refused, refuted, strict=True)],
    }  # fmt: skip


def _refused(
    module: ModuleType, mutant: Mutant, proof: written.Proof | None, path: str | None
) -> bool:
    """Whether neither the claim's proof nor the claim itself gives the mutant."""
    statement = mutant.claim.statement
    if proof is None:
        return False
    lemmas = Statements(path)
    cited = {a["args"][0] for a in proof["steps"] if a["rule"] == "lemma"}
    try:
        th, _ = replay.replay(proof, {name: lemmas[name] for name in cited})
    except replay.Failed:
        return False
    if th.conclusion is statement and not th.hypotheses:
        return False
    try:
        Prover().restate(th, statement)
    except Refused:
        return True
    return False


def gather(results: Iterable[Row], *, path: str | None = None) -> list[Row]:
    """The rows {name, statement, status, steps, rests_on, attack, equality, mutants, seconds, ...}.

    Every proof, and those of the lemmas it cites, is replayed in a fresh process.
    """
    rows = [dict(r) for r in results]
    sources = {r["name"]: r for r in rows}
    for name in _cited(sources):
        sources[name] = derived(name, path)
    checked = {r["name"]: r for r in replayed(list(sources.values()))}
    return [_row(r, checked.get(r["name"])) for r in rows]


def _cited(sources: dict[str, Row]) -> Iterator[str]:
    """The lemmas cited by proofs in `sources` that are not there; the caller adds each."""
    todo = list(sources)
    while todo:
        proof = sources[todo.pop()]["proof"] or {"steps": []}
        for step in proof["steps"]:
            name = step["args"][0] if step["rule"] == "lemma" else None
            if name is not None and name not in sources:
                yield name
                todo.append(name)


def _row(result: Row, checked: Row | None) -> Row:
    proof = result.get("proof")
    failure = str(result["failure"])
    unproved = failure if failure.startswith(OPEN) else f"not proved: {failure}"
    status = checked["status"] if checked else unproved
    if result["attack"]["counterexamples"]:
        beside = "proved, and yet " if status == "proved" else ""
        status = f"{beside}refuted at {result['attack']['witness']}"
    kept = {key: value for key, value in result.items() if key != "failure"}
    return {**kept, "status": status, "steps": len(proof["steps"]) if proof else 0,
            "rests_on": checked["rests_on"] if checked else []}  # fmt: skip


def replayed(sources: Sequence[Row]) -> list[Row]:
    """Replay proofs in a fresh process; rows {name, status, steps, rests_on}."""
    ready = [s for s in sources if s["proof"] is not None]
    bundle = {"proofs": {s["name"]: s["proof"] for s in ready},
              "claims": {s["name"]: s["claim"] for s in ready}}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "proofs.json"), Path(folder, "rows.json")
        asked.write_text(json.dumps(bundle), encoding="utf-8")
        # -P: a file json.py where the command was typed must not be imported
        command = [
            sys.executable,
            "-P",
            "-m",
            "lsetheory.proof.kernel.replay",
            str(asked),
            str(answer),
        ]
        subprocess.run(command, check=True, env=_environment(), capture_output=True)
        rows: list[Row] = json.loads(answer.read_text(encoding="utf-8"))
    return rows


def _environment() -> dict[str, str]:
    """This process's environment, with the package importable from a checkout too."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def cells(row: Row) -> tuple[Any, ...]:
    """A row in brief: name, statement, status, steps, rests on, points, mutants, seconds."""
    rules = [r for r in row["rests_on"] if not r.startswith("theorem ")]
    lemmas = [r.removeprefix("theorem ") for r in row["rests_on"] if r.startswith("theorem ")]
    mutants = f"{row['mutants']['refuted']}/{row['mutants']['total']}"
    statement = "; ".join(row["statement"].values())
    rests = ", ".join([f"{len(rules)} rules", *lemmas])
    return (row["name"], statement, row["status"], row["steps"], rests, row["attack"]["points"],
            mutants, row["seconds"])  # fmt: skip


def fell_short(row: Row) -> list[str]:
    """What a row lacks of a proved (or open), attacked claim; empty if nothing."""
    mutants, equality = row["mutants"], row["equality"]
    open_ = row["status"].startswith(OPEN)
    complaints = [] if row["status"] == "proved" or open_ else [row["status"]]
    # without a proof there is nothing that could give a mutant
    for what in ("refuted",) if open_ else ("refused", "refuted"):
        if mutants[what] < mutants["total"]:
            missing = [m["words"] for m in mutants["list"] if not m[what]]
            complaints.append(f"mutants not {what}: {', '.join(missing)}")
    nothing = "no point was found that meets the hypotheses: a claim about nothing?"
    if row["attack"].get("wanted") and not row["attack"]["points"]:
        complaints.append(nothing)
    elif row["attack"]["points"] >= MANY:
        complaints += [f"{part}: {nothing}" for part in row["attack"]["untried"]]
    if equality["hold"] < equality["total"]:
        complaints.append(f"{equality['total'] - equality['hold']} equality cases do not hold")
    if equality["sharper_refuted"] < equality["sharper"]:
        complaints.append("an equality case does not refute the bound sharpened by 1e-9")
    return complaints
