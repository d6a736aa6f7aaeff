"""What was seen of prefork's manager."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.processes import Tree


@dataclass(frozen=True, slots=True)
class End:
    """The end of one task: in which process it ran, whether that died, and who stored what as its result.

    `tree` is of the moment at which the task ran; `error` is the exception of a failure, and else empty.
    """

    tree: Tree
    ran_in: int
    died: bool
    stored: tuple[int, ...]
    status: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Which processes told a task, by a signal, that its soft time limit was up; and where the task ran."""

    tree: Tree
    ran_in: int
    told_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A task and the process that runs it, 0 where nobody knows."""

    task: str
    pid: int


@dataclass(frozen=True, slots=True)
class Monitored:
    """The tasks that ran, each where, beside what the worker's manager told of them meanwhile."""

    tree: Tree
    running: tuple[Running, ...]
    told: tuple[Running, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of the words of a task while the manager stood still, and the process that ran it.

    `line` is the line of the log in which they stood, empty when they stood in none.
    """

    ran_in: int
    line: str
    stored: bool
