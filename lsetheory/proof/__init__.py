"""Claims, the kernel that checks their proofs, and the attack that tries to refute them.

A theorem file imports its words from here; proofs/README.md says how to write one.
"""

from lsetheory.proof.claim import Claim, Equality, Mutant
from lsetheory.proof.kernel.terms import Formula, Term, as_term, inv
from lsetheory.proof.language import (
    FALSE,
    INF,
    MINUS_INF,
    And,
    Deriv,
    Exists,
    ForAll,
    Implies,
    Max,
    Min,
    Or,
    Sum,
    Tends,
    absolute,
    binom,
    descending,
    each,
    entropy,
    eq,
    exp,
    expectation,
    function,
    function2,
    index_map,
    le,
    log,
    lse,
    lt,
    max2,
    mean,
    nat,
    ne,
    ordinal,
    pooled,
    power,
    real,
    relu,
    softmax,
    some,
    swap,
    variance,
    vector,
    weights,
)

__all__ = [
    "FALSE", "INF", "MINUS_INF", "And", "Claim", "Deriv", "Equality", "Exists", "ForAll",
    "Formula", "Implies", "Max", "Min", "Mutant", "Or", "Sum", "Tends", "Term", "absolute",
    "as_term", "binom", "descending", "each", "entropy", "eq", "exp", "expectation", "function",
    "function2", "index_map", "inv", "le", "log", "lse", "lt", "max2", "mean", "nat", "ne",
    "ordinal", "pooled", "power", "real", "relu", "softmax", "some", "swap", "variance", "vector",
    "weights",
]  # fmt: skip
