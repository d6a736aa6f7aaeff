"""Writes what happens inside a worker so that even SIGKILL loses nothing that was written.

One append-only file a process, one `write` an event. `posix.write` and `_thread.get_native_id` are the
originals, which neither eventlet nor gevent replaces.
"""

from __future__ import annotations

import os
import posix
import sys
from _thread import get_native_id
from pathlib import Path
from time import monotonic_ns
from typing import Any

from probes.settings import SETTINGS

_files: dict[int, int] = {}


def _file(pid: int) -> int:
    if pid not in _files:
        path = Path(SETTINGS.events) / f"{SETTINGS.name}.{pid}.events"
        _files[pid] = posix.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    return _files[pid]


def _greenlet() -> int:
    module = sys.modules.get("greenlet")
    return id(module.getcurrent()) if module else 0


def record(kind: str, note: str = "", task: str = "", delivery: dict[str, Any] | None = None) -> None:
    """Append one event; the fields are in the order of `poolproof.model.history.Event`."""
    pid = posix.getpid()
    queue = delivery["routing_key"] if delivery else ""
    redelivered = "1" if delivery and delivery.get("redelivered") else ""
    line = (
        f"{kind}\t{task}\t{queue}\t{pid}\t{get_native_id()}\t{_greenlet()}"
        f"\t{monotonic_ns()}\t{redelivered}\t{note}\n"
    )
    posix.write(_file(pid), line.encode())
