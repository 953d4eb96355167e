"""The certified reference: correctly rounded results of the audited operations, row by row.

    from lsetheory.audit import reference
    reference.logsumexp(x)                  # x (rows, n), any of the four formats -> Certified
    reference.OPERATIONS["softmax_gradient"](x, cotangent=v)

Conventions (special values, gradients, parameters) are in `operations`; the tiers in
`lsetheory.faithful` (float64, double-double), `averages` and `tails` (double-double), `exact` (arb)
and `signs` (what no precision resolves); an independent judge (mpmath) in `judge`. Large
log-sum-exps run through compiled loops where numba is installed (`compiled`): the same values.
"""

from lsetheory.audit.reference.certified import Certified
from lsetheory.audit.reference.operations import OPERATIONS, certify

logsumexp = OPERATIONS["logsumexp"]
softmax = OPERATIONS["softmax"]
log_softmax = OPERATIONS["log_softmax"]
logaddexp = OPERATIONS["logaddexp"]
pooled_lse = OPERATIONS["pooled_lse"]
swap = OPERATIONS["swap"]
ordinal = OPERATIONS["ordinal"]

__all__ = [
    "OPERATIONS", "Certified", "certify", "log_softmax", "logaddexp", "logsumexp", "ordinal",
    "pooled_lse", "softmax", "swap",
]  # fmt: skip
