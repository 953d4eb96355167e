"""The same algorithms with every single operation rounded to float16 or bfloat16 (ml_dtypes).

numpy sums float16 in float32; here each addition rounds, as hardware without a wide accumulator
does. Blanchard, Higham & Higham 2021 is stated for exactly these sequential sums.
"""

from typing import Any

from lsetheory.audit.implementations import _algorithms as a
from lsetheory.audit.implementations._entry import HALVES, implementation


@implementation("rounded-naive", "logsumexp", dtypes=HALVES, algorithm="naive")
def naive(ml_dtypes: Any) -> Any:
    return lambda x: a.naive(x, a.sequential)


@implementation("rounded-shifted", "logsumexp", dtypes=HALVES, algorithm="shifted")
def shifted(ml_dtypes: Any) -> Any:
    return lambda x: a.shifted(x, a.sequential)


@implementation("rounded-shifted-log1p", "logsumexp", dtypes=HALVES, algorithm="shifted")
def shifted_log1p(ml_dtypes: Any) -> Any:
    return lambda x: a.shifted_log1p(x, a.sequential)


@implementation("rounded-logaddexp-reduce", "logsumexp", dtypes=HALVES)
def logaddexp_reduce(ml_dtypes: Any) -> Any:
    return lambda x: a.logaddexp_fold(x, a.sequential)


@implementation("rounded-online", "logsumexp", dtypes=HALVES)
def online(ml_dtypes: Any) -> Any:
    return lambda x: a.online(x, a.sequential)


@implementation("rounded-online-blocks", "logsumexp", dtypes=HALVES)
def online_blocks(ml_dtypes: Any) -> Any:
    return lambda x: a.online_blocks(x, a.sequential)


@implementation("rounded-compensated", "logsumexp", dtypes=HALVES, algorithm="shifted")
def compensated(ml_dtypes: Any) -> Any:
    return lambda x: a.shifted_log1p(x, a.compensated)


@implementation("rounded-naive", "softmax", dtypes=HALVES, algorithm="naive")
def softmax_naive(ml_dtypes: Any) -> Any:
    return lambda x: a.softmax_naive(x, a.sequential)


@implementation("rounded-shifted", "softmax", dtypes=HALVES, algorithm="shifted")
def softmax_shifted(ml_dtypes: Any) -> Any:
    return lambda x: a.softmax_shifted(x, a.sequential)


@implementation("rounded-exp-minus-lse", "softmax", dtypes=HALVES, algorithm="shifted-exp")
def softmax_by_lse(ml_dtypes: Any) -> Any:
    return lambda x: a.softmax_by_lse(x, a.sequential)


@implementation("rounded-shifted", "log_softmax", dtypes=HALVES)
def log_softmax(ml_dtypes: Any) -> Any:
    return lambda x: a.log_softmax_shifted(x, a.sequential)


@implementation("rounded-log1p", "logaddexp", dtypes=HALVES)
def logaddexp(ml_dtypes: Any) -> Any:
    return lambda x: a.pair(x[..., 0], x[..., 1])
