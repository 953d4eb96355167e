"""The second checker: Rocq's kernel confirms that the Rocq theorems say what the claims say.

Each claim's statement is written as a Rocq statement from the claim's own object and pinned:
`Goal <statement>. Proof. exact <theorem>. Qed.` over definitions that are written out here, so
neither side can drift. What the theorems assume is printed once and compared with a list.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsetheory.errors import InputError
from lsetheory.proof import formal_assumptions, formal_sources
from lsetheory.proof.formal_sources import Source
from lsetheory.proof.formal_statement import NotExpressible, to_rocq
from lsetheory.proof.kernel import written
from lsetheory.proof.kernel.terms import Expr

#: What statements are written with, told again beside this file and compared with the sources'.
DEFINITIONS = {
    text.split()[1]: " ".join(text.split())
    for text in (Path(__file__).with_name("formal_definitions.v")).read_text("utf-8").split("\n\n")
    if not text.startswith("(*")
}

HOW_TO_INSTALL = "install it with  apt-get install coq  (or opam install rocq-prover)"
DIFFERS = "failed: the theorem does not state the claim"
NOT_STATED = "not stated there"
NOT_CHECKED = "not checked"
ABSENT = f"coqc is not on the PATH; {HOW_TO_INSTALL}"
SECONDS = 600  #: limit for one run of the compiler; of the independent checker too


Row = dict[str, Any]


class Rejected(Exception):
    """Rocq, or a check made here, said no to all theorems; the message says to what."""


@dataclass(frozen=True)
class Pin:
    """A claim's statement in Rocq and the theorem that must prove it."""

    name: str
    statement: str
    theorem: str  #: qualified, "LedgerLse.lse_bounds"

    @property
    def goal(self) -> str:
        """One line, so that the line of an error tells the claim."""
        return f"Goal {self.statement}. Proof. exact {self.theorem}. Qed."


def version() -> str | None:
    """The version of the Rocq compiler on the PATH, None if there is none."""
    coqc = shutil.which("coqc")
    if coqc is None:
        return None
    said = subprocess.run([coqc, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"version (\S+)", said)
    return found[1] if found else None


def check(claims: Mapping[str, Expr], folder: Path, *, coqchk: bool = False) -> list[Row]:
    """Check the Rocq theorems of `folder` against the claims.

    Args:
        claims: statements by name; a theorem of the same name must prove exactly the statement.
        folder: the Rocq sources; they are copied to a temporary folder and compiled there.
        coqchk: have the independent checker go through the compiled files as well (a minute).

    Returns:
        One row a claim: name; formal: "checked (Rocq 8.16.1)", "not stated there", "not checked"
        or the failure in one line; statement: the generated one, or None; detail: None, on a
        mismatch both statements, without Rocq how to install it.
    """
    found = version()
    if found is None:
        return [_row(name, NOT_CHECKED, detail=ABSENT) for name in claims]
    try:
        sources = formal_sources.read(folder)
        pins, rows = _pins(claims, sources)
        with tempfile.TemporaryDirectory(prefix="lsetheory-rocq-") as place:
            room = Path(place)
            _compile(sources, room)
            rows |= _checked(pins, sources, room, f"checked (Rocq {found})")
            if coqchk:
                _independent(sources, room)
    except (Rejected, InputError) as reason:
        return [_row(name, f"failed: {reason}") for name in claims]
    return [rows[name] for name in claims]


def beside(rows: Iterable[Mapping[str, Any]], folder: Path, *, coqchk: bool = False) -> list[Row]:
    """The ledger's rows with `formal`, `formal_statement` and `formal_detail` added to each."""
    rows = list(rows)
    claims = {row["name"]: written.formula_from_json(row["claim"]) for row in rows}
    said = check(claims, folder, coqchk=coqchk)
    added = [{f"formal_{key}": one[key] for key in ("statement", "detail")} for one in said]
    return [{**row, "formal": one["formal"], **more}
            for row, one, more in zip(rows, said, added, strict=True)]  # fmt: skip


def _row(name: str, formal: str, statement: str | None = None, detail: str | None = None) -> Row:
    return {"name": name, "formal": formal, "statement": statement, "detail": detail}


def _pins(
    claims: Mapping[str, Expr], sources: Iterable[Source]
) -> tuple[dict[str, Pin], dict[str, Row]]:
    """The claims that have a theorem, and rows for those that have none."""
    theorems = _theorems(sources)
    pins, rows = {}, {}
    for name, statement in claims.items():
        try:
            text = to_rocq(statement)
        except NotExpressible as reason:
            rows[name] = _row(name, f"{NOT_STATED}: {reason}")
            continue
        if name in theorems:
            pins[name] = Pin(name, text, f"{theorems[name]}.{name}")
        else:
            rows[name] = _row(name, NOT_STATED, text)
    return pins, rows


def _theorems(sources: Iterable[Source]) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in sources:
        for name in source.theorems:
            if name in found:
                raise Rejected(
                    f"{source.name}: expected one theorem {name}, got one in {found[name]}.v too"
                )
            found[name] = source.module
    return found


def _compile(sources: list[Source], room: Path) -> None:
    said = formal_sources.complaints(sources)
    if said:
        raise Rejected(said[0])
    for source in sources:
        (room / source.name).write_text(source.text, encoding="utf-8")
    for source in sources:
        done = _coqc(source.name, room)
        if done.returncode:
            raise Rejected(f"{source.name} does not compile: {_one_line(done.stderr)}")


def _checked(
    pins: Mapping[str, Pin], sources: list[Source], room: Path, verdict: str
) -> dict[str, Row]:
    """Pin all claims at once; where some fail, find which, and pin the others."""
    if not pins:
        return {}
    head = _head(sources)
    lines = [*head, *(pin.goal for pin in pins.values()), *_assumptions(pins.values())]
    done = script("Check.v", lines, room)
    if not done.returncode:
        _only_allowed(formal_assumptions.printed(done.stdout))
        return {name: _row(name, verdict, pin.statement) for name, pin in pins.items()}
    at = _error_line(done.stderr)
    if not len(head) <= at < len(head) + len(pins):
        raise Rejected(_head_error(head, at, done.stderr))
    rows = _mismatches(list(pins.values()), head, room)
    if not rows:
        raise Rejected(f"the pins do not compile: {_one_line(done.stderr)}")
    return rows | _checked({n: p for n, p in pins.items() if n not in rows}, sources, room, verdict)


def _head(sources: list[Source]) -> list[str]:
    # The sources are required, not imported: nothing they declare changes how this text is read.
    return [
        "From Coq Require Import Reals.",
        f"Require {' '.join(source.module for source in sources)}.",
        "Open Scope R_scope.",
        *DEFINITIONS.values(),
        *(f"Goal Definitions.{name} = {name}. Proof. reflexivity. Qed." for name in DEFINITIONS),
    ]


def _head_error(head: list[str], at: int, said: str) -> str:
    line = head[at] if 0 <= at < len(head) else ""
    name = re.match(r"Goal Definitions\.(\w+) ", line)
    if name:
        return f"the definition of {name[1]} is not the pinned one: expected {DEFINITIONS[name[1]]}"
    return f"the pins do not compile: {_one_line(said)}"


def _assumptions(pins: Iterable[Pin]) -> list[str]:
    theorems = ", ".join(pin.theorem for pin in pins)
    return [f"Definition everything := ({theorems}).", "Print Assumptions everything."]


def _mismatches(pins: list[Pin], head: list[str], room: Path) -> dict[str, Row]:
    """The claims whose theorem states something else, with what it states."""
    tried = [
        f'Goal True. idtac "@@{pin.name}@". '
        f"tryif (assert ({pin.statement}) by exact {pin.theorem}) "
        f'then idtac "agrees" else idtac "differs". Abort. Check {pin.theorem}.'
        for pin in pins
    ]
    said = script("Show.v", [*head, "Set Printing Width 10000.", *tried], room).stdout
    rows = {}
    for pin in pins:
        shown = " ".join(said.partition(f"@@{pin.name}@")[2].partition("@@")[0].split())
        verdict, _, stated = shown.partition(" ")
        if verdict != "agrees":
            stated = stated.removeprefix(pin.theorem).strip().removeprefix(":").strip()
            detail = f"claim:   {pin.statement}\ntheorem: {stated or 'none that can be compared'}"
            rows[pin.name] = _row(pin.name, DIFFERS, pin.statement, detail)
    return rows


def _independent(sources: list[Source], room: Path) -> None:
    """Run coqchk, which shares only the kernel's data structures with the compiler."""
    checker = shutil.which("coqchk")
    if checker is None:
        raise Rejected(f"coqchk is not on the PATH; {HOW_TO_INSTALL}")
    done = _run([checker, "-silent", "-o", *(source.module for source in sources)], room)
    if done.returncode:
        raise Rejected(f"coqchk: {_one_line(done.stdout + done.stderr)}")
    _only_allowed(formal_assumptions.in_summary(done.stdout))


def _only_allowed(surplus: list[str]) -> None:
    if surplus:
        raise Rejected(f"expected the axioms of the classical reals only, got {', '.join(surplus)}")


def script(name: str, lines: list[str], room: Path) -> "subprocess.CompletedProcess[str]":
    """Write a Rocq file and compile it; what it printed and how it ended."""
    (room / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return _coqc(name, room)


def _coqc(name: str, room: Path) -> "subprocess.CompletedProcess[str]":
    return _run([shutil.which("coqc") or "coqc", "-q", name], room)


def _run(command: list[str], room: Path) -> "subprocess.CompletedProcess[str]":
    # COQPATH could put other files in front of the ones that were copied
    clean = {key: value for key, value in os.environ.items() if key not in ("COQPATH", "ROCQPATH")}
    try:
        return subprocess.run(
            command,
            cwd=room,
            env=clean,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Rejected(f"{' '.join(command[-1:])}: no verdict in {SECONDS} s") from None


def _error_line(said: str) -> int:
    """The line of the last error, from 0; -1 if Rocq named none."""
    lines = re.findall(r"line (\d+), characters [\d-]+:\s*\nError", said)
    return int(lines[-1]) - 1 if lines else -1


def _one_line(said: str) -> str:
    return " ".join(said.split())[:2000]
