"""How many messages a worker has taken, and what it takes when a task ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poolproof.model.cells import Cell


@dataclass(frozen=True, slots=True)
class Stock:
    """Messages at one moment: taken off the queue so far, those that run, and those unacknowledged."""

    taken: int
    running: int
    unacknowledged: int


@dataclass(frozen=True, slots=True)
class Held:
    """A worker whose slots are all busy, before and after one of its tasks ended.

    `left` is what the queue still held at first. `ended` is when that task ended, `begun` when the next one
    began, and `received` when the worker got that one's message; 0 where there was none. Times are monotonic
    nanoseconds.
    """

    cell: Cell
    before: Stock
    after: Stock
    left: int
    ended: int
    begun: int
    received: int

    @property
    def limit(self) -> int:
        """The number by the documents' formula."""
        return self.cell.concurrency * self.cell.prefetch

    @property
    def ahead(self) -> int:
        """How many messages the worker had taken that did not run, before the task ended."""
        return self.before.taken - self.before.running


@dataclass(frozen=True, slots=True)
class Behind:
    """A task that held a slot, and quick ones sent behind it, with the process that ran each meanwhile."""

    slow: int
    quick: tuple[str, ...]
    ran: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trips:
    """What messages cost: requests that brought some, and how often they were noted and struck out."""

    multiplier: int
    messages: int
    requests: int
    noted: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Switched:
    """The value of --prefetch-multiplier, None without it, and the worker's prefetch count."""

    given: int | None
    concurrency: int
    prefetch_count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """In which processes of a busy worker the message of each task is kept: of those that run, and others."""

    manager: int
    children: frozenset[int]
    running: Mapping[str, frozenset[int]]
    ahead: Mapping[str, frozenset[int]]
