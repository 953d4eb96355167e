"""The checker must refuse every way in which a claim of optimality can be wrong."""

from dataclasses import replace
from fractions import Fraction

import pytest

from lsetheory.relu import certificate
from lsetheory.relu.minimax import _on_box, minimax, minimax_relative

CUBE = minimax(8, (0, 1, 7))
BOX = minimax(5, (1, 4), constant=False, box=(-1, "3/2"))
SPACE = minimax_relative(8, (1, 7))


def moved(weights):
    return {(c + 1 if c == max(weights) - 6 else c): w for c, w in weights.items()}


def scaled(weights, s):
    return {c: w * s for c, w in weights.items()}


FAULTS = {
    "smaller error": (CUBE, {"error": Fraction(1, 19)}, "value"),
    "larger error": (CUBE, {"error": Fraction(1, 17)}, "value"),
    "worse coefficient": (CUBE, {"coefficients": {**CUBE.coefficients, 7: Fraction(1)}}, "value"),
    "missing coefficient": (CUBE, {"coefficients": {0: CUBE.error}}, "one for each rank"),
    "extra rank": (CUBE, {"ranks": (0, 1, 6, 7)}, "one for each rank"),
    "weights of mass 2": (CUBE, {"certificate": scaled(CUBE.certificate, 2)}, "sum to 1"),
    "signs turned": (CUBE, {"certificate": scaled(CUBE.certificate, -1)}, "equioscillation"),
    "weight elsewhere": (CUBE, {"certificate": moved(CUBE.certificate)}, "equioscillation"),
    "no vertex": (CUBE, {"certificate": {9: Fraction(1)}}, "no vertex"),
    "no certificate": (CUBE, {"certificate": {}}, "sum to 1"),
    "other dimension": (CUBE, {"d": 9}, "value"),
    "other box": (BOX, {"box": (Fraction(-1), Fraction(2))}, "value"),
    "box turned to space": (CUBE, {"box": None}, "constant is unbounded"),
    "space turned to box": (SPACE, {"box": (Fraction(0), Fraction(1))}, "moment"),
    "reversed box": (CUBE, {"box": (Fraction(1), Fraction(0))}, "problem"),
    "empty box": (CUBE, {"box": (Fraction(1), Fraction(1))}, "problem"),
    "no inputs": (CUBE, {"d": 0}, "problem"),
    "rank above d": (CUBE, {"ranks": (0, 1, 9)}, "problem"),
    "rank below 0": (CUBE, {"ranks": (0, 1, -1)}, "problem"),
    "rank twice": (CUBE, {"ranks": (0, 1, 7, 7)}, "problem"),
    "weights not a sum of 1": (SPACE, {"coefficients": scaled(SPACE.coefficients, 2)}, "sum of 1"),
}


@pytest.mark.parametrize("found", [CUBE, BOX, SPACE], ids=["cube", "box", "space"])
def test_true_claims_pass(found):
    certificate.check(found)


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_refused(fault):
    found, change, message = FAULTS[fault]
    wrong = replace(found, **change)
    with pytest.raises(certificate.CertificateError, match=message):
        certificate.check(wrong)
    assert not certificate.holds(wrong)


def test_a_problem_that_makes_no_sense_has_no_certificate():
    """Each solves its equations, or would divide by C(4, 9) = 0."""
    for ranks, box in (((0, 2), (1, 0)), ((0, 1), (1, 1))):
        ends = Fraction(box[0]), Fraction(box[1])
        claim = replace(minimax(3, ranks), box=ends)
        assert not certificate.holds(claim)
    found = _on_box(3, (0, 2), (Fraction(1), Fraction(0)))
    with pytest.raises(certificate.CertificateError, match="box from a to b"):
        certificate.check(found)
    for ranks in ((0, 9), (0, -1)):
        beta = {r: Fraction(1) for r in ranks}
        claim = replace(minimax(4, (0, 1)), ranks=ranks, coefficients=beta)
        with pytest.raises(certificate.CertificateError, match="distinct ranks"):
            certificate.check(claim)


def test_a_suboptimal_estimator_with_honest_error_is_refused():
    better = minimax(6, (0, 1, 5))
    worse = replace(better, coefficients={**better.coefficients, 1: Fraction(0)})
    honest = max(abs(e) for e in worse.residuals())
    with pytest.raises(certificate.CertificateError):
        certificate.check(replace(worse, error=honest))


def test_a_certificate_of_fewer_ranks_does_not_prove_more_ranks():
    few, more = minimax(6, (0, 5)), minimax(6, (0, 1, 5))
    padded = replace(few, ranks=more.ranks, coefficients={**few.coefficients, 1: Fraction(0)})
    with pytest.raises(certificate.CertificateError, match="moment"):
        certificate.check(padded)
