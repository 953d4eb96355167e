"""Exact best uniform approximation on finitely many points: the exchange algorithm in rationals.

To minimise max_i |y_i − (Aβ)_i| is a linear program. Its dual looks for a unit measure w on the
points that annihilates every column of A and has w·y as large as possible, so a basis is a
*reference* of k+1 points (k columns) with signs, on which the error is levelled: ±h. Each step
brings in the point where the levelled approximation is worst (Stiefel 1959, "Über diskrete und
lineare Tschebyscheff-Approximationen", Numerische Mathematik 1). The columns need not form a
Chebyshev system: weights of a reference may vanish, and Bland's rule keeps such steps from cycling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress
from math import lcm

from flint import fmpq, fmpz_mat, nmod_mat

#: A prime of 61 bits: rows independent modulo it are independent over the rationals.
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Optimum:
    """A best approximation and the measure that proves it."""

    error: Fraction
    coefficients: tuple[Fraction, ...]  #: one a column
    weights: dict[int, Fraction]  #: point -> weight; Σ|w| = 1, w·y = error, wA = 0
    steps: int  #: exchanges made


@dataclass
class _Reference:
    """k+1 points with the signs of the levelled error there."""

    points: list[int]
    signs: list[int]

    def matrix(self, rows: Sequence[Sequence[int]]) -> fmpz_mat:
        """The basis of the dual program: a column (s·A_i, 1) for each point i."""
        k = len(rows[0])
        signed = [[s * rows[i][c] for i, s in self._pairs()] for c in range(k)]
        return fmpz_mat([*signed, [1] * len(self.points)])

    def _pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.points, self.signs, strict=True))

    def level(self, rows: Sequence[Sequence[int]], y: Sequence[int]) -> list[fmpq]:
        """Coefficients, then the level h: s_i (y_i − A_i β) = h on the reference."""
        right = fmpz_mat([[s * y[i]] for i, s in self._pairs()])
        return _column(self.matrix(rows).transpose().solve(right))

    def leaver(self, rows: Sequence[Sequence[int]], point: int, sign: int) -> tuple[int, bool]:
        """The position that leaves for `point`, by Bland's rule among ties; whether h stays."""
        right = fmpz_mat([*([0, sign * v] for v in rows[point]), [1, 1]])
        solved = self.matrix(rows).solve(right)
        ratios = [
            (solved[i, 0] / solved[i, 1], self.points[i], i)
            for i in range(len(self.points)) if solved[i, 1] > 0
        ]  # fmt: skip
        ratio, _, position = min(ratios)
        return position, ratio == 0


def best(rows: Sequence[Sequence[int]], y: Sequence[int], prefer: Sequence[int]) -> Optimum:
    """Minimise max_i |y_i − Σ_c rows[i][c] β_c| over rational β.

    Args:
        rows: one row of k integers a point; the columns are linearly independent, points > k.
        y: the integer target, one a point.
        prefer: the points in the order in which to fill the first reference; any order is right,
            a good one saves steps.

    Raises:
        ArithmeticError: the columns are dependent.
    """
    reference = _start(rows, y, prefer)
    matrix = fmpz_mat(len(rows), len(rows[0]), [v for row in rows for v in row])
    cautious, steps = False, 0
    while True:
        *beta, h = reference.level(rows, y)
        residual = _residual(matrix, beta, y)
        worse = [abs(e) > h for e in residual]
        if not any(worse):
            weights = _weights(rows, reference)
            return Optimum(_fraction(h), tuple(map(_fraction, beta)), weights, steps)
        candidates = compress(range(len(y)), worse)
        point = next(candidates) if cautious else max(candidates, key=lambda i: abs(residual[i]))
        sign = 1 if residual[point] > 0 else -1
        position, cautious = reference.leaver(rows, point, sign)
        reference.points[position], reference.signs[position] = point, sign
        steps += 1


def _start(rows: Sequence[Sequence[int]], y: Sequence[int], prefer: Sequence[int]) -> _Reference:
    """The first k independent points of `prefer`, one more, and the signs of their annihilator."""
    k = len(rows[0])
    pivots = _independent([rows[i] for i in prefer])
    if len(pivots) < k:
        raise ArithmeticError(f"chebyshev: expected {k} independent columns, got {len(pivots)}")
    points = [prefer[p] for p in pivots]
    points.append(next(i for i in prefer if i not in points))
    chosen = fmpz_mat(k, k, [v for i in points[:k] for v in rows[i]])
    combined = chosen.transpose().solve(fmpz_mat(k, 1, list(rows[points[k]])))
    weights = [*(-w for w in _column(combined)), fmpq(1)]
    value = sum((w * y[i] for w, i in zip(weights, points, strict=True)), start=fmpq(0))
    flip = -1 if value < 0 else 1
    return _Reference(points, [flip * (-1 if w < 0 else 1) for w in weights])


def _independent(rows: Sequence[Sequence[int]]) -> list[int]:
    """Positions of the rows that are not combinations of earlier ones, modulo a prime."""
    height, width = len(rows[0]), len(rows)
    flat = [rows[j][i] % _PRIME for i in range(height) for j in range(width)]
    reduced, rank = nmod_mat(height, width, flat, _PRIME).rref()
    return [next(j for j in range(width) if reduced[i, j] != 0) for i in range(rank)]


def _residual(matrix: fmpz_mat, beta: list[fmpq], y: Sequence[int]) -> list[fmpq]:
    scale = lcm(*(int(b.q) for b in beta))
    fitted = matrix * fmpz_mat(len(beta), 1, [(b * scale).p for b in beta])
    return [fmpq(y[i] * scale - fitted[i, 0], scale) for i in range(len(y))]


def _weights(rows: Sequence[Sequence[int]], reference: _Reference) -> dict[int, Fraction]:
    unit = fmpz_mat([[0]] * len(rows[0]) + [[1]])
    sizes = _column(reference.matrix(rows).solve(unit))
    signed = zip(reference.points, reference.signs, sizes, strict=True)
    return {i: s * _fraction(u) for i, s, u in sorted(signed) if u != 0}


def _column(matrix: fmpz_mat) -> list[fmpq]:
    return [matrix[i, 0] for i in range(matrix.nrows())]


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
