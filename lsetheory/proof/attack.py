"""The falsifier: tries a claim at random and adversarial points and looks for one where it fails.

It shares no code with the kernel's normal form. A claim is refuted by one point where, for sure,
its hypotheses hold and its conclusion does not.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from fractions import Fraction
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
#: Sizes of the numbers tried.
SCALES = (1e-14, 1e-7, 1e-3, 1.0, 1.0, 1.0, 30.0, 1e3, 1e7, 1e14)
CENTRES = (0.0, 0.0, 1.0, 1e4, -1e14)
#: How many entries a vector has, and how they lie.
COUNTS = (1, 2, 2, 3, 4, 6)
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
        {points, wanted, counterexamples, second, witness}: points that met the hypotheses, how many
        were wanted, how many refute the claim, how many the second evaluator looked at, the first
        counterexample.
    """
    found, met, second = list[str](), 0, 0
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
        bad = every(truth(f, exact) for f in claim.parts.values()) is False
        if met % SECOND == 0 and _moderate(point):
            second += 1
            bad |= any(violated(f, point) for f in claim.parts.values())
        found += [shown(point)] if bad else []
    return {"points": met, "wanted": evaluations, "counterexamples": len(found), "second": second,
            "witness": found[0] if found else None}  # fmt: skip


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
    signs = _signs(claim.given)
    while True:
        size = _one_of(COUNTS, rng)
        yield {name: _variable(kind, arity, size, rng, signs.get(name, 0))
               for name, kind, arity in names}  # fmt: skip


def _signs(given: Sequence[Formula]) -> dict[str, int]:
    """The sign that hypotheses 0 < r, 0 <= r, r < 0, r <= 0 ask of a variable."""
    out = dict[str, int]()
    for f in given:
        if f.op in ("lt", "le"):
            a, b = f.args
            ends = ((b, a, 1), (a, b, -1))
            out |= {v.args[0]: s for v, o, s in ends if v.op == "var" and o.op == "num"}
    return out


def _variable(kind: str, arity: int, size: int, rng: np.random.Generator, sign: int) -> Any:
    if kind == "nat":
        return size
    if kind == "real":
        value = _real(rng)
        return sign * abs(value) if sign else value
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
    part = _comparison(claim.parts[case.part])
    a, b = (enclose(side, case.at, 400) for side in part.args)
    size = abs(a).max(abs(b))
    slack = size * case.within + flint.arb(2) ** -300 * (1 + size)
    return all(truth(f, case.at) for f in claim.given) and bool(abs(a - b) <= slack)


def _comparison(f: Formula) -> Formula:
    while f.op == "implies":
        f = f.args[1]
    return f


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
