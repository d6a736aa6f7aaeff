"""The globals that tasks see, and whether NumPy, processes and threads work in tasks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """One task counted the global up to `value`, in the process `pid`."""

    pid: int
    value: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of all tasks in order of time, and `in_manager`, the value of the global there at the end.

    As many tasks were `sent` as fill all `slots` of the pool several times; `right` of them returned as their
    result the count that they had recorded.
    """

    manager: int
    counted: tuple[Count, ...]
    in_manager: tuple[Count, ...]
    sent: int
    right: int
    slots: int

    @property
    def complete(self) -> bool:
        """Whether each task counted once, and its result is right."""
        return self.sent == len(self.counted) == self.right > 0


@dataclass(frozen=True, slots=True)
class Calculations:
    """How many of the tasks `sent` began to calculate, what they found, and which processes died.

    `wanted` is the right result, and `stored` is how many tasks have it as theirs. `unended` tasks began and
    did not end within the deadline, or died with their process. `exit_status` is the worker's own, None while
    it lives.
    """

    sent: int
    started: int
    results: tuple[str, ...]
    stored: int
    wanted: str
    unended: int
    dead: tuple[int, ...]
    exit_status: int | None


@dataclass(frozen=True, slots=True)
class HelperAnswers:
    """Tasks that each needed a helper: what it is, and how many of them got their answer from it.

    `stored` is how many of them returned it as their result. `refused` has the reason of each task that can
    never get an answer. A task that only waits is in neither.
    """

    helper: str
    sent: int
    answered: int
    stored: int
    refused: tuple[str, ...]
