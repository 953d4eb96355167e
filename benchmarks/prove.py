"""The whole ledger, attack included, and the replay of its proofs alone, in wall seconds.

There is no peer: each row is held against the seconds that a reader should have to wait.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from lsetheory import work
from lsetheory.proof import ledger

#: Processes for the whole ledger, and points a claim.
WORKERS, POINTS, FEW = 2, 10_000, 100
#: Wall seconds promised for the whole ledger and for the replay.
LEDGER_S, REPLAY_S = 60.0, 3.0


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """Seconds of both beside the promise; `ratio` is seconds over seconds promised."""
    points = FEW if quick else POINTS
    examined: list[dict[str, Any]] = []
    everything = _seconds(lambda: examined.extend(_examined(points)))
    gathered = [{"proof": row["proof"], "claim": row["claim"], "name": row["name"]}
                for row in examined]  # fmt: skip
    replay = _seconds(lambda: ledger.replayed(gathered))
    attacked = min(row["attack"]["points"] for row in examined if row["attack"]["points"] > 1)
    size = {"claims": len(examined), "steps": sum(map(_steps, examined)), "points": points,
            "fewest_points": attacked, "cores": os.cpu_count()}  # fmt: skip
    whole = "the whole ledger proved, attacked and replayed"
    return [
        _row(f"{whole} by {WORKERS} processes", everything + replay, LEDGER_S, size),
        _row("all proofs replayed in one fresh process", replay, REPLAY_S, size),
    ]


def _examined(points: int) -> list[dict[str, Any]]:
    units = ledger.plan(evaluations=points)
    with ProcessPoolExecutor(WORKERS) as pool:
        return list(work.run(units, executor=pool))


def _steps(row: dict[str, Any]) -> int:
    return len(row["proof"]["steps"]) if row["proof"] else 0


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _row(claim: str, seconds: float, promised: float, size: dict[str, Any]) -> dict[str, Any]:
    ratio = seconds / promised
    return {"claim": claim, "ours": "lsetheory.proof.ledger", "peer": "seconds promised",
            "ours_s": seconds, "peer_s": promised, "ratio": ratio, "ratio_low": ratio,
            "ratio_high": ratio, "target": 1.0, **size}  # fmt: skip
