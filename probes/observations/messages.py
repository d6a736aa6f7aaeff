"""What went over the wire between a client, the broker and a worker, for one task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pushed:
    """A message as the client's connection wrote it; `at` is monotonic nanoseconds."""

    queue: str
    text: str
    pid: int
    at: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoding of a task's arguments; nobody was looking for it where the worker was not watched."""

    pid: int
    at: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A value that Redis gave when it was asked for a key."""

    pid: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call of `add(3, 5)` from the client's process to its result; `got` is what the client was given.

    `stored` holds the keys of Redis that have the task's id in their name; `answers` are of the client alone.
    """

    client: int
    task: str
    pushed: tuple[Pushed, ...]
    encoded: tuple[Encoded, ...]
    stored: Mapping[str, str]
    answers: tuple[Answer, ...]
    got: str
