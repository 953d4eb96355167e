"""Pictures, filters, windows and the answer, against laws known exactly and planted faults."""

import io
import pickle
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from scipy.signal import correlate2d

from lsetheory import work
from lsetheory.errors import InputError
from lsetheory.relu import filters, images, pictures, windows


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(autouse=True)
def small_references(monkeypatch):
    monkeypatch.setattr(images, "SIDE", 160)


@pytest.fixture
def picture(tmp_path):
    """A small 8-bit colour picture with a soft gradient and noise."""
    path = tmp_path / "picture.png"
    grey = np.add.outer(np.arange(64), np.arange(48)) + rng().integers(0, 20, (64, 48))
    Image.fromarray(np.stack([grey] * 3, axis=2).astype(np.uint8)).save(path)
    return path


def save(path, values):
    if path.suffix == ".npy":
        np.save(path, values)
    else:
        Image.fromarray(values).save(path)
    return path


RAMP = np.arange(24 * 20).reshape(24, 20)


@pytest.mark.parametrize(
    ("name", "values", "largest"),
    [
        ("a.png", (RAMP % 256).astype(np.uint8), 1.0),
        ("a.png", (RAMP * 100).astype(np.uint16), 47900 / 65535),
        ("a.npy", (RAMP * 100).astype(np.uint16), 47900 / 65535),
        ("a.npy", RAMP / 1000, 0.479),
        ("a.npy", RAMP % 2 == 0, 1.0),
        ("a.npy", (RAMP / 1000).astype(np.float32)[..., None].repeat(3, 2), 0.479),
        ("a.png", np.stack([RAMP % 256] * 4, 2).astype(np.uint8), 1.0),
    ],
)
def test_kinds_of_files_are_read(tmp_path, name, values, largest):
    grey = pictures.load(save(tmp_path / name, values))
    assert grey.shape == (24, 20)
    assert grey.dtype == np.float64
    assert grey.max() == pytest.approx(largest, rel=1e-6)


def test_jpeg_and_palette_are_read(tmp_path):
    palette = Image.fromarray((RAMP % 256).astype(np.uint8)).convert("P")
    palette.save(tmp_path / "a.png", transparency=bytes(range(256)))
    palette.convert("L").save(tmp_path / "a.jpg")
    palette.convert("RGB").convert("CMYK").save(tmp_path / "b.jpg")
    for name in ("a.png", "a.jpg", "b.jpg"):
        assert pictures.load(tmp_path / name).shape == (24, 20)


def png_of_16_bit_colour():
    def chunk(kind, body):
        size, check = struct.pack(">I", len(body)), struct.pack(">I", zlib.crc32(kind + body))
        return size + kind + body + check

    noise = rng().integers(0, 255, (32, 32 * 6), dtype=np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in noise)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def npy(values):
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


BAD = {
    "words.png": (b"not a picture", "expected a readable picture"),
    "cut.png": (png_of_16_bit_colour()[:60], "expected"),
    "empty.jpg": (b"", "expected a readable picture"),
    "deep.png": (png_of_16_bit_colour(), "got 16-bit RGB, save it as 16-bit grey"),
    "a.gif": (b"GIF89a", r"expected .png, .jpg, .jpeg, .npy, got suffix '.gif'"),
    "bare": (b"", "got suffix ''"),
    "objects.npy": (npy(np.array([{}, []], dtype=object)), "got pickled objects"),
    "raw.npy": (pickle.dumps([1, 2]), "got pickled objects"),
    "header.npy": (npy(np.eye(20)).replace(b"}", b"{"), "expected an array of numbers"),
    "cut.npy": (npy(np.zeros((40, 40)))[:90], "expected an array of numbers"),
    "words.npy": (npy(np.array(["a", "b"])), "expected uint8, uint16, bool or floats, got <U1"),
    "wide.npy": (npy(np.ones((20, 20), dtype=np.int64)), "got int64, convert it"),
    "deep.npy": (npy(np.ones((2, 20, 20, 3))), "expected .height, width"),
    "line.npy": (npy(np.ones(20)), "expected .height, width"),
    "five.npy": (npy(np.ones((20, 20, 5))), "expected .height, width"),
    "tiny.npy": (npy(np.eye(15)), "expected 16 pixels a side or more"),
    "grey.npy": (npy(np.full((20, 20), 0.5)), "expected more than one colour, got 0.5"),
    "byte.npy": (npy(np.eye(20) * 255), "expected values in .0, 1., got 0 to 255, rescale"),
    "nan.npy": (npy(np.where(np.eye(20) > 0, np.nan, 0.5)), "got 20 NaN, replace them"),
    f"{300 * 's'}.npy": (None, "expected a file that exists"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(tmp_path, name):
    content, message = BAD[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        pictures.load(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected a file that exists"):
        pictures.load(tmp_path / "no.png")


def test_the_photographs_at_hand_can_be_read():
    found = pictures.photographs()
    assert found
    for path in found:
        assert 0 <= pictures.load(path).min() < pictures.load(path).max() <= 1


def test_without_scikit_image_there_is_matplotlibs(monkeypatch):
    monkeypatch.setattr(pictures, "SKIMAGE", ())
    assert [path.name for path in pictures.photographs()] == ["grace_hopper.jpg"]
    monkeypatch.setattr(pictures, "MATPLOTLIB", ())
    with pytest.raises(InputError, match="expected photographs, found none"):
        images.plan()


def test_filters_see_what_they_are_named_for():
    step = np.tile(np.arange(20) >= 10, (20, 1)).astype(float)
    found = filters.responses(step)
    assert found["edge x"].max() == 1
    assert found["edge y"].max() == 0
    assert filters.responses(step.T)["edge y"].max() == 1
    for response in filters.responses(rng().random((30, 20))).values():
        assert response.shape == (28, 18)
        assert 0 <= response.min() <= response.max() <= 1
    assert all(sum(map(sum, w)) == 0 for name, w in filters.BANK.items() if name != "blur")


@pytest.mark.parametrize(("sides", "stride", "count"), [((2, 2), None, 80), ((3, 2), 1, 18 * 15)])
def test_windows_are_cut_and_tiled(sides, stride, count):
    picture = np.arange(20 * 16).reshape(20, 16).astype(float)
    x, tiles = windows.cut(picture, sides, stride)
    assert x.shape == (count, sides[0] * sides[1])
    assert set(tiles.tolist()) == set(range(16))
    np.testing.assert_array_equal(x[0], picture[: sides[0], : sides[1]].ravel())
    np.testing.assert_array_equal(x[-1][-1], picture[20 - 20 % sides[0] * (not stride) - 1, -1])


def test_too_few_windows_are_refused():
    with pytest.raises(InputError, match="expected a picture of 4x4 windows or more"):
        windows.cut(np.zeros((16, 16)), (6, 6), None)
    with pytest.raises(InputError, match="4x4 windows"):
        windows.cut(np.zeros((16, 16)), (20, 20), 1)


@pytest.mark.parametrize("d", [3, 4, 9])
def test_half_of_uniform_windows_are_distinct_either_way(d):
    x, tiles = rng().random((40_000, d)), np.arange(40_000) % 16
    row = windows.gap_row(x, tiles)
    for measure in ("distinct", "relatively_distinct"):
        assert row[measure] == pytest.approx(0.5, abs=0.01)
        assert row[f"{measure}_low"] < row[measure] < row[f"{measure}_high"]
    assert row["gap"] == pytest.approx(1 / (d + 1), rel=0.02)
    assert row["spread"] == pytest.approx(d / (d + 1) - 0.5, rel=0.02)
    assert row["gap_q50"] == pytest.approx(windows.distinct_gap(d), rel=0.03)


def test_scaling_the_contrast_changes_distinct_and_not_relatively_distinct():
    x, tiles = rng().random((5000, 4)), np.arange(5000) % 16
    plain, dim = (windows.gap_row(v, tiles) for v in (x, 0.5 + x / 64))
    assert dim["distinct"] == 0
    assert dim["relatively_distinct"] == plain["relatively_distinct"]


def test_flat_and_tied_windows_are_counted():
    x = np.array([[0.5] * 4, [1, 1, 0, 0], [1, 0, 0, 0], [0.2, 0.1, 0, 0]] * 8, dtype=float)
    row = windows.gap_row(x, np.arange(32) % 16)
    assert (row["equal"], row["tied"]) == (0.25, 0.5)
    assert row["distinct"] == 0.25
    assert row["relatively_distinct"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("d", [4, 9])
def test_no_error_on_windows_is_beyond_the_worst_case(d):
    corners = (rng().random((2000, d)) < 0.3).astype(float)
    x = np.concatenate([rng().random((2000, d)), corners, np.eye(d), np.ones((1, d))])
    rows = windows.error_rows(x, np.arange(len(x)) % 16)
    assert {row["approximation"] for row in rows} >= {"mean", "ranks {0,1}", "lse", "swap"}
    for row in rows:
        assert row["largest"] <= row["worst_case"] * (1 + 1e-9) + 1e-12, row
        assert row["mean_absolute"] <= row["root_mean_square"] <= row["largest"]
    assert max(row["share_of_worst"] for row in rows) <= 1


def test_tiles_that_differ_widen_the_interval():
    """Planted fault: counting windows one by one would give the same interval to both."""
    tiles = np.repeat(np.arange(16), 100)
    alike = rng().random((1600, 4))
    apart = alike * np.linspace(0, 1, 16)[tiles][:, None]
    widths = [
        row["gap_high"] - row["gap_low"]
        for row in (windows.gap_row(x, tiles) for x in (alike, apart))
    ]
    assert widths[1] > 3 * widths[0]


def test_measurement_of_one_picture_and_the_answer(picture):
    units = images.plan([picture], "2", seed=3)
    results = list(work.run(units))
    assert work.plain(results) == results == list(work.run(units))
    found = images.gather(results)
    assert len(found["gaps"]) == 3 * (2 + len(filters.BANK))
    assert {row["kind"] for row in found["errors"]} == {"picture", "reference"}
    pixels = found["answers"][0]
    assert (pixels["pictures"], pixels["rare"]) == (1, None)
    assert "over its tiles" in pixels["sentence"]
    assert pixels["uniform"] == pytest.approx(0.5, abs=0.02)
    assert "of uniform" in pixels["sentence"]
    assert pixels["sentence"].endswith("not settled by fewer than 5 pictures.")
    mean = next(row for row in found["approximations"] if row["approximation"] == "mean")
    assert mean["low"] <= mean["root_mean_square"] <= mean["high"]
    assert mean["ratio"] < 0.5


def test_the_answer_says_of_which_windows_it_is_a_share(tmp_path):
    half = np.full((40, 40), 0.5)
    half[:, :20] = rng().random((40, 20))
    pixels, relative, *_ = answers_on(tmp_path, [half, half[::-1]])
    assert pixels["equal"] == relative["equal"] == 0.5
    assert relative["share"] == pytest.approx(2 * pixels["share"], abs=0.15)
    assert f"{pixels['share']:.1%} of them are distinct" in pixels["sentence"]
    words = f"{relative['share']:.1%} of those that are not constant (50.0% of all) are distinct"
    assert words in relative["sentence"]


def test_mixed_sizes_are_measured_together(tmp_path, picture):
    other = save(tmp_path / "b.npy", rng().random((40, 90)))
    found = images.gather(work.run(images.plan([picture, other], "3", 2)))
    assert found["answers"][0]["pictures"] == 2
    sizes = {row["source"]: row["windows"] for row in found["gaps"] if row["view"] == images.RAW}
    assert sizes["picture.png"] == 31 * 23
    assert sizes["b.npy"] == 19 * 44


def test_a_picture_given_twice_is_one(tmp_path, picture):
    other, copy = save(tmp_path / "b.npy", rng().random((40, 90))), tmp_path / "copy.png"
    copy.write_bytes(picture.read_bytes())
    units = images.plan([picture, other, picture, copy, tmp_path / "." / "b.npy"])
    sources = [unit.arguments["source"] for unit in units]
    assert sources == [str(picture), str(other), *images.REFERENCES]


def answers_on(folder, pictures):
    paths = [save(folder / f"{i}.npy", picture) for i, picture in enumerate(pictures)]
    return images.gather(work.run(images.plan(paths)))["answers"]


def test_random_pixels_are_not_called_rare_and_soft_ones_are(tmp_path):
    """Planted fault: pictures of uniform noise must be told from photographs."""
    noise = [rng(i).random((80, 80)) for i in range(images.FEWEST)]
    answers = answers_on(tmp_path, noise)
    assert [answer["rare"] for answer in answers] == [False] * 4
    assert answers[0]["sentence"].endswith("not rare.")
    soft = answers_on(tmp_path, [0.1 * picture for picture in noise])
    assert [answer["rare"] for answer in soft] == [True, False, True, False]
    assert soft[0]["sentence"].endswith("pixels: rare.")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_few_pictures_settle_nothing(tmp_path, count):
    answers = answers_on(tmp_path, [0.1 * rng(i).random((40, 40)) for i in range(count)])
    assert [answer["rare"] for answer in answers] == [None] * 4
    assert answers[0]["sentence"].endswith("not settled by fewer than 5 pictures.")


def covered(intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


@pytest.mark.parametrize("count", [2, 3, 10])
def test_intervals_over_pictures_cover_as_often_as_they_say(count):
    """Percentiles of a bootstrap cover 48 % of two normal values, and 91 % of ten."""
    shares = 0.5 + 0.01 * rng().standard_normal((2000, count))
    rows = ([{"share": share} for share in sample] for sample in shares.tolist())
    found = [images._mean(sample, "share", 1.0)[1:] for sample in rows]
    assert covered(found, 0.5) == pytest.approx(0.95, abs=0.015)


def test_intervals_over_tiles_cover_as_often_as_they_say():
    tiles = np.repeat(np.arange(16), 9 + np.arange(16))  # of unequal size
    found = []
    for noise in rng().standard_normal((2000, 16)):
        row = windows._with_interval("x", 0.5 + 0.01 * noise[tiles], tiles, most=1.0)
        found.append((row["x_low"], row["x_high"]))
    assert covered(found, 0.5) == pytest.approx(0.95, abs=0.02)


def test_a_picture_and_its_crops_have_the_same_distinct_windows_after_filters():
    """Planted fault: responses over the largest one seen are larger in a small picture."""
    heavy = rng().random((162, 162)) ** 8
    whole = filters.responses(heavy)["edge x"]
    for i in (0, 80):
        for j in (0, 80):
            crop = filters.responses(heavy[i : i + 82, j : j + 82])["edge x"]
            np.testing.assert_array_equal(crop, whole[i : i + 80, j : j + 80])


def test_responses_reach_1_and_no_further():
    for weights in filters.BANK.values():
        extreme = np.zeros((16, 16))
        extreme[4:7, 4:7] = np.array(weights) > 0
        assert max(r.max() for r in filters.responses(extreme).values()) == pytest.approx(1)


def test_ties_after_filters_are_those_of_integers(tmp_path):
    """Planted fault: floats put the rounding of two equal sums between them."""
    colours = rng().integers(100, 104, (60, 60, 3))
    whole = colours @ np.array([299, 587, 114])
    path = save(tmp_path / "a.png", colours.astype(np.uint8))
    for name, response in filters.responses(pictures.load(path)).items():
        exact = np.maximum(correlate2d(whole, np.array(filters.BANK[name]), "valid"), 0)
        ordered = np.sort(windows.cut(exact, (2, 2), None)[0], axis=1)
        row = windows.gap_row(*windows.cut(response, (2, 2), None))
        assert row["tied"] == np.mean(ordered[:, -1] == ordered[:, -2])
        assert row["equal"] == pytest.approx(np.mean(ordered[:, -1] == ordered[:, 0]), abs=1e-12)


def test_a_changed_file_is_another_unit(tmp_path):
    path = save(tmp_path / "a.npy", rng().random((40, 40)))
    before = images.plan([path])[0]
    save(path, rng(1).random((40, 40)))
    assert images.plan([path])[0].key() != before.key()


@pytest.mark.parametrize("kernel", ["", "0", "1", "1x2", "2x", "2x2x2", "7", "two", "-2", "²"])
def test_bad_kernels_are_refused(kernel):
    with pytest.raises(InputError, match="kernel: expected"):
        images.kernel_sides(kernel)


def test_a_bad_stride_or_file_is_refused_before_any_work(tmp_path, picture):
    with pytest.raises(InputError, match="stride: expected 1 or more"):
        images.plan([picture], stride=0)
    with pytest.raises(InputError, match="expected a file that exists"):
        images.plan([picture, tmp_path / "no.png"])
    with pytest.raises(InputError, match="4x4 windows"):
        images.plan([picture], stride=30)
