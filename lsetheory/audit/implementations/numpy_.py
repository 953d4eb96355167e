"""numpy: the textbook algorithms as people write them, and numpy's own logaddexp."""

from typing import Any

from lsetheory.audit.implementations import _algorithms as a
from lsetheory.audit.implementations._entry import FLOATS, implementation

NATIVE = ("float16", *FLOATS)


@implementation("numpy-naive", "logsumexp", dtypes=NATIVE, algorithm="naive", integers=True)
def naive(np: Any) -> Any:
    return lambda x: np.log(np.sum(np.exp(x), axis=-1))


@implementation("numpy-shifted", "logsumexp", dtypes=NATIVE, algorithm="shifted")
def shifted(np: Any) -> Any:
    return lambda x: a.shifted(x, a.pairwise)


@implementation("numpy-shifted-log1p", "logsumexp", dtypes=NATIVE, algorithm="shifted")
def shifted_log1p(np: Any) -> Any:
    return lambda x: a.shifted_log1p(x, a.pairwise)


@implementation("numpy-logaddexp-reduce", "logsumexp", dtypes=NATIVE)
def logaddexp_reduce(np: Any) -> Any:
    return lambda x: np.logaddexp.reduce(x, axis=-1)


@implementation("numpy-online", "logsumexp", dtypes=NATIVE)
def online(np: Any) -> Any:
    return lambda x: a.online(x, a.pairwise)


@implementation("numpy-online-blocks", "logsumexp", dtypes=NATIVE)
def online_blocks(np: Any) -> Any:
    return lambda x: a.online_blocks(x, a.pairwise)


@implementation("numpy-compensated", "logsumexp", dtypes=NATIVE, algorithm="shifted")
def compensated(np: Any) -> Any:
    return lambda x: a.shifted_log1p(x, a.compensated)


@implementation("numpy-naive", "softmax", dtypes=NATIVE, algorithm="naive", integers=True)
def softmax_naive(np: Any) -> Any:
    return lambda x: np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


@implementation("numpy-shifted", "softmax", dtypes=NATIVE, algorithm="shifted")
def softmax_shifted(np: Any) -> Any:
    return lambda x: a.softmax_shifted(x, a.pairwise)


@implementation("numpy-exp-minus-lse", "softmax", dtypes=NATIVE, algorithm="shifted-exp")
def softmax_by_lse(np: Any) -> Any:
    return lambda x: a.softmax_by_lse(x, a.pairwise)


@implementation("numpy-shifted", "log_softmax", dtypes=NATIVE)
def log_softmax(np: Any) -> Any:
    return lambda x: a.log_softmax_shifted(x, a.pairwise)


@implementation("numpy-log-of-softmax", "log_softmax", dtypes=NATIVE)
def log_of_softmax(np: Any) -> Any:
    return lambda x: a.log_softmax_by_log(x, a.pairwise)


@implementation("numpy-logaddexp", "logaddexp", dtypes=NATIVE)
def logaddexp(np: Any) -> Any:
    return lambda x: np.logaddexp(x[..., 0], x[..., 1])


@implementation("numpy-naive", "pooled_lse", dtypes=NATIVE, parameters=("r",))
def pooled_lse_naive(np: Any) -> Any:
    return lambda x, r: np.log(np.mean(np.exp(r * x), axis=-1)) / r


@implementation("numpy-shifted", "swap", dtypes=NATIVE, parameters=("r",))
def swap_shifted(np: Any) -> Any:
    return lambda x, r: np.sum(a.softmax_shifted(r * x, a.pairwise) * x, axis=-1)


@implementation("numpy-shifted", "ordinal", dtypes=NATIVE, parameters=("weights",))
def ordinal(np: Any) -> Any:
    return lambda x, weights: np.sum(
        np.sort(x, axis=-1)[..., ::-1][..., : len(weights)]
        * a.softmax_shifted(weights, a.pairwise),
        axis=-1,
    )
