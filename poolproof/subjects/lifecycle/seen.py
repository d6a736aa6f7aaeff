"""How many tasks the processes of a worker lived for, and how much memory they had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a process: the tasks that it ran with the same globals, and whether it is over.

    A process that executes itself again keeps its pid and begins another life. `first_kib` is its memory
    after its first task, `most_kib` the most that it ever had.
    """

    pid: int
    tasks: int
    over: bool
    first_kib: int = 0
    most_kib: int = 0


@dataclass(frozen=True, slots=True)
class Renewals:
    """The lives in which a worker with --max-tasks-per-child ran many tasks, each of which leaked `leak` KiB.

    `unfinished` of the tasks `sent` did not end exactly once with their right result. `most_at_once` is how
    many ran at the same time at most. At the end, `children` children filled the `slots` for them.
    `reported` is the worker's own report of its pool, as `celery inspect stats` prints it.
    """

    limit: int
    lives: tuple[Life, ...]
    most_at_once: int
    reported: Mapping[str, object]
    sent: int
    unfinished: int
    leak: int
    slots: int
    children: int

    @property
    def all_finished(self) -> bool:
        """Whether each task ended exactly once with its right result."""
        return self.sent > 0 and not self.unfinished


@dataclass(frozen=True, slots=True)
class AtConcurrency:
    """A worker with this -c: its prefetch count, and how many messages it held of tasks with a rate limit.

    Of its other tasks `ended` ended, and at most `most_at_once` ran at the same time.
    """

    concurrency: int
    prefetch_count: int
    held: int
    most_at_once: int
    ended: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Workers that differ only in -c; each got `sent` tasks, and then some that it can only hold."""

    multiplier: int
    sent: int
    workers: tuple[AtConcurrency, ...]
