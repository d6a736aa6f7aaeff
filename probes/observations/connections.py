"""Which process holds which connection to Redis, and which tasks use one together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holdings:
    """The local ports of the connections that each process holds, and those that are asked about, by user."""

    manager: int
    held: Mapping[int, frozenset[int]]
    asked: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Stores:
    """Over which connection, by its local port, each task's result was stored; `left` are open afterwards."""

    connections: Mapping[str, int]
    left: frozenset[int]


@dataclass(frozen=True, slots=True)
class Uses:
    """Which connection each task used, by its local port; and where, or when, the application opened it."""

    opened: str
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Readers:
    """Two tasks that waited to read one connection at once: what the first one read in the end.

    `refused` is how the second one's read failed while nothing had come yet, or empty.
    """

    read: str
    refused: str
