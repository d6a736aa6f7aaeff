"""The births and deaths that are known so far, by pid."""

from __future__ import annotations

from dataclasses import dataclass, field

from poolproof.host.supervisor.table import read
from poolproof.model.processes import Life, Span


@dataclass(slots=True)
class _Entry:
    pid: int
    parent: int
    born: int
    died: int | None = None
    status: int | None = None
    threads: list[Span] = field(default_factory=list)
    command: str = ""

    def life(self) -> Life:
        return Life(
            self.pid, self.parent, self.born, self.died, self.status, tuple(self.threads), self.command
        )


class Register:
    """The descendants of `ancestor`; others are ignored. Several processes can have had the same pid."""

    def __init__(self, ancestor: int) -> None:
        self.ancestor = ancestor
        self._entries: list[_Entry] = []
        self._latest: dict[int, _Entry] = {}

    def lives(self) -> tuple[Life, ...]:
        """Every process so far, by birth."""
        for pid in self.living():
            self.executed(pid)
        return tuple(entry.life() for entry in self._entries)

    def living(self) -> list[int]:
        """The processes that are alive."""
        return [pid for pid, entry in self._latest.items() if entry.died is None]

    def knows(self, pid: int) -> bool:
        """Whether a process of this pid has been seen, alive or not."""
        return pid in self._latest

    def living_threads(self, pid: int) -> set[int]:
        """The threads of a process that are alive."""
        entry = self._latest[pid]
        return {thread.id for thread in entry.threads if thread.died is None}

    def born(self, pid: int, parent: int, at: int) -> None:
        """A process was born; ignored when its parent is unknown; its first thread is born with it."""
        if parent == self.ancestor or self._lives(parent):
            entry = _Entry(pid, parent, at, threads=[Span(pid, at)])
            self._entries.append(entry)
            self._latest[pid] = entry

    def thread_born(self, pid: int, thread: int, at: int) -> None:
        """Another thread of a known process was born."""
        if self._lives(pid):
            self._latest[pid].threads.append(Span(thread, at))

    def died(self, pid: int, at: int, status: int | None) -> None:
        """A process died with its threads; a status that comes later is added."""
        if entry := self._latest.get(pid):
            entry.died, entry.status = at, status
            entry.threads = [_ended(thread, at) for thread in entry.threads]

    def thread_died(self, pid: int, thread: int, at: int) -> None:
        """A thread died, and its process continues."""
        if entry := self._latest.get(pid):
            entry.threads = [_ended(each, at) if each.id == thread else each for each in entry.threads]

    def executed(self, pid: int) -> None:
        """A process runs another program, now or already before: it is alive; read its command line."""
        if entry := self._latest.get(pid):
            entry.command = read(pid, "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()
            if entry.command and entry.died is not None:  # another thread's exec ended its first thread
                entry.died = entry.status = None

    def _lives(self, pid: int) -> bool:
        entry = self._latest.get(pid)
        return entry is not None and entry.died is None


def _ended(thread: Span, at: int) -> Span:
    return thread if thread.died is not None else Span(thread.id, thread.born, at)
