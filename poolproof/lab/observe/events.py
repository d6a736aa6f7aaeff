"""Reads the event files of a lifetime as they grow."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from pathlib import Path

from poolproof.model.history import Event, History, parse


class EventLog:
    """All events of one lifetime; each call reads only the part that was added since the last one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._offsets: Counter[Path] = Counter()
        self._events: list[Event] = []
        self._tasks: defaultdict[str, set[str]] = defaultdict(set)
        self._counts: Counter[str] = Counter()
        folder.mkdir(parents=True)

    def events(self) -> list[Event]:
        """Every event written so far, in the order in which it was read."""
        for path in self.folder.glob("*.events"):
            with path.open("rb") as file:
                file.seek(self._offsets[path])
                complete, newline, _ = file.read().rpartition(b"\n")
            if newline:
                self._offsets[path] += len(complete) + 1
                self._take([parse(line) for line in complete.decode().split("\n")])
        return self._events

    def _take(self, events: list[Event]) -> None:
        self._events += events
        for event in events:
            self._counts[event.kind] += 1
            self._tasks[event.kind].add(event.task)

    def note(self, kind: str) -> None:
        """Add an event of the run itself, such as a kill by the stimulus."""
        self._take([Event(kind, pid=os.getpid(), at=time.monotonic_ns())])

    def starts_of(self, worker: str) -> list[str]:
        """The tasks that a worker started, by the names of its processes' files, even if it has ended."""
        self.events()
        pids = {int(path.name.split(".")[1]) for path in self.folder.glob(f"{worker}.*.events")}
        return [event.task for event in self._events if event.kind == "started" and event.pid in pids]

    def received(self) -> dict[int, Counter[int]]:
        """The signals that each process of a worker has handled so far, by pid; a file has one byte each."""
        paths = self.folder.glob("*.signals")
        return {int(path.name.split(".")[1]): Counter(path.read_bytes()) for path in paths}

    def history(self) -> History:
        """Every event written so far, in the order of time."""
        return History.of(self.events())

    def count(self, kind: str) -> int:
        """How many events of one kind there are so far."""
        self.events()
        return self._counts[kind]

    def seen(self, kind: str) -> set[str]:
        """The tasks that have an event of one kind so far."""
        self.events()
        return self._tasks[kind]
