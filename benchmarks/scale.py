"""Where a cluster stops scaling: scheduler cost a unit, measured, then simulated to 10^4 workers.

The model is a closed queue: each worker computes one unit for `unit_s` seconds and then waits for
the one scheduler, which spends `scheduler_s` seconds on taking the result and handing out the next
unit. Efficiency is busy worker time over all worker time.
"""

import heapq
import time
from typing import Any

from lsetheory import dispatch, work

WORKERS = (1, 10, 100, 1_000, 10_000)
UNIT_SECONDS = (1.0, 10.0, 60.0)


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row a cluster size and unit length; `ratio` is ideal time over simulated time."""
    cost, size = measured(200 if quick else 2_000)
    return [_row(workers, unit_s, cost, size) for unit_s in UNIT_SECONDS for workers in WORKERS]


def _row(workers: int, unit_s: float, cost: float, size: int) -> dict[str, Any]:
    units = 20 * workers
    took = simulated(workers, units, unit_s, cost)
    ideal = units * unit_s / workers
    return {
        "claim": f"{workers} workers, units of {unit_s:g} s",
        "ours": "one Dask scheduler",
        "peer": "no scheduler cost",
        "ours_s": took,
        "peer_s": ideal,
        "ratio": took / ideal,
        "ratio_low": took / ideal,
        "ratio_high": took / ideal,
        "target": None,
        "workers": workers,
        "efficiency": ideal / took,
        "scheduler_s_per_unit": cost,
        "bytes_per_result": size,
    }


def measured(units: int) -> tuple[float, int]:
    """Seconds the scheduler takes for an empty unit (two local workers), bytes of its result."""
    from distributed import Client, LocalCluster

    todo = [work.Unit("lsetheory.work:plain", {"value": i}) for i in range(units)]
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor() as pool,
    ):
        list(work.run(todo[:20], executor=pool))
        start = time.perf_counter()
        list(work.run(todo, executor=pool))
        cost = (time.perf_counter() - start) / units
    return cost, len(work.dumps(dispatch.visit(todo[:1])))


def simulated(workers: int, units: int, unit_s: float, scheduler_s: float) -> float:
    """Seconds until the last of `units` is taken in, by an event simulation without randomness."""
    asking = [0.0] * min(workers, units)  # when each worker asks the scheduler for a unit
    free, finish = 0.0, 0.0
    for _ in range(units):
        free = max(free, heapq.heappop(asking)) + scheduler_s
        heapq.heappush(asking, free + unit_s)
        finish = max(finish, free + unit_s)
    return finish + scheduler_s
