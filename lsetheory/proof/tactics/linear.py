"""Finds multipliers of inequalities by exact linear programming; what it finds, a rule checks."""

from collections.abc import Sequence
from fractions import Fraction

from lsetheory.proof.kernel.polynomial import UNIT, Poly

Row = list[Fraction]
ZERO, ONE = Fraction(0), Fraction(1)


def multipliers(
    goal: Poly, premises: Sequence[Poly], ops: Sequence[str], goal_op: str
) -> list[Fraction] | None:
    """Weights w with goal = Σ w·premise + (a number >= 0); w >= 0 where the op is no equation.

    For the goal "lt" the weight of a strict premise, or the number, is positive; for "eq" the
    number is 0.
    """
    columns, owners, rewards = list[Poly](), list[tuple[int, int]](), list[int]()
    for i, (p, op) in enumerate(zip(premises, ops, strict=True)):
        for sign in (1, -1) if op == "eq" else (1,):
            columns.append({m: sign * c for m, c in p.items()})
            owners.append((i, sign))
            rewards.append(int(op == "lt"))
    if goal_op != "eq":
        columns.append({UNIT: ONE})
        rewards.append(1)
    solution = _solve(columns, goal, rewards if goal_op == "lt" else [0] * len(columns))
    if solution is None or (
        goal_op == "lt" and not sum(s * r for s, r in zip(solution, rewards, strict=True))
    ):
        return None
    weights = [ZERO] * len(premises)
    for value, (i, sign) in zip(solution, owners, strict=False):
        weights[i] += sign * value
    return weights


def _solve(columns: list[Poly], target: Poly, rewards: list[int]) -> Row | None:
    """x >= 0 with Σ x·column = target and, if it can be, Σ x·reward > 0 (simplex, Bland's rule)."""
    monomials = list(dict.fromkeys(m for p in (*columns, target) for m in p))
    rows = [[p.get(m, ZERO) for p in columns] + [target.get(m, ZERO)] for m in monomials]
    rows = [[-v for v in row] if row[-1] < 0 else row for row in rows]
    n, m = len(columns), len(rows)
    table = [[*row[:-1], *(ONE if j == i else ZERO for j in range(m)), row[-1]]
             for i, row in enumerate(rows)]  # fmt: skip
    basis = list(range(n, n + m))
    cost = [-sum((r[j] for r in table), start=ZERO) for j in range(n)] + [ZERO] * m
    cost.append(-sum((r[-1] for r in table), start=ZERO))
    _maximise(table, basis, cost, n)
    if cost[-1] != 0:
        return None
    _drive_out(table, basis, n)
    goal = [Fraction(-r) for r in rewards] + [ZERO] * (m + 1)
    for row, b in zip(table, basis, strict=True):
        if b < n and goal[b]:
            goal[:] = [g - goal[b] * v for g, v in zip(list(goal), row, strict=True)]
    _maximise(table, basis, goal, n)
    x = [ZERO] * n
    for row, b in zip(table, basis, strict=True):
        if b < n:
            x[b] = row[-1]
    return x


def _maximise(table: list[Row], basis: list[int], cost: Row, n: int) -> None:
    """Pivot while a column below `n` has negative cost; an unbounded one is entered once."""
    while True:
        j = next((j for j in range(n) if cost[j] < 0), None)
        if j is None:
            return
        ratios = [(row[-1] / row[j], basis[i], i) for i, row in enumerate(table) if row[j] > 0]
        if not ratios:
            _step_along(table, basis, j)
            return
        _pivot(table, basis, cost, min(ratios)[2], j)


def _step_along(table: list[Row], basis: list[int], j: int) -> None:
    """Move one unit along an unbounded direction: fold column j into the right-hand side."""
    for row in table:
        row[-1] -= row[j]
    unit = [ZERO] * len(table[0]) if table else [ZERO] * (j + 2)
    unit[j], unit[-1] = ONE, ONE
    table.append(unit)
    basis.append(j)


def _drive_out(table: list[Row], basis: list[int], n: int) -> None:
    for i, b in enumerate(basis):
        if b >= n:
            j = next((j for j in range(n) if table[i][j] != 0), None)
            if j is not None:
                _pivot(table, basis, [ZERO] * len(table[i]), i, j)


def _pivot(table: list[Row], basis: list[int], cost: Row, i: int, j: int) -> None:
    scale = table[i][j]
    table[i] = [v / scale for v in table[i]]
    for k, row in enumerate(table):
        if k != i and row[j]:
            table[k] = [v - row[j] * p for v, p in zip(row, table[i], strict=True)]
    if cost[j]:
        cost[:] = [v - cost[j] * p for v, p in zip(list(cost), table[i], strict=True)]
    basis[i] = j
