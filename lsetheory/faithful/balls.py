"""The last resort: rows in arb ball arithmetic at a given precision, enclosures without exception.

Rows are finite floats, at least one; r > 0 and finite. The precision in force is python-flint's
context; callers set it with `flint.ctx.workprec`.
"""

from collections.abc import Callable, Sequence

from flint import arb, ctx

Row = Sequence[float]


def tail(row: Row, r: float) -> tuple[float, arb, list[arb]]:
    """The maximum, sum_{others} exp(r (x_j - max)), and all the exp(r (x_j - max)), one of them 1.

    With the maximum's own 1 left out of the sum, log1p keeps what a tiny tail adds.
    """
    top = max(row)
    place = row.index(top)
    scale, shift = arb(r), arb(top)
    terms = [(scale * (arb(v) - shift)).exp() for v in row]
    return top, sum((t for j, t in enumerate(terms) if j != place), arb(0)), terms


def lse(row: Row, r: float = 1.0, count: int | None = None) -> arb:
    """log(sum exp(r x))/r, or log(sum exp(r x)/count)/r."""
    top, rest, _ = tail(row, r)
    log = rest.log1p() if count is None else ((1 + rest) / count).log()
    return arb(top) + log / arb(r)


def softmax(row: Row, r: float = 1.0) -> list[arb]:
    """exp(r x_i) / sum exp(r x)."""
    _, rest, terms = tail(row, r)
    return [t / (1 + rest) for t in terms]


def log_softmax(row: Row) -> list[arb]:
    """x_i - log(sum exp(x))."""
    top, rest, _ = tail(row, 1.0)
    log = rest.log1p()
    return [(arb(v) - arb(top)) - log for v in row]


def floats(enclose: Callable[[], Sequence[arb]]) -> list[float]:
    """Float64 numbers within 0.501 ulp of what `enclose` encloses (0 for sizes below 2**-1100).

    Ends for the results above: they are irrational, hence not 0, or their balls are exact (a single
    entry, equal entries in the mean form and in softmax: log(1) = 0, exp(0) = 1).
    """
    precision = 192
    while True:
        with ctx.workprec(precision):
            balls = enclose()
            tiny = arb(2) ** -1140
            if all(b.rad() <= abs(b.mid()) * 2.0**-64 or b.rad() < tiny for b in balls):
                return [float(b.mid()) for b in balls]
        precision *= 2
