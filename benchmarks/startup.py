"""Start-up: seconds that `import lsetheory` takes, and a first result, in fresh processes."""

import subprocess
import sys
from functools import partial
from typing import Any

from benchmarks._paired import paired

#: Seconds promised for the import, and libraries that it must not pull in.
PROMISED_S = 0.15
HEAVY = ("torch", "jax", "sympy", "matplotlib", "numpy", "scipy")
SHOWN = ("pulled_in",)

IMPORT = "import time; s = time.perf_counter(); import lsetheory; print(time.perf_counter() - s)"
PULLED = f"import sys, lsetheory; print(*(n for n in {HEAVY} if n in sys.modules))"
FIRST = {
    "lsetheory.logsumexp": "import lsetheory; lsetheory.logsumexp([1.0, 2.0])",
    "scipy.special.logsumexp": "from scipy.special import logsumexp; logsumexp([1.0, 2.0])",
}


def rows(quick: bool = False) -> list[dict[str, Any]]:
    """The import beside the promise, and the first answer of a process beside scipy's."""
    return [_import_row(5 if quick else 25), _first_row(1.0 if quick else 10.0)]


def _import_row(runs: int) -> dict[str, Any]:
    _fresh(IMPORT)  # compiles what is not yet compiled
    seconds = sorted(float(_fresh(IMPORT)) for _ in range(runs))
    low, middle, high = (s / PROMISED_S for s in (seconds[0], seconds[runs // 2], seconds[-1]))
    return {
        "claim": "import lsetheory", "ours": "lsetheory", "peer": "seconds promised",
        "ours_s": seconds[runs // 2], "peer_s": PROMISED_S, "ratio": middle, "ratio_low": low,
        "ratio_high": high, "target": 1.0, "pulled_in": _fresh(PULLED).strip() or "none",
    }  # fmt: skip


def _first_row(seconds: float) -> dict[str, Any]:
    ours, peer = FIRST
    times = paired(partial(_fresh, FIRST[ours]), partial(_fresh, FIRST[peer]), seconds)
    return {
        "claim": f"a process that starts and calls {ours} once", "ours": ours, "peer": peer,
        "target": None, **times,
    }  # fmt: skip


def _fresh(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout
