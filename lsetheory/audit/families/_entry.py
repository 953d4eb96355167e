"""One entry a family of inputs: its name, why it is hard, and the generator of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsetheory.audit import formats
from lsetheory.audit.formats import Format
from lsetheory.audit.operations import OPERATIONS

Array = np.ndarray[Any, Any]
Rng = np.random.Generator
Generator = Callable[[Rng, Format, int, int], Array]
Parameters = Callable[[Rng, Format, int], Mapping[str, Any]]
EVERY = tuple(formats.FORMATS)


def no_parameters(rng: Rng, fmt: Format, n: int) -> Mapping[str, Any]:
    """The operation's own defaults."""
    return {}


@dataclass(frozen=True)
class Family:
    """Rows that are hard in one way.

    The generator gives float64 values of shape (rows, n); they are rounded to the format here.
    """

    name: str
    why: str
    generator: Generator
    sizes: tuple[int, ...]  #: the n it is audited at
    dtypes: tuple[str, ...]  #: the formats in which it makes sense
    operations: tuple[str, ...] | None  #: the operations it is meant for; None for all
    layout: str  #: key of layouts.LAYOUTS
    parameters: Parameters  #: keywords for the operation, drawn once a cell
    needs: str | None  #: the keyword an implementation must accept to be audited on it
    integers: bool  #: rows are handed over in an integer dtype

    def sizes_for(self, operation: str, dtype: str) -> tuple[int, ...]:
        """The n at which the family serves an operation in a format; none where it does not."""
        if dtype not in self.dtypes or operation not in (self.operations or (operation,)):
            return ()
        fixed = OPERATIONS[operation].n
        return self.sizes if fixed is None else (fixed,)

    def rows(self, rng: Rng, dtype: str, rows: int, n: int) -> Array:
        """`rows` inputs of n terms in the format, C-contiguous."""
        fmt = formats.of(dtype)
        with np.errstate(all="ignore"):
            values = self.generator(rng, fmt, rows, n)
        if values.shape != (rows, n):
            raise ValueError(f"family {self.name}: expected shape {(rows, n)}, got {values.shape}")
        return np.ascontiguousarray(fmt.store(fmt.nearest(values)))


def family(
    name: str,
    why: str,
    *,
    sizes: tuple[int, ...] = (10,),
    dtypes: tuple[str, ...] = EVERY,
    operations: tuple[str, ...] | None = None,
    layout: str = "contiguous",
    parameters: Parameters = no_parameters,
    needs: str | None = None,
    integers: bool = False,
) -> Callable[[Generator], Family]:
    """Make the decorated generator an entry; listing the folder finds it."""

    def entry(generator: Generator) -> Family:
        return Family(
            name, why, generator, sizes, dtypes, operations, layout, parameters, needs, integers
        )

    return entry
