"""The parts of `lsetheory reproduce`, one short class each: its work, its rows, its verdict.

A part is added by adding a class to PARTS. What fails it is this package's own word not kept: a
claim not proved, a certificate that does not hold, an own implementation that falls short. What it
finds in other people's libraries is a finding, reported and never a failure.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lsetheory.work import Unit

Row = dict[str, Any]

#: The sizes a run can have.
SIZES = ("quick", "default", "full")


@dataclass(frozen=True)
class Verdict:
    """What a part has to say: one large line, a few more, and what fell short of it."""

    title: str  #: the card it belongs to: "proved", "found" or "measured"
    big: str
    lines: Sequence[str] = ()
    short: Sequence[str] = field(default=())


class Part:
    """One part: its units of work, the rows they give, and what the rows say."""

    name = ""  #: the key of its rows in results.json
    title = ""  #: of its table on the page
    caption = ""
    columns: tuple[str, ...] = ()

    def plan(self, size: str, seed: int) -> "list[Unit]":
        """The work."""
        raise NotImplementedError

    def gather(self, results: list[Any]) -> list[Row]:
        """The rows; each unit's result is a list of them unless the part says otherwise."""
        return [row for result in results for row in result]

    def judge(self, rows: list[Row]) -> Verdict:
        """What the rows say."""
        raise NotImplementedError


class Theorems(Part):
    """Every claim of the ledger, proved, replayed in a fresh process, attacked."""

    name = "theorems"

    def plan(self, size: str, seed: int) -> "list[Unit]":
        from lsetheory.proof import formal_ledger, ledger

        if size == "quick":
            return ledger.plan(seed=seed, evaluations=1000)
        return [*ledger.plan(seed=seed), *formal_ledger.plan()]

    def gather(self, results: list[Any]) -> list[Row]:
        from lsetheory.proof import formal_ledger, ledger

        own = [result for result in results if not formal_ledger.is_result(result)]
        formal = [result for result in results if formal_ledger.is_result(result)]
        return formal_ledger.gather(ledger.gather(own), formal)

    def judge(self, rows: list[Row]) -> Verdict:
        from lsetheory.proof import ledger

        proved = sum(row["status"] == "proved" for row in rows)
        points, against = (sum(row["attack"][key] for row in rows)
                           for key in ("points", "counterexamples"))  # fmt: skip
        mutants = [mutant for row in rows for mutant in row["mutants"]["list"]]
        caught = sum(mutant["refused"] and mutant["refuted"] for mutant in mutants)
        checked = sum(str(row.get("formal")).startswith("checked") for row in rows)
        second = [f"{checked} checked by Rocq as well"] if checked else []
        failed = [row for row in rows if str(row.get("formal")).startswith("failed")]
        return Verdict(
            "proved", f"{proved} of {len(rows)} claims",
            ["each for every n and real r it speaks of, replayed step by step",
             f"{points:,} points of attack, {against or 'no'} counterexample{'s'[:against != 1]}",
             f"{caught} of {len(mutants)} false variants refused and refuted", *second],
            [*(f"{row['name']}: {line}" for row in rows for line in ledger.fell_short(row)),
             *(f"{row['name']}: Rocq: {row['formal']}" for row in failed)],
        )  # fmt: skip


class Audit(Part):
    """Accuracy of every implementation that is installed, photographs included."""

    name = "audit"

    def plan(self, size: str, seed: int) -> "list[Unit]":
        from lsetheory.audit import implementations, run

        rows = {"quick": 20, "default": 200, "full": 2000}[size]
        operations = {"quick": ["logsumexp"], "default": ["logsumexp", "softmax", "log_softmax"]}
        # jax compiles for every shape, which is most of the time of a small audit
        names = [n for n in implementations.installed("cpu") if size != "quick" or "jax" not in n]
        return run.plan(names, operations.get(size, ["all"]), rows=rows, seed=seed)

    def gather(self, results: list[Any]) -> list[Row]:
        return results

    def judge(self, rows: list[Row]) -> Verdict:
        from lsetheory.audit import baseline
        from lsetheory.audit.summary import is_finding

        found = [row for row in rows if is_finding(row)]
        own = [row for row in found if row["implementation"].startswith("pooling")]
        new = baseline.new(own, baseline.load(baseline.KNOWN))
        return Verdict(
            "found", f"{len(found)} findings in {len(rows)} cases", list(_by_name(found)),
            [f"audit: {row['implementation']} {row['dtype']} {row['family']}: {row['verdict']}"
             for row in new],
        )  # fmt: skip


def _by_name(found: Sequence[Row]) -> Iterator[str]:
    """One line an implementation, the one with the most findings first."""
    for name, total in Counter(row["implementation"] for row in found).most_common():
        kinds = Counter(row["verdict"] for row in found if row["implementation"] == name)
        yield f"{name}: {total} (" + ", ".join(f"{n} {kind}" for kind, n in kinds.items()) + ")"


class Minimax(Part):
    """Best rank estimators, exact, each with a certificate checked in rational arithmetic."""

    name = "minimax"
    title = "Best rank estimators of the maximum"
    caption = "Least sup error on the unit cube, exact and certified"
    columns = ("family", "d", "size", "error", "error_float")

    def plan(self, size: str, seed: int) -> "list[Unit]":
        from lsetheory.work import Unit

        largest = {"quick": 8, "default": 16, "full": 64}[size]
        return [
            Unit("lsetheory.relu.minimax:trend_rows", {"ds": [d]}) for d in range(2, largest + 1)
        ]

    def judge(self, rows: list[Row]) -> Verdict:
        return Verdict(
            "measured", f"{len(rows)} best approximations of the maximum",
            [f"weighted sums of {rows[0]['d']} to {rows[-1]['d']} sorted numbers in [0, 1], exact; "
             "certified: no weights come nearer to the largest"],
        )  # fmt: skip


class Fit(Part):
    """ReLU networks trained on max, their sup errors bounded from both sides."""

    name = "fit"
    title = "Trained ReLU networks"
    caption = (
        "Best of several starts in mean square; sup error between a witness and a bound: HiGHS's, "
        "loosened, or by intervals"
    )
    columns = ("kernel", "depth", "width", "parameters", "root_mean_square", "sup_lower",
               "sup_upper", "upper_method")  # fmt: skip

    def plan(self, size: str, seed: int) -> "list[Unit]":
        from lsetheory.relu import fit

        if size == "full":
            return fit.plan(seed=seed)
        units = fit.quick_plan(seed)
        small = [u for u in units if fit.kernel_size(u.arguments["kernel"]) <= 4]
        return small if size == "quick" else units

    def gather(self, results: list[Any]) -> list[Row]:
        from lsetheory.relu import fit

        return fit.gather(results)

    def judge(self, rows: list[Row]) -> Verdict:
        from lsetheory.report.tables import rounded

        best, worst = (end(rows, key=lambda row: row["sup_upper"]) for end in (min, max))
        low, high = (rounded(row["sup_upper"], "sup_upper", digits=2) for row in (best, worst))
        return Verdict(
            "measured", f"{len(rows)} trained networks",
            ["each gives the largest of its inputs in [0, 1], by the table's bounds, to within "
             f"{low} (kernel {best['kernel']}, width {best['width']}) to "
             f"{high} (kernel {worst['kernel']}, width {worst['width']})"],
        )  # fmt: skip


class Images(Part):
    """Windows of photographs: how distinct their maximum is, how far approximations miss it."""

    name = "images"
    title = "Windows of photographs"
    caption = (
        "Share of 2×2 windows with a distinct maximum, relatively to their range of those that are "
        "not constant: mean over pictures, with its t-interval at 95 %"
    )
    columns = ("view", "measure", "share", "low", "high", "uniform", "normal", "pictures", "rare")

    def plan(self, size: str, seed: int) -> "list[Unit]":
        from lsetheory.relu import images

        units = images.plan(seed=seed)
        return units[:2] + units[-2:] if size == "quick" else units

    def gather(self, results: list[Any]) -> list[Row]:
        from lsetheory.relu import images

        return list(images.gather(results)["answers"])

    def judge(self, rows: list[Row]) -> Verdict:
        return Verdict("measured", f"{rows[0]['pictures']} photographs",
                       [row["sentence"] for row in rows])  # fmt: skip


#: The parts, in the order in which they run and are shown.
PARTS: tuple[Part, ...] = (Theorems(), Audit(), Minimax(), Fit(), Images())


def cards(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, str, list[str]]]:
    """Title, large line and lines of each card of the summary."""
    for title in dict.fromkeys(verdict.title for verdict in verdicts):
        mine = [verdict for verdict in verdicts if verdict.title == title]
        lines = [line for verdict in mine for line in (verdict.big, *verdict.lines)]
        yield title, lines[0], lines[1:]
