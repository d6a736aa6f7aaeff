"""A worker's processes and threads: at one moment, at several moments, or from birth to death."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a worker; `threads` are the kernel's thread ids."""

    pid: int
    parent: int
    threads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A worker's processes: the one that was started, called the manager, and all its descendants."""

    manager: Process | None
    children: tuple[Process, ...] = ()

    @property
    def pids(self) -> tuple[int, ...]:
        """Every process, the manager first; empty when the worker is gone."""
        return (*((self.manager.pid,) if self.manager else ()), *(child.pid for child in self.children))

    def __str__(self) -> str:
        if self.manager is None:
            return "no process"
        processes = f"{1 + len(self.children)} process{'es' if self.children else ''}"
        threads = len(self.manager.threads)
        return f"{processes}, {threads} thread{'s' if threads > 1 else ''} in the manager"


@dataclass(frozen=True, slots=True)
class Span:
    """The time from birth to death, in monotonic nanoseconds; `died` is None while it is alive."""

    id: int
    born: int
    died: int | None = None

    def within(self, begin: int, end: int) -> bool:
        """Whether it lived at any moment from `begin` to `end`."""
        return self.born <= end and (self.died is None or self.died > begin)

    def lives_at(self, at: int) -> bool:
        """Whether it lives at this moment."""
        return self.within(at, at)


@dataclass(frozen=True, slots=True)
class Life:
    """One process from birth to death; `status` is negative for a signal, None when nobody saw it."""

    pid: int
    parent: int
    born: int
    died: int | None = None
    status: int | None = None
    threads: tuple[Span, ...] = ()
    command: str = ""

    def within(self, begin: int, end: int) -> bool:
        """Whether the process lived at any moment from `begin` to `end`."""
        return Span(self.pid, self.born, self.died).within(begin, end)

    def lives_at(self, at: int) -> bool:
        """Whether the process lives at this moment."""
        return self.within(at, at)

    @property
    def end(self) -> str:
        """How it ended, in words."""
        if self.died is None:
            return "lives"
        if self.status is None:
            return "died, and nobody saw of what"
        if self.status < 0:
            return f"was killed by {signal_name(-self.status)}"
        return f"ended with exit status {self.status}"


def signal_name(signum: int) -> str:
    """The name of a signal, or its number where Python has none."""
    try:
        return signal.Signals(signum).name
    except ValueError:
        return f"signal {signum}"


def descendants(lives: Iterable[Life], root: int) -> tuple[Life, ...]:
    """The last process of this pid and all its descendants, in the order of birth."""
    ordered = sorted(lives, key=lambda life: life.born)
    first = next((life for life in reversed(ordered) if life.pid == root), None)
    if first is None:
        return ()
    found, parents = [first], {root}
    for life in ordered:
        if life is not first and life.born >= first.born and life.parent in parents:
            parents.add(life.pid)
            found.append(life)
    return tuple(found)
