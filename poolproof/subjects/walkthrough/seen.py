"""How the example project came up, and which process ran which of its tasks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loaded:
    """One module of the project, loaded in one process; `at` is monotonic nanoseconds."""

    module: str
    pid: int
    at: int


@dataclass(frozen=True, slots=True)
class Opening:
    """The start of a worker of the project: what was loaded where, when it forked, and how it stood then.

    `answers` are what came of the first calls of `add`, each once.
    """

    manager: int
    loaded: tuple[Loaded, ...]
    forks: tuple[int, ...]
    children: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Which child ran each task, by the task's name; the children stand in the order of their making.

    `each` is how many tasks of each name were sent.
    """

    children: tuple[int, ...]
    each: int
    ran: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The queues that a worker of this line asked for, and how many tasks it ran of those sent to one."""

    line: str
    queue: str
    asked: tuple[str, ...]
    sent: int
    ran: int
