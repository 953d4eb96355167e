"""Terms as text and as LaTeX: what a reader would write."""

from lsetheory.proof import latex, nat, power, real, show, vector
from lsetheory.proof.language import Max, Min

N, X = nat("n"), vector("x")


def test_a_minimum_is_printed_as_one() -> None:
    smallest = Min(N, lambda i: X[i])
    assert show.text(smallest) == "min[i<n] x[i]"
    assert show.text(Max(N, lambda i: X[i]) - smallest) == "max[i<n] x[i] - (min[i<n] x[i])"
    assert latex.math(2 * smallest) == r"2\,\left(\min_{i<n} x_{i}\right)"
    assert show.text(Min(N, lambda i: 2 * X[i])) == "min[i<n] 2 x[i]"


def test_what_is_no_minimum_is_not_printed_as_one() -> None:
    assert show.text(-Max(N, lambda i: X[i])) == "-(max[i<n] x[i])"
    assert show.text(-2 * Max(N, lambda i: -X[i])) == "(-2) (max[i<n] -x[i])"


def test_powers_of_powers_have_brackets() -> None:
    assert show.text((real("r") ** 2) ** 3) == "(r^2)^3"
    assert show.text(power(power(2, N), N)) == "(2^n)^n"
    assert show.text(3 * real("r") ** 2) == "3 r^2"
