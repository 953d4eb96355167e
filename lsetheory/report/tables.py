"""Tables for a paper or a page: rows and columns as booktabs LaTeX, Markdown or HTML."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from fractions import Fraction
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


#: Lines that fit a page beside a caption, and characters in a line of a column of long texts.
PAGE, LINE = 45, 55
#: How a column of long texts is set.
PARAGRAPH = r"p{0.42\linewidth}"


def shown(value: Any, key: str = "") -> str:
    """One value as a person reads it: four digits, no trailing zeros, nothing for None.

    `key` names its column: see `rounded`.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return rounded(value, key).replace("inf", "∞").replace("-∞", "−∞")
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    return str(value)


def rounded(value: float, key: str = "", digits: int = 4) -> str:
    """A number with few digits; where its column is one of bounds, one that is a bound still."""
    low, high = key.endswith(("lower", "low")), key.endswith(("upper", "high"))
    toward = ROUND_FLOOR if low else ROUND_CEILING if high else ROUND_HALF_EVEN
    if not math.isfinite(value):
        return f"{value:g}"
    short = Context(prec=digits, rounding=toward).create_decimal_from_float(value)
    beyond = math.isinf(float(short))  # the largest float, rounded up, is none
    return f"{short:.{digits - 1}e}" if beyond else f"{float(short):.{digits}g}"


def sort_key(value: Any) -> str | None:
    """The number that a cell sorts by, as a script reads it; fractions by value, None for texts."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+/[1-9][0-9]*", value):
        value = float(Fraction(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value).replace("inf", "Infinity")


def unbounded(row: Row) -> Row:
    """An audit row as it is shown: its maxima infinite where a result is wrong beyond measure.

    The rows' own are over finite results: what overflows early would look better than sound code.
    """
    return {**row, "max_ulp": math.inf, "max_rho": math.inf} if _beyond_measure(row) else row


def _beyond_measure(row: Row) -> bool:
    if row["verdict"] in ("overflow", "special", "failed") or row.get("overflow") or row.get("nan"):
        return True
    finite = sum(row.get(key) or 0 for key in ("ulp_0", "ulp_1", "ulp_2", "ulp_more"))
    results = row["rows"] * (row["n"] if finite > row["rows"] else 1)
    # a share that vanishes is a finite error; a logarithm of 0 and 0/0 are none
    return bool(row.get("underflow")) and finite < results


def latex(rows: Sequence[Row], columns: Mapping[str, str], caption: str = "") -> str:
    """A booktabs tabular for a float of the paper's own; what would not fit a page becomes floats
    of the page's width, in papers of one or two columns. `columns` maps the rows' keys to headings.
    """
    parts = list(_parts(rows, columns))
    bodies = [_tabular(part, columns) for part in parts]
    if len(parts) == 1:
        said = f"% {caption}\n" if caption else ""
        return rf"{said}% needs \usepackage{{booktabs}}; \input it in a table or table*{bodies[0]}"
    floats = [_float(body, caption, i, len(parts)) for i, body in enumerate(bodies, 1)]
    head = rf"% needs \usepackage{{booktabs}}; \input it alone, it is {len(parts)} floats (table*)"
    return head + "".join(floats)


def _parts(rows: Sequence[Row], columns: Mapping[str, str]) -> Iterator[Sequence[Row]]:
    """Rows for one page each, about as many lines in all."""
    lines = [
        max(1, *(-(-len(shown(row.get(key), key)) // LINE) for key in columns)) for row in rows
    ]
    pages = -(-sum(lines) // PAGE) or 1
    ends = [sum(lines[: i + 1]) * pages / (sum(lines) or 1) for i in range(len(rows))]
    for page in range(pages):
        yield [row for row, end in zip(rows, ends, strict=True) if page < end <= page + 1]


def _tabular(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    align = "".join(_alignment(rows, key) for key in columns)
    lines = [" & ".join(_latex(row.get(key), key) for key in columns) + r" \\" for row in rows]
    head = " & ".join(_latex(name) for name in columns.values()) + r" \\"
    body = "\n".join([r"\toprule", head, r"\midrule", *lines, r"\bottomrule"])
    return f"\n\\begin{{tabular}}{{{align}}}\n{body}\n\\end{{tabular}}\n"


def _float(tabular: str, caption: str, part: int, parts: int) -> str:
    title = rf"\caption{{{_latex(caption)} Part {part} of {parts}.}}"
    small = r"\centering\scriptsize\setlength{\tabcolsep}{4pt}"
    return f"\n\\begin{{table*}}[htp]\n{title}\n{small}{tabular}\\end{{table*}}\n"


def markdown(rows: Sequence[Row], columns: Mapping[str, str], caption: str = "") -> str:
    """A Markdown table, numbers to the right, its caption above."""
    rule = ["---:" if _numeric(rows, key) else "---" for key in columns]
    lines = [[_markdown(row.get(key), key) for key in columns] for row in rows]
    head = [_markdown(name) for name in columns.values()]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *lines))
    return f"{_markdown(caption)}\n\n{table}" if caption else table


def html(rows: Sequence[Row], columns: Mapping[str, str], caption: str = "") -> str:
    """A bare HTML table."""
    title = f"<caption>{escape(caption)}</caption>\n" if caption else ""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns.values())
    lines = ["".join(f"<td>{escape(shown(row.get(key), key))}</td>" for key in columns)
             for row in rows]  # fmt: skip
    body = "".join(f"<tr>{line}</tr>\n" for line in (head, *lines))
    return f"<table>\n{title}{body}</table>\n"


#: Kind of file -> what writes a table, and what heads a section of one.
WRITERS: Mapping[str, Callable[[Sequence[Row], Mapping[str, str], str], str]] = {
    "tex": latex, "md": markdown, "html": html,
}  # fmt: skip
SECTIONS: Mapping[str, Callable[[str], str]] = {
    "tex": lambda title: rf"\paragraph{{{title.translate(LATEX)}}}" "\n\n",
    "md": lambda title: f"## {title}\n\n",
    "html": lambda title: f"<h2>{escape(title)}</h2>\n",
}


def _alignment(rows: Sequence[Row], key: str) -> str:
    """Numbers to the right; long texts in a paragraph that takes a good third of the width."""
    if _numeric(rows, key):
        return "r"
    return (
        PARAGRAPH if max((len(shown(row.get(key), key)) for row in rows), default=0) > 40 else "l"
    )


def _numeric(rows: Sequence[Row], key: str) -> bool:
    return all(isinstance(row.get(key), int | float | None) for row in rows)


def _latex(value: Any, key: str = "") -> str:
    text = shown(value, key)
    if isinstance(value, float) and "e" in text:
        mantissa, exponent = text.split("e")
        return rf"${mantissa}\cdot10^{{{int(exponent)}}}$"
    return text.translate(LATEX)


def _markdown(value: Any, key: str = "") -> str:
    text = " ".join(shown(value, key).split())
    return escape(text, quote=False).replace("\\", "\\\\").replace("|", "\\|")
