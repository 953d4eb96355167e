"""The catalogue lists folders and refuses malformed files, where they are wrong, unrun."""

from pathlib import Path

import pytest

from lsetheory import catalogue
from lsetheory.errors import InputError, MissingExtra, optional

GOOD = '"""1 <= 1."""\nCLAIM = MUTANTS = EQUALITY = None\ndef proof(k): ...\n'

MALFORMED = {
    "no docstring": ("CLAIM = 1\n", r"bad\.py:1: expected a docstring"),
    "no claim": (
        '"""x"""\nMUTANTS = []\nEQUALITY = []\ndef proof(k): ...\n',
        r"bad\.py:4: .*CLAIM",
    ),
    "no Python": ('"""x"""\nCLAIM = = 1\n', r"bad\.py:2: not a Python file"),
    "no text": ("\udcff", r"bad\.py:1: not a Python file"),
}


def test_a_folder_of_ones_own_is_listed(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(GOOD)
    (tmp_path / "_shared.py").write_text("no entry")
    (entry,) = catalogue.theorems(tmp_path).values()
    assert (entry.name, entry.doc) == ("mine", "1 <= 1.")
    assert entry.load().CLAIM is None


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_refused_where_it_is_wrong(tmp_path: Path, case: str) -> None:
    text, message = MALFORMED[case]
    (tmp_path / "bad.py").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=message):
        catalogue.theorems(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a folder"):
        catalogue.theorems(tmp_path / "none")


def test_choose_gives_the_nearest_names() -> None:
    assert catalogue.choose(["b", "b"], {"a", "b"}, "theorem") == ["b"]
    assert catalogue.choose([], {"b", "a"}, "theorem") == ["a", "b"]
    with pytest.raises(InputError, match="did you mean lse_bounds"):
        catalogue.choose(["lse_bound"], {"lse_bounds", "gibbs"}, "theorem")


def test_an_absent_library_is_one_line_that_names_the_extra() -> None:
    with pytest.raises(MissingExtra, match=r"^no_such_lib is not installed.*lsetheory\[torch\]'$"):
        optional("no_such_lib", "torch")
