"""Reads the Rocq sources, and refuses those whose text could make the checker check less."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsetheory.errors import InputError

#: The file that lists the sources in the order they are compiled.
ORDER = "_CoqProject"

#: Words that no source may contain outside comments and strings, and why.
REFUSED = {
    r"Admitted|admit|give_up|Admit": "leaves a proof open",
    r"Axioms?|Parameters?|Conjectures?|Declare|Primitive|Symbols?": "assumes something",
    r"Unset|Set\s+[A-Z]|bypass_check|type-in-type|Universe": "changes what is checked",
    r"Load|Cd|Redirect|Drop|Quit|Extraction|Extract|Add|Remove|Register|Reset|Debug|Plugin": (
        "reaches beyond the proofs"
    ),
    r"Notation|Infix|Reserved|Coercion|Canonical|Bind|Delimit|Undelimit|Arguments|Instance": (
        "changes how statements are read"
    ),
    r"ClassicalDedekindReals|FunctionalExtensionality|Classical_Prop": (
        "imitates a module whose axioms are allowed"
    ),
}

#: Declarations that assume something when they stand outside a section.
SECTION_ONLY = r"Variables?|Hypothesis|Hypotheses|Context"


@dataclass(frozen=True)
class Source:
    """One Rocq file."""

    name: str  #: file name, "Bounds.v"
    text: str

    @property
    def module(self) -> str:
        """The module name, "Bounds"."""
        return self.name.removesuffix(".v")

    @property
    def code(self) -> str:
        """The text with comments and strings blanked out, line breaks kept."""
        return blanked(self.text)

    @property
    def theorems(self) -> list[str]:
        """Names of the statements introduced by `Theorem`: those that claims may be pinned to."""
        return re.findall(r"^\s*Theorem\s+(\w+)", self.code, re.MULTILINE)


def read(folder: Path) -> list[Source]:
    """The sources of a folder, in compile order.

    Raises:
        InputError: no list of sources, or one that is not the folder's .v files in some order.
    """
    if not (folder / ORDER).is_file():
        raise InputError(f"{folder}: expected a file {ORDER} that lists the Rocq sources, got none")
    listed = (folder / ORDER).read_text(encoding="utf-8").split()
    present = sorted(path.name for path in folder.glob("*.v"))
    if sorted(listed) != present:
        raise InputError(
            f"{folder / ORDER}: expected each of {', '.join(present)} once, "
            f"got {', '.join(listed)}; list them in compile order"
        )
    return [Source(name, (folder / name).read_text(encoding="utf-8")) for name in listed]


def complaints(sources: list[Source]) -> list[str]:
    """What the sources may not say, as `file:line: reason`; empty if there is nothing."""
    modules = {source.module for source in sources}
    return [
        f"{source.name}:{line}: {reason}"
        for source in sources
        for line, reason in (
            *_words(source.code),
            *_assumed(source.code),
            *_imports(source.code, modules),
        )
    ]


def blanked(text: str) -> str:
    """Rocq text with comments (they nest, and strings hide their ends) and strings made blank."""
    out, depth, quoted, i = [], 0, False, 0
    while i < len(text):
        two = text[i : i + 2]
        if not quoted and two in ("(*", "*)") and (depth or two == "(*"):
            depth += 1 if two == "(*" else -1
            out.append("  ")
            i += 2
            continue
        if text[i] == '"':
            quoted = not quoted
        visible = text[i] == "\n" or not (depth or quoted or text[i] == '"')
        out.append(text[i] if visible else " ")
        i += 1
    return "".join(out)


def _words(code: str) -> Iterator[tuple[int, str]]:
    for pattern, reason in REFUSED.items():
        for match in re.finditer(rf"(?<![\w'])(?:{pattern})(?![\w'])", code):
            yield _line(code, match.start()), f"{match[0]} is refused: it {reason}"


def _assumed(code: str) -> Iterator[tuple[int, str]]:
    """Variables and hypotheses that no section closes: axioms in disguise."""
    depth = 0
    for match in re.finditer(rf"(?<![\w'])(Section|End|{SECTION_ONLY})(?![\w'])", code):
        if match[1] in ("Section", "End"):
            depth += 1 if match[1] == "Section" else -1
        elif depth <= 0:
            reason = f"{match[1]} outside a section is refused: it assumes something"
            yield _line(code, match.start()), reason


def _imports(code: str, modules: set[str]) -> Iterator[tuple[int, str]]:
    """Libraries other than the standard one and the sources themselves."""
    pattern = r"(?:From\s+(\w+)\s+)?Require\s+(?:Import\s+|Export\s+)?([\w\s]+)\."
    for match in re.finditer(pattern, code):
        standard = match[1] in ("Coq", "Stdlib")
        own = match[1] is None and modules.issuperset(match[2].split())
        if not (standard or own):
            said = " ".join(match[0].split())
            yield _line(code, match.start()), f"{said} is refused: expected the standard library"


def _line(code: str, position: int) -> int:
    return code.count("\n", 0, position) + 1
