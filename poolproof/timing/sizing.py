"""How long a waiting task waits, and how many tasks are timed, chosen by the pool's speed on this machine."""

from __future__ import annotations

import math

WAVES = 3
"""How often a pool is filled at least: with fewer, only the first and the last tasks would be timed."""
STEPS = 1000
"""Steps of a delay in a second: whole milliseconds, because people read the number."""


def delay(in_flight: int, noop_rate: float, least: float, headroom: float) -> float:
    """The delay, in seconds, at which the ceiling `in_flight` / delay is at most `noop_rate` / `headroom`."""
    needed = headroom * in_flight / noop_rate
    return max(least, math.ceil(round(needed * STEPS, 6)) / STEPS)


def tasks(at_once: int, rate: float, seconds: float) -> int:
    """How many tasks take about `seconds` at `rate` tasks a second; whole waves, and at least a few."""
    return at_once * max(WAVES, round(rate * seconds / at_once))
