"""What a theorem file claims, the cases where its bounds are attained, and its false mutants."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lsetheory.errors import InputError
from lsetheory.proof.kernel.terms import Formula
from lsetheory.proof.language import And, Implies


@dataclass(frozen=True)
class Claim:
    """A statement: if all of `given` hold, so do all of `parts`, for all values of the variables.

    A figure reads a bound from here: `CLAIM.parts["upper"].args[1]`, a term for `evaluate.value`.
    """

    parts: Mapping[str, Formula]  #: the conclusions by name, in the order they are proved
    words: str  #: the statement in one English sentence
    source: str  #: paper, theorem, equation; or "folklore" or "here"
    given: tuple[Formula, ...] = ()  #: hypotheses, say 1 <= n
    latex: str | None = None  #: better LaTeX than the generated, where there is one

    def __post_init__(self) -> None:
        for f in (*self.given, *self.parts.values()):
            if not isinstance(f, Formula) or f.loose:
                raise InputError(f"Claim: expected closed formulas, got {f!r}")
        if not self.parts:
            raise InputError("Claim: expected one named conclusion or more, got none")

    @property
    def statement(self) -> Formula:
        """given → (given → ... → (part ∧ part ∧ ...))."""
        return Implies(*self.given, And(*self.parts.values()))

    def but(self, *, given: tuple[Formula, ...] | None = None, **parts: Formula) -> "Claim":
        """This claim with some parts (or the hypotheses) changed: for mutants."""
        unknown = set(parts) - set(self.parts)
        if unknown:
            raise InputError(f"Claim.but: expected parts of the claim, got {sorted(unknown)}")
        return replace(self, parts={**self.parts, **parts},
                       given=self.given if given is None else given)  # fmt: skip


@dataclass(frozen=True)
class Equality:
    """A point where a part holds with equality, or comes as near as `within` (relative)."""

    part: str
    at: Mapping[str, Any]  #: variable -> int, Fraction, or a tuple of them for a vector
    within: float = 0.0


@dataclass(frozen=True)
class Mutant:
    """A false relative of the claim, and an exact point where it fails.

    `at` gives every free variable an int, a Fraction, a tuple of them (a vector), or a closed term
    such as log(2) for an irrational value.
    """

    words: str
    claim: Claim
    at: Mapping[str, Any] = field(default_factory=dict)
