"""What was seen of prefork's manager."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.processes import Tree


@dataclass(frozen=True, slots=True)
class End:
    """The end of one task: in which process it ran, whether that died, and which process stored its result.

    `tree` was taken while the task ran; `error` is the exception of a failure, otherwise empty.
    """

    tree: Tree
    ran_in: int
    died: bool
    stored: tuple[int, ...]
    status: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Which processes sent a task the signal of its soft time limit, and where the task ran."""

    tree: Tree
    ran_in: int
    signalled_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A task and the process that runs it, 0 where that is unknown."""

    task: str
    pid: int


@dataclass(frozen=True, slots=True)
class Monitored:
    """The tasks that ran, each with its process, and those that the manager `named` as running."""

    tree: Tree
    running: tuple[Running, ...]
    named: tuple[Running, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """A text that a task logged while the manager was stopped, and the process that ran the task.

    `line` is the line of the log that contains the text, empty when none does.
    """

    ran_in: int
    line: str
    stored: bool
