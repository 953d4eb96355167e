"""Real rows: files of the user's own, and windows of photographs that installed libraries ship."""

import hashlib
from functools import cache
from importlib.util import find_spec
from os.path import isfile
from pathlib import Path
from tokenize import TokenError
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np

from lsetheory.errors import InputError

Array = np.ndarray[Any, Any]

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif")
#: What numpy, zipfile, zlib and pillow raise on damaged files, and on ones that claim to be huge.
DAMAGED = (
    OSError, ValueError, EOFError, SyntaxError, NotImplementedError, BadZipFile, ZlibError,
    TokenError, MemoryError,
)  # fmt: skip
#: How .npy, .npz and pickle files begin.
BINARY = (b"\x93NUMPY", b"PK", b"\x80")
#: What stands for a missing number, in lower case, and so is no name of a column.
MISSING = ("", "na", "n/a", "null", "none")
SIDE = 4  #: an image is cut into windows of SIDE×SIDE pixels
#: Photographs inside the scikit-image package itself; its others need a download.
SHIPPED = (
    "astronaut",
    "brick",
    "camera",
    "chelsea",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "moon",
    "rocket",
)


def load(path: Path) -> Array:
    """The rows of a .npy, .npz or .csv file, or the 4×4 windows of an image, as float64.

    Arrays of more than two dimensions are rows along their last axis; of one dimension, one row.
    The arrays of a .npz must agree in row length and are stacked.

    Raises:
        InputError: no such file, an unknown kind, a pickle inside, text, no numbers, ragged rows,
            an empty cell, a number beyond float64.
    """
    if not isfile(path):  # unlike its method, of no file where the name is too long for one
        raise InputError(f"{path}: expected a .npy, .npz, .csv or image file, got no file")
    kind = path.suffix.lower()
    try:
        if kind in (".npy", ".npz"):
            return _rows(path, _arrays(path))
        if kind == ".csv":
            return _rows(path, [_csv(path)])
        if kind in IMAGES:
            return windows(image(path), SIDE)
    except InputError as error:
        told = str(error)
        raise InputError(told if told.startswith(str(path)) else f"{path}: {told}") from None
    except DAMAGED as error:
        raise InputError(f"{path}: expected {kind} data, got: {_first_line(error)}") from None
    raise InputError(
        f"{path}: expected a .npy, .npz, .csv or image file, got {kind or 'no suffix'}"
    )


def checksum(path: Path) -> str:
    """First 16 hex digits of the file's SHA-256, which name its content in a unit of work."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _first_line(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "allow_pickle" in text or "pickle" in text.lower():
        return "pickled objects, which could run code and are refused; save plain numbers"
    return text


def _arrays(path: Path) -> list[Array]:
    with path.open("rb") as file:  # numpy leaves a file that it opens open when it is damaged
        if not file.peek(6).startswith(BINARY):
            raise ValueError("a file of another kind, for it does not begin as these do")
        loaded = np.load(file, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return [loaded]
        with loaded:
            return [loaded[name] for name in loaded.files]


def _csv(path: Path) -> Array:
    """The numbers of a text file; # starts a comment, and a first row of names alone is a header.

    Raises:
        InputError: no number, or rows of several lengths, with the line of the file.
    """
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    texts = (line.partition("#")[0].strip() for line in lines)
    numbered = {number: text for number, text in enumerate(texts, 1) if text}
    first = next(iter(numbered), 0)
    if numbered and _is_header(numbered[first]):
        del numbered[first]
    if not numbered:
        raise ValueError("no rows of numbers")
    try:
        rows = np.loadtxt(list(numbered.values()), delimiter=",", ndmin=2)
    except ValueError:
        _refuse(path, numbered)
        raise
    if np.isinf(rows).any():
        _refuse(path, numbered)
    return rows


def _is_header(line: str) -> bool:
    """Whether all cells are names: no number among them, and nothing that stands for one."""
    cells = [cell.strip() for cell in line.split(",")]
    return not any(cell.lower() in MISSING or _number(cell) is not None for cell in cells)


def _refuse(path: Path, numbered: dict[int, str]) -> None:
    """Tell the first line that cannot be used, if there is one.

    Raises:
        InputError: there is.
    """
    first = next(iter(numbered))
    width = len(numbered[first].split(","))
    for line, text in numbered.items():
        cells = [cell.strip() for cell in text.split(",")]
        for column, cell in enumerate(cells, 1):
            number = _number(cell)
            if number is None:
                got = repr(cell) if cell else "an empty cell"
                raise InputError(f"{path}:{line}: column {column}: expected a number, got {got}")
            if np.isinf(number) and "inf" not in cell.lower():
                raise InputError(
                    f"{path}:{line}: column {column}: expected a number of float64, got {cell}, "
                    "which is too large; write inf if it is meant"
                )
        if len(cells) != width:
            raise InputError(
                f"{path}:{line}: expected {width} numbers as in line {first}, got {len(cells)}"
            )


def _number(cell: str) -> float | None:
    try:
        return None if "_" in cell else float(cell)  # Python reads 1_000, numpy does not
    except ValueError:
        return None


def _rows(path: Path, arrays: list[Array]) -> Array:
    for array in arrays:
        if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
            raise InputError(f"{path}: expected real numbers, got dtype {array.dtype}")
    if not sum(array.size for array in arrays):
        raise InputError(f"{path}: expected at least one number, got none")
    rows = [np.atleast_2d(a).reshape(-1, a.shape[-1] if a.ndim else 1) for a in arrays if a.size]
    widths = sorted({a.shape[1] for a in rows})
    if len(widths) != 1:
        raise InputError(f"{path}: expected rows of one length, got lengths {widths}")
    return np.concatenate([_float64(path, array) for array in rows])


def _float64(path: Path, rows: Array) -> Array:
    """The same numbers in float64.

    Raises:
        InputError: it does not hold one of them: whole numbers beyond 2^53, long doubles.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        result = rows.astype(np.float64)
        wide = rows.dtype.kind in "iuf" and rows.dtype.itemsize >= 8 and rows.dtype != np.float64
        lost = _changed(rows, result) if wide else np.zeros(rows.shape, bool)
    for row, column in np.argwhere(lost)[:1]:
        raise InputError(
            f"{path}: row {row + 1}, column {column + 1}: expected a number of float64, got "
            f"{rows[row, column]} of {rows.dtype}, which is none; round it first"
        )
    return result


def _changed(rows: Array, result: Array) -> Array:
    if rows.dtype.kind == "f":
        return np.asarray((result != rows) & ~np.isnan(rows))
    top = 2.0 ** (8 * rows.dtype.itemsize - (rows.dtype.kind == "i"))
    inside = (result < top) & (result >= -top)
    back = np.where(inside, result, 0.0).astype(rows.dtype)
    return np.asarray((back != rows) & (np.abs(result) >= 2.0**53))


def image(path: Path) -> Array:
    """A photograph as grey values, float64: 0 to 255, or a 16- or 32-bit image's own numbers."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as opened:
            deep = opened.mode.startswith(("I", "F"))  # "L" would cut these off at 0 and 255
            return np.asarray(opened if deep else opened.convert("L"), dtype=np.float64)
    except UnidentifiedImageError:
        raise InputError(f"{path}: expected an image, got a file that is none") from None
    except Image.DecompressionBombError as error:
        raise InputError(f"{path}: expected an image of ordinary size, got: {error}") from None


def windows(grey: Array, side: int) -> Array:
    """The side×side windows of an image, one a row, edge to edge; what does not fit is left out.

    Raises:
        InputError: the image is smaller than one window.
    """
    high, wide = grey.shape[0] // side, grey.shape[1] // side
    if not high or not wide:
        raise InputError(f"image: expected at least {side}×{side} pixels, got {grey.shape}")
    cut = grey[: high * side, : wide * side].reshape(high, side, wide, side)
    return np.ascontiguousarray(cut.transpose(0, 2, 1, 3)).reshape(-1, side * side)


@cache
def photographs() -> dict[str, Array]:
    """Grey photographs that come with matplotlib and, if it is installed, scikit-image, by name."""
    from matplotlib import cbook

    found = {
        "grace_hopper": image(Path(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    }
    spec = find_spec("skimage")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "data"
        for name in SHIPPED:
            for path in sorted(folder.glob(f"{name}.*")):
                if path.suffix in IMAGES:
                    found[name] = image(path)
    return found
