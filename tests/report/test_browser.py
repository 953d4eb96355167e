"""The report page in a real headless Chromium: no error, sorting, filter, unfolding, copying."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsetheory import catalogue, environment, work
from lsetheory.report import drawing, page, provenance
from lsetheory.report.style import style

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
#: axe-core's script, which no Python package carries: `npm pack axe-core`, then AXE=.../axe.min.js
AXE = os.environ.get("AXE")
#: Least errors that sort otherwise as texts.
BEST = [{"d": d, "error": error} for d, error in enumerate(("7/16", "5/12", "3/8", "3/7"), 2)]
EVIL = "<script>document.title = 'owned'</script>"


def written(folder: Path) -> Path:
    entry, venue = catalogue.figures()["overflow"], style("screen")
    rows = drawing.gather(entry, work.run(drawing.plan(entry, quick=True)))
    svg = drawing.save(drawing.render(entry, rows, venue), "svg", "x", provenance.of(rows), venue)
    theorems = [
        {"name": name, "status": status, "words": ["A bound."], "given": [r"1 \le n"],
         "statement": [r"\max_i x_i \le \log\sum_{i<n} e^{x_i}"], "facts": [("source", EVIL)],
         "derivation": [{"number": 1, "formula": r"x_i \le y", "reason": "one term"}]}
        for name, status in (("lse_bounds", "proved"), ("open_one", "not proved: step 2"))
    ]  # fmt: skip
    theorems.append({**theorems[0], "name": "wide", "statement": ["+".join(["x_i y"] * 30)]})
    audit = [
        {"implementation": name, "operation": "logsumexp", "dtype": "float32", "device": "cpu",
         "family": family, "n": 10, "rows": 20, "max_ulp": ulp, "p99_ulp": 0.5, "max_rho": ulp / 2,
         "verdict": "overflow" if ulp > 9 else "correct",
         "witness": {"code": f"print({ulp})  # {EVIL}"}}
        for name, family, ulp in (("naive", "wide", 100.5), ("scipy", "ties", 0.5),
                                  (EVIL, "photograph.png", 9.0), ("torch", "wide", 2.25))
    ]  # fmt: skip
    cards = [page.Card("proved", "1 of 2 claims", ["for every n"])]
    sizes = [{"size": size} for size in (1.0, float("nan"), float("inf"), None, 2.0)]
    tables = [page.Table("best", "Best", "Exact", BEST, ("d", "error")),
              page.Table("gaps", "Gaps", "Some are no numbers", sizes, ("size",))]  # fmt: skip
    pictures = [page.Picture("overflow", drawing.caption(entry), "text", svg.decode(), rows)]
    content = page.Content(cards, environment.describe(), theorems, audit, tables, pictures)
    path = folder / "index.html"
    path.write_text(page.page(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("page"))


@pytest.fixture
def shown(browser: Any, path: Path) -> Iterator[Any]:
    """The page, opened; whatever it writes on the console fails the test."""
    said: list[str] = []
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda r: said.append(r.url) if not r.url.startswith("file:") else None)
    opened.goto(path.as_uri())
    yield opened
    assert said == []
    assert opened.title() == "lsetheory report"
    opened.close()


def names(shown: Any) -> list[str]:
    cells = shown.locator("#audit-rows tbody tr:visible td:first-child")
    return [text.strip() for text in cells.all_inner_texts()]


def test_the_audit_opens_on_findings_with_one_click_to_all(shown: Any) -> None:
    assert names(shown) == ["naive"]
    said = shown.locator("output")
    assert said.inner_text() == "1 of 4 rows (3 more without findings only)"
    shown.get_by_role("searchbox", name="search").fill("scipy")
    assert said.inner_text() == "0 of 4 rows (1 more without findings only)"
    shown.get_by_role("searchbox", name="search").fill("")
    shown.get_by_role("checkbox", name="findings only").click()
    assert len(names(shown)) == 4
    assert said.inner_text() == "4 of 4 rows"


def test_a_column_sorts_both_ways_and_by_value(shown: Any) -> None:
    shown.get_by_role("checkbox", name="findings only").click()
    head = shown.get_by_role("columnheader", name="max ulp")
    head.get_by_role("button").click()
    assert names(shown) == ["naive", EVIL, "torch", "scipy"]
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert names(shown) == ["scipy", "torch", EVIL, "naive"]
    shown.get_by_role("columnheader", name="family").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert names(shown)[-1] == EVIL


def test_what_is_infinite_sorts_as_the_largest_and_fractions_by_value(shown: Any) -> None:
    shown.get_by_role("checkbox", name="findings only").click()
    assert shown.locator("tr.finding td.number").nth(2).inner_text() == "∞"
    table = shown.locator("#best")
    head = table.get_by_role("columnheader", name="error")
    head.get_by_role("button").click()
    cells = table.locator("tbody td:last-child").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["7/16", "3/7", "5/12", "3/8"]


def test_what_is_no_number_sorts_last_both_ways(shown: Any) -> None:
    table = shown.locator("#gaps")
    button = table.get_by_role("columnheader", name="size").get_by_role("button")
    for order in (["∞", "2", "1", "", "nan"], ["1", "2", "∞", "", "nan"]):
        button.click()
        cells = [text.strip() for text in table.locator("tbody td").all_inner_texts()]
        assert cells[:3] == order[:3]
        assert sorted(cells[3:]) == ["", "nan"]


def test_print_says_how_many_rows_are_hidden(shown: Any) -> None:
    shown.emulate_media(media="print")
    assert shown.locator("output").is_visible()
    assert not shown.get_by_role("searchbox", name="search").is_visible()
    shown.emulate_media(media="screen")


def test_filters_narrow_the_table_together(shown: Any) -> None:
    shown.get_by_role("checkbox", name="findings only").click()
    shown.get_by_role("combobox", name="family").select_option("wide")
    assert names(shown) == ["naive", "torch"]
    shown.get_by_role("searchbox", name="search").fill("TORCH")
    assert names(shown) == ["torch"]
    assert shown.locator("output").inner_text() == "1 of 4 rows"
    shown.get_by_role("searchbox", name="search").fill("")
    shown.get_by_role("combobox", name="family").select_option("")
    assert len(names(shown)) == 4


def test_a_derivation_unfolds(shown: Any) -> None:
    inside = shown.locator("#theorem-lse_bounds .inside")
    assert not inside.is_visible()
    shown.locator("#theorem-lse_bounds summary").click()
    assert inside.is_visible()
    assert inside.locator(".formula").count() == 1
    assert inside.locator("dd math").count() > 0
    button = shown.get_by_role("button", name="unfold all")
    button.click()
    assert shown.locator("#theorem-open_one .inside").is_visible()
    shown.get_by_role("button", name="fold all").click()
    assert not inside.is_visible()


def test_a_witness_is_copied_as_it_is(shown: Any) -> None:
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    name = "copy the witness of naive, logsumexp, float32, wide, n = 10"
    shown.get_by_role("button", name=name, exact=True).click()
    shown.get_by_text("copied").wait_for()
    assert shown.evaluate("navigator.clipboard.readText()") == f"print(100.5)  # {EVIL}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_sticks_out_sideways(shown: Any, width: int, scheme: str) -> None:
    shown.emulate_media(color_scheme=scheme)
    shown.set_viewport_size({"width": width, "height": 900})
    shown.get_by_role("button", name="unfold all").click()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_print_shows_what_is_unfolded_and_no_buttons(shown: Any) -> None:
    shown.locator("#theorem-lse_bounds summary").click()
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown.emulate_media(media="print")
    assert shown.locator("#theorem-lse_bounds .inside").is_visible()
    assert not shown.locator("#theorem-open_one .inside").is_visible()
    for name in ("copy", "full size"):
        assert not shown.get_by_role("button", name=name).first.is_visible()
    assert len(shown.pdf()) > 10_000


def test_print_fits_long_formulas_to_the_page(shown: Any) -> None:
    formula = shown.locator("#theorem-wide summary math")
    wide = formula.evaluate("it => it.getBoundingClientRect().width")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown.emulate_media(media="print")
    assert wide > 800
    assert formula.evaluate("it => it.getBoundingClientRect().width") < 650


def test_a_figure_opens_at_full_size_in_a_box_of_its_own(shown: Any) -> None:
    shown.set_viewport_size({"width": 390, "height": 900})
    drawn, button = shown.locator("figure svg"), shown.locator("figure .zoom")
    fitted = drawn.bounding_box()["width"]
    button.click()
    assert drawn.bounding_box()["width"] > fitted
    assert button.get_attribute("aria-pressed") == "true"
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    drawn.click()  # and by a tap on the figure back again
    assert drawn.bounding_box()["width"] == fitted


def test_a_phone_shows_all_of_the_navigation(shown: Any) -> None:
    shown.set_viewport_size({"width": 390, "height": 900})
    ends = shown.evaluate(
        "[...document.querySelectorAll('nav a')].map(a => a.getBoundingClientRect().right)"
    )
    assert max(ends) <= 390


@pytest.mark.skipif(AXE is None, reason="needs axe-core's script, AXE=path/to/axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(browser: Any, path: Path, scheme: str) -> None:
    opened = browser.new_page(color_scheme=scheme, bypass_csp=True)
    opened.goto(path.as_uri())
    opened.get_by_role("button", name="unfold all").click()
    opened.add_script_tag(path=AXE)
    found = opened.evaluate("axe.run()")["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    opened.close()
