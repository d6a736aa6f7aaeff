"""What the greenlets of a worker did at the same time, and one after another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """How often a task ticked while another one spent so many seconds, and after it."""

    ticks: int
    seconds: float
    after: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Several tasks, one after another, that waited or computed in one way beside a task that ticks."""

    way: str
    spent: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class TaskGreenlet:
    """The greenlet in which a task of that name ran.

    `served` is how many tasks the greenlet had run, this one included; a `root` greenlet is the one that its
    thread started with; `on_main_stack` says whether it ran on the stack of the process's main thread.
    """

    name: str
    served: int
    root: bool
    on_main_stack: bool


@dataclass(frozen=True, slots=True)
class Greenlets:
    """The greenlet of each of many tasks of two names, in a worker of so many slots."""

    slots: int
    of_tasks: tuple[TaskGreenlet, ...]


@dataclass(frozen=True, slots=True)
class Limited:
    """A task that would take longer than its time limit: the `seconds` that it ran, and its result."""

    seconds: float
    status: str
    error: str


@dataclass(frozen=True, slots=True)
class Overrun:
    """Tasks that would take `needed` seconds and were allowed `limit`."""

    limit: float
    needed: float
    tasks: tuple[Limited, ...]
