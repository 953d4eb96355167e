"""LaTeX to MathML: the ledger's subset comes out right, everything else is refused in one line."""

import xml.etree.ElementTree as ElementTree

import pytest

from lsetheory import catalogue
from lsetheory.errors import InputError
from lsetheory.proof import latex
from lsetheory.report.mathml import mathml, pieces

OPEN, CLOSE = ('<mo stretchy="false">' + fence + "</mo>" for fence in "()")
FORMULAS = {
    "x_1": "<msub><mi>x</mi><mn>1</mn></msub>",
    "x_i^2": "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
    "x^2_i": "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
    "e^{-r}": "<msup><mi>e</mi><mrow><mo>−</mo><mi>r</mi></mrow></msup>",
    r"\frac12": "<mfrac><mn>1</mn><mn>2</mn></mfrac>",
    r"\frac{a}{b}": "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>",
    r"\sum_{i<n} x_i": "<munder><mo>∑</mo><mrow><mi>i</mi><mo>&lt;</mo><mi>n</mi></mrow></munder>"
    "<msub><mi>x</mi><mi>i</mi></msub>",
    r"a \le b": "<mi>a</mi><mo>≤</mo><mi>b</mi>",
    r"f'(x)": f"<msup><mi>f</mi><mo>′</mo></msup>{OPEN}<mi>x</mi>{CLOSE}",
    r"\sqrt[3]{x}": "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>",
    r"\mathbb{R}": "<mi>ℝ</mi>",
    r"\text{if } n": "<mtext>if </mtext><mi>n</mi>",
    r"\left(x\right.": "<mrow><mo>(</mo><mrow><mi>x</mi></mrow></mrow>",
    r"\left(x\right)^2": "<msup><mrow><mo>(</mo><mrow><mi>x</mi></mrow><mo>)</mo></mrow>"
    "<mn>2</mn></msup>",
    r"\{0\}": "<mo>{</mo><mn>0</mn><mo>}</mo>",
    r"\log(x)": f"<mi>log</mi>{OPEN}<mi>x</mi>{CLOSE}",
    r"\log n": '<mi>log</mi><mspace width="0.17em"></mspace><mi>n</mi>',
    r"\begin{cases}a&b\\c&d\end{cases}": "<mrow><mo>{</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd>"
    "<mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable></mrow>",
    "x<y&z".replace("&z", ""): "<mi>x</mi><mo>&lt;</mo><mi>y</mi>",
}


CUT = {
    r"a \le b": ["a ", r"\le b"],
    r"0 \le x \Rightarrow f(x = 1) = y": ["0 ", r"\le x ", r"\Rightarrow f(x = 1) ", "= y"],
    r"\frac{a = b}{c}": [r"\frac{a = b}{c}"],
    r"\left(a = b\right) < \sum_{i<n} x": [r"\left(a = b\right) ", r"< \sum_{i<n} x"],
    r"\begin{cases}a = b\end{cases} = c": [r"\begin{cases}a = b\end{cases} ", "= c"],
    "= b": ["= b"],
}


@pytest.mark.parametrize("formula", CUT)
def test_a_line_may_break_before_the_outermost_relations(formula: str) -> None:
    assert pieces(formula) == CUT[formula]


@pytest.mark.parametrize("formula", FORMULAS)
def test_formula(formula: str) -> None:
    assert mathml(formula) == f"<math><mrow>{FORMULAS[formula]}</mrow></math>"


REFUSED = {
    r"\href{x}{y}": r"expected a command of the subset, got \href",
    r"\begin{evil}\end{evil}": r"expected one of cases",
    "{x": "expected more after its end",
    r"\left(x": "expected more after its end",
    r"x\right)": r"expected a command of the subset, got \right",
    "x}": "expected something before '}'",
    "x_": "expected more after its end",
    r"\text x": "expected an opening brace",
    "a & b": "expected something before '&'",
}


@pytest.mark.parametrize("formula", REFUSED)
def test_what_is_not_understood_is_refused(formula: str) -> None:
    with pytest.raises(InputError) as refusal:
        mathml(formula)
    assert REFUSED[formula] in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["<b>", r"\text{<b>&}", r"\operatorname{<i>}"])
def test_text_is_escaped(text: str) -> None:
    assert "<b>" not in mathml(text)
    assert "<i>" not in mathml(text)


@pytest.mark.parametrize("name", catalogue.theorems())
def test_every_claim_of_the_ledger_converts(name: str) -> None:
    claim = catalogue.theorems()[name].load().CLAIM
    formulas = [latex.math(part) for part in (*claim.given, *claim.parts.values())]
    for formula in [*formulas, *([claim.latex] if claim.latex else [])]:
        ElementTree.fromstring(mathml(formula))
