"""`lsetheory list`: the names of everything that can be proved, audited or drawn."""

from lsetheory.cli import _console


def list(
    json: _console.Json = None, seed: _console.Seed = 0, quiet: _console.Quiet = False
) -> None:
    """List theorems, figures, implementations and case families (nothing here is random)."""
    from lsetheory import catalogue
    from lsetheory.audit import families, implementations, operations

    report = _console.Report(quiet, json)
    found = {
        "theorems": sorted(catalogue.theorems()),
        "figures": sorted(catalogue.figures()),
        "operations": [*operations.OPERATIONS],
        "implementations": implementations.names(),
        "families": [*families.names(), "special"],
    }
    for what, names in found.items():
        report.say(f"{what} ({len(names)}): {', '.join(names)}")
    report.json(found)
