"""Two callables timed in turn in one process, so that the machine's drift hits both alike."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

#: No two callables are timed for longer, whatever their benchmark asks for; `--quick` lowers it.
cap = float("inf")
QUICK_CAP = 0.2


def paired(
    ours: Callable[[], Any], peer: Callable[[], Any], seconds: float = 1.0, most: int = 25
) -> dict[str, float]:
    """Time A B A B ... for about `seconds`, after one untimed call of each.

    Returns:
        Median seconds of both, and the median, lowest and highest ratio ours/peer over the pairs.
    """
    ours(), peer()
    gc.collect()
    gc.freeze()  # what lives already is not looked through again before every call
    pairs, seconds = list[tuple[float, float]](), min(seconds, cap)
    start = time.perf_counter()
    while len(pairs) < 3 or (time.perf_counter() - start < seconds and len(pairs) < most):
        pairs.append((once(ours), once(peer)))
    gc.unfreeze()
    ratios = [a / b for a, b in pairs]
    return {
        "ours_s": statistics.median(a for a, _ in pairs),
        "peer_s": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(ratios),
        "ratio_low": min(ratios),
        "ratio_high": max(ratios),
        "pairs": len(pairs),
    }


def once(call: Callable[[], Any]) -> float:
    """Wall seconds of one call, the garbage collected before it."""
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak_bytes(call: Callable[[], Any]) -> int:
    """The most memory that Python and numpy held at once during the call, beyond the start."""
    gc.collect()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
