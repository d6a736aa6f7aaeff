"""Times the computing functions without Celery on one core; a pool's throughput is given as a share of that.

python -m poolproof.timing.bare FILE       writes calls a second by function to the file, as JSON
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from probes.shared import load

SECONDS = 0.12
"""For each function: enough for a dozen calls, and short compared with a timed run."""


def rate(function: Callable[[], object], seconds: float = SECONDS) -> float:
    """Calls a second, from the fastest call that began within `seconds`: no worker can exceed it."""
    function()
    durations: list[float] = []
    end = time.perf_counter() + seconds
    while not durations or time.perf_counter() < end:
        begun = time.perf_counter()
        function()
        durations.append(time.perf_counter() - begun)
    return 1 / min(durations)


if __name__ == "__main__":
    rates = {function.__name__: rate(function) for function in (load.cpu_python, load.cpu_nogil)}
    Path(sys.argv[1]).write_text(f"{json.dumps(rates)}\n")
