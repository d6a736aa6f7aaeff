"""How a worker started: what it loaded and opened, and which signals it handles."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.history import History


@dataclass(frozen=True, slots=True)
class Opening:
    """One connection to Redis at its first command; `port` is its local port, `at` monotonic nanoseconds.

    `name` is the name that the connection gives itself: that of its client in Celery, `broker` or `backend`.
    """

    pid: int
    port: int
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Start:
    """A worker since its start: its processes, its events, and every connection that it opened.

    `opened` is empty where the wire was not observed.
    """

    manager: int
    children: frozenset[int]
    history: History
    opened: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Handlers:
    """The signals, by name, for which a process has installed a handler, and those that it ignores."""

    pid: int
    handled: frozenset[str]
    ignored: frozenset[str] = frozenset()
