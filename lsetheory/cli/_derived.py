"""What follows from the rows of the parts of `lsetheory reproduce`: more tables of its page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
#: The rows of every part, by its name.
Found = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Derived:
    """One table: the key of its rows in results.json, its head, and how its rows are made."""

    name: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: Callable[[Found, int], list[Row]]


def statements(found: Found, seed: int) -> list[Row]:
    """Keys as in proof.seeds."""
    from lsetheory.proof import seeds

    return seeds.rows(found.get("theorems", []))


def scaling(found: Found, seed: int) -> list[Row]:
    """Laws of error and width over the trained networks; keys as in relu.curves."""
    import numpy as np

    from lsetheory.relu import curves

    rng, fits = np.random.default_rng(seed), found.get("fit", [])
    return [*curves.error_laws(fits, rng), *curves.width_laws(fits, rng)]


def fitter_check(found: Found, seed: int) -> list[Row]:
    """Keys as in relu.scaling.exact_check."""
    import numpy as np

    from lsetheory.relu.scaling import exact_check

    return exact_check(np.random.default_rng(seed))


DERIVED = (
    Derived(
        "seeds", "What the source works state",
        "Each statement with its verdict, from the ledger or a witness computed anew",
        ("work", "statement", "verdict", "detail", "theorems"), statements,
    ),
    Derived(
        "scaling", "Scaling laws of the trained networks",
        "Relative error against kernel size, and width needed for an error: competing laws with "
        "95 % intervals and Akaike weights; at the limit, a shift and its rate are not determined",
        ("curve", "depth", "sizes", "law", "rate", "rate_low", "rate_high", "at_limit", "weight",
         "best"), scaling,
    ),
    Derived(
        "fitter_check", "Check of the fitter of scaling laws",
        "Exact minimax errors, whose laws are known: does the fitter find them?",
        ("family", "expected_law", "expected_rate", "law", "rate", "rate_low", "rate_high",
         "holds"), fitter_check,
    ),
)  # fmt: skip


def fell_short(found: Found) -> Iterator[str]:
    """A line for each exact law that the fitter misses."""
    for row in found["fitter_check"]:
        if not row["holds"]:
            yield f"scaling laws: {row['family']} gave {row['law']}, not {row['expected_law']}"
