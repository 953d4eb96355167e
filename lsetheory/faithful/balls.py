"""The last resort: rows in arb ball arithmetic at a given precision, enclosures without exception.

Rows are finite floats, at least one; r > 0 and finite. The precision in force is python-flint's
context; callers set it with `flint.ctx.workprec`.
"""

from collections.abc import Sequence

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


def faithful_lse(row: Row, r: float, count: int | None) -> float:
    """A float64 within 0.501 ulp of the exact result (0 for results below 2**-1100).

    Ends for every row: the result is irrational, hence not 0, or the ball is exact (a single entry,
    or equal ones in the mean form: log(1) = 0).
    """
    precision = 128
    while True:
        with ctx.workprec(precision):
            ball = lse(row, r, count)
            if ball.rad() <= abs(ball.mid()) * 2.0**-64 or ball.rad() < arb(2) ** -1140:
                return float(ball.mid())
        precision *= 2
