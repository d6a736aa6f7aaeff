"""Tasks that record how much processor time they demanded, or waited for, as they computed or slept."""

from __future__ import annotations

import json
import time
from pathlib import Path

from probes.shared import load
from probes.shared.demand import blocked
from probes.shared.demand import demand as demand
from probes.shared.demand import spend as spend
from probes.tasks.recorded import note, recorded, wait_at

ROUNDS = 8
"""Of about 10 ms each: long compared with the time from one task to the next."""


@recorded
def compute(gate: str, way: str, seconds: float) -> None:
    """Wait at the gate, then compute, and record before and after it the demand of every thread here.

    Each record has a time from before the reading, and its event a time from after it; the last field is how
    often this thread has waited for anything except a processor.
    """
    wait_at(gate)
    note("computing", json.dumps([time.monotonic_ns(), demand(), blocked()]))
    spend(way, seconds)
    waits = blocked()
    note("computed", json.dumps([time.monotonic_ns(), demand(), waits]))


def waited() -> int:
    """The nanoseconds for which the calling thread was ready to run, and had no processor."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1])


def demanded() -> str:
    """The nanoseconds for which this thread ran, and was ready to run, and how often it has blocked."""
    ran, ready, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return f"{ran} {ready} {blocked()}"


@recorded
def run_in_batch(work: str, delay: float = 0.0) -> None:
    """Sleep or compute in Python, and record at both ends how long this thread has waited for a processor.

    Every wait that is counted lies between `off` and `home`, so that it can be subtracted from that time. A
    computation records its demand as well: what is missing then, the host took from this machine.
    """
    note("off")
    note("waited", waited())
    if work == "io":
        load.io_sleep(delay)
    else:
        note("computing", demanded())
        for _ in range(ROUNDS):
            load.cpu_python()
        note("computed", demanded())
    note("waited", waited())
    note("home")
