"""What the greenlets of a worker did beside one another, and one after another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """How often a task ticked while another one spent its time in one way, and how many seconds that took."""

    way: str
    ticks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """How many tasks each of a few tasks found its greenlet to have run, itself included."""

    slots: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overrun:
    """What became of a task that took longer than its time limit, in seconds both."""

    limit: float
    took: float
    status: str
    error: str
