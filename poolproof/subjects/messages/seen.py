"""What a client, the broker and a worker sent to each other for some calls of one task."""

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
    """One encoding of a task's arguments; it is recorded only where the worker is watched."""

    pid: int
    at: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A value that Redis gave the client for a key, as a reply or in a message; empty for none."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of `add` from the client's process to its result; `got` is what `get()` returned.

    `stored` holds the keys of Redis that have the task's id in their name.
    """

    task: str
    arguments: tuple[int, int]
    pushed: tuple[Pushed, ...]
    stored: Mapping[str, str]
    answers: tuple[Answer, ...]
    got: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """Every call of one client, in order, and all encodings of a task's arguments in that time."""

    client: int
    calls: tuple[Call, ...]
    encoded: tuple[Encoded, ...]
