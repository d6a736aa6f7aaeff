"""Notices that the machine stood still, so that a pause does not count as a failure of the worker.

Its clock continues while the machine is suspended. A pause in which all clocks stop cannot be noticed
from inside the machine; no deadline runs out in it either.
"""

from __future__ import annotations

import threading
import time

TICK = 0.05
STALL = 5.0
"""A gap between two ticks of so many seconds counts as a stall; deadlines are much longer."""


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Sentinel:
    """A thread that ticks; the longest gap between two ticks shows how long the run could not work."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._last = _now()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._tick, name="sentinel", daemon=True)
        self._thread.start()

    def _tick(self) -> None:
        while not self._closing.wait(TICK):
            now = _now()
            self._longest = max(self._longest, now - self._last)
            self._last = now

    def begin(self) -> None:
        """Forget earlier gaps: a new trial begins."""
        self._longest, self._last = 0.0, _now()

    @property
    def longest_gap(self) -> float:
        """The longest gap since the trial began, in seconds; the gap that is not over yet counts."""
        # The caller may wake up before the thread; in this order, because the thread may wake up in between.
        return max(_now() - self._last, self._longest)

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._thread.join(timeout=10)
