"""Tasks that say how much of the processors they asked for, or waited for, as they computed or slept."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from probes.app.tasks.recorded import note, recorded, wait_at
from probes.timing import load

HASHES = 4_400
"""About a millisecond of one core, during which the interpreter's lock is free."""
ROUNDS = 5
"""Of about 10 ms each: long beside the way from one task to the next."""
DELAY = 0.1


def demand() -> dict[str, int]:
    """By thread, the nanoseconds that it has run or waited for a processor: what it asked for, got or not."""
    asked = {}
    for thread in Path("/proc/self/task").iterdir():
        ran, waited, _ = (thread / "schedstat").read_text().split()
        asked[thread.name] = int(ran) + int(waited)
    return asked


def step() -> None:
    """Compute a little."""
    hashlib.pbkdf2_hmac("sha256", b"poolproof", b"salt", HASHES)


def spend(seconds: float) -> None:
    """Compute until the calling thread has used so much time of a processor."""
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        step()


@recorded
def compute(gate: str, seconds: float) -> None:
    """Wait at the gate, then compute, and note at either end what every thread of this process asked for.

    Each note bears a time before it was read, and its event one after it.
    """
    wait_at(gate)
    note("computing", json.dumps([time.monotonic_ns(), demand()]))
    spend(seconds)
    note("computed", json.dumps([time.monotonic_ns(), demand()]))


def waited() -> int:
    """The nanoseconds for which the calling thread was ready to run, and something else had the processor."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1])


@recorded
def run_heat(work: str) -> None:
    """Sleep, or compute in Python, and note at either end how long this thread has waited for a processor.

    Whatever waiting is counted lies between `off` and `home`, so that it may be taken off the time between.
    """
    note("off")
    note("waited", waited())
    if work == "io":
        load.io_sleep(DELAY)
    else:
        for _ in range(ROUNDS):
            load.cpu_python()
    note("waited", waited())
    note("home")
