"""Fits of ReLU networks to max over [0,1]^d: the plan, one fit as a row, and the rows gathered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from lsetheory.errors import InputError
from lsetheory.relu import bounds, sup, train
from lsetheory.work import Unit

#: Kernels of the default run: every size 2 to 9, then the 4x4 and 5x5 of real networks.
KERNELS = ("1x2", "1x3", "2x2", "1x5", "2x3", "1x7", "2x4", "3x3", "4x4", "5x5")
#: Widths of the default run: multiples of the smallest useful width, and one width for all sizes.
WIDTHS = ("1x", "2x", "4x", "8x", "16")
DEPTHS = (1, 2, 3)
#: Networks with more parameters than this are left out of the default run.
LARGEST = 2000


def kernel_size(kernel: str) -> int:
    """Number of inputs of a pooling kernel: "2x3" has 6, "7" has 7, "2x2x2" has 8.

    Raises:
        InputError: not sizes joined by x, or fewer than two inputs.
    """
    if not re.fullmatch(r"[0-9]{1,4}(x[0-9]{1,4}){0,2}", kernel):
        raise InputError(f"kernel: expected sizes such as 2x2 or 3x3, got {kernel!r}")
    size = int(np.prod([int(side) for side in kernel.split("x")]))
    if size < 2:
        raise InputError(f"kernel: expected two inputs or more, got {kernel!r}, which has {size}")
    return size


def width_of(width: str, d: int) -> int:
    """A width as a number: "12" is 12, "2x" is twice the smallest useful width at d inputs.

    Raises:
        InputError: neither, or zero.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,4}x?", width):
        raise InputError(f"width: expected a number such as 12 or a multiple as 2x, got {width!r}")
    times = train.smallest_width(d) if width.endswith("x") else 1
    return int(width.rstrip("x")) * times


def plan(
    kernels: Sequence[str] = KERNELS,
    widths: Sequence[str] = WIDTHS,
    depths: Sequence[int] = DEPTHS,
    *,
    seeds: int = 3,
    seed: int = 0,
    largest: int | None = LARGEST,
    effort: Mapping[str, int] | None = None,
) -> list[Unit]:
    """One unit a kernel, depth and width; small networks first.

    Args:
        kernels: such as "2x2".
        widths: such as "12" or "2x" (of the smallest useful width).
        depths: numbers of hidden layers.
        seeds: independent fits of each network, seeds `seed` ... `seed + seeds - 1`.
        seed: the first seed.
        largest: parameters beyond which a network is left out; None leaves none out.
        effort: `points`, `rounds`, `steps` and `starts` of `train.fit`, and `nodes`, `most` and
            `relaxed` of `bounds.upper`, where they differ from the defaults.

    Raises:
        InputError: a kernel, width or depth that cannot be used, or nothing is left to fit.
    """
    if min(depths, default=0) < 1 or seeds < 1:
        raise InputError(f"fit: expected depths and seeds of 1 or more, got {depths}, {seeds}")
    chosen = {
        (kernel_size(kernel), depth, width_of(width, kernel_size(kernel))): kernel
        for kernel in kernels for depth in depths for width in widths
    }  # fmt: skip
    sized = sorted((train.parameters((d, *[w] * k, 1)), d, k, w) for d, k, w in chosen)
    kept = [shape for count, *shape in sized if largest is None or count <= largest]
    if not kept:
        raise InputError(f"fit: every network has more than {largest} parameters, raise the limit")
    shared = {"seeds": list(range(seed, seed + seeds)), "effort": dict(effort or {})}
    network = "lsetheory.relu.fit:one"
    return [
        Unit(network, {"kernel": chosen[d, k, w], "depth": k, "width": w, **shared})
        for d, k, w in kept
    ]


def quick_plan(seed: int = 0) -> list[Unit]:
    """A plan of about ten seconds on one core, for the report."""
    effort = {"points": 1024, "rounds": 2, "steps": 60, "starts": 3, "nodes": 200, "most": 20}
    widths = ("1x", "2x", "16")
    return plan(KERNELS[:-2], widths, (1, 2), seeds=2, seed=seed, largest=400, effort=effort)


def one(
    kernel: str, depth: int, width: int, seeds: Sequence[int], effort: Mapping[str, int]
) -> dict[str, Any]:
    """Fit one network from several seeds and bound the sup error of the best in mean square.

    Returns:
        kernel, kernel_size, depth, width, parameters;
        seeds, errors: each seed and the root mean square error of its fit, all on one sample of
        uniform inputs;
        seed: the best of them there, of which everything below speaks; another may have a smaller
        sup error;
        mean_square, standard_error: on a second sample, which had no say in the choice, and its
        standard error; root_mean_square;
        sup_lower: |network - max| at the point `witness`, computed exactly, rounded down;
        sup_upper, upper_method: a bound on the sup error over the cube and where it comes from,
        "milp" (solved), "milp_relaxed" (stopped early), "relaxation" or "interval";
        open_units: hidden units whose sign interval arithmetic leaves open.

    Raises:
        ArithmeticError: the witness beats the upper bound, so one of the two is wrong.
    """
    d, hidden = kernel_size(kernel), [width] * depth
    limits = {key: value for key, value in effort.items() if key in ("nodes", "most", "relaxed")}
    training = {key: value for key, value in effort.items() if key not in limits}
    networks = [train.fit(d, hidden, seed, **training) for seed in seeds]
    measured = [train.mean_square(network, d, seeds[0]) for network in networks]
    best = min(range(len(seeds)), key=lambda i: measured[i][0])
    mean_square, standard_error = train.mean_square(networks[best], d, seeds[0], sample=1)
    return {
        "kernel": kernel, "kernel_size": d, "depth": depth, "width": width,
        "parameters": train.parameters((d, *hidden, 1)), "seeds": list(seeds),
        "errors": [square**0.5 for square, _ in measured], "seed": seeds[best],
        "mean_square": mean_square, "standard_error": standard_error,
        "root_mean_square": mean_square**0.5, **enclosure(networks[best], d, seeds[best], limits),
    }  # fmt: skip


def enclosure(
    network: train.Network, d: int, seed: int, limits: Mapping[str, int]
) -> dict[str, Any]:
    """The keys sup_lower, witness, sup_upper, upper_method and open_units of `one`."""
    above = bounds.upper(network, d, **limits)
    point, error = sup.witness(network, d, np.random.default_rng([seed, d]), above.points)
    return {
        "sup_lower": checked(float(np.nextafter(float(error), 0.0)), above),
        "witness": point, "sup_upper": above.value, "upper_method": above.method,
        "open_units": bounds.binaries(network, d),
    }  # fmt: skip


def checked(lower: float, above: bounds.Bound) -> float:
    """`lower`, if the bound above allows it.

    Raises:
        ArithmeticError: it does not.
    """
    if lower > above.value:
        raise ArithmeticError(
            f"sup: expected a witness below the {above.method} bound {above.value}, got {lower}"
        )
    return lower


def gather(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `one`, by depth, kernel size and width."""
    order = ("depth", "kernel_size", "width")
    return sorted(map(dict, results), key=lambda row: [row[key] for key in order])
