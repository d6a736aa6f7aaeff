"""Tasks that end the process which runs them."""

from __future__ import annotations

import os
import signal

from probes.app.recorder import record
from probes.app.tasks.recorded import recorded, wait_at


@recorded
def crash(way: str, gate: str) -> None:
    """Wait at the gate, then end the process that runs this task, as `way` says: exit or segv."""
    wait_at(gate)
    record("struck")
    if way == "exit":
        os._exit(70)
    os.kill(os.getpid(), getattr(signal, f"SIG{way.upper()}"))
