"""Plain functions: computing for a while, and the processor time that threads have demanded."""

from __future__ import annotations

import hashlib
import resource
import time
from pathlib import Path

HASHES = 4_400
"""About a millisecond of one core, during which the interpreter's lock is free."""
STEPS = 13_000
"""About a millisecond of one core, during which the interpreter's lock is held."""


def demand() -> dict[str, int]:
    """By thread, the nanoseconds that it has run or waited for a processor: its demand, satisfied or not."""
    asked = {}
    for thread in Path("/proc/self/task").iterdir():
        ran, waited, _ = (thread / "schedstat").read_text().split()
        asked[thread.name] = int(ran) + int(waited)
    return asked


def _hash() -> None:
    hashlib.pbkdf2_hmac("sha256", b"poolproof", b"salt", HASHES)


def _count() -> None:
    value = 1
    for number in range(STEPS):
        value = (value * 1_103_515_245 + number) & 0x7FFFFFFF


STEP = {"python": _count, "nogil": _hash}


def spend(way: str, seconds: float) -> None:
    """Compute until the calling thread has used that much processor time."""
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        STEP[way]()


def blocked() -> int:
    """How often the calling thread has given up its processor by itself, to wait for something."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
