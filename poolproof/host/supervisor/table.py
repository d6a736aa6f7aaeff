"""The kernel's process table, and which spawn each of our descendants belongs to.

Read directly from /proc, because the supervisor must stay small, and correct for processes that left their
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
    """One file of a process in /proc; empty when the process is gone or may not be read."""
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
    # The name is in brackets and may contain any character, also a bracket.
    state, *numbers = read(pid, "stat").rpartition(b")")[2].split()[:4] or DEAD
    return None if state in DEAD else Process(pid, *map(int, numbers[:3]))


def scan() -> dict[int, Process]:
    """Every living process of the machine, by pid."""
    found = (look(int(name)) for name in os.listdir("/proc") if name.isdecimal())  # noqa: PTH208
    return {process.pid: process for process in found if process}


def owners(
    table: Table, supervisor: int, spawned: Collection[int], marked: Callable[[int], int | None]
) -> dict[int, int | None]:
    """The spawn of each descendant of `supervisor`; None for one of unknown origin.

    A process that loses its parent becomes a child of the supervisor. It still has the session that was made
    for its spawn, unless it made its own; then `marked` finds the spawn in the environment.
    """
    belongs: dict[int, int | None] = {}
    for pid in table:
        above = top(table, pid, supervisor)
        if above is not None:
            belongs[pid] = above.session if above.session in spawned else marked(above.pid)
    return belongs


def top(table: Table, pid: int, supervisor: int) -> Process | None:
    """The ancestor of `pid`, or itself, that is a child of the supervisor."""
    for _ in table:  # limited: a table that was read while it changed could contain a circle
        process = table.get(pid)
        if process is None or process.parent == supervisor:
            return process
        pid = process.parent
    return None
