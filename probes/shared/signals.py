"""Which signals a process catches or ignores, according to the kernel."""

from __future__ import annotations

import signal
from pathlib import Path

OURS = frozenset({"SIGCONT"})
"""The handler that probes/unix_signals.py installs; it is not one of Celery's."""


def caught(pid: int) -> frozenset[str]:
    """The signals, by name, for which a process has a handler now; OSError when it is gone."""
    return _masked(pid, "SigCgt:") - OURS


def ignored(pid: int) -> frozenset[str]:
    """The signals, by name, that a process ignores now; OSError when it is gone."""
    return _masked(pid, "SigIgn:")


def _masked(pid: int, field: str) -> frozenset[str]:
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith(field)), 0)
    return frozenset(each.name for each in signal.Signals if mask >> (each - 1) & 1)
