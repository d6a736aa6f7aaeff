"""The methods with which a stimulus waits for tasks, and the gates at which tasks wait for the stimulus."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from poolproof.host.waiting import settle
from poolproof.lab.observe.events import EventLog


class Waits:
    """Each wait also ends when nothing has changed for a whole deadline; the caller checks the result."""

    def __init__(self, folder: Path) -> None:
        """Make the folder of a lifetime, with its events and its gates."""
        self.folder = folder
        self.events = EventLog(folder / "events")
        self._gates = 0
        (folder / "gates").mkdir()

    def wait(self, done: Callable[[], bool], *kinds: str) -> None:
        """Wait until `done`, or until no more events of these kinds come."""
        settle(lambda: sum(map(self.events.count, kinds)), done)

    def started(self, tasks: Collection[str], count: int | None = None) -> None:
        """Wait until these tasks have started, or `count` of them, or until no more start."""
        self.reached("started", tasks, count)

    def ended(self, tasks: Collection[str]) -> None:
        """Wait until these tasks have ended, or no more end; a failed task has not ended."""
        self.reached("ended", tasks)

    def finished(self, tasks: Collection[str]) -> None:
        """Wait until each of these tasks has ended or failed, or until no more do."""
        kinds = ("ended", "failed")
        self.wait(lambda: set().union(*map(self.events.seen, kinds)).issuperset(tasks), *kinds)

    def reached(self, kind: str, tasks: Collection[str], count: int | None = None) -> None:
        """Wait until these tasks, or `count` of them, have an event of this kind, or until no more come."""
        wanted = len(set(tasks)) if count is None else count
        self.wait(lambda: len(self.events.seen(kind).intersection(tasks)) >= wanted, kind)

    def new_gate(self) -> str:
        """A gate at which no task of this lifetime has waited yet."""
        self._gates += 1
        return f"gate{self._gates}"

    def open_gate(self, gate: str) -> None:
        """Let every task that waits at this gate continue."""
        (self.folder / "gates" / gate).touch()
