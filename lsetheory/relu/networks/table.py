"""The constructions side by side: their sizes before and after slimming, and what was proved.

For readers of the constructions; the tests settle every row.
"""

from typing import Any

from lsetheory.relu.minimax import minimax
from lsetheory.relu.networks import maxima
from lsetheory.relu.networks.exact import (
    Verdict,
    estimator_target,
    settle,
    settle_stages,
)
from lsetheory.relu.networks.network import Network
from lsetheory.relu.networks.recursion import recursive, settle_recursive
from lsetheory.relu.networks.slim import slim
from lsetheory.relu.networks.subpools import subpool_network

#: The estimators in the table: d, ranks.
ESTIMATORS = ((4, (0, 1, 2, 3)), (5, (0, 1, 4)), (8, (0, 1, 7)), (8, (0, 7)), (9, (0, 1, 8)))

#: Inputs of the recursion in the table, which shows these where `largest` is half as many.
RECURSIONS = (9, 13)

#: Networks of the maximum with exactly two hidden layers.
TWO_LAYERS = {5: maxima.max_of_five, 6: maxima.max_of_six}


def network_rows(largest: int = 9) -> list[dict[str, Any]]:
    """One row a construction of up to `largest` inputs, each settled exactly.

    Returns:
        Rows with keys name, claim ("max" or "estimator"), inputs, depth, widths, parameters,
        slim_widths, slim_parameters, equal, method, cones, witness.
    """
    rows = [_row(f"tournament {d}", "max", maxima.tournament(d)) for d in range(2, largest + 1)]
    rows += [_row(f"two layers {d}", "max", f()) for d, f in TWO_LAYERS.items() if d <= largest]
    for d in range(7, largest + 1):
        verdict = settle_stages(maxima.stages(d))
        rows.append(_row(f"stages {d}", "max", maxima.shallow(d), verdict))
    for d in RECURSIONS:
        if d <= 2 * largest:
            rows.append(_row(f"recursion {d}", "max", recursive(d), settle_recursive(d)))
    for d, ranks in ESTIMATORS:
        if d <= largest:
            found = minimax(d, ranks)
            network = subpool_network(found)
            verdict = settle(network, estimator_target(found))
            rows.append(_row(f"subpools {d} {set(ranks)}", "estimator", network, verdict))
    return rows


def _row(name: str, claim: str, network: Network, verdict: Verdict | None = None) -> dict[str, Any]:
    small = slim(network)
    sizes = {key: network.row()[key] for key in ("inputs", "depth", "widths", "parameters")}
    slimmed = {"slim_widths": list(small.widths), "slim_parameters": small.parameters}
    return {"name": name, "claim": claim, **sizes, **slimmed, **(verdict or settle(network)).row()}
