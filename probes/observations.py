"""What was seen in a trial, as frozen values: stimuli make them, checks judge them, and nothing here acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from probes.history import History


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a worker; `threads` are the kernel's thread ids."""

    pid: int
    parent: int
    threads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A worker's processes: the one that was started, called the manager, and all that descend from it."""

    manager: Process | None
    children: tuple[Process, ...] = ()

    @property
    def pids(self) -> tuple[int, ...]:
        """Every process, the manager first; empty when the worker is gone."""
        return (*((self.manager.pid,) if self.manager else ()), *(child.pid for child in self.children))

    def __str__(self) -> str:
        if self.manager is None:
            return "no process"
        processes = f"{1 + len(self.children)} process{'es' if self.children else ''}"
        threads = len(self.manager.threads)
        return f"{processes}, {threads} thread{'s' if threads > 1 else ''} in the manager"


@dataclass(frozen=True, slots=True)
class Sightings:
    """The process tree at rest, while tasks ran, and at rest again."""

    before: Tree
    during: Tree
    after: Tree

    def moments(self) -> tuple[tuple[str, Tree], ...]:
        """Each moment by name."""
        return ("before", self.before), ("during", self.during), ("after", self.after)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent, what the workers did with it, and how many messages the broker still had at the end."""

    sent: tuple[str, ...]
    history: History
    left: int


@dataclass(frozen=True, slots=True)
class Crash:
    """A worker around the death of the process `victim`, and the other tasks that were sent with it."""

    victim: int
    before: Tree
    after: Tree
    exit_status: int | None
    bystanders: tuple[str, ...]
    history: History


@dataclass(frozen=True, slots=True)
class Fetches:
    """How full each queue was before the worker came, from which queue each fetch was, and how it asked.

    The first queue was kept full, so that `filled` says at least what it held.
    """

    filled: Mapping[str, int]
    order: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step happened; `thread` is the kernel's id, `greenlet` 0 where nobody uses greenlets."""

    pid: int
    thread: int
    greenlet: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """The way of one task; `fetched` and `stored` are processes, as the wire has them if it is observed.

    `received` is where the worker first had the message in hand; `begun` and `ended` are monotonic
    nanoseconds.
    """

    task: str
    fetched: tuple[int, ...]
    received: Place
    started: Place
    stored: tuple[int, ...]
    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class Link:
    """One connection of one process to the broker; `connection` is its local port."""

    pid: int
    connection: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Where each step of each task happened, the processes meanwhile, and who asked for messages."""

    tree: Tree
    courses: tuple[Course, ...]
    asking: tuple[Link, ...]
