"""What tasks see of the globals of their module, and what becomes of tasks that compute with NumPy."""

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
    """How many tasks were sent to multiply, what those that did found, and which processes died of it.

    `wanted` is the right result; `exit_status` is the worker's own, None while it lives.
    """

    sent: int
    results: tuple[int, ...]
    wanted: int
    dead: tuple[int, ...]
    exit_status: int | None
