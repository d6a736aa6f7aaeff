"""The kernel's process table, and whose each of our descendants is.

Read directly from /proc, because the supervisor must stay light, and right about processes that left their
session and their parents.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

DEAD = (b"Z", b"X")


@dataclass(frozen=True, slots=True)
class Process:
    """One living process; `group` and `session` are the ids of its process group and session."""

    pid: int
    parent: int
    group: int
    session: int


Table = Mapping[int, Process]


def read(pid: int, name: str) -> bytes:
    """One file of a process in /proc; empty when the process is gone or may not be looked at."""
    try:
        descriptor = os.open(f"/proc/{pid}/{name}", os.O_RDONLY)
    except OSError:
        return b""
    try:
        return b"".join(iter(lambda: os.read(descriptor, 65536), b""))
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def look(pid: int) -> Process | None:
    """One process; None when it is gone; a zombie counts as gone."""
    # The name stands in brackets and may hold anything, a bracket included.
    state, *numbers = read(pid, "stat").rpartition(b")")[2].split()[:4] or DEAD
    return None if state in DEAD else Process(pid, *map(int, numbers[:3]))


def scan() -> dict[int, Process]:
    """Every living process of the machine, by pid."""
    found = (look(int(name)) for name in os.listdir("/proc") if name.isdecimal())  # noqa: PTH208
    return {process.pid: process for process in found if process}


def owners(
    table: Table, supervisor: int, spawned: Collection[int], marked: Callable[[int], int | None]
) -> dict[int, int | None]:
    """The spawn to which each descendant of `supervisor` belongs; None for one that left no trace.

    Whatever loses its parent becomes a child of the supervisor. It still has the session that was made for
    its spawn, unless it made its own; then `marked` tells the spawn from the environment.
    """
    belongs: dict[int, int | None] = {}
    for pid in table:
        above = top(table, pid, supervisor)
        if above is not None:
            belongs[pid] = above.session if above.session in spawned else marked(above.pid)
    return belongs


def top(table: Table, pid: int, supervisor: int) -> Process | None:
    """The ancestor of `pid`, or itself, that is a child of the supervisor."""
    for _ in table:  # bounded: a table read while it changes could hold a circle
        process = table.get(pid)
        if process is None or process.parent == supervisor:
            return process
        pid = process.parent
    return None
