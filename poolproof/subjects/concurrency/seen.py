"""How many tasks run at once, how a task ends, and who writes to the log."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from probes.observations.processes import Tree


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a task ran, in monotonic nanoseconds."""

    task: str
    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Tasks that held until they were let go one after another, more of them than run at once.

    `sent` is the order of sending; `spans` are in the order in which the tasks began. `kept` is how many ran
    each time before another was let go, while more of them waited; those sent last are short.
    """

    sent: tuple[str, ...]
    spans: tuple[Span, ...]
    kept: tuple[int, ...] = ()

    @property
    def at_once(self) -> int:
        """How many tasks ran at one moment, at the most; one may begin as another ends."""
        begins, ends = [(span.begun, 1) for span in self.spans], [(span.ended, -1) for span in self.spans]
        return max(accumulate(step for _, step in sorted(begins + ends)), default=0)


@dataclass(frozen=True, slots=True)
class Reported:
    """The concurrency that a worker reports of its pool, and how many tasks it was seen to run at once."""

    pool: str
    concurrency: int
    at_once: int


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
