"""The falsifier: tries a claim at random and adversarial points and looks for one where it fails.

It shares no code with the kernel's normal form. A claim is refuted by one point where, for sure,
its hypotheses hold and its conclusion does not; of limits nothing is for sure, see `truth`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from math import inf, isfinite
from typing import Any, TypeVar

import flint
import numpy as np

from lsetheory.proof.claim import Claim, Equality, Mutant
from lsetheory.proof.kernel.balls import enclose, number
from lsetheory.proof.kernel.evaluate import Memory, Undefined
from lsetheory.proof.kernel.terms import Formula, formula
from lsetheory.proof.secondary import violated
from lsetheory.proof.truth import every, truth

T = TypeVar("T")
Sample = Callable[[np.random.Generator], Mapping[str, Any]]
#: A variable of which no hypothesis says a bound.
FREE = (-inf, inf)
#: Sizes of the numbers tried.
SCALES = (1e-14, 1e-7, 1e-3, 1.0, 1.0, 1.0, 30.0, 1e3, 1e7, 1e14)
CENTRES = (0.0, 0.0, 1.0, 1e4, -1e14)
#: Values of natural numbers: half of them are the same one at a point, the others any of these.
COUNTS = (0, 1, 2, 2, 3, 4, 6, 11)
#: How the entries of a vector lie.
SHAPES = ("spread", "tied", "nearly tied", "outlier", "equal")
#: One point in this many is also given to the second evaluator.
SECOND = 20
#: Give up on finding points that meet the hypotheses after this many tries a point.
TRIES = 20


def attack(
    claim: Claim,
    equality: Sequence[Equality],
    rng: np.random.Generator,
    evaluations: int = 10_000,
    sample: Sample | None = None,
) -> dict[str, Any]:
    """Evaluate a claim at many points; equality cases first, then their neighbours among others.

    Args:
        claim: what is attacked.
        equality: claimed equality cases.
        rng: where randomness comes from.
        evaluations: how many points that meet the hypotheses are wanted.
        sample: a generator of points, where hypotheses are too narrow for the usual ones.

    Returns:
        {points, wanted, counterexamples, second, untried, witness}: points that met the hypotheses,
        how many were wanted, how many refute the claim, at how many the second evaluator found a
        comparison to look at, the parts whose own hypotheses no point met, the first
        counterexample.
    """
    found, met, second, untried = list[str](), 0, 0, list(claim.parts)
    # a claim without variables is one comparison, the same at every point
    evaluations = evaluations if claim.statement.free else min(evaluations, 1)
    real = {name for name, kind, _ in claim.statement.free if kind in ("real", "vec")}
    stream = _stream(claim, [e.at for e in equality], rng, sample)
    for _ in range(TRIES * evaluations):
        if met >= evaluations:
            break
        point = next(stream)
        exact = Memory({k: _ball(v) if k in real else v for k, v in point.items()})
        if not all(truth(f, exact) for f in claim.given):
            continue
        met += 1
        untried = [name for name in untried if not _speaks(claim.parts[name], exact)]
        bad = every(truth(f, exact) for f in claim.parts.values()) is False
        if met % SECOND == 0 and _moderate(point):
            looks = [violated(f, point) for f in claim.parts.values()]
            second += any(look is not None for look in looks)
            bad |= any(looks)
        found += [shown(point)] if bad else []
    return {"points": met, "wanted": evaluations, "counterexamples": len(found), "second": second,
            "untried": untried, "witness": found[0] if found else None}  # fmt: skip


def _speaks(part: Formula, point: Mapping[str, Any]) -> bool:
    """Whether a part's own hypotheses may hold at a point, so that it says something there."""
    given, _ = _premises(part)
    return all(truth(f, point) is not False for f in given)


def _premises(f: Formula) -> tuple[list[Formula], Formula]:
    """a, b, ... and c of: if a and b and ... then c."""
    given = list[Formula]()
    while f.op == "implies":
        given.append(f.args[0])
        f = f.args[1]
    return given, f


def _ball(value: Any) -> Any:
    """Floats and ints as balls, made once a point, where they are exact."""
    if isinstance(value, list | tuple):
        return [_ball(v) for v in value]
    return number(value) if isinstance(value, int | float) else value


def _moderate(point: Mapping[str, Any]) -> bool:
    """Whether 50 digits are enough for exponentials of products of these numbers."""
    sizes = (abs(v) for value in point.values() for v in _numbers(value))
    return all(size < 100 for size in sizes)


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for v in value:
            yield from _numbers(v)
    elif isinstance(value, int | float | Fraction):
        yield value


def _stream(
    claim: Claim,
    seeds: Sequence[Mapping[str, Any]],
    rng: np.random.Generator,
    sample: Sample | None,
) -> Iterator[Mapping[str, Any]]:
    yield from seeds
    usual = points(claim, rng)
    vectors = {name for name, kind, _ in claim.statement.free if kind == "vec"}
    while True:
        yield from (_near(seed, vectors, rng) for seed in seeds)
        for _ in range(8):
            yield sample(rng) if sample else next(usual)


def points(claim: Claim, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Endless points for a claim's free variables: ties, outliers, signs, scales 1e-14 to 1e14.

    Numbers are floats and ints, which are exact.
    """
    names = sorted(claim.statement.free)
    bounds = _bounds(claim.given)
    while True:
        common = _one_of(COUNTS, rng)
        naturals = {name: common if rng.random() < 0.5 else _one_of(COUNTS, rng)
                    for name, kind, _ in names if kind == "nat"}  # fmt: skip
        size = max([common, *naturals.values()])
        yield naturals | {name: _variable(kind, arity, size, rng, bounds.get(name, FREE))
                          for name, kind, arity in names if kind != "nat"}  # fmt: skip


def _bounds(given: Sequence[Formula]) -> dict[str, tuple[float, float]]:
    """The numbers between which hypotheses such as 0 < r, t <= 1 want a variable."""
    out = dict[str, tuple[float, float]]()
    for a, b in (f.args for f in given if f.op in ("lt", "le")):
        # a number that no float holds leaves the variable free: points beyond it are passed over
        with suppress(OverflowError):
            if a.op == "num" and b.op == "var":
                low, high = out.get(b.args[0], FREE)
                out[b.args[0]] = max(low, float(a.args[0])), high
            elif a.op == "var" and b.op == "num":
                low, high = out.get(a.args[0], FREE)
                out[a.args[0]] = low, min(high, float(b.args[0]))
    return out


def _variable(
    kind: str, arity: int, size: int, rng: np.random.Generator, between: tuple[float, float]
) -> Any:
    if kind == "real":
        return _real_between(*between, rng)
    if kind == "map":
        order = [int(i) for i in rng.permutation(size)]
        return lambda *indices: order[indices[-1]] if indices[-1] < size else indices[-1]
    rows = [_vector(rng, size + 2) for _ in range(size + 2 if arity > 1 else 1)]
    return rows if arity > 1 else rows[0]


def _one_of(values: Sequence[T], rng: np.random.Generator) -> T:
    return values[int(rng.integers(len(values)))]


def _real(rng: np.random.Generator) -> float:
    special = _one_of((0.0, 1.0, -1.0, 0.5, None, None, None, None), rng)
    return _one_of(SCALES, rng) * float(rng.standard_normal()) if special is None else special


def _real_between(low: float, high: float, rng: np.random.Generator) -> float:
    """A real within bounds, which may be infinite: of the usual sizes, near an end, or anywhere."""
    value = _real(rng)
    share: float = _one_of((0.0, 0.5, 1.0, *rng.random(4).tolist()), rng)
    ways = (value, low + abs(value), high - abs(value), low * (1 - share) + high * share)
    inside = [way for way in ways if isfinite(way) and low <= way <= high]
    return _one_of(inside, rng) if inside else low


def _vector(rng: np.random.Generator, size: int) -> list[float]:
    """Spread, tied, nearly tied, one outlier, all equal; sometimes far from 0."""
    spread: list[float] = rng.standard_normal(size).tolist()
    far = int(rng.integers(size))
    shape = {
        "spread": lambda: spread,
        "tied": lambda: [1.0 if v > 0 else -1.0 for v in spread],
        "nearly tied": lambda: [1 + 1e-12 * v for v in spread],
        "outlier": lambda: [1.0 if i == far else 1e-3 * v for i, v in enumerate(spread)],
        "equal": lambda: [spread[0]] * size,
    }[_one_of(SHAPES, rng)]()
    centre, scale = _one_of(CENTRES, rng), _one_of(SCALES, rng)
    return [centre + scale * v for v in shape]


def _near(seed: Mapping[str, Any], vectors: Set[str], rng: np.random.Generator) -> dict[str, Any]:
    """A seed with one entry of each vector moved, by 1e-14 to 1."""
    size = float(rng.choice([1e-14, 1e-9, 1e-6, 1e-3, 0.1, 1.0]))
    out = dict(seed)
    for name, value in seed.items():
        moved = list(value) if name in vectors and isinstance(value, tuple | list) else []
        if moved and isinstance(moved[0], int | float | Fraction):
            moved[int(rng.integers(len(moved)))] += Fraction(float(size * rng.standard_normal()))
            out[name] = moved
    return out


# Equality cases and mutants.


def equality_holds(claim: Claim, case: Equality) -> bool:
    """Whether a part's two sides agree at a claimed equality case, to its tolerance."""
    given, part = _premises(claim.parts[case.part])
    a, b = (enclose(side, case.at, 400) for side in part.args)
    size = abs(a).max(abs(b))
    slack = size * case.within + flint.arb(2) ** -300 * (1 + size)
    met = all(truth(f, case.at) for f in [*claim.given, *given])
    return met and bool(abs(a - b) <= slack)


def refutes(mutant: Mutant) -> bool:
    """Whether the mutant's point makes its hypotheses true and one of its parts false, for sure."""
    claim = mutant.claim
    hypotheses = all(truth(f, mutant.at) for f in claim.given)
    return hypotheses and every(truth(f, mutant.at) for f in claim.parts.values()) is False


def sharpened(claim: Claim, case: Equality) -> Mutant | None:
    """The part made sharper by a relative 1e-9, which an exact equality case must refute."""
    part = claim.parts[case.part]
    if part.op != "le" or case.within:
        return None
    a, b = part.args
    try:
        size = max(abs(float(enclose(t, case.at).mid())) for t in (a, b))
    except Undefined:
        return None
    by = Fraction(1, 10**9) * (Fraction(size) if size else 1)
    parts = {**claim.parts, case.part: formula("le", a + by, b)}
    sharper = replace(claim, parts=parts)
    return Mutant("sharper by a relative 1e-9", sharper, case.at)


def shown(point: Mapping[str, Any]) -> str:
    """A point in one line."""
    return ", ".join(f"{k} = {'a map' if callable(v) else v}" for k, v in sorted(point.items()))
