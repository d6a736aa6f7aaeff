"""How long the processes of a worker lived, counted in tasks, and what they weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a process: the tasks that it ran with the same globals, and whether it is over.

    A process that executes itself again keeps its pid and begins another life. `light` and `heavy` are the
    KiB that it had in memory after its first task, and at the most.
    """

    pid: int
    tasks: int
    over: bool
    light: int = 0
    heavy: int = 0


@dataclass(frozen=True, slots=True)
class Wear:
    """The lives in which a worker with --max-tasks-per-child ran many tasks, each of which leaked `leak` KiB.

    `unfinished` of the tasks `sent` did not end exactly once with their right result. `together` is how many
    ran at the same time at the most. Of `places` for children `filled` have one at the end. `reported` is
    what the worker itself says of its pool, as `celery inspect stats` prints it.
    """

    limit: int
    lives: tuple[Life, ...]
    together: int
    reported: Mapping[str, object]
    sent: int
    unfinished: int
    leak: int
    places: int
    filled: int

    @property
    def finished(self) -> bool:
        """Whether each task ended exactly once with its right result."""
        return self.sent > 0 and not self.unfinished


@dataclass(frozen=True, slots=True)
class Effect:
    """A worker with this -c: its prefetch count, and how many messages it held of tasks with a rate limit.

    Of its other tasks so many `ended`, and at the most `together` ran at the same time.
    """

    concurrency: int
    prefetch_count: int
    held: int
    together: int
    ended: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Workers that differ in -c alone, each of which was sent `sent` tasks and then some to hold."""

    multiplier: int
    sent: int
    effects: tuple[Effect, ...]
