"""Are inputs on which max pooling is distinct rare in pictures? One unit a picture, an answer.

Matoba, Dimitriadis & Fleuret 2023 ask whether inputs with a large difference between the max and
the other values occur in practice; `relu.windows` says what is counted as distinct here.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.errors import InputError
from lsetheory.relu import filters, pictures, windows
from lsetheory.relu.train import Array
from lsetheory.work import Unit

#: Random pictures of independent pixels, for comparison; side in pixels.
REFERENCES, SIDE = ("uniform", "normal"), 384
#: A share of windows below this is called rare.
RARE = 0.05
#: Fewer pictures settle nothing about pictures.
FEWEST = 5
#: Windows of a view that approximations are tried on; more are drawn from at random.
MOST_WINDOWS = 40_000
RAW, FILTERED = "pixels", "all filters"
SHARES = ("distinct", "relatively_distinct")


def kernel_sides(kernel: str) -> tuple[int, int]:
    """ "2" and "2x2" are (2, 2), "2x3" is (2, 3).

    Raises:
        InputError: neither, or a window of fewer than 3 or more than 36 pixels.
    """
    if not re.fullmatch(r"[0-9]{1,3}(x[0-9]{1,3})?", kernel):
        raise InputError(f"kernel: expected a size such as 2 or 2x3, got {kernel!r}")
    parts = kernel.split("x")
    sides = int(parts[0]), int(parts[-1])
    if not 3 <= sides[0] * sides[1] <= 36:
        raise InputError(f"kernel: expected windows of 3 to 36 pixels, got {kernel!r}")
    return sides


def plan(
    paths: Sequence[str | Path] = (), kernel: str = "2", stride: int | None = None, seed: int = 0
) -> list[Unit]:
    """One unit a picture, and one each for uniform and normal pixels.

    Args:
        paths: .png, .jpg or .npy files, of those with the same bytes the first; none means the
            photographs at hand.
        kernel: window, "2" or "2x3".
        stride: step between windows; None means the kernel, so that windows do not overlap.
        seed: of the random pixels and of the windows that are drawn.

    Raises:
        InputError: an argument or a file that cannot be used, or no photographs at hand.
    """
    sides = kernel_sides(kernel)
    if stride is not None and stride < 1:
        raise InputError(f"stride: expected 1 or more, got {stride}")
    chosen = [Path(path) for path in paths] or pictures.photographs()
    if not chosen:
        raise InputError("images: expected photographs, found none; name files to look at")
    distinct = dict[str, Path]()  # a copy is no further picture of a sample
    for path in chosen:
        _windows(_views(pictures.load(path)), sides, stride)
        distinct.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    shared = {"kernel": list(sides), "stride": stride, "seed": seed}
    files = [{"source": str(path), "content": digest} for digest, path in distinct.items()]
    noise = [{"source": name, "content": ""} for name in REFERENCES]
    return [Unit("lsetheory.relu.images:one", {**which, **shared}) for which in (*files, *noise)]


def one(
    source: str, content: str, kernel: Sequence[int], stride: int | None, seed: int
) -> dict[str, Any]:
    """Everything measured on one picture.

    Args:
        source: a file, "uniform" or "normal".
        content: hash of the file when it was planned.
        kernel: height and width of the windows.
        stride: step between windows, or None.
        seed: of the random pixels and of the windows that are drawn.

    Returns:
        gaps: `windows.gap_row` of the pixels, of each filter, and of all filters together;
        errors: `windows.error_rows` of the pixels and of all filters together;
        each row with source (the name of the file), view and kind ("picture" or "reference").

    Raises:
        InputError: the file cannot be used, or is not the one that was planned.
    """
    rng = np.random.default_rng([seed, *kernel])
    picture = _reference(source, rng) if source in REFERENCES else pictures.load(source)
    if content and hashlib.sha256(Path(source).read_bytes()).hexdigest() != content:
        raise InputError(
            f"{source}: expected the file that was planned, got another content: it changed, or "
            "is another on this machine; run again"
        )
    found = _windows(_views(picture), (kernel[0], kernel[1]), stride)
    drawn = {view: _drawn(*found[view], rng) for view in (RAW, FILTERED)}
    kind = "reference" if source in REFERENCES else "picture"
    name = {"source": Path(source).name, "kind": kind}
    return {
        "gaps": [{**name, "view": v, **windows.gap_row(x, t)} for v, (x, t) in found.items()],
        "errors": [
            {**name, "view": view, **row}
            for view, pair in drawn.items() for row in windows.error_rows(*pair)
        ],
    }  # fmt: skip


def _drawn(x: Array, tiles: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """At most MOST_WINDOWS of the windows, without repetition."""
    if len(x) > MOST_WINDOWS:
        kept = rng.choice(len(x), MOST_WINDOWS, replace=False)
        x, tiles = x[kept], tiles[kept]
    return x, tiles


def _reference(name: str, rng: np.random.Generator) -> Array:
    """Independent pixels, uniform on [0, 1] or normal with the same mean and variance, clipped."""
    if name == "uniform":
        return rng.random((SIDE, SIDE))
    return np.clip(rng.normal(0.5, 12**-0.5, (SIDE, SIDE)), 0.0, 1.0)


def _views(picture: Array) -> dict[str, Array]:
    return {RAW: picture, **filters.responses(picture)}


def _windows(
    views: Mapping[str, Array], sides: tuple[int, int], stride: int | None
) -> dict[str, tuple[Array, Array]]:
    """Windows and tiles of every view, and of all filters together."""
    found = {name: windows.cut(view, sides, stride) for name, view in views.items()}
    seen = [pair for name, pair in found.items() if name != RAW]
    x, tiles = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    return {**found, FILTERED: (x, tiles)}


def gather(results: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything measured, and the answers.

    Returns:
        gaps, errors: the rows of every picture and reference;
        answers: rows with view, measure ("distinct" or "relatively_distinct"), share, low, high
        (see below), uniform, normal (the shares of the references), pictures (how many), rare
        (True, False, or None where the interval contains RARE or fewer than FEWEST pictures were
        seen), equal (share of constant windows, which "relatively_distinct" leaves out, a mean over
        pictures), and sentence;
        approximations: rows with view, approximation, r, root_mean_square, low, high (as above),
        uniform, normal, ratio (root_mean_square / uniform) and worst_case (on the cube).

        share and root_mean_square are means over pictures, each picture counting the same; low and
        high end the t-interval at 95 % for that mean over all pictures of which these are a random
        sample. It holds for normal values; for ten shares that are as skewed as an exponential law
        it covers about 90 %. Of a single picture it is the interval over tiles of `relu.windows`.
    """
    kept = list(results)
    gaps = [row for result in kept for row in result["gaps"]]
    errors = [row for result in kept for row in result["errors"]]
    return {
        "gaps": gaps, "errors": errors, "approximations": _approximations(errors),
        "answers": [_answer(gaps, v, m) for v in (RAW, FILTERED) for m in SHARES],
    }  # fmt: skip


Rows = Sequence[Mapping[str, Any]]


def _compared(rows: Rows, measure: str, most: float = np.inf) -> dict[str, float]:
    """The mean of a measure over pictures with its interval, beside the references."""
    seen = [row for row in rows if row["kind"] == "picture"]
    share, low, high = _mean(seen, measure, most)
    references = {row["source"]: row[measure] for row in rows if row["kind"] == "reference"}
    return {"mean": share, "low": low, "high": high, **references, "pictures": len(seen)}


def _answer(gaps: Rows, view: str, measure: str) -> dict[str, Any]:
    seen = [row for row in gaps if row["view"] == view]
    found = _compared(seen, measure, most=1.0)
    rare = True if found["high"] < RARE else False if found["low"] >= RARE else None
    rare = rare if found["pictures"] >= FEWEST else None
    row = {"view": view, "measure": measure, "share": found.pop("mean"), **found, "rare": rare}
    row["equal"] = float(np.mean([r["equal"] for r in seen if r["kind"] == "picture"]))
    return {**row, "sentence": _sentence(row)}


def _approximations(errors: Rows) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str, float | None], list[Mapping[str, Any]]] = {}
    for row in errors:
        groups.setdefault((row["view"], row["approximation"], row["r"]), []).append(row)
    found = []
    for (view, name, r), rows in groups.items():
        row = _compared(rows, "root_mean_square")
        root, worst = row.pop("mean"), rows[0]["worst_case"]
        found.append({
            "view": view, "approximation": name, "r": r, "root_mean_square": root, **row,
            "ratio": root / row["uniform"] if row["uniform"] else None, "worst_case": worst,
        })  # fmt: skip
    return found


def _mean(rows: Rows, measure: str, most: float) -> tuple[float, float, float]:
    values = np.array([row[measure] for row in rows])
    if len(values) == 1:
        return float(values[0]), rows[0][f"{measure}_low"], rows[0][f"{measure}_high"]
    mean, half = float(values.mean()), float(values.std(ddof=1)) / len(values) ** 0.5
    half *= windows.t_quantile(len(values))
    return mean, max(mean - half, 0.0), min(mean + half, most)


def _sentence(found: Mapping[str, Any]) -> str:
    count = found["pictures"]
    where = "of pixels" if found["view"] == RAW else "after filters and ReLU"
    what, whole = "as it is", "them"
    if found["measure"] == SHARES[1]:
        what, whole = "relative to the window's range", "those that are not constant"
        whole += f" ({1 - found['equal']:.1%} of all)"
    over = "its tiles" if count == 1 else f"{count} pictures"
    return (
        f"Windows {where}, gap {what}: {found['share']:.1%} of {whole} are distinct "
        f"({found['low']:.1%} to {found['high']:.1%}, t-interval at 95 % over {over}), against "
        f"{found['uniform']:.1%} of uniform and {found['normal']:.1%} of normal pixels: "
        f"{_verdict(found)}."
    )


def _verdict(found: Mapping[str, Any]) -> str:
    if found["pictures"] < FEWEST:
        return f"not settled by fewer than {FEWEST} pictures"
    return {True: "rare", False: "not rare", None: "not settled"}[found["rare"]]
