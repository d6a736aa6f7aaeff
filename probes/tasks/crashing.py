"""Tasks that fail, or end the process which runs them."""

from __future__ import annotations

import os
import signal
import sys

from probes.recorder import record
from probes.tasks.recorded import note, recorded, wait_at


@recorded
def crash(way: str, gate: str) -> None:
    """Wait at the gate, then crash in the given `way`."""
    wait_at(gate)
    record("struck")
    _strike(way)


def _strike(way: str) -> None:
    """Raise an exception, MemoryError or SystemExit, leave the process at once, or have a signal end it."""
    if way == "raise":
        raise RuntimeError("struck")
    if way == "memoryerror":
        raise MemoryError("struck")
    if way == "sys_exit":
        sys.exit(70)
    if way == "exit":
        os._exit(70)
    os.kill(os.getpid(), getattr(signal, f"SIG{way.upper()}"))


@recorded
def answer(word: str) -> str:
    """Return the argument, so that each task has its own result that can be checked."""
    return word


@recorded
def fail(way: str) -> None:
    """Crash three calls deep, and record each function of the call, so that a stack trace can be compared."""
    note("called", "fail")
    _outer_step(way)


def _outer_step(way: str) -> None:
    note("called", "_outer_step")
    _inner_step(way)


def _inner_step(way: str) -> None:
    note("called", "_inner_step")
    _strike(way)
