"""A task that finds out which process interrupts it."""

from __future__ import annotations

import signal
from pathlib import Path

from probes.settings import SETTINGS
from probes.tasks.recorded import note, recorded

SIGNAL = {signal.SIGUSR1}
"""The signal of the soft time limit in a prefork child; its handler cannot know who sent it."""


@recorded
def endure(gate: str) -> None:
    """Block that signal, and record which process sent it; give up when the gate is opened."""
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
