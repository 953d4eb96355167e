"""Pictures as grey float64 arrays in [0, 1]: photographs that ship with libraries, and files."""

from collections.abc import Callable
from importlib.util import find_spec
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from lsetheory.errors import InputError
from lsetheory.relu.train import Array

#: Photographs scikit-image ships in its wheel (the rest it would download).
SKIMAGE = (
    "astronaut.png", "brick.png", "camera.png", "chelsea.png", "coffee.png", "coins.png",
    "grass.png", "gravel.png", "motorcycle_left.png", "rocket.jpg",
)  # fmt: skip
#: What matplotlib ships: the one photograph there is without scikit-image.
MATPLOTLIB = ("grace_hopper.jpg",)
#: Luma weights of red, green, blue (ITU-R BT.601).
LUMA = np.array([0.299, 0.587, 0.114])
#: Fewest pixels a side: below, no 3x3 filter and 2x2 window leave anything to count.
SMALLEST = 16


def photographs() -> list[Path]:
    """The photographs at hand: scikit-image's where it is installed, else matplotlib's."""
    for package, folder, names in (
        ("skimage", "data", SKIMAGE),
        ("matplotlib", "mpl-data/sample_data", MATPLOTLIB),
    ):
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            paths = [Path(spec.origin).parent / folder / name for name in names]
            if found := [path for path in paths if path.is_file()]:
                return found
    return []


def load(path: str | Path) -> Array:
    """Read a picture.

    Args:
        path: .png or .jpg (8 bits a channel, or 16-bit grey), or .npy: (height, width) or (height,
            width, 3 or 4), uint8 or uint16 (divided by their largest value), bool, or
            floats in [0, 1]. Colour becomes luma (BT.601); a fourth channel, alpha, is left out.

    Returns:
        float64, shape (height, width), values in [0, 1].

    Raises:
        InputError: unreadable, of another kind, too small, one colour, or not finite in [0, 1].
    """
    path = Path(path)
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise InputError(f"{path}: expected {', '.join(READERS)}, got suffix {path.suffix!r}")
    if not isfile(path):
        raise InputError(f"{path}: expected a file that exists, got none")
    return _checked(_grey(read(path), path), path)


def _read_coded(path: Path) -> Any:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            if ";16" in str(getattr(picture, "tile", "")) and picture.mode in ("RGB", "RGBA", "LA"):
                raise InputError(
                    f"{path}: expected 8 bits a channel or 16-bit grey, got 16-bit {picture.mode}, "
                    "save it as 16-bit grey or as a uint16 .npy"
                )
            plain = picture.mode in ("L", "RGB", "RGBA", "I;16", "I;16B", "I;16L", "I")
            colour = "RGBA" if picture.mode == "P" else "RGB"
            values = np.asarray(picture if plain else picture.convert(colour))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, InputError):
            raise
        got = type(error).__name__
        raise InputError(f"{path}: expected a readable picture, got {got}") from None
    return values.astype(np.uint16) if values.dtype.kind in "iu" and values.itemsize > 1 else values


def _read_array(path: Path) -> Any:
    try:
        values = np.load(path, allow_pickle=False)
    except Exception as error:
        # numpy reads the header as Python text: damage there raises errors of its tokenizer too.
        what = "pickled objects" if "pickle" in str(error) else type(error).__name__
        raise InputError(f"{path}: expected an array of numbers, got {what}") from None
    kind = str(getattr(values, "dtype", "an archive"))
    if kind not in ("bool", "uint8", "uint16", "float16", "float32", "float64"):
        raise InputError(f"{path}: expected uint8, uint16, bool or floats, got {kind}, convert it")
    return values


READERS: dict[str, Callable[[Path], Any]] = {
    ".png": _read_coded, ".jpg": _read_coded, ".jpeg": _read_coded, ".npy": _read_array,
}  # fmt: skip


def _grey(values: Any, path: Path) -> Array:
    if values.ndim != 2 and values.shape[2:] not in ((3,), (4,)):
        raise InputError(f"{path}: expected (height, width[, 3 or 4]) values, got {values.shape}")
    scale = np.iinfo(values.dtype).max if values.dtype.kind in "iu" else 1
    grey = values.astype(np.float64) / scale
    return np.asarray(grey[..., :3] @ LUMA if values.ndim == 3 else grey)


def _checked(grey: Array, path: Path) -> Array:
    if min(grey.shape) < SMALLEST:
        raise InputError(f"{path}: expected {SMALLEST} pixels a side or more, got {grey.shape}")
    if lost := int(np.isnan(grey).sum()):
        raise InputError(f"{path}: expected numbers, got {lost} NaN, replace them")
    low, high = float(grey.min()), float(grey.max())
    if not (low >= 0.0 and high <= 1.0 + 1e-12):
        raise InputError(f"{path}: expected values in [0, 1], got {low:g} to {high:g}, rescale")
    if low == high:
        raise InputError(f"{path}: expected more than one colour, got {low:g} everywhere")
    return np.minimum(grey, 1.0)
