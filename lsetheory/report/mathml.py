"""Turns the LaTeX that the ledger prints into MathML, so that a page shows it without a network."""

import re
from collections.abc import Callable
from html import escape

from lsetheory.errors import InputError

#: Commands that are one operator or symbol.
OPERATORS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">",
    "cdot": "⋅", "times": "×", "to": "→", "rightarrow": "→", "mapsto": "↦", "in": "∈",
    "notin": "∉", "pm": "±", "mp": "∓", "Rightarrow": "⇒", "implies": "⇒", "iff": "⇔",
    "Leftrightarrow": "⇔", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨",
    "wedge": "∧", "vee": "∨", "sum": "∑", "prod": "∏", "int": "∫", "partial": "∂", "nabla": "∇",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "vert": "|", "mid": "∣",
    "ldots": "…", "dots": "…", "cdots": "⋯", "setminus": "∖", "subset": "⊂", "subseteq": "⊆",
    "cup": "∪", "cap": "∩", "approx": "≈", "sim": "∼", "equiv": "≡", "succeq": "⪰", "ast": "∗",
    "circ": "∘", "bot": "⊥", "vdash": "⊢", "colon": ":", "prime": "′",
    "{": "{", "}": "}", "|": "‖", "&": "&", "%": "%",
}  # fmt: skip
LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Lambda": "Λ", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "ell": "ℓ", "hbar": "ℏ",
}  # fmt: skip
FUNCTIONS = {"log", "exp", "ln", "max", "min", "lim", "sup", "inf", "det", "ker", "arg", "cosh",
             "sinh", "tanh", "Pr"}  # fmt: skip
SPACES = {",": "0.17em", ":": "0.22em", ";": "0.28em", " ": "0.25em", "quad": "1em",
          "qquad": "2em", "!": "0em"}  # fmt: skip
DOUBLE_STRUCK = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "E": "𝔼", "P": "ℙ"}
ACCENTS = {"hat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "vec": "→", "widehat": "^"}
#: Operators whose scripts stand below and above.
STACKED = {"∑", "∏", "max", "min", "lim", "sup", "inf"}
#: Words that change size only.
SIZES = {"big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg", "biggl", "biggr", "Biggl",
         "Biggr", "displaystyle", "textstyle", "limits", "nolimits", "nonumber"}  # fmt: skip


THIN = '<mspace width="0.17em"></mspace>'

#: Environments and the fences around them.
FENCES = {"cases": ("{", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "matrix": ("", ""),
          "aligned": ("", ""), "array": ("", "")}  # fmt: skip

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)


#: Relations and connectives before which a line may break, and what opens and closes a group.
BREAKS = {"=", "<", r"\le", r"\ge", r"\ne", r"\Rightarrow", r"\land", r"\lor", r"\colon"}
OPENING, CLOSING = {"{", "(", r"\left", r"\begin"}, {"}", ")", r"\right", r"\end"}


def pieces(latex: str) -> list[str]:
    """The formula cut before its outermost relations; browsers break no line inside a <math>."""
    found, depth = [""], 0
    for token in _TOKEN.findall(latex):
        depth += (token in OPENING) - (token in CLOSING)
        if depth == 0 and token in BREAKS and found[-1].strip():
            found.append("")
        found[-1] += token
    return found


def mathml(latex: str, display: bool = False) -> str:
    """A <math> element for a formula in the subset of LaTeX that the ledger uses.

    Raises:
        InputError: a command outside the subset, or braces that do not match.
    """
    reader = _Reader(latex)
    body = reader.row("")
    shown = ' display="block"' if display else ""
    return f"<math{shown}>{body}</math>"


class _Reader:
    """Reads tokens from left to right; each method consumes what it turns into MathML."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = _TOKEN.findall(latex)[::-1]

    def wrong(self, expected: str) -> InputError:
        return InputError(f"formula {self.latex!r}: expected {expected}")

    def peek(self) -> str:
        while self.tokens and self.tokens[-1].isspace():
            self.tokens.pop()
        return str(self.tokens[-1]) if self.tokens else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise self.wrong("more after its end")
        self.tokens.pop()
        return token

    def row(self, end: str) -> str:
        """Atoms up to the token `end`, which is consumed."""
        found = []
        while self.peek() != end:
            found.append(self.scripted())
        if end:
            self.take()
        return f"<mrow>{''.join(found)}</mrow>"

    def words(self) -> str:
        """The text between braces, spaces kept."""
        if self.take() != "{":
            raise self.wrong("an opening brace")
        text = ""
        while self.tokens and self.tokens[-1] != "}":
            text += self.tokens.pop()
        self.take()
        return text

    def argument(self) -> str:
        if self.peek() == "{":
            self.take()
            return self.row("}")
        if self.peek()[:1].isdigit():  # without braces, an argument is one digit
            number = self.take()
            self.tokens += [number[1:]] if number[1:] else []
            return _tag("mn", number[0])
        return self.atom()

    def scripted(self) -> str:
        """One atom with the sub- and superscripts that follow it."""
        base, scripts = self.atom(), dict[str, str]()
        while self.peek() in ("_", "^", "'"):
            mark = self.take()
            scripts["^" if mark == "'" else mark] = "<mo>′</mo>" if mark == "'" else self.argument()
        name = re.sub("<[^>]*>", "", base)
        if scripts:
            kinds = ("under", "over") if name in STACKED else ("sub", "sup")
            tag = "m" + "".join(k for k, mark in zip(kinds, "_^", strict=True) if mark in scripts)
            base = f"<{tag}>{base}{scripts.get('_', '')}{scripts.get('^', '')}</{tag}>"
        return base + (THIN if name in FUNCTIONS and self.peek() not in (*"([{", "\\left") else "")

    def atom(self) -> str:
        token = self.take()
        if token == "{":
            return self.row("}")
        if token.startswith("\\"):
            return self.command(token[1:])
        if token in ("}", "&", "_", "^"):
            raise self.wrong(f"something before {token!r}")
        if token in "()[]|":  # without \left and \right they do not grow
            return f'<mo stretchy="false">{token}</mo>'
        kind = "mn" if token[0].isdigit() else "mi" if token.isalpha() else "mo"
        return _tag(kind, "−" if token == "-" else token)

    def command(self, name: str) -> str:
        for table, tag in ((OPERATORS, "mo"), (LETTERS, "mi")):
            if name in table:
                return _tag(tag, table[name])
        if name in FUNCTIONS:
            return _tag("mo" if name in STACKED else "mi", name)
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"></mspace>'
        if name in SIZES:
            return ""
        if name in ACCENTS:
            return f"<mover>{self.argument()}{_tag('mo', ACCENTS[name])}</mover>"
        if name in STRUCTURES:
            return STRUCTURES[name](self)
        raise self.wrong(f"a command of the subset, got \\{name}")

    def fenced(self) -> str:
        """\\left ... \\right as one atom, so that a power belongs to all of it."""
        left, inside = self.delimiter(), self.row("\\right")
        return f"<mrow>{left}{inside}{self.delimiter()}</mrow>"

    def delimiter(self) -> str:
        token = self.take()
        return "" if token == "." else _tag("mo", OPERATORS.get(token[1:], token))

    def environment(self) -> str:
        """Rows and columns: cases, matrices, aligned lines."""
        left, right = FENCES.get(kind := self.words(), (None, None))
        if left is None or right is None:
            raise self.wrong(f"one of {', '.join(FENCES)}, got \\begin{{{kind}}}")
        rows = [[""]]
        while self.peek() != "\\end":
            if self.peek() == "&":
                rows[-1].append(self.take()[:0])
            elif self.peek() == "\\\\":
                rows.append([self.take()[:0]])
            else:
                rows[-1][-1] += self.scripted()
        self.take(), self.words()
        body = "".join(f"<mtr>{''.join(f'<mtd>{c}</mtd>' for c in row)}</mtr>" for row in rows)
        return f"<mrow>{_tag('mo', left)}<mtable>{body}</mtable>{_tag('mo', right)}</mrow>"

    def root(self) -> str:
        if self.peek() != "[":
            return f"<msqrt>{self.argument()}</msqrt>"
        self.take()
        index = self.row("]")
        return f"<mroot>{self.argument()}{index}</mroot>"

    def binomial(self) -> str:
        stack = f'<mfrac linethickness="0">{self.argument()}{self.argument()}</mfrac>'
        return f"<mrow><mo>(</mo>{stack}<mo>)</mo></mrow>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _fraction(reader: _Reader) -> str:
    return f"<mfrac>{reader.argument()}{reader.argument()}</mfrac>"


def _double_struck(reader: _Reader) -> str:
    return _tag("mi", "".join(DOUBLE_STRUCK.get(letter, letter) for letter in reader.words()))


#: Commands with arguments.
STRUCTURES: dict[str, Callable[[_Reader], str]] = {
    "frac": _fraction, "tfrac": _fraction, "dfrac": _fraction,
    "sqrt": _Reader.root, "binom": _Reader.binomial, "begin": _Reader.environment,
    "left": _Reader.fenced, "mathbb": _double_struck,
    "text": lambda reader: _tag("mtext", reader.words()),
    "textrm": lambda reader: _tag("mtext", reader.words()),
    "mathrm": lambda reader: _tag("mi", reader.words()),
    "operatorname": lambda reader: _tag("mi", reader.words()),
    "mathbf": lambda reader: f'<mrow style="font-weight:bold">{reader.argument()}</mrow>',
    "mathit": lambda reader: _tag("mi", reader.words()),
    "mathcal": lambda reader: reader.argument(),
    "tag": lambda reader: _tag("mtext", f" ({reader.words()})"),
}  # fmt: skip
