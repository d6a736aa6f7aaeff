"""A worker before and after crashes of some of its tasks, and what it reported about them."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.history import History
from poolproof.model.processes import Tree


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash, `at` a time, in the process `victim`: the worker before it, and after it.

    `others` ran beside the crashing task or waited behind it, `later` were sent when it was over. `after`
    is taken when the worker has ended, or when the later tasks keep all its slots busy. `result` is the state
    stored for the task that crashed, empty when there is none.
    """

    victim: int
    at: int
    before: Tree
    after: Tree
    result: str
    others: tuple[str, ...]
    later: tuple[str, ...]

    @property
    def gone(self) -> bool:
        """Whether the worker had ended when the crash was over."""
        return self.after.manager is None


@dataclass(frozen=True, slots=True)
class CrashedWorker:
    """Every crash of one worker, in order, and what happened to the other tasks.

    `wrong` are the other tasks that ended without their own result stored; `left_in_broker` is how many
    messages the broker still had; `fatal` is the error that the worker logged when it stopped.
    """

    crashes: tuple[Crash, ...]
    exit_status: int | None
    history: History
    wrong: tuple[str, ...] = ()
    left_in_broker: int = 0
    fatal: str = ""

    @property
    def others(self) -> tuple[str, ...]:
        """Every task that should survive a crash; without those that were sent to a worker that has ended."""
        return tuple(
            task for crash in self.crashes for task in (*crash.others, *(() if crash.gone else crash.later))
        )

    @property
    def fewest_siblings(self) -> int:
        """The smallest number of tasks that ran beside a crash.

        After a crash whose siblings did not all end, later ones do not count: it may be why they have none.
        """
        fewest: list[int] = []
        for crash in self.crashes:
            siblings = self.beside(crash)
            fewest.append(len(siblings))
            if not set(self.history.tasks("ended")).issuperset(siblings):
                break
        return min(fewest, default=0)

    def beside(self, crash: Crash) -> tuple[str, ...]:
        """The other tasks that were running at this crash."""
        earlier = [event for event in self.history.only(crash.others).events if event.at < crash.at]
        ended = {event.task for event in earlier if event.kind == "ended"}
        return tuple(event.task for event in earlier if event.kind == "started" and event.task not in ended)


@dataclass(frozen=True, slots=True)
class Trace:
    """One task that failed: which functions it had `called`, what the log says, and the stored trace.

    `result` is the state that is stored for it, empty when there is none.
    """

    called: tuple[str, ...]
    logged: str
    stored: str
    result: str

    def unnamed(self, text: str) -> tuple[str, ...]:
        """The functions of the failed call that this text does not name."""
        return tuple(name for name in self.called if f"in {name}\n" not in text)

    @property
    def missing(self) -> tuple[str, ...]:
        """The functions that neither the log nor the stored trace names."""
        return self.unnamed(f"{self.logged}\n{self.stored}\n")

    @property
    def complete(self) -> bool:
        """Whether the log names every function, and so does what is stored, if anything is."""
        logged = bool(self.called) and not self.unnamed(self.logged)
        return logged and (not self.result or not self.unnamed(self.stored))


@dataclass(frozen=True, slots=True)
class Report:
    """The traces of several tasks that failed, one after the other, in one worker."""

    traces: tuple[Trace, ...]
    exit_status: int | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A task with a breakpoint, while a developer types on its standard input.

    `answered` says whether the debugger printed what was asked for, `outcome` how the task finished:
    ended, failed by the exception `error`, or nothing.
    """

    answered: bool
    outcome: str
    error: str


@dataclass(frozen=True, slots=True)
class Debugging:
    """Each task with a breakpoint that one worker ran, in their order."""

    dialogues: tuple[Dialogue, ...]
