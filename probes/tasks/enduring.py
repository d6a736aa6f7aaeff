"""A task that asks who interrupts it."""

from __future__ import annotations

import signal
from pathlib import Path

from probes.settings import SETTINGS
from probes.tasks.recorded import note, recorded

SIGNAL = {signal.SIGUSR1}
"""By which a prefork child learns that a soft time limit is up; its handler cannot tell who sent it."""


@recorded
def endure(gate: str) -> None:
    """Hold that signal back, and note which process sent it; give up when the gate is opened."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNAL)
    try:
        note("braced")
        _wait(Path(SETTINGS.gates) / gate)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNAL)


def _wait(gate: Path) -> None:
    while not gate.exists():
        if sent := signal.sigtimedwait(SIGNAL, 0.01):
            note("interrupted", sent.si_pid)
            return
