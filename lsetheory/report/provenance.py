"""Where a file came from: commit, versions and the hash of its data, without a clock reading."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lsetheory import __version__, environment, work


@dataclass(frozen=True)
class Provenance:
    """What made a file: the same fields for PDF, PNG, SVG, tables and the page."""

    commit: str
    versions: str
    data: str  #: sha256 of the rows as canonical JSON
    date: datetime | None  #: SOURCE_DATE_EPOCH, if it is set; a clock would break byte identity
    quick: bool = False  #: made of fewer points, to look at

    def words(self) -> str:
        """One line for a metadata field."""
        size = "quick: fewer points; " if self.quick else ""
        return f"{size}commit {self.commit}; {self.versions}; data sha256:{self.data}"


def of(rows: Sequence[Any], quick: bool = False) -> Provenance:
    """The provenance of something made from these rows."""
    versions = environment.versions()
    return Provenance(
        commit=environment.commit() or f"release {__version__}",
        versions=", ".join(
            [f"lsetheory {__version__}", *(f"{name} {text}" for name, text in versions.items())]
        ),
        data=data_hash(rows),
        date=source_date(),
        quick=quick,
    )


def data_hash(rows: Sequence[Any]) -> str:
    """Hash of plain rows, the same wherever they were made."""
    return hashlib.sha256(work.dumps(rows).encode()).hexdigest()


def source_date() -> datetime | None:
    """The date that SOURCE_DATE_EPOCH asks for (reproducible-builds.org), if it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else None
