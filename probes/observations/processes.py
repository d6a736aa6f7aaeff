"""A worker's processes and threads at a moment, or at several."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a worker; `threads` are the kernel's thread ids."""

    pid: int
    parent: int
    threads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A worker's processes: the one that was started, called the manager, and all that descend from it."""

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
class Sightings:
    """The process tree at rest, while tasks ran, and at rest again."""

    before: Tree
    during: Tree
    after: Tree

    def moments(self) -> tuple[tuple[str, Tree], ...]:
        """Each moment by name."""
        return ("before", self.before), ("during", self.during), ("after", self.after)
