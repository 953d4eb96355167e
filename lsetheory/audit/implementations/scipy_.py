"""scipy.special."""

from typing import Any

from lsetheory.audit.implementations._entry import FLOATS, implementation


@implementation(
    "scipy-logsumexp", "logsumexp", algorithm="shifted", parameters=("weights",), integers=True
)
def logsumexp(scipy: Any) -> Any:
    return lambda x, weights=None: scipy.special.logsumexp(x, axis=-1, b=weights)


@implementation("scipy-softmax", "softmax", algorithm="shifted", integers=True)
def softmax(scipy: Any) -> Any:
    return lambda x: scipy.special.softmax(x, axis=-1)


@implementation("scipy-log-softmax", "log_softmax", integers=True)
def log_softmax(scipy: Any) -> Any:
    return lambda x: scipy.special.log_softmax(x, axis=-1)


@implementation("scipy-softmax", "logsumexp_gradient", dtypes=FLOATS, algorithm="shifted")
def logsumexp_gradient(scipy: Any) -> Any:
    return lambda x: scipy.special.softmax(x, axis=-1)


@implementation("scipy-logsumexp", "pooled_lse", parameters=("r",))
def pooled_lse(scipy: Any, np: Any) -> Any:
    return lambda x, r: (
        (scipy.special.logsumexp(r * x, axis=-1) - np.log(x.dtype.type(x.shape[-1]))) / r
    )
