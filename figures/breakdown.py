"""Where floats lose the estimator. Left: the best estimator with all ranks 0, ..., d − 1 has sup
error 2⁻ᵈ; evaluated as Σ β S(r) in float32 or float64, its alternating coefficients, Σ|β| ≈
(3/2)ᵈ, make rounding errors that overtake it. Collected by order statistics first, the same
function is off by about the format's unit u, which is below 2⁻ᵈ until d = 24 in float32 and d = 53
in float64; from d = 32 on float32 rounds it to the maximum itself, 2⁻ᵈ away. Right: the solution
that a float linear program (HiGHS, default tolerances) reports as optimal, evaluated exactly,
against the true optimum; a d where it reports none has no dot.
"""

from collections.abc import Sequence
from typing import Any

from lsetheory.figures._axes import Row, column, legend_over, powers_of_ten, where
from lsetheory.relu import stability

SPAN = "text"
ASPECT = 0.36
LAYOUT = [["evaluation", "program"]]


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Rows of two parts, "evaluation" (dtype, form, d, measured) and "program" (d, ratio)."""
    ds = [4, 8, 16] if quick else list(range(4, 41, 4))
    evaluated = [{"part": "evaluation", **row} for row in stability.stability_rows(ds)]
    programs = [8, 16, 24] if quick else [4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32]
    return evaluated + [{"part": "program", **row} for row in stability.program_rows(programs)]


def draw(axes: Any, rows: Sequence[Row]) -> None:
    """Left: measured rounding error by d; right: the float program's excess."""
    panel, evaluated = axes["evaluation"], where(rows, part="evaluation")
    for dtype, mark in (("float32", "o"), ("float64", "s")):
        for form, fill in (("ranks", None), ("sorted", "white")):
            mine = where(evaluated, dtype=dtype, form=form)
            panel.plot(column(mine, "d"), column(mine, "measured"), marker=mark, mfc=fill,
                       label=f"{dtype}, {FORMS[form]}")  # fmt: skip
    exact = where(evaluated, dtype="float64", form="ranks")
    panel.plot(column(exact, "d"), column(exact, "error"), color="black", linestyle="-",
               linewidth=0.8, label="sup error 2⁻ᵈ")  # fmt: skip
    powers_of_ten(panel.yaxis)
    panel.set_ylabel("rounding or sup error")
    legend_over(axes, 3)
    program = [row for row in where(rows, part="program") if row["ratio"] is not None]
    axes["program"].plot(column(program, "d"), column(program, "ratio"), "o-")
    powers_of_ten(axes["program"].yaxis)
    axes["program"].set_ylim(0.5, 2 * max([10, *column(program, "ratio")]))
    axes["program"].set_ylabel("sup error / least error")
    for part in axes.values():
        part.set_xlabel("kernel size d")


FORMS = {"ranks": "Σ β S(r)", "sorted": "sorted"}
