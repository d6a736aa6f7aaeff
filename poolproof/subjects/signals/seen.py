"""What happened to workers and children that got signals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker ended after `signals`, and what happened to its tasks.

    The `running` tasks waited at their gate at the first signal; it opened when the worker had recorded
    the signals and was still alive, or had ended. Those `behind` were sent meanwhile, and some fetched; those
    `after` were sent when the signals had been recorded. Tasks whose messages the broker has are `kept`.
    `exit_status` is None when the worker did not end.
    """

    signals: tuple[str, ...]
    running: tuple[str, ...]
    behind: tuple[str, ...]
    after: tuple[str, ...]
    ended: frozenset[str]
    begun_after: frozenset[str]
    kept: frozenset[str]
    exit_status: int | None
    ended_while_running: bool

    @property
    def sent(self) -> tuple[str, ...]:
        """Every task."""
        return (*self.running, *self.behind, *self.after)

    @property
    def unended(self) -> tuple[str, ...]:
        """The tasks that ran at the first signal and never ended."""
        return tuple(task for task in self.running if task not in self.ended)

    @property
    def lost(self) -> tuple[str, ...]:
        """The tasks that have not ended, and for which the broker has no message any more."""
        return tuple(task for task in self.sent if task not in self.ended and task not in self.kept)


@dataclass(frozen=True, slots=True)
class Struck:
    """A prefork child that got a signal while its task ran.

    `gone_at_gate` says whether it had ended before the gate of its task was opened, `replaced` whether there
    were as many children as before at last; `result` is the state stored for the task, and `error` the
    exception of a failure.
    """

    signal: str
    gone_at_gate: bool
    gone: bool
    replaced: bool
    task_ended: bool
    result: str
    error: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process that got SIGHUP has `read` of its configuration file, in order.

    The file held the first of `written` when the worker started, and the second when the signal came; `lives`
    says whether the process is still there, under its pid, and `whole` whether all children are.
    """

    target: str
    written: tuple[int, int]
    read: tuple[int, ...]
    lives: bool
    whole: bool
