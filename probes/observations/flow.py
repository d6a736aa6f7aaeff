"""Where the steps of a task happened."""

from __future__ import annotations

from dataclasses import dataclass

from probes.observations.processes import Tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step happened; `thread` is the kernel's id, `greenlet` 0 where nobody uses greenlets."""

    pid: int
    thread: int
    greenlet: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """The way of one task; `fetched`, `stored` and `acknowledged` are processes, as the wire has them.

    `received` is where the worker first had the message in hand; `decoded` is every place where its arguments
    were deserialized, `encoded` where its result was serialized; `begun` and `ended` are of the monotonic
    clock, in nanoseconds.
    """

    task: str
    fetched: tuple[int, ...]
    received: Place
    started: Place
    stored: tuple[int, ...]
    begun: int
    ended: int
    decoded: tuple[Place, ...] = ()
    encoded: tuple[Place, ...] = ()
    acknowledged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One connection of one process to the broker; `connection` is its local port."""

    pid: int
    connection: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Where each step of each task happened, the processes meanwhile, and who asked for messages.

    `asked` is when each request for a message went over the wire, of the same clock as a course.
    """

    tree: Tree
    courses: tuple[Course, ...]
    asking: tuple[Link, ...]
    asked: tuple[int, ...] = ()
