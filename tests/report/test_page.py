"""The report page: everything from outside is escaped, everything promised is there."""

import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from lsetheory.report import page
from lsetheory.report.page import Card, Content, Picture, Table

EVIL = '<script>alert("x")</script>&"\'><img src=x onerror=alert(1)>'
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="9pt" '
    'viewBox="0 0 9 9"><metadata>secret</metadata><!-- --!> <script> --><defs><path id="p" d=""/>'
    '</defs><use xlink:href="#p" clip-path="url(#p)"/></svg>'
)


def theorem(**changes: Any) -> dict[str, Any]:
    return {
        "name": "lse_bounds", "status": "proved", "words": ["Between max and max plus log n."],
        "statement": [r"\max_i x_i \le \log\sum_i e^{x_i}"], "given": [r"1 \le n"],
        "facts": [("source", "folklore")],
        "derivation": [{"number": 3, "formula": r"x_i \le y", "reason": "one term"}],
    } | changes  # fmt: skip


def audited(**changes: Any) -> dict[str, Any]:
    return {
        "implementation": "numpy-naive", "operation": "logsumexp", "dtype": "float32",
        "device": "cpu", "family": "wide", "n": 10, "rows": 20, "max_ulp": 1.5, "p99_ulp": 1.0,
        "max_rho": 0.5, "verdict": "overflow", "witness": {"code": "print(1)"},
    } | changes  # fmt: skip


def content(**changes: Any) -> Content:
    parts: dict[str, Any] = {
        "cards": [Card("proved", "1 of 1 claims", ["for every n"])],
        "environment": {"versions": {"numpy": "2"}, "cpu_features": ["AVX2", "FMA3"],
                        "commit": None},
        "theorems": [theorem()],
        "audit": [audited(), audited(implementation="scipy", verdict="correct", max_ulp=0.7)],
        "tables": [Table("minimax", "Best", "exact", [{"d": 2, "error": "1/4"}], ("d", "error"))],
        "pictures": [Picture("limits", "A caption.", "column", SVG, [{"r": 1.0, "y": None}])],
    }  # fmt: skip
    return Content(**(parts | changes))


class Elements(HTMLParser):
    """Start tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str, name: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in Elements(text).found if tag == name]


PLACES = {
    "implementation": content(audit=[audited(implementation=EVIL)]),
    "family (a file name)": content(audit=[audited(family=EVIL)]),
    "verdict": content(audit=[audited(verdict=EVIL)]),
    "witness": content(audit=[audited(witness={"code": EVIL})]),
    "error message": content(theorems=[theorem(status=EVIL)]),
    "theorem": content(theorems=[theorem(name=EVIL, words=[EVIL], facts=[(EVIL, EVIL)])]),
    "formula": content(theorems=[theorem(statement=[EVIL], given=[r"\text{" + EVIL + "}"])]),
    "step": content(theorems=[
        theorem(derivation=[{"number": EVIL, "formula": "x", "reason": EVIL}])
    ]),
    "card": content(cards=[Card(EVIL, EVIL, [EVIL])]),
    "environment": content(environment={EVIL: EVIL, "threads": {EVIL: EVIL}}),
    "table": content(tables=[Table("t", EVIL, EVIL, [{EVIL: EVIL}], (EVIL,))]),
    "caption": content(pictures=[Picture("limits", EVIL, "column", SVG, [{EVIL: EVIL}])]),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_text_from_outside_is_escaped(place: str) -> None:
    text = page.page(PLACES[place])
    assert len(tags(text, "script")) == 1
    assert tags(text, "img") == []
    allowed = {"onerror", "onclick", "onload"}
    assert not any(allowed & set(attributes) for _, attributes in Elements(text).found)


def test_the_page_is_self_contained() -> None:
    text = page.page(content())
    for tag, attributes in Elements(text).found:
        for name in ("src", "href", "xlink:href", "action", "poster"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert "@import" not in text
    assert "http" not in re.sub(r"http-equiv", "", text)


def test_only_the_pages_own_script_may_run() -> None:
    text = page.page(content())
    (policy,) = (m["content"] for m in tags(text, "meta") if "http-equiv" in m)
    assert "default-src 'none'" in str(policy)
    assert "script-src 'sha256-" in str(policy)
    assert "unsafe-eval" not in str(policy)


def test_parts_that_are_empty_are_left_out() -> None:
    text = page.page(Content(cards=[], environment={}))
    ids = {attributes.get("id") for _, attributes in Elements(text).found}
    assert {"summary", "environment"} <= ids
    assert not ids & {"ledger", "audit", "measured", "figures"}


def test_a_quick_page_says_so_and_the_hash_covers_every_row() -> None:
    def origin(text: str) -> str:
        return str(next(m for m in tags(text, "meta") if m.get("name") == "description"))

    usual = page.page(content())
    assert "quick" not in origin(usual)
    assert "A quick run" not in usual
    quick = page.page(content(quick=True))
    assert "quick: fewer points" in origin(quick)
    assert "A quick run" in quick
    table = Table("minimax", "Best", "exact", [{"d": 2, "error": "1/5"}], ("d", "error"))
    picture = Picture("limits", "A caption.", "column", SVG, [{"r": 2.0, "y": None}])
    others = [page.page(content(tables=[table])), page.page(content(pictures=[picture]))]
    assert len({origin(text) for text in (usual, *others)}) == 3


def test_choices_of_a_filter_keep_their_case_and_spaces() -> None:
    rows = [audited(family=family) for family in ("abc", "Abc", "a  b")]
    values = [o["value"] for o in tags(page.page(content(audit=rows)), "option")]
    assert {"abc", "Abc", "a  b"} <= set(values)


def test_formulas_are_mathml_and_unknown_ones_their_source() -> None:
    text = page.page(content(theorems=[theorem(statement=[r"\weird{x}"])]))
    assert "<code>\\weird{x}</code>" in text
    assert "<math" in text


def test_a_claim_not_proved_says_why() -> None:
    text = page.page(content(theorems=[theorem(status="not proved: step 3, 1 <= 0")]))
    assert "not proved: step 3, 1 &lt;= 0" in text


def test_steps_keep_their_numbers() -> None:
    assert tags(page.page(content()), "li")[-1]["value"] == "3"


def test_a_figures_data_are_in_the_page() -> None:
    (link,) = (a for a in tags(page.page(content()), "a") if "download" in a)
    assert link["download"] == "limits.csv"
    kind, _, data = str(link["href"]).partition(",")
    assert kind == "data:text/csv;base64"
    assert base64.b64decode(data).decode() == "r,y\r\n1.0,\r\n"


def test_svg_is_inlined_with_ids_of_its_own() -> None:
    drawn = str(page.inline(SVG, "limits"))
    start = '<svg viewBox="0 0 9 9" role="img" aria-label="limits" style="--full: 9pt">'
    assert drawn.startswith(start)
    assert 'id="limits-p"' in drawn
    assert 'xlink:href="#limits-p"' in drawn
    assert "url(#limits-p)" in drawn
    assert "secret" not in drawn
    assert "<!--" not in drawn
    assert "script" not in drawn


def test_environment_is_on_one_line_each() -> None:
    text = page.page(content())
    assert "<dt>versions</dt><dd>numpy 2</dd>" in text
    assert "<dt>cpu features</dt><dd>AVX2 FMA3</dd>" in text
    assert "<dt>commit</dt>" not in text


def test_same_rows_same_page() -> None:
    assert page.page(content()) == page.page(content())


def test_not_a_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="figure x: expected an SVG with a viewBox"):
        page.inline("<p>", "x")
