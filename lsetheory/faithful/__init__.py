"""logsumexp, softmax and log_softmax with less than one ulp of error on every input, fast.

A cascade of tiers: plain float64 with an error bound a row (`fast`), double-double (`precise`,
`shares`, over `doubledouble` and `tables`), arb (`balls`). `lse` and `vector` walk it, `shape`
checks arguments and knows axes, `layout` cuts rows into blocks. `compiled` has the first two tiers
in `loops` for numba.
"""

from lsetheory.faithful.lse import logsumexp
from lsetheory.faithful.vector import log_softmax, softmax

__all__ = ["log_softmax", "logsumexp", "softmax"]
