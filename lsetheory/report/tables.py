"""Tables for a paper: rows and columns as booktabs LaTeX or Markdown."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

Row = Mapping[str, Any]

#: What LaTeX reads as a command, and how to print it.
LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "−": "$-$", "∞": r"$\infty$",
    "κ": r"$\kappa$", "ρ": r"$\rho$", "≤": r"$\le$", "≥": r"$\ge$", "·": r"$\cdot$",
})  # fmt: skip


#: Rows that fit a page beside a caption, in small type.
PAGE = 40
#: How a column of long texts is set.
PARAGRAPH = r"p{0.38\linewidth}"


def shown(value: Any) -> str:
    """One value as a person reads it: four digits, no trailing zeros, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return str(value)


def latex(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """A booktabs tabular, a longtable where it would not fit a page; `columns` maps the rows' keys
    to headings. Needs booktabs, and longtable for the latter."""
    align = "".join(_alignment(rows, key) for key in columns)
    lines = [" & ".join(_latex(row.get(key)) for key in columns) + r" \\" for row in rows]
    head = " & ".join(_latex(name) for name in columns.values()) + r" \\"
    kind, again = ("longtable", [r"\endhead"]) if len(rows) > PAGE else ("tabular", [])
    body = "\n".join([r"\toprule", head, r"\midrule", *again, *lines, r"\bottomrule"])
    return f"\\begin{{{kind}}}{{{align}}}\n{body}\n\\end{{{kind}}}\n"


def markdown(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """A Markdown table, numbers to the right."""
    rule = ["---:" if _numeric(rows, key) else "---" for key in columns]
    lines = [[_markdown(row.get(key)) for key in columns] for row in rows]
    head = [_markdown(name) for name in columns.values()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *lines))


#: Kind of file -> what writes it.
WRITERS: Mapping[str, Callable[[Sequence[Row], Mapping[str, str]], str]] = {
    "tex": latex, "md": markdown,
}  # fmt: skip


def _alignment(rows: Sequence[Row], key: str) -> str:
    """Numbers to the right; long texts in a paragraph that takes a good third of the width."""
    if _numeric(rows, key):
        return "r"
    return PARAGRAPH if max((len(shown(row.get(key))) for row in rows), default=0) > 40 else "l"


def _numeric(rows: Sequence[Row], key: str) -> bool:
    return all(isinstance(row.get(key), int | float | None) for row in rows)


def _latex(value: Any) -> str:
    text = shown(value)
    if isinstance(value, float) and "e" in text:
        mantissa, exponent = text.split("e")
        return rf"${mantissa}\cdot10^{{{int(exponent)}}}$"
    return text.translate(LATEX)


def _markdown(value: Any) -> str:
    text = " ".join(shown(value).split())
    return escape(text, quote=False).replace("\\", "\\\\").replace("|", "\\|")
