"""Theorem files: found, loaded, checked, and what their proofs may cite."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from lsetheory import catalogue
from lsetheory.errors import InputError
from lsetheory.proof.claim import Claim, Equality, Mutant
from lsetheory.proof.kernel.terms import Formula, IllFormed
from lsetheory.proof.kernel.theorem import Refused

#: What counts as a file's failure: whatever it raises, as it is its author's.
FAILURES = (Exception, SystemExit)


def entries(path: str | None) -> dict[str, catalogue.Entry]:
    """The theorem files by name: those of proofs/, or of a folder of the user's own.

    Raises:
        InputError: no folder, or one without theorem files.
    """
    if path is None:
        return catalogue.theorems()
    own = catalogue.theorems(Path(path))
    if not own:
        raise InputError(f"{path}: expected theorem files, got none; see proofs/ for what they are")
    return own


def known(path: str | None) -> dict[str, catalogue.Entry]:
    """What may be named and cited: one's own theorems before those of proofs/."""
    return {**catalogue.theorems(), **(catalogue.theorems(Path(path)) if path is not None else {})}


def digest(name: str, path: str | None) -> str:
    """Hash of a theorem file and of all theorem files it names, so that no stale row is kept."""
    files, seen, todo = known(path), dict[str, str](), [name]
    while todo:
        one = todo.pop()
        if one not in seen:
            seen[one] = files[one].path.read_text(encoding="utf-8")
            todo += [w for w in set(re.findall(r"\w+", seen[one])) if w in files]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def module_of(entry: catalogue.Entry) -> ModuleType:
    """The theorem file, loaded and checked.

    Raises:
        InputError: as file:line: reason.
    """
    try:
        module = entry.load()
    except FAILURES as error:
        raise InputError(reason(error, entry.path)) from None
    wrong = _wrong(module)
    if wrong:
        raise InputError(f"{entry.path}:1: {wrong}")
    return module


def reason(error: BaseException, path: Path) -> str:
    """file:line: reason, the line being that of the deepest frame of the theorem file."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    ours = isinstance(error, Refused | IllFormed | InputError)
    return f"{path.name}:{line}: {'' if ours else f'{type(error).__name__}: '}{error}"


def _wrong(module: ModuleType) -> str | None:
    """What is wrong with a theorem file, if anything."""
    if hasattr(module, "OPEN") and (hasattr(module, "proof") or not isinstance(module.OPEN, str)):
        return "expected proof, or OPEN to say in words what was tried, not both"
    if not isinstance(module.CLAIM, Claim):
        return f"expected CLAIM to be a Claim, got {type(module.CLAIM).__name__}"
    if len(module.MUTANTS) < 2 or not all(isinstance(m, Mutant) for m in module.MUTANTS):
        return f"expected MUTANTS to hold two Mutants or more, got {len(module.MUTANTS)} entries"
    if not all(isinstance(e, Equality) and e.part in module.CLAIM.parts for e in module.EQUALITY):
        return "expected EQUALITY to hold Equality cases of parts of the claim"
    same = [m.words for m in module.MUTANTS if m.claim.statement is module.CLAIM.statement]
    return f"expected mutants that differ from the claim, got {same[0]!r}" if same else None


class Statements(Mapping[str, Formula]):
    """The statements that may be cited as lemmas, each file loaded when it is asked for."""

    def __init__(self, path: str | None) -> None:
        self._entries = known(path)

    def __getitem__(self, name: str) -> Formula:
        statement: Formula = module_of(self._entries[name]).CLAIM.statement
        return statement

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
