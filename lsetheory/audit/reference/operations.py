"""The audited operations: their conventions, and which tier settles which row.

The same for every operation (x is (rows, n); results are (rows,) or (rows, n)):

- any NaN in a row gives NaN; otherwise
- logsumexp, logaddexp, pooled lse and swap with r > 0: a row with +inf gives +inf, a row of -inf
  only gives -inf, an empty row -inf (NaN for the averages: mean form and swap). -inf beside finite
  entries is a term 0; the mean form counts it in n.
- r < 0 is M_r(x) = -M_{-r}(-x), and so for swap; r = 0 is the arithmetic mean (no sum form);
  r = +-inf the maximum and minimum. An average of +inf and -inf is NaN.
- softmax, log_softmax and the gradients of all of these: +inf in the row, or -inf only, gives NaN
  in the whole row (inf - inf). An entry -inf beside finite ones gives 0, log_softmax -inf there,
  the gradient of log_softmax the cotangent's own entry.
- r = +-inf: the gradient is shared equally among the entries that attain the maximum (minimum);
  r = 0: among all entries, infinite ones too.
- ordinal follows the order of the row, equal entries in order of place; so does its gradient.
- a row of one entry is itself, sign of zero included; every other exact or underflowed zero is +0.
- overflow rounds to infinity as IEEE 754 has it. Parameters are float64 numbers, taken as exact.

Gradients of scalars are with respect to the row. For softmax and log_softmax "_gradient" is the
vector-Jacobian product: the gradient of sum_i cotangent_i f_i(x) with a finite cotangent of the
shape of x, all ones if not given (then the gradient of softmax is 0).
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from lsetheory.audit import formats
from lsetheory.audit.reference import parameters as checked
from lsetheory.audit.reference import tiers
from lsetheory.audit.reference.certified import Certified
from lsetheory.audit.reference.exact import FORMULAS
from lsetheory.audit.reference.rowwise import fill
from lsetheory.faithful import shape


def certify(operation: str, x: NDArray[Any], **parameters: Any) -> Certified:
    """The correctly rounded results of one operation on the rows of x.

    Args:
        operation: a name of `OPERATIONS`.
        x: (rows, n), float16, bfloat16, float32 or float64, no masked array.
        **parameters: what the operation takes (`parameters.TAKERS`) of
            r: any real number or +-inf, default 1;
            form: "sum" (default) or "mean";
            weights: finite, at least pool_range of them, default all 0;
            pool_range: how many entries ordinal keeps, default one a weight, or n;
            cotangent: (rows, n).

    Raises:
        InputError: any of these is not as described.
    """
    rows, fmt = checked.rows(operation, x)
    given = checked.read(operation, rows, parameters)
    shape = rows.shape if checked.is_vector(operation) else rows.shape[:1]
    result = Certified.blank(shape, fmt)
    left = tiers.settle(result, operation, rows, given, fmt)
    fill(result, operation, rows, left, given, fmt)
    return result


#: operation -> the function of (x, parameters) that certifies it.
OPERATIONS: Mapping[str, Callable[..., Certified]] = MappingProxyType(
    {operation: partial(certify, operation) for operation in FORMULAS}
)


def exact_logsumexp(x: NDArray[Any], axis: int = -1) -> NDArray[Any]:
    """log(sum exp(x)) along an axis, correctly rounded: the float nearest to the exact result.

    Args:
        x: float16, bfloat16, float32 or float64, any shape, memory layout and byte order.
        axis: which axis to reduce.

    Returns:
        An array of x's dtype, in native byte order, and x's shape without `axis`; special values
        as above.

    Raises:
        InputError: another dtype, a masked array, or an axis out of range.
        TypeError: an axis that is no integer.
    """
    array = shape.unmasked("exact_logsumexp", x)
    formats.of(array.dtype)
    shape.checked_axis("exact_logsumexp", array, axis)
    result = certify("logsumexp", shape.rows(array, axis))
    return shape.reduced(result.value, array, axis)
