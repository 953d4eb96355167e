"""The sweep of logaddexp over every float32 gap, by numpy and torch: its parts, and the whole, run.

A part is a stretch of bit patterns of one kind: results that are constant at log 2, results that
change, results that are 0. Processor time of a piece of it, times its length, is what it takes; the
whole is wall time of `PROCESSES` processes. The quick whole is the sum of the parts, not run.
"""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from lsetheory import work
from lsetheory.audit import exhaustive, pairs

#: Kind -> (first pattern, pattern after the last, where the measured piece starts).
PARTS = {
    "constant": (0, 0x33000000, 0x20000000),
    "changing": (0x33000000, 0x42D00000, 0x3F000000),
    "vanished": (0x42D00000, 0x7F800001, 0x60000000),
}
PIECE = 2**21
NAMES = ("numpy-logaddexp", "torch-logaddexp")
#: The promise: numpy and torch in 8 minutes on two processors.
PROMISED_SECONDS, PROCESSES = 480.0, 2


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row a part in processor time, and one for the whole and its promise."""
    parts = [_part(kind, PIECE // 8 if quick else PIECE) for kind in PARTS]
    whole = sum(part["ours_s"] for part in parts) / PROCESSES if quick else _whole()
    promise = {
        "claim": f"all {pairs.count('float32'):,} float32 gaps, numpy and torch",
        "ours": f"{PROCESSES} processes", "peer": "8 minutes", "ours_s": whole,
        "peer_s": PROMISED_SECONDS, "ratio": whole / PROMISED_SECONDS, "target": 1.0,
    }  # fmt: skip
    return [*parts, promise]


def _part(kind: str, piece: int) -> dict[str, Any]:
    low, high, start = PARTS[kind]
    exhaustive.sweep(NAMES, "float32", 0, 2**10)  # imports the libraries
    begin = time.process_time()
    exhaustive.sweep(NAMES, "float32", start, start + piece)
    seconds = (time.process_time() - begin) * (high - low) / piece
    return {"claim": f"{kind} part: {high - low:,} gaps", "ours": "1 process", "ours_s": seconds}


def _whole() -> float:
    begin = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        results = list(work.run(exhaustive.plan("logaddexp", [], NAMES), executor=pool))
    for total in exhaustive.gather(results):
        if total["pairs"] != pairs.count("float32"):
            raise RuntimeError(f"{total['pairs']} pairs were tried, not all")
    return time.perf_counter() - begin
