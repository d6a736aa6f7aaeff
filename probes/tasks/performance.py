"""Tasks that say how much of the processors they demanded, or waited for, as they computed or slept."""

from __future__ import annotations

import json
import time
from pathlib import Path

from probes.shared import load
from probes.shared.demand import blocked
from probes.shared.demand import demand as demand
from probes.shared.demand import spend as spend
from probes.tasks.recorded import note, recorded, wait_at

ROUNDS = 12
"""Of about 10 ms each: long beside the way from one task to the next."""


@recorded
def compute(gate: str, way: str, seconds: float) -> None:
    """Wait at the gate, then compute, and note at either end what every thread of this process demanded.

    Each note bears a time before it was read, and its event one after it; last, how often this thread has
    waited for anything but a processor.
    """
    wait_at(gate)
    note("computing", json.dumps([time.monotonic_ns(), demand(), blocked()]))
    spend(way, seconds)
    waits = blocked()
    note("computed", json.dumps([time.monotonic_ns(), demand(), waits]))


def waited() -> int:
    """The nanoseconds for which the calling thread was ready to run, and something else had the processor."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1])


@recorded
def run_in_batch(work: str, delay: float = 0.0) -> None:
    """Sleep or compute in Python, and note at either end how long this thread has waited for a processor.

    Whatever waiting is counted lies between `off` and `home`, so that it may be taken off the time between.
    """
    note("off")
    note("waited", waited())
    if work == "io":
        load.io_sleep(delay)
    else:
        for _ in range(ROUNDS):
            load.cpu_python()
    note("waited", waited())
    note("home")
