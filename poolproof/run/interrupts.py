"""The first Ctrl-C interrupts a run: a second one, or tox's own, must not interrupt its orderly end."""

from __future__ import annotations

import signal
from types import FrameType

ASKS_FOR_THE_END = (signal.SIGINT, signal.SIGTERM)


def heed_one() -> None:
    """Let the first signal interrupt the run, and ignore later ones; signals already ignored stay so."""
    for signum in ASKS_FOR_THE_END:
        if signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, _interrupt)


def heed_none() -> None:
    """Ignore the signals from now on, because the run is ending."""
    for signum in ASKS_FOR_THE_END:
        signal.signal(signum, signal.SIG_IGN)


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    heed_none()
    raise KeyboardInterrupt
