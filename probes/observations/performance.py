"""How long tasks took, what they cost, and how much of the processors they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lap:
    """Some tasks run from a filled queue; all in seconds.

    `span` reaches from the first start to the last end, `tasks` has how long each task ran, `cpu` is what
    the worker's processes used meanwhile, and `calls` how often they read and wrote.
    """

    span: float
    tasks: tuple[float, ...]
    cpu: float
    calls: int


@dataclass(frozen=True, slots=True)
class Race:
    """Laps of the worker under test and of a solo worker, taken in turns: the first of each, the second …"""

    worker: tuple[Lap, ...]
    solo: tuple[Lap, ...]


@dataclass(frozen=True, slots=True)
class Heats:
    """The seconds that the same tasks took the worker under test and a solo worker, in turns.

    The worker's are the clock's. Of solo's, what its one thread waited for a processor is taken off.
    """

    tasks: int
    worker: tuple[float, ...]
    solo: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """By thread of a process, the nanoseconds for which it had run or waited for a processor.

    It was read at some time between `earliest` and `latest`, in monotonic nanoseconds.
    """

    earliest: int
    latest: int
    asked: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One task that computed in a thread, and what was asked for until it began and until it ended."""

    task: str
    pid: int
    thread: int
    before: Demand
    after: Demand
