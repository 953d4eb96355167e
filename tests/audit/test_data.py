"""Files of the user's own: every kind gives its rows, and what cannot be used is told."""

import io
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from lsetheory.audit import data, run
from lsetheory.errors import InputError
from lsetheory.work import Unit


def test_files_of_every_kind_give_their_rows(tmp_path: Path) -> None:
    rows = np.arange(12.0).reshape(3, 4)
    np.save(tmp_path / "a.npy", rows)
    np.savez(tmp_path / "b.npz", one=rows[:1], two=rows[1:])
    (tmp_path / "c.csv").write_text("a,b,c,d\n" + "\n".join(",".join(map(str, r)) for r in rows))
    for name in ("a.npy", "b.npz", "c.csv"):
        np.testing.assert_array_equal(data.load(tmp_path / name), rows)
    from PIL import Image

    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(tmp_path / "d.png")
    windows = data.load(tmp_path / "d.png")
    assert windows.shape == (4, 16)
    np.testing.assert_array_equal(windows[1][:4], [4, 5, 6, 7])


@pytest.mark.parametrize("dtype", ["uint16", "int32", "float32"])
def test_deep_images_keep_their_numbers(tmp_path: Path, dtype: str) -> None:
    from PIL import Image

    deep = np.linspace(0.0, 60000.0, 16).reshape(4, 4).astype(dtype)
    Image.fromarray(deep).save(tmp_path / "deep.tif")
    np.testing.assert_array_equal(data.load(tmp_path / "deep.tif"), [deep.ravel()])


def claim(shape: tuple[int, ...]) -> bytes:
    """The header of a .npy file alone."""
    file = io.BytesIO()
    head = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, head)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.npy", np.array([{"x": 1}], dtype=object), "could run code and are refused"),
        ("b.npy", np.array(["x"]), "expected real numbers, got dtype <U1"),
        ("c.csv", "1,2\n3\n", "c.csv:2: expected 2 numbers as in line 1, got 1"),
        ("d.csv", "a,b\n", "no rows of numbers"),
        ("e.png", "no picture", "expected an image"),
        ("f.xyz", "", "got .xyz"),
        ("g.npy", "not numpy", "expected .npy data, got: a file of another kind"),
        ("i.npz", "1,2", "expected .npz data, got: a file of another kind"),
        ("j.csv", "1,\n3,4\n5,6\n", "j.csv:1: column 2: expected a number, got an empty cell"),
        ("k.csv", "NA,2\n1e400,4\n", "k.csv:1: column 1: expected a number, got 'NA'"),
        ("l.csv", "NA,NA\n1,2\n", "l.csv:1: column 1: expected a number, got 'NA'"),
        ("m.csv", "a,b\n\n1,2\n# 3\n-1e400,4\n", "m.csv:5: column 1: .* got -1e400, which is too"),
        ("n.csv", "a,2\n1,2\n", "n.csv:1: column 1: expected a number, got 'a'"),
        ("o.csv", "a,b\n\n1,2\n3,x y\n", "o.csv:4: column 2: expected a number, got 'x y'"),
        ("p.csv", "1_000,2\n", "p.csv:1: column 1: expected a number, got '1_000'"),
        ("q.csv", ",a,b\n0,1,2\n", "q.csv:1: column 1: expected a number, got an empty cell"),
        ("h.npy", np.zeros((0, 3)), "expected at least one number"),
        ("r.npy", claim((10**12, 5)), "r.npy: expected .npy data, got: Unable to allocate"),
        (f"{300 * 's'}.npy", None, "s.npy: expected a .npy, .npz, .csv or image file, got no file"),
    ],
)
def test_files_that_cannot_be_used_are_told(
    tmp_path: Path, name: str, content: object, says: str
) -> None:
    path = tmp_path / name
    if isinstance(content, np.ndarray):
        np.save(path, content, allow_pickle=True)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.write_text(str(content))
    with pytest.raises(InputError, match=says):
        data.load(path)


def test_a_header_of_names_is_left_out_and_infinities_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n# made by hand\nfirst, second\n\n1, -inf # masked\nnan,Infinity\n")
    np.testing.assert_array_equal(data.load(path), [[1.0, -np.inf], [np.nan, np.inf]])


def test_a_pickle_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(pickle.dumps([1.0, 2.0]))
    with pytest.raises(InputError, match="pickled objects, which could run code"):
        data.load(path)


def refusal(path: Path) -> str | None:
    try:
        data.load(path)
    except InputError as error:
        return str(error)
    return None


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning", "ignore:.*truncated.*")
@pytest.mark.parametrize("name", ["a.npy", "b.npz", "c.png", "d.bmp"])
def test_damage_of_every_kind_is_told(tmp_path: Path, name: str) -> None:
    from PIL import Image

    rng, path = np.random.default_rng(3), tmp_path / name
    with path.open("wb") as file:
        if path.suffix == ".npy":
            np.save(file, rng.normal(size=(9, 4)))
        elif path.suffix == ".npz":
            np.savez_compressed(file, x=rng.normal(size=(9, 4)))
        else:
            Image.fromarray(rng.integers(0, 256, (8, 8), np.uint8)).save(file, path.suffix[1:])
    whole = np.fromfile(path, np.uint8)
    told = []
    for _ in range(150):
        broken = whole[: rng.integers(1, len(whole) + 1)].copy()
        broken[rng.integers(0, len(broken), 3)] ^= rng.integers(1, 256, 3, np.uint8)
        broken.tofile(path)
        told.append(refusal(path))
    assert sum(line is not None for line in told) > 20
    assert all(line is None or line.startswith(str(path)) for line in told)


def plan(path: Path) -> list[Unit]:
    return run.plan(["numpy-naive"], [], ["float32"], rows=20, files=[path])


def test_a_file_is_audited_and_its_content_is_part_of_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "rows.npy"
    np.save(path, np.full((3, 4), 1000.0))
    (unit,) = plan(path)
    row = run.gather([unit()])[0]
    assert (row["verdict"], row["rows"], row["n"]) == ("overflow", 3, 4)
    np.save(path, np.zeros((3, 4)))
    (other,) = plan(path)
    assert other.key() != unit.key()


def test_a_file_name_need_not_be_text(tmp_path: Path) -> None:
    path, plain = tmp_path / os.fsdecode(b"b\xff.npy"), tmp_path / "plain.npy"
    np.save(plain, np.full((3, 4), 1000.0))
    plain.rename(path)
    (unit,) = plan(path)
    (row,) = run.gather([unit()])
    assert (row["rows"], row["family"]) == (3, rf"data:{tmp_path}/b\xff.npy")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (np.array([[0, 2**53 + 1]], np.uint64), "got 9007199254740993 of uint64, which is none"),
        (np.array([[0, -(2**53) - 1]], np.int64), "got -9007199254740993 of int64, which is none"),
        (np.array([[0, 2**64 - 1]], np.uint64), "got 18446744073709551615 of uint64"),
        (np.array([[0, 1]], np.longdouble) / 3, "of float128|of float96|of longdouble"),
        (np.array([[0, -(2**63)]], np.int64), None),
        (np.array([[2**53 + 2, 2**63]], np.uint64), None),
        (np.array([[np.nan, np.inf, 0.5]], np.longdouble), None),
    ],
)
def test_numbers_that_float64_does_not_hold_are_refused(
    tmp_path: Path, rows: np.ndarray, says: str | None
) -> None:
    if rows.dtype == np.longdouble and np.finfo(np.longdouble).nmant == 52:
        pytest.skip("a long double is a float64 here")
    np.save(tmp_path / "rows.npy", rows)
    if says is None:
        np.testing.assert_array_equal(data.load(tmp_path / "rows.npy"), rows)
        return
    with pytest.raises(InputError, match=f"row 1, column 2: expected a number of float64, {says}"
                       if says.startswith("got") else says):  # fmt: skip
        data.load(tmp_path / "rows.npy")
