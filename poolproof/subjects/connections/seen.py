"""Which process opens or holds which connection to Redis, and which tasks share one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poolproof.subjects.loading.seen import Opening


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a task: where, when, and which process had opened the connection that took its result.

    Times are monotonic nanoseconds; `stored_by` is 0 where no result was stored.
    """

    task: str
    pid: int
    started: int
    ended: int
    stored_by: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Every connection to Redis that a worker opened since its start, and the tasks that it ran meanwhile.

    `ready` is when it reported that it was ready, or 0.
    """

    manager: int
    children: frozenset[int]
    ready: int
    opened: tuple[Opening, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """The local ports of the connections that each process `held`, and of those that it `used`.

    `names` has the names that the connections give themselves, where the worker was watched.
    """

    manager: int
    held: Mapping[int, frozenset[int]]
    used: Mapping[int, frozenset[int]]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Stores:
    """Whether each task's result, in turn, used a connection that was opened after the one before.

    `open_afterwards` is how many of these connections are open when the last result is stored.
    """

    fresh: Mapping[str, bool]
    open_afterwards: int


@dataclass(frozen=True, slots=True)
class Uses:
    """The connection, by its local port, that each task used, wave by wave; tasks of a wave used it at once.

    `opened` says how the application opened it: a value of the claim's variant.
    """

    opened: str
    waves: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """Two tasks that waited to read one connection at once: what the first one read in the end.

    `refused` is how the second read failed while no data had come yet, or empty.
    """

    read: str
    refused: str
