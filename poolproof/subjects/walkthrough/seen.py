"""How the example project started, and which process ran which of its tasks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModuleLoad:
    """One module of the project, loaded in one process; `at` is monotonic nanoseconds."""

    module: str
    pid: int
    at: int


@dataclass(frozen=True, slots=True)
class ProjectStart:
    """The start of the project's worker: what it loaded where, when it forked, its children after that.

    `answers` are the results of the first calls of `add`, without repetitions.
    """

    manager: int
    loads: tuple[ModuleLoad, ...]
    forks: tuple[int, ...]
    children: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Which child ran each task, by the task's name; the children are in the order in which they were made.

    `each` is how many tasks of each name were sent.
    """

    children: tuple[int, ...]
    each: int
    ran: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class QueueService:
    """The queues from which a worker of this line fetched, and how many of the tasks in `queue` it ran."""

    line: str
    queue: str
    fetched_from: tuple[str, ...]
    sent: int
    ran: int
