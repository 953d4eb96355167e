"""The report page: one self-contained HTML file from rows, readable on a phone and on paper."""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from lsetheory.errors import InputError
from lsetheory.report import provenance
from lsetheory.report.mathml import mathml, pieces
from lsetheory.report.tables import shown, sort_key, unbounded

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Card:
    """One box of the summary: a title, one large number or word, and a few lines."""

    title: str
    big: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Rows shown with the named columns."""

    id: str
    title: str
    caption: str
    rows: Sequence[Row]
    columns: Sequence[str]


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it."""

    name: str
    caption: str
    span: str  #: "column" or "text"
    svg: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Content:
    """All that a page shows; what is empty is left out."""

    cards: Sequence[Card]
    environment: Row
    theorems: Sequence[Row] = ()  #: keys name, status, words, statement, given, facts, derivation
    audit: Sequence[Row] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = field(default=())
    quick: bool = False  #: made of fewer points, to look at


#: Columns of the audit table, in order; the witness follows them.
AUDIT_COLUMNS = ("implementation", "operation", "dtype", "device", "family", "n", "rows",
                 "max_ulp", "p99_ulp", "max_rho", "verdict")  # fmt: skip
#: Verdicts that are no finding: the page opens on the others.
SOUND = ("correct", "conditioning")


def page(content: Content) -> str:
    """The page as HTML, every text of the rows escaped; it needs no network and no other file."""
    style, script = (Markup(_part(name)) for name in ("page.css", "page.js"))
    shown_rows = [*content.theorems, *content.audit]
    shown_rows += [row for table in content.tables for row in table.rows]
    shown_rows += [row for picture in content.pictures for row in picture.rows]
    return str(_template().render(
        cards=content.cards, theorems=content.theorems, tables=content.tables,
        audit=[unbounded(row) for row in content.audit], figures=content.pictures,
        environment=list(_flat(content.environment)), audit_columns=AUDIT_COLUMNS,
        style=style, script=script, script_hash=_hash(script),
        origin=provenance.of(shown_rows, content.quick),
    ))  # fmt: skip


def _part(name: str) -> str:
    return (files("lsetheory.report") / name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    environment.tests["finding"] = lambda verdict: verdict not in SOUND
    return environment.from_string(_part("page.html.jinja"))


def _hash(script: str) -> str:
    """What the page's Content-Security-Policy allows to run: this script and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _flat(row: Row) -> list[tuple[str, str]]:
    """An environment row as terms and values, nested mappings written on one line."""

    def text(value: Any) -> str:
        if isinstance(value, Mapping):
            return ", ".join(f"{key} {item}" for key, item in value.items())
        if isinstance(value, list | tuple):
            return " ".join(map(str, value))
        return str(value)

    lines = [(heading(key), text(value)) for key, value in row.items()]
    return [(term, value) for term, value in lines if value not in ("", "None")]


def heading(name: str) -> str:
    """A key as a person reads it."""
    return name.replace("_", " ")


def css(value: object) -> str:
    """A text as a CSS class name: letters only, so that nothing else gets into the attribute."""
    return re.sub("[^a-z]", "", str(value).lower())


def math(latex: str) -> Markup:
    """A formula as MathML, in pieces between which a line may break; as its source where the
    converter does not know a command."""
    try:
        return Markup(" ").join(Markup(mathml(piece)) for piece in pieces(latex))
    except InputError:
        return Markup("<code>{}</code>").format(latex)


def inline(svg: str, name: str) -> Markup:
    """A figure's SVG for use inside HTML: its ids made unique, its header and metadata left out."""
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    body = re.sub(r'(\bid="|href="#|url\(#)', lambda found: f"{found[1]}{name}-", body)
    box = re.search(r'<svg [^>]*viewBox="([^"]*)"[^>]*>', body)
    if box is None:
        raise InputError(f"figure {name}: expected an SVG with a viewBox, got none")
    width = f"--full: {box[1].split()[2]}pt"
    head = f'<svg viewBox="{box[1]}" role="img" aria-label="{heading(name)}" style="{width}">'
    return Markup(head + body[box.end() :])


def data_uri(rows: Sequence[Row]) -> str:
    """Rows as a CSV file inside a link."""
    text = io.StringIO()
    names = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(text, fieldnames=names)
    writer.writeheader()
    writer.writerows(rows)
    return f"data:text/csv;base64,{base64.b64encode(text.getvalue().encode()).decode()}"


FILTERS: dict[str, Callable[..., object]] = {
    "shown": shown, "heading": heading, "css": css, "math": math, "inline": inline,
    "csv": data_uri, "sort_key": sort_key,
}  # fmt: skip
