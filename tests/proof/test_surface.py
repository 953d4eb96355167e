"""Sympy prints the claims and derives their derivatives anew; a wrong one is told apart."""

import pytest
import sympy

from lsetheory import catalogue
from lsetheory.proof import Claim, Deriv, exp, log, lse, nat, real, surface, vector

n, r, x = nat("n"), real("r"), vector("x")

#: Theorem -> how many derivatives sympy can write out.
DERIVATIVES = {"gradient_softmax": 2, "hessian_psd": 1, "cumulants": 3, "swap_is_derivative": 3}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_sympy_derives_what_is_claimed(name: str) -> None:
    rows = surface.derivatives(catalogue.theorems()[name].load().CLAIM)
    assert len(rows) == DERIVATIVES[name]
    assert [row["part"] for row in rows if not row["agrees"]] == []


def test_a_wrong_derivative_is_told_apart() -> None:
    def claim(value: object) -> Claim:
        part = Deriv(lambda s: lse(n, lambda i: s * x[i]), r, value)
        return Claim(words="", source="", given=(1 <= n,), parts={"slope": part})

    right = catalogue.theorems()["swap_is_derivative"].load().CLAIM.parts["first"].args[2]
    (row,) = surface.derivatives(claim(right))
    assert row["agrees"]
    (row,) = surface.derivatives(claim(right + 1 / (10**9 * exp(r))))
    assert not row["agrees"]


def test_sums_are_shown_for_symbolic_n_and_written_out_for_a_number() -> None:
    y = lse(n, lambda i: x[i])
    assert surface.expression(y, {}).has(sympy.Sum)
    a, b = sympy.symbols("x_0 x_1", real=True)
    assert surface.expression(y, {"n": 2}) == sympy.log(sympy.exp(a) + sympy.exp(b))


def test_statements_print_and_only_comparisons_do() -> None:
    printed = surface.statement(lse(n, lambda i: x[i]) <= log(n))
    assert printed is not None
    assert "≤" in printed
    assert surface.statement(Deriv(lambda s: exp(s), r, exp(r))) is None
