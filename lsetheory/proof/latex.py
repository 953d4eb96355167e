"""Terms, formulas and the proof appendix as LaTeX that compiles without edits."""

from collections.abc import Iterable, Mapping
from typing import Any

from lsetheory.proof import derivation
from lsetheory.proof.kernel import written
from lsetheory.proof.kernel.terms import Expr, Formula
from lsetheory.proof.show import minimum, opened_body

RELATIONS = {"le": r"\le", "lt": "<", "eq": "=", "ne": r"\ne"}
CONNECTIVES = {"and": r"\land", "or": r"\lor", "implies": r"\Rightarrow"}
POINTS = {"inf": r"\infty", "-inf": r"-\infty"}
PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amsmath,amssymb}
\usepackage[utf8]{inputenc}
\allowdisplaybreaks\sloppy\raggedright
\begin{document}
\section*{Proofs}
Indices start at 0; every step names the rule it uses and the steps it uses it on.
"""
#: Characters of plain text that LaTeX reads otherwise.
ESCAPES = {"\\": r"\textbackslash{}", "_": r"\_", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$",
           "{": r"\{", "}": r"\}", "^": r"\^{}", "~": r"\~{}"}  # fmt: skip
#: Signs that docstrings use and pdflatex's default fonts lack.
SIGNS = {"Σ": r"$\Sigma$", "≤": r"$\le$", "≥": r"$\ge$", "→": r"$\to$", "∞": r"$\infty$",
         "∈": r"$\in$", "∀": r"$\forall$", "∃": r"$\exists$", "≠": r"$\ne$", "λ": r"$\lambda$",
         "κ": r"$\kappa$", "π": r"$\pi$", "⟨": r"$\langle$", "⟩": r"$\rangle$", "·": r"$\cdot$",
         "²": r"$^2$", "‖": r"$\|$", "−": "$-$", "½": r"$\frac12$", "∂": r"$\partial$",
         "δ": r"$\delta$", "ε": r"$\varepsilon$", "θ": r"$\theta$", "β": r"$\beta$",
         "α": r"$\alpha$", "η": r"$\eta$", "ρ": r"$\rho$", "σ": r"$\sigma$", "₀": "$_0$",
         "₁": "$_1$", "₂": "$_2$", "₃": "$_3$", "ᵢ": "$_i$", "ⱼ": "$_j$", "³": "$^3$",
         "ℕ": r"$\mathbb{N}$", "ℝ": r"$\mathbb{R}$", "∇": r"$\nabla$", "⊢": r"$\vdash$",
         "⇒": r"$\Rightarrow$", "⇔": r"$\Leftrightarrow$", "×": r"$\times$", "±": r"$\pm$",
         "√": r"$\surd$", "∏": r"$\prod$", "∑": r"$\sum$"}  # fmt: skip


def math(node: Expr) -> str:
    """A term or formula in math mode, without the dollars."""
    return _math(node, 0)


def _math(node: Expr, level: int) -> str:
    """`level`: how tightly the surroundings bind, 0 formula, 1 sum, 2 product, 3 power."""
    a = node.args
    match node.op:
        case "num":
            return _number(a[0], level)
        case "var":
            return _name(a[0])
        case "at":
            return f"{_name(a[0])}_{{{','.join(_math(i, 0) for i in a[2:])}}}"
        case "add":
            return _bracket(_joined(a), level > 1)
        case "mul" if smallest := minimum(node):
            name, body = smallest
            inner = rf"\min_{{{name}<{_math(a[1].args[0], 1)}}} {_math(body, 2)}"
            return _bracket(inner, level > 1)
        case "mul":
            return _product(a, level)
        case "ipow" | "power":
            exponent = str(a[1]) if node.op == "ipow" else _math(a[1], 0)
            nested = a[0].op in ("ipow", "power", "exp")  # LaTeX refuses a^{b}^{c}
            return f"{_bracket(_math(a[0], 3), nested)}^{{{exponent}}}"
        case "inv":
            return rf"\frac{{1}}{{{_math(a[0], 0)}}}"
        case "exp":
            return f"e^{{{_math(a[0], 0)}}}"
        case "log":
            return rf"\log\left({_math(a[0], 0)}\right)"
        case "max2":
            return rf"\max\left({_math(a[0], 0)},{_math(a[1], 0)}\right)"
        case "binom":
            return rf"\binom{{{_math(a[0], 0)}}}{{{_math(a[1], 0)}}}"
        case "sum" | "max":
            name, body = opened_body(a[1], "nat", node)
            word = r"\sum" if node.op == "sum" else r"\max"
            inner = rf"{word}_{{{name}<{_math(a[0], 1)}}} {_math(body, 2)}"
            return _bracket(inner, level > 1)
    return _statement(node, level)


def _statement(node: Expr, level: int) -> str:
    a = node.args
    if node.op in RELATIONS:
        return f"{_math(a[0], 0)} {RELATIONS[node.op]} {_math(a[1], 0)}"
    if node.op in CONNECTIVES:
        joined = f" {CONNECTIVES[node.op]} ".join(_math(x, 1) for x in a)
        return _bracket(joined, level > 0)
    if node.op in ("forall", "exists"):
        name, body = opened_body(a[1], a[0], node)
        sort = r"\mathbb{R}" if a[0] == "real" else r"\mathbb{N}"
        return _bracket(rf"\{node.op} {name}\in{sort}\colon {_math(body, 0)}", level > 0)
    if node.op in ("deriv", "tends"):
        name, body = opened_body(a[0], "real", node)
        if node.op == "deriv":
            at = rf"\Big|_{{{name}={_math(a[1], 0)}}}"
            return rf"\frac{{d}}{{d{name}}} {_math(body, 2)} {at} = {_math(a[2], 0)}"
        side = {"both": "", "above": "^+", "below": "^-"}[a[2]]
        point = POINTS[a[1]] if isinstance(a[1], str) else _math(a[1], 0)
        return rf"\lim_{{{name}\to {point}{side}}} {_math(body, 2)} = {_math(a[3], 0)}"
    return r"\bot"


def _number(q: Any, level: int) -> str:
    size = abs(q)
    whole = size.denominator == 1
    shown = str(size) if whole else rf"\frac{{{size.numerator}}}{{{size.denominator}}}"
    return _bracket(f"-{shown}", level > 1) if q < 0 else shown


def _name(name: str) -> str:
    """r, x_1, and longer names upright; a proof's own variables end in _1, _2, ..."""
    stem, _, tail = name.replace("#", "v_").replace("%", "w_").partition("_")
    shown = stem if len(stem) == 1 else rf"\mathit{{{stem}}}"
    return f"{shown}_{{{tail}}}" if tail else shown


def _bracket(inner: str, needed: bool) -> str:
    return rf"\left({inner}\right)" if needed else inner


def _joined(parts: tuple[Any, ...]) -> str:
    out = _math(parts[0], 1)
    for part in parts[1:]:
        shown = _math(part, 1)
        out += f" {shown}" if shown.startswith("-") else f" + {shown}"
    return out


def _product(factors: tuple[Any, ...], level: int) -> str:
    """A product as one fraction where it holds inverses."""
    minus = len(factors) > 1 and factors[0].op == "num" and factors[0].args[0] == -1
    rest = factors[1:] if minus else factors
    over = [f.args[0] for f in rest if f.op == "inv"]
    top = [f for f in rest if f.op != "inv"]
    upper = r"\,".join(_math(f, 2) for f in top) or "1"
    if over:
        lower = r"\,".join(_math(f, 2 if len(over) > 1 else 0) for f in over)
        upper = rf"\frac{{{upper}}}{{{lower}}}"
    return _bracket(("-" if minus else "") + upper, level > 2 or (minus and level > 1))


def appendix(rows: Iterable[Mapping[str, Any]]) -> str:
    """A LaTeX document: statement, hypotheses, numbered derivation, reference of each theorem."""
    sections = (_section(row) for row in rows)
    return PREAMBLE + "\n".join(sections) + "\n\\end{document}\n"


def _section(row: Mapping[str, Any]) -> str:
    claim = written.formula_from_json(row["claim"])
    given, goal = _unfolded(claim)
    hypotheses = ", ".join(f"${math(f)}$" for f in given) or "none"
    head = [rf"\subsection*{{{prose(row['name'])}}}", prose(row["words"]), "",
            rf"\textbf{{Hypotheses.}} {hypotheses}.", "", r"\textbf{Claim.}",
            *(rf"\[{math(part)}\]" for part in goal),
            rf"\textbf{{Source.}} {prose(row['source'])}", "",
            rf"\textbf{{Status.}} {prose('; formally: '.join(_verdicts(row)))}", ""]  # fmt: skip
    return "\n".join(head + _derivation(row))


def _verdicts(row: Mapping[str, Any]) -> list[str]:
    """What the kernel says, and what Rocq says where it was asked."""
    return [row["status"], *([row["formal"]] if row.get("formal") else [])]


def _unfolded(claim: Expr) -> tuple[list[Formula], list[Expr]]:
    given = []
    while claim.op == "implies":
        given.append(claim.args[0])
        claim = claim.args[1]
    parts = []
    while claim.op == "and":
        parts.append(claim.args[0])
        claim = claim.args[1]
    return given, [*parts, claim]


def _derivation(row: Mapping[str, Any]) -> list[str]:
    if not row.get("proof"):
        return []
    nodes = written.read_table(row["proof"]["terms"])
    out = [r"\textbf{Derivation.}", r"\begin{enumerate}\small"]
    for step, line in zip(row["proof"]["steps"], derivation.lines(row["proof"]), strict=True):
        why = " ".join(filter(None, [line["rule"], ", ".join(map(str, line["from"]))]))
        if not line["silent"]:
            formula = _flowing(math(nodes[step["conclusion"]]))
            out.append(rf"\item[{line['number']}.] ${formula}$ \hfill ({prose(why)})")
    return [*out, r"\end{enumerate}"]


def _flowing(formula: str) -> str:
    """For running text: TeX breaks no line between \\left and \\right."""
    return formula.replace(r"\left(", "(").replace(r"\right)", ")")


def prose(text: str) -> str:
    """Plain text with LaTeX's own characters escaped."""
    return "".join(ESCAPES.get(c) or SIGNS.get(c) or (c if ord(c) < 0x250 else "?") for c in text)
