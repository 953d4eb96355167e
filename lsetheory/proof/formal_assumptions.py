"""What Rocq says a proof rests on, read from its two printers, less what is allowed."""

#: The axioms of the classical real numbers in Rocq's standard library; nothing else is assumed.
ALLOWED = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)

#: Headings that assume nothing.
HARMLESS = {"Axioms:", "Closed under the global context", "Theory: Set is predicative"}


def printed(said: str) -> list[str]:
    """What `Print Assumptions` lists beyond the allowed axioms.

    Names stand at the start of a line, their types are indented. Anything else at the start of a
    line ("is assumed to be guarded", "relies on an unsafe hierarchy") is listed whole.
    """
    lines = [line for line in said.splitlines() if line and not line[0].isspace()]
    names = {line.split(" :")[0].strip() for line in lines}
    return sorted(names - ALLOWED - HARMLESS)


def in_summary(said: str) -> list[str]:
    """What the context summary of `coqchk -o` lists beyond the allowed axioms."""
    headings = [line[2:].strip() for line in said.splitlines() if line.startswith("* ")]
    bad = [h for h in headings if h not in HARMLESS and not h.endswith("<none>")]
    listed = [
        line.strip() for line in said.splitlines() if line.startswith("    ") and line.strip()
    ]
    return bad + [name for name in listed if not _allowed(name)]


def _allowed(name: str) -> bool:
    """Whether a full name, "Coq.Logic.Classical_Prop.classic", is one of the allowed axioms."""
    library, _, rest = name.partition(".")
    return library in ("Coq", "Stdlib", "Corelib") and ".".join(rest.split(".")[-2:]) in ALLOWED
