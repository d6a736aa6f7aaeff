"""How long the processes of a worker lived, counted in tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a process: the tasks that it ran with the same globals, and whether it is over.

    A process that executes itself anew keeps its pid and begins another life.
    """

    pid: int
    tasks: int
    over: bool


@dataclass(frozen=True, slots=True)
class Wear:
    """The lives in which a worker with --max-tasks-per-child ran many tasks, which never overlapped or did.

    `reported` is what the worker itself says of its pool, as `celery inspect stats` prints it; `together`
    is how many tasks ran at the same time at the most.
    """

    limit: int
    lives: tuple[Life, ...]
    together: int
    reported: Mapping[str, object]
