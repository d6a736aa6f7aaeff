"""A task that computes, and says how much of the processors its process asked for meanwhile."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from probes.app.tasks.recorded import note, recorded, wait_at

HASHES = 4_400
"""About a millisecond of one core, during which the interpreter's lock is free."""


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
    """Wait at the gate, then compute, and note what every thread of this process asked for until then."""
    wait_at(gate)
    note("computing", json.dumps(demand()))
    spend(seconds)
    note("computed", json.dumps(demand()))
