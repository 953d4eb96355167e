"""The bounds the tiers state, against mpmath; and planted faults that must break them."""

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from benchmarks._hard import draw
from lsetheory.audit import formats, reference
from lsetheory.audit.reference.judge import Disagreement, judge
from lsetheory.faithful import doubledouble as dd
from lsetheory.faithful import fast, precise, shares, tables


def relative_errors(pieces, exact):
    with mpmath.workprec(300):
        return max(
            float(abs(mpmath.fsum(map(mpf, piece)) / real - 1))
            for piece, real in zip(zip(*pieces, strict=True), exact, strict=True)
        )


def arguments(count=1500):
    rng = np.random.default_rng(4)
    a = -rng.uniform(0, 64, count) * rng.choice([1.0, 1e-2, 1e-6, 2.0**-30], count)
    a[:40] = -np.arange(40) / 1024 - rng.choice([-1, 0, 1], 40) * (2.0**-11 - 2.0**-60)
    a = np.concatenate([np.minimum(a, 0.0), edges(rng).ravel()])
    return a, np.spacing(np.abs(a)) * rng.uniform(-0.5, 0.5, len(a))


def longest_heads():
    """Rows of the table of exp whose leading part needs all its 26 bits and more than most."""
    mantissa, _ = np.frexp(tables.exp_table().head)
    return np.argsort(-mantissa)[:12]


def edges(rng):
    """Arguments with the remainder close to +-2**-11, for these rows: the longest of products."""
    k = longest_heads()[:, None]
    r = 2.0**-11 - rng.uniform(0.0, 2.0**-24, (len(k), 20))
    return np.minimum(-k / 1024 + np.concatenate([r, -r], axis=1), 0.0)


def exps(a, b):
    with mpmath.workprec(300):
        return [mpmath.exp(mpf(s) + mpf(t)) for s, t in zip(a, b, strict=True)]


def test_exp_keeps_its_bound():
    a, b = arguments()
    assert relative_errors(dd.exp_pieces(a, b), exps(a, b)) < dd.EXP_ERROR


def test_every_leading_product_is_exact():
    """G1 w1 in whole units: w1 reaches 2**26 + 2**14 units of 2**-37."""
    heads = np.frexp(tables.exp_table().head)[0] * 2.0**26
    assert (heads == np.rint(heads)).all()
    most = 2**26 + 2**14
    units = [most - j for j in range(3)] + [2**26 - 1, 2**26 + 1]
    for h in heads.astype(int).tolist():
        for unit in units:
            product = h * unit
            assert product.bit_length() - (product & -product).bit_length() < 53


def test_a_finer_grid_breaks_the_bound(monkeypatch):
    """One bit more of w1, and the products at the edges of the table's cells round."""
    monkeypatch.setattr(dd, "_GRID_37", dd._GRID_37 / 2.0)
    a, b = arguments()
    assert relative_errors(dd.exp_pieces(a, b), exps(a, b)) > dd.EXP_ERROR
    x = draw("cell", formats.of("float64"), 60, seed=1)
    with pytest.raises(Disagreement):
        judge("logsumexp", x, reference.logsumexp(x), range(60))


def test_table_is_exp():
    table = tables.exp_table()
    k = np.arange(0, len(table.high), 97)
    columns = table.high[k], table.low[k]
    assert relative_errors(columns, exps(-k / 1024.0, 0.0 * k)) < 2.0**-104
    assert (table.head + table.tail == table.high).all()


@pytest.mark.parametrize("column", ["high", "head", "low"])
def test_a_wrong_table_entry_is_noticed(column, monkeypatch):
    table = tables.exp_table()
    broken = {name: getattr(table, name).copy() for name in table._fields}
    broken[column][300] *= 1 + {"high": 2.0**-52, "head": 2.0**-30, "low": 2.0**-20}[column]
    monkeypatch.setattr(dd, "exp_table", lambda: tables.ExpTable(**broken))
    a, b = np.array([-300 / 1024 - 2.0**-13]), np.array([0.0])
    assert relative_errors(dd.exp_pieces(a, b), exps(a, b)) > dd.EXP_ERROR


def test_dropping_the_low_part_is_noticed(monkeypatch):
    """Without the low part of x - m the certified results are wrong, and the judge sees it."""
    plain = dd.two_sum
    x = draw("normal", formats.of("float64"), 60, seed=2)

    def lossy(a, b):
        return dd.DD(plain(a, b).high, np.zeros(np.broadcast_shapes(a.shape, b.shape)))

    monkeypatch.setattr(dd, "two_sum", lossy)
    with pytest.raises(Disagreement):
        judge("logsumexp", x, reference.logsumexp(x), range(60))


def lse(row, r=1.0, mean=False):
    with mpmath.workprec(400):
        total = mpmath.fsum(mpmath.exp(mpf(r) * mpf(v)) for v in row.tolist())
        return mpmath.log(total / len(row) if mean else total) / mpf(r)


def off(high, low, exact):
    with mpmath.workprec(400):
        return float(abs(mpf(high) + mpf(low) - exact))


ORDINARY = ("normal", "wide", "dominant", "near_zero_cancel", "offset", "long")


@pytest.mark.parametrize("family", ORDINARY)
def test_precise_keeps_its_bound(family):
    x = draw(family, formats.of("float64"), 5 if family == "long" else 40, seed=1)
    for r, mean in ((1.0, False), (0.37, True), (5.0, False)):
        y = precise.lse(x, r, mean)
        for row, high, low, error in zip(x, *y, strict=True):
            assert off(high, low, lse(row, r, mean)) <= error < 2.0**-45


@pytest.mark.parametrize("family", ORDINARY)
def test_fast_tiers_keep_their_bounds(family):
    count = 5 if family == "long" else 40
    narrow = draw(family, formats.of("float32"), count, seed=1)
    wide = draw(family, formats.of("float64"), count, seed=1)
    for x, y in ((narrow, fast.narrow(narrow, 1)), (wide, fast.wide(wide, 1))):
        for row, value, error in zip(x, y.value[:, 0], np.broadcast_to(y.error, (count, 1)),
                                     strict=True):  # fmt: skip
            rounding = 0.5 * np.spacing(abs(value))
            assert off(value, 0.0, lse(row)) <= error[0] + rounding


@pytest.mark.parametrize("n", [4096, 4097, 40000])
def test_long_rows_of_the_wide_tier_keep_the_bound(n):
    """A result near 0 has no rounding of its own that would hide the error of the sum."""
    x = np.random.default_rng(n).standard_normal((2, n)) * 2.0
    x -= fast.wide(x, 1).value
    y = fast.wide(x, 1)
    for row, value, error in zip(x, y.value[:, 0], y.error[:, 0], strict=True):
        assert off(value, 0.0, lse(row)) <= error < 2.0**-51


@pytest.mark.parametrize("lossy", [False, True])
def test_runs_join_exactly(lossy, monkeypatch):
    if lossy:
        monkeypatch.setattr(fast, "two_sum", lambda a, b: dd.DD(a + b, 0.0 * a))
    x = -np.random.default_rng(0).uniform(0.0, 0.7, (1, 40000))
    x[0, 0] = 0.0
    top = fast._index(np.zeros((1, 1)))
    terms = np.concatenate(fast._terms(x.copy(), top), axis=None).tolist()
    total, rest = (float(v[0, 0]) for v in fast._sums(x, top, 1))
    assert (abs(math.fsum([*terms, -total, -rest])) > 2.0**-60 * total) == lossy


def test_shares_keep_their_bounds():
    x = draw("wide", formats.of("float64"), 30, seed=1) * 5
    p, q = shares.softmax(x), shares.log_softmax(x)
    with mpmath.workprec(400):
        for i, row in enumerate(x):
            y = lse(row)
            for j, v in enumerate(row):
                real = mpmath.exp(mpf(v) - y)
                if v - float(y) > -700:
                    assert off(p.high[i, j], p.low[i, j], real) <= p.error[i, j]
                assert off(q.high[i, j], q.low[i, j], mpf(v) - y) <= q.error[i, j]


def test_sums_and_products_are_exact():
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 200)) * 10.0 ** rng.uniform(-20, 20, (2, 200))
    with mpmath.workprec(400):
        for s, real in ((dd.two_sum(a, b), mpf.__add__), (dd.two_product(a, b), mpf.__mul__)):
            for high, low, v, w in zip(*s, a, b, strict=True):
                assert mpf(high) + mpf(low) == real(mpf(v), mpf(w))


def test_a_useless_logarithm_is_not_trusted(monkeypatch):
    """np.log gives only a starting value: a bad one yields NaN, never a wrong number."""
    log = np.log
    monkeypatch.setattr(np, "log", lambda v: log(v) * (1 + 1e-9))
    s = dd.DD(np.array([2.5, 900.0]), np.zeros(2))
    assert np.isnan(dd.log(s).low).all()
