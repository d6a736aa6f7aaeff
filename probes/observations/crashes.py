"""A worker around the crash of one of its tasks, and what it told of it."""

from __future__ import annotations

from dataclasses import dataclass

from probes.history import History
from probes.observations.processes import Tree


@dataclass(frozen=True, slots=True)
class Crash:
    """A worker around the blow to the process `victim`, and the other tasks that were sent with it.

    `after` is seen when the worker is gone, or when new tasks keep all of its slots busy; `result` is the
    state stored for the task that crashed, empty when there is none.
    """

    victim: int
    before: Tree
    after: Tree
    exit_status: int | None
    bystanders: tuple[str, ...]
    history: History
    result: str = ""

    @property
    def struck(self) -> int:
        """The moment of the blow, or 0 when none fell."""
        return next((event.at for event in self.history.events if event.kind == "struck"), 0)

    @property
    def beside(self) -> tuple[str, ...]:
        """The other tasks that were running at the blow."""
        earlier = [event for event in self.history.only(self.bystanders).events if event.at < self.struck]
        ended = {event.task for event in earlier if event.kind == "ended"}
        return tuple(event.task for event in earlier if event.kind == "started" and event.task not in ended)


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker logged and stored of a task that failed, and which functions the task had `called`."""

    called: tuple[str, ...]
    told: str
    result: str
    exit_status: int | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The functions on the way to the failure that no stack trace names."""
        return tuple(name for name in self.called if f"in {name}\n" not in self.told)


@dataclass(frozen=True, slots=True)
class Debugging:
    """A task with a breakpoint, on whose standard input a developer types.

    `answered` says whether the debugger printed what it was asked for, `outcome` how the task finished:
    ended, failed by the exception `fault`, or nothing.
    """

    answered: bool
    outcome: str
    fault: str
