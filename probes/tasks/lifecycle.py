"""A task that leaks memory, so that it shows how long its process has lived, and how large it has become."""

from __future__ import annotations

import resource
from pathlib import Path

from probes.tasks.recorded import note, recorded

PAGE_KIB = resource.getpagesize() // 1024
leaked: list[bytes] = []


def resident() -> int:
    """The KiB of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KIB


@recorded
def leak(kib: int) -> int:
    """Keep so many KiB forever; record how many tasks of this process did so, and the process's memory."""
    leaked.append(b"x" * (kib * 1024))  # written to, because untouched memory does not count
    note("leaked", f"{len(leaked)} {resident()}")
    return len(leaked)
