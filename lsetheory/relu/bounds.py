"""Upper bounds on the sup error of a network against max on the unit cube.

Interval arithmetic; the linear relaxation of the network's graph; and the mixed-integer program
whose optimum is the sup itself (big-M form, Tjeng, Xiao & Tedrake 2019), with HiGHS.

Interval arithmetic is a proof. HiGHS works in floating point with absolute tolerances; so its units
are first scaled to sums that vary by about 1, and its dual bound is loosened by all that the
tolerances can hide, carried through the network. What stays unproved is that HiGHS keeps them.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lsetheory.relu.train import Array, Network

#: HiGHS lets a row, a bound or an integer be off by this much (scipy does not change its default).
TOLERANCE = 1e-6
#: Hidden units of open sign up to which the mixed-integer program is tried, and its relaxation.
MOST_BINARIES, MOST_RELAXED = 40, 130
#: Nodes after which a program stops. Nodes, not seconds: a row must not depend on the machine.
NODES = 800


@dataclass(frozen=True)
class Bound:
    """An upper bound on sup |network - max|, how it was found, and the points seen on the way."""

    value: float
    method: str
    points: list[list[float]] = field(default_factory=list)


def interval(network: Network, d: int) -> list[tuple[Array, Array]]:
    """Lower and upper bounds of every layer's sums over the cube, by interval arithmetic.

    Widened by one part in 10^12 for rounding (float64 sums of at most a few thousand terms).
    """
    return _sums(network, np.zeros(d), np.ones(d))


def _sums(network: Network, low: Array, high: Array) -> list[tuple[Array, Array]]:
    bounds = []
    for weights, biases in network:
        middle, radius = (low + high) / 2, (high - low) / 2
        centre, reach = weights @ middle + biases, np.abs(weights) @ radius
        slack = 1e-12 * (np.abs(weights) @ np.maximum(np.abs(low), np.abs(high)) + np.abs(biases))
        bounds.append((centre - reach - slack, centre + reach + slack))
        low, high = np.maximum(bounds[-1][0], 0.0), np.maximum(bounds[-1][1], 0.0)
    return bounds


def interval_bound(network: Network, d: int) -> Bound:
    """sup |network - max| <= max(high, 1 - low), for max lies in [0, 1]: sound, rarely sharp."""
    low, high = interval(network, d)[-1]
    return Bound(float(max(high[0], 1.0 - low[0])), "interval")


@contextmanager
def _silence() -> Iterator[None]:
    """Send file descriptor 1 nowhere: HiGHS prints a line of its own when it repairs a solution."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class _Program:
    """A mixed-integer linear program, collected row by row."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.integer: list[int] = []
        self.error: list[float] = []  #: how far the tolerances let each variable be off
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def variable(
        self, low: float, high: float, integer: bool = False, error: float = 4 * TOLERANCE
    ) -> int:
        self.low.append(low)
        self.high.append(high)
        self.error.append(error)
        self.integer.append(int(integer))
        return len(self.low) - 1

    def between(self, terms: dict[int, float], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def maximise(self, objective: dict[int, float], nodes: int, whole: bool = True) -> Any:
        """scipy's answer to max objective; `whole` False drops the integrality."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        entries = [(v, i, j) for i, row in enumerate(self.rows) for j, v in row[0].items()]
        values, rows, columns = zip(*entries, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.rows), len(self.low)))
        limits = [row[1] for row in self.rows], [row[2] for row in self.rows]
        cost = np.zeros(len(self.low))
        cost[list(objective)] = np.negative(list(objective.values()))
        with _silence():
            return milp(
                cost, integrality=self.integer if whole else None,
                bounds=Bounds(self.low, self.high), constraints=LinearConstraint(matrix, *limits),
                options={"node_limit": nodes, "mip_rel_gap": 1e-6},
            )  # fmt: skip

    def relaxed(self, objective: dict[int, float]) -> float:
        """Upper bound on the objective from the linear relaxation; infinite if it is not solved."""
        found = self.maximise(objective, 1, whole=False)
        return -float(found.fun) + self.slack(objective) if found.status == 0 else np.inf

    def slack(self, objective: dict[int, float]) -> float:
        """What the tolerances may hide in an optimum.

        On the dual side TOLERANCE times every variable's range, on the primal side the error of
        every variable of the objective.
        """
        ranges = float(np.sum(np.subtract(self.high, self.low)))
        primal = sum(abs(c) * self.error[j] for j, c in objective.items())
        return TOLERANCE * (1.0 + ranges) + primal


def balanced(network: Network, d: int) -> Network:
    """The same function with hidden sums that vary by 1/2 to 2 over the cube, where they vary.

    relu(2^k s) = 2^k relu(s), so a unit's row is multiplied by a power of two and its column in the
    next layer divided by it: nothing is rounded. (Where that would leave the range of float64 the
    network is left as it is.) Absolute tolerances then mean the same for every unit; a layer of
    weights near 10^-6, left as it is, lies within HiGHS's tolerance of a layer of zeros.
    """
    found: Network = []
    columns = np.zeros(d, dtype=int)
    for (weights, biases), (low, high) in zip(network, interval(network, d), strict=True):
        # A unit that is nearly constant is not blown up: its bias would drown everything else.
        vary = np.maximum(high - low, np.abs(high) / 1024)
        rows = -np.frexp(vary)[1] if len(found) < len(network) - 1 else np.zeros(1, dtype=int)
        powers = rows[:, None] - columns
        scaled = np.ldexp(weights, powers), np.ldexp(biases, rows)
        back = np.ldexp(scaled[0], -powers), np.ldexp(scaled[1], -rows)
        if not all(map(np.array_equal, back, (weights, biases))):
            return network
        found.append(scaled)
        columns = rows
    return found


def _network_program(
    network: Network, d: int
) -> tuple[_Program, list[int], dict[int, float], float]:
    """The graph of the network on the cube: program, inputs, the output's terms and constant."""
    program = _Program()
    inputs = [program.variable(0.0, 1.0) for _ in range(d)]
    below = inputs
    for weights, biases in network[:-1]:
        ranges = _ranges(program, below, weights, biases, exact=below is inputs)
        layer = zip(weights.tolist(), biases.tolist(), ranges, strict=True)
        below = [_unit(program, below, row, bias, *range_) for row, bias, range_ in layer]
    weights, biases = network[-1]
    return program, inputs, dict(zip(below, weights[0].tolist(), strict=True)), float(biases[0])


def _ranges(
    program: _Program, below: list[int], weights: Array, biases: Array, exact: bool
) -> list[tuple[float, float]]:
    """Range of each sum of a layer: intervals, narrowed by the linear relaxation of what is below.

    On the first layer (`exact`) intervals are already sharp.
    """
    low, high = np.take(program.low, below), np.take(program.high, below)
    (layer,) = _sums([(weights, biases)], low, high)
    if exact:
        return list(zip(*map(np.ndarray.tolist, layer), strict=True))
    found = []
    for row, bias, low_, high_ in zip(weights.tolist(), biases.tolist(), *layer, strict=True):
        up = program.relaxed(dict(zip(below, row, strict=True))) + bias
        down = bias - program.relaxed({j: -w for j, w in zip(below, row, strict=True)})
        found.append((max(float(low_), down), min(float(high_), up)))
    return found


def _unit(
    program: _Program, below: list[int], row: list[float], bias: float, low: float, high: float
) -> int:
    """One hidden unit z = relu(s), s = row . below + bias in [low, high] (big-M form)."""
    carried = sum(abs(w) * program.error[j] for j, w in zip(below, row, strict=True))
    error = TOLERANCE * (1.0 + max(-low, high, 0.0)) + carried
    z = program.variable(0.0, max(high, 0.0), error=error)
    terms = {j: -w for j, w in zip(below, row, strict=True)} | {z: 1.0}
    if low >= 0:
        program.between(terms, bias, bias)
    elif high > 0:
        on = program.variable(0, 1, integer=True)
        program.between(terms, bias, np.inf)
        program.between(terms | {on: -low}, -np.inf, bias - low)
        program.between({z: 1.0, on: -high}, -np.inf, 0.0)
    return z


def binaries(network: Network, d: int) -> int:
    """Hidden units whose sign interval arithmetic leaves open."""
    return int(sum(np.sum((low < 0) & (high > 0)) for low, high in interval(network, d)[:-1]))


def milp_bound(network: Network, d: int, nodes: int = NODES) -> Bound:
    """sup |network - max| as two mixed-integer programs, each stopped after `nodes` nodes.

    The solver's dual bound (HiGHS, in floating point) is loosened by `_Program.slack`. Method
    "milp" says both programs were solved, "milp_relaxed" that one ended at the node limit (its
    dual bound still bounds, and is not sharp); with `nodes` 0 only the linear relaxation is
    solved, method "relaxation". Infinite where the solver has no answer.
    """
    worst, method, points = -np.inf, "milp" if nodes else "relaxation", []
    network = balanced(network, d)
    for side, sign in ((_above, 1.0), (_below, -1.0)):
        program, inputs, output, constant = _network_program(network, d)
        objective = side(program, inputs, output)
        if not nodes:
            worst = max(worst, program.relaxed(objective) + sign * constant)
            continue
        found = program.maximise(objective, nodes)
        dual = _dual_bound(found)
        if dual is None:
            return Bound(np.inf, "milp_relaxed")
        worst = max(worst, -dual + sign * constant + program.slack(objective))
        method = method if found.status == 0 else "milp_relaxed"
        if found.x is not None:
            points.append(np.clip(found.x[inputs], 0.0, 1.0).tolist())
    return Bound(float(worst), method, points)


def _dual_bound(found: Any) -> float | None:
    """HiGHS's bound on the cost if it solved the program, or stopped at a limit.

    scipy knows HiGHS's node limit by its message alone; a program without integers (every sign is
    settled) has its optimum for a bound.
    """
    bound = found.mip_dual_bound
    if bound is None and found.status == 0:
        bound = found.fun
    known = found.status in (0, 1) or "limit reached" in found.message
    return float(bound) if known and bound is not None and np.isfinite(bound) else None


def _above(program: _Program, inputs: list[int], output: dict[int, float]) -> dict[int, float]:
    """Objective network - top, with top >= every input; maximising pushes top down to max."""
    top = program.variable(0.0, 1.0)
    for x in inputs:
        program.between({top: 1.0, x: -1.0}, 0.0, np.inf)
    return output | {top: -1.0}


def _below(program: _Program, inputs: list[int], output: dict[int, float]) -> dict[int, float]:
    """Objective top - network, with top <= the one input that is chosen."""
    top = program.variable(0.0, 1.0)
    chosen = [program.variable(0, 1, integer=True) for _ in inputs]
    for x, pick in zip(inputs, chosen, strict=True):
        program.between({top: 1.0, x: -1.0, pick: 1.0}, -np.inf, 1.0)
    program.between(dict.fromkeys(chosen, 1.0), 1.0, 1.0)
    return {j: -w for j, w in output.items()} | {top: 1.0}


def upper(
    network: Network, d: int, nodes: int = NODES, most: int = MOST_BINARIES,
    relaxed: int = MOST_RELAXED,
) -> Bound:  # fmt: skip
    """The best upper bound that is feasible, by the number of hidden units of open sign.

    The mixed-integer program up to `most`, its linear relaxation up to `relaxed`, else intervals;
    intervals too where they are sharper.
    """
    bound, open_units = interval_bound(network, d), binaries(network, d)
    if open_units <= max(most, relaxed):
        sharp = milp_bound(network, d, nodes if open_units <= most else 0)
        bound = sharp if sharp.value < bound.value else bound
    return bound
