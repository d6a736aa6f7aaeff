"""What the greenlets of a worker did beside one another, and one after another."""

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
    """Several tasks, one after another, that spent their time in one way beside a task that ticks."""

    way: str
    spent: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a task of that name found where it ran.

    `served` is how many tasks its greenlet had run, itself included; a `root` greenlet is one that the thread
    came with; `on_main_stack` says whether it ran on the stack of the process's main thread.
    """

    name: str
    served: int
    root: bool
    on_main_stack: bool


@dataclass(frozen=True, slots=True)
class Served:
    """What each of many tasks of two names told of its greenlet, in a worker of so many slots."""

    slots: int
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What became of a task that would take longer than its time limit: when it left off, its result."""

    took: float
    status: str
    error: str


@dataclass(frozen=True, slots=True)
class Overrun:
    """Tasks that would take `needed` seconds and were allowed `limit`."""

    limit: float
    needed: float
    tasks: tuple[Left, ...]
