"""The sweep of logaddexp over every float32 gap: processor time of its parts, and of the whole.

A part is a stretch of bit patterns of one kind (results that are constant at log 2, results that
change, results that are 0); what a block of it takes, times its length, adds up to the whole. The
whole itself is `lsetheory audit --exhaustive logaddexp --dtype float32`.
"""

import time
from typing import Any

from lsetheory.audit import exhaustive

#: Kind -> (first pattern, pattern after the last, where the measured block starts).
PARTS = {
    "constant": (0, 0x33000000, 0x20000000),
    "changing": (0x33000000, 0x42D00000, 0x3F000000),
    "vanished": (0x42D00000, 0x7F800001, 0x60000000),
}
BLOCK = 2**21
NAMES = ("numpy-logaddexp", "torch-logaddexp")
#: The promise: numpy and torch in 8 minutes on two processors.
PROMISED_SECONDS, PROCESSORS = 480.0, 2


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """One row an implementation and part in processor time, and one for the promise.

    The last row's `ours_s` is the time of both sweeps on two processors, computed, not run.
    """
    parts = [_part(name, kind, BLOCK // 8 if quick else BLOCK) for name in NAMES for kind in PARTS]
    whole = sum(part["ours_s"] for part in parts) / PROCESSORS
    promise = {
        "claim": "all 2,139,095,041 float32 gaps, numpy and torch", "ours": "2 processors",
        "peer": "8 minutes", "ours_s": whole, "peer_s": PROMISED_SECONDS,
        "ratio": whole / PROMISED_SECONDS, "target": 1.0,
    }  # fmt: skip
    return [*parts, promise]


def _part(name: str, kind: str, block: int) -> dict[str, Any]:
    low, high, start = PARTS[kind]
    exhaustive.sweep(name, "float32", 0, 2**10)  # imports the library
    begin = time.process_time()
    exhaustive.sweep(name, "float32", start, start + block)
    seconds = (time.process_time() - begin) * (high - low) / block
    return {"claim": f"{kind} part: {high - low} gaps", "ours": name, "ours_s": seconds}
