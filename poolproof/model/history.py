"""What happened in a trial, as values that a check can judge without a clock or a broker."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Event(NamedTuple):
    """One event of a worker process; `at` is monotonic nanoseconds, `thread` the kernel's thread id."""

    kind: str
    task: str = ""
    queue: str = ""
    pid: int = 0
    thread: int = 0
    greenlet: int = 0
    at: int = 0
    redelivered: bool = False
    note: str = ""


def parse(line: str) -> Event:
    """Read one line of an event file; the recorder wrote the fields in this order."""
    kind, task, queue, pid, thread, greenlet, at, redelivered, note = line.split("\t")
    return Event(kind, task, queue, int(pid), int(thread), int(greenlet), int(at), redelivered == "1", note)


@dataclass(frozen=True, slots=True)
class History:
    """Events of one or more workers in the order of time."""

    events: tuple[Event, ...]

    @classmethod
    def of(cls, events: Iterable[Event]) -> History:
        """A history in the order of time, in whatever order the files were read."""
        return cls(tuple(sorted(events, key=lambda event: event.at)))

    def tasks(self, kind: str) -> list[str]:
        """The task ids of every event of one kind, repetitions included."""
        return [event.task for event in self.events if event.kind == kind]

    def only(self, tasks: Collection[str]) -> History:
        """The events of these tasks only."""
        wanted = set(tasks)
        return History(tuple(event for event in self.events if event.task in wanted))

    def pids(self, kind: str = "started") -> set[int]:
        """The processes in which an event of one kind happened."""
        return {event.pid for event in self.events if event.kind == kind}
