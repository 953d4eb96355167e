"""The operators as folds: one extreme of the elements, sums over the elements, a last step.

With c the largest element (the smallest where r < 0) every operator here is

    y = finish(sum_k terms(x_k, c), c, n)

wherever the elements come from: along an axis, or streaming by in a window. No gradient flows
through c: each y is the same function of x whatever c is, so its derivatives come out whole from
the terms, and ties, r = 0 and infinities need no special care in a backward pass.

Two rules keep NaN out of values and gradients alike. A row whose extreme is infinite answers
with that extreme, and its differences are set to 0 before anything nonlinear is done to them; a
NaN in the row needs no rule, arithmetic carries it to the value and the gradient.
Differences that may overflow, or whose sum may, are formed from x and c scaled by a power of two.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from array_api_compat import array_namespace

from lsetheory.pooling._input import Array, checked_form, checked_rate, constant

Terms = tuple[Array, ...]


class Reference(NamedTuple):
    """The extreme c of each row, and whether it is finite or NaN; None where all are finite."""

    value: Array
    finite: Array | None

    def where_finite(self, a: Array, b: Array | float) -> Array:
        """a in the rows whose extreme is finite, b in the others."""
        return a if self.finite is None else array_namespace(a).where(self.finite, a, b)

    def at(self, index: Any) -> "Reference":
        """The reference of some rows."""
        return Reference(self.value[index], None if self.finite is None else self.finite[index])


class Fold(NamedTuple):
    """An operator; `lowest` asks for the smallest element as the reference, not the largest."""

    lowest: bool
    terms: Callable[[Array, Reference], Terms]
    finish: Callable[[Terms, Reference, Any], Array]
    #: Derivatives in x of the terms that carry a gradient, where there is a faster way than to
    #: differentiate the terms.
    slopes: Callable[[Array, Reference], Terms] | None = None


class Bag(NamedTuple):
    """What a fold may know of its elements beforehand."""

    xp: Any
    #: "float32" or "float64", the format of the arithmetic.
    wide: str
    #: No row holds more elements.
    most: int


#: Exponent of the largest number of a format.
_TOP = {"float32": 127, "float64": 1023}
#: Below this |t| the series of expm1 and log1p to the second term are exact to working precision.
_SMALL = 2.0**-30
#: From 2^(that - top) on |r| is not tiny: exp(-|r d|) is 0 for every difference d that overflows.
_TINY = 13


def is_limit(r: float, bag: Bag) -> bool:
    """Whether r is as good as infinite: 1/|r| is at most 4n times the smallest normal number.

    Derivatives pass through 1/(r n), which has to be normal: some libraries make a subnormal 0.
    """
    return abs(r) >= 2.0 ** (_TOP[bag.wide] - 1 - _headroom(bag.most))


def factors(r: float, scale: int, wide: str) -> tuple[float, ...]:
    """At most two numbers, normal in the format, whose product is r * 2^scale; none for 1.

    An r so small that r (x - c) is below rounding for all finite x may be made larger.
    """
    top = _TOP[wide]
    fraction, exponent = math.frexp(r)
    exponent = max(exponent, -top - 80) + scale
    if (fraction, exponent) == (0.5, 1):
        return ()
    if 2 - top <= exponent < top:  # from there on 2^(exponent - 1) is normal
        return (math.ldexp(fraction, exponent),)
    half = exponent // 2
    return (math.ldexp(fraction, half), math.ldexp(1.0, exponent - half))


def times(x: Array, by: tuple[float, ...]) -> Array:
    """x multiplied by each factor in turn."""
    for factor in by:
        x = x * factor
    return x


def over(x: Array, by: tuple[float, ...]) -> Array:
    """x divided by each factor in turn."""
    for factor in by:
        x = x / factor
    return x


def _headroom(most: int) -> int:
    """k such that the sum of `most` differences scaled by 2^-k cannot overflow."""
    return 1 + math.ceil(math.log2(most))


def scale_of(r: float, bag: Bag) -> int:
    """k such that sums of terms in (x - c) * 2^-k, weighted with exp(r (x - c)), are finite.

    0 wherever it can be, so that small differences do not become subnormal. Unless r is tiny, a
    difference that overflows has exp 0, and a sum of n such terms stays below n/|r|.
    """
    room = _headroom(bag.most)
    return room if _is_tiny(r, max(_TINY, room), bag.wide) else 0


def _is_tiny(r: float, room: int, wide: str) -> bool:
    return math.frexp(r)[1] < room - _TOP[wide]


def gap_of(x: Array, ref: Reference, scale: int) -> Array:
    """(x - c) * 2^-scale, which cannot overflow for scale >= 1; 0 where c is not finite."""
    down = 2.0**-scale
    gap = x * down - ref.value * down if scale else x - ref.value
    return ref.where_finite(gap, 0.0)


def _shift(ref: Reference, gap: Array, scale: int) -> Array:
    """c + gap * 2^scale without overflow on the way; c where it is not finite."""
    if not scale:
        return ref.where_finite(ref.value + gap, ref.value)
    half = gap * 2.0 ** (scale - 1)
    return ref.where_finite((ref.value + half) + half, ref.value)


def lse(bag: Bag, r: float = 1, form: str = "sum") -> Fold:
    """(1/r) log sum exp(r x), or with the mean in place of the sum."""
    r = checked_rate(r)
    form = checked_form(form, r)
    if is_limit(r, bag):
        return extreme(bag, lowest=r < 0)
    if r == 0:
        return mean(bag)
    if form == "mean":
        return _lse_mean(bag, r)
    # Where |r| is tiny a difference x - c may overflow though r (x - c) is ordinary.
    tiny = _is_tiny(r, _TINY, bag.wide)
    return _lse_sum_of_mean(bag, r) if tiny else _lse_sum(bag, r)


def _lse_sum(bag: Bag, r: float) -> Fold:
    """y = c + log1p(sum_k (e_k - i_k) + (sum_k i_k - 1)) / r with e_k = exp(r (x_k - c)).

    i_k = floor(e_k) is 1 where x_k ties with c, else 0. With the ones counted
    apart, the small terms keep their digits next to the largest.
    """
    xp, rate = bag.xp, factors(r, 0, bag.wide)

    def power(x: Array, ref: Reference) -> Array:
        return xp.exp(times(gap_of(x, ref, 0), rate))

    def terms(x: Array, ref: Reference) -> Terms:
        each = power(x, ref)
        tied = constant(xp.floor(each))
        return each - tied, tied

    def slopes(x: Array, ref: Reference) -> Terms:
        return (times(power(x, ref), rate),)

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        rest, ties = sums
        return ref.value + ref.where_finite(over(xp.log1p(rest + (ties - 1)), rate), 0.0)

    return Fold(r < 0, terms, finish, slopes)


def _lse_sum_of_mean(bag: Bag, r: float) -> Fold:
    """y = mean form + log(n)/r; the second, huge term is a constant, so gradients stay exact."""
    xp, rate, fold = bag.xp, factors(r, 0, bag.wide), _lse_mean(bag, r)

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        shift = over(xp.log(xp.ones_like(ref.value) * n), rate)
        return fold.finish(sums, ref, n) + ref.where_finite(shift, 0.0)

    return Fold(fold.lowest, fold.terms, finish)


def _lse_mean(bag: Bag, r: float) -> Fold:
    """y = c + log1p(A)/r with A the mean of expm1(r (x_k - c)), all in terms that survive r -> 0.

    expm1(t)/r -> x - c and log1p(A)/r -> A/r there, so nothing is divided by a vanishing r. Where
    A < -1/2 the logarithm of the mean itself is the accurate one.
    """
    xp, scale = bag.xp, scale_of(r, bag)
    rate = factors(r, scale, bag.wide)

    def terms(x: Array, ref: Reference) -> Terms:
        gap = gap_of(x, ref, scale)
        t = times(gap, rate)
        power, far = xp.exp(t), t < -0.5
        # torch differentiates expm1 as its value + 1, which has lost exp(t) where that is small
        less = xp.where(far, power - 1, xp.expm1(xp.where(far, 0.0, t)))
        small = xp.abs(t) < _SMALL
        series = xp.where(small, gap, 0.0) * (1 + 0.5 * xp.where(small, t, 0.0))
        return xp.where(small, series, over(less, rate)), power

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        slope, total = sums[0] / n, sums[1] / n
        a = times(slope, rate)
        small, near = xp.abs(a) < _SMALL, a > -0.5
        log = xp.where(near, xp.log1p(xp.where(near, a, 0.0)), xp.log(total))
        gap = xp.where(small, slope * (1 - 0.5 * xp.where(small, a, 0.0)), over(log, rate))
        return _shift(ref, gap, scale)

    return Fold(r < 0, terms, finish)


def swap(bag: Bag, r: float = 1) -> Fold:
    """Softmax-weighted average: c + sum e_k (x_k - c) / sum e_k  with e_k = exp(r (x_k - c))."""
    r = checked_rate(r)
    if is_limit(r, bag):
        return extreme(bag, lowest=r < 0)
    if r == 0:
        return mean(bag)
    xp, scale = bag.xp, scale_of(r, bag)
    rate = factors(r, scale, bag.wide)

    def terms(x: Array, ref: Reference) -> Terms:
        gap = gap_of(x, ref, scale)
        weight = xp.exp(times(gap, rate))
        return weight * xp.where(weight > 0, gap, 0.0), weight

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        return _shift(ref, sums[0] / sums[1], scale)

    return Fold(r < 0, terms, finish)


def mean(bag: Bag) -> Fold:
    """The average, c + mean(x_k - c); infinities meet as IEEE arithmetic has them meet."""
    scale = _headroom(bag.most)
    down = 2.0**-scale

    def base(ref: Reference) -> Array:
        return ref.where_finite(ref.value, 0.0)

    def terms(x: Array, ref: Reference) -> Terms:
        return (x * down - base(ref) * down,)

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        half = sums[0] / n * 2.0 ** (scale - 1)
        return (base(ref) + half) + half

    return Fold(False, terms, finish)


def extreme(bag: Bag, lowest: bool = False) -> Fold:
    """The largest (smallest) element; tied elements share the gradient equally."""
    xp = bag.xp

    def terms(x: Array, ref: Reference) -> Terms:
        tied = x == ref.value
        gap = ref.where_finite(xp.where(tied, x - ref.value, 0.0), 0.0)
        return gap, xp.astype(tied, gap.dtype)

    def finish(sums: Terms, ref: Reference, n: Any) -> Array:
        return ref.value + ref.where_finite(sums[0] / sums[1], 0.0)

    return Fold(lowest, terms, finish)
