"""What tasks see of the globals of their module, and what becomes of NumPy, processes and threads in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """One task counted the global up to `value`, in the process `pid`."""

    pid: int
    value: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of all tasks in the order of time, and the global as the manager has it afterwards."""

    manager: int
    counted: tuple[Count, ...]
    told: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Computing:
    """How many tasks began to calculate, what those that did found, and which processes died of it.

    `wanted` is the right result; `unended` tasks began and came to no end, though long waited for, or died
    with their process; `exit_status` is the worker's own, None while it lives. A task that never began says
    nothing of what it would have calculated.
    """

    started: int
    results: tuple[str, ...]
    wanted: str
    unended: int
    dead: tuple[int, ...]
    exit_status: int | None


@dataclass(frozen=True, slots=True)
class Helping:
    """Tasks that each needed a helper: what it is, and how many of them got their answer from it.

    `refused` is what each task found that will never get one; a task that only waits is in neither.
    """

    helper: str
    sent: int
    answered: int
    refused: tuple[str, ...]
