"""Every process that the supervisor's descendants had, from birth to death, and when one was stopped.

Where the kernel's messages are available, they report each birth and death. Elsewhere, as in a container, we
scan every tenth of a second, or every hundredth while a claim asks for it, and a descriptor of each process
gives the time of its death. A process that lives between two scans, for example for 2 ms, is not seen.
Before Linux 6.15, the exit status of a process that its parent reaps at once may stay unknown.
"""

from __future__ import annotations

import errno
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from poolproof.host.supervisor import table
from poolproof.lab.observe.connector import EXEC, EXIT, FORK, Connector, Notice
from poolproof.lab.observe.register import Register
from poolproof.lab.observe.scans import Scans
from poolproof.lab.observe.states import paused
from poolproof.model.processes import Life

LOOK = 0.1
"""Seconds between two scans for stopped processes; other work on a busy machine delays a process as long."""
CLOSE_LOOK = 0.01
"""Seconds between two scans for births, while a claim needs exact births that the kernel does not report."""


class Births:
    """A thread that watches all descendants of `ancestor`; it never asks the worker anything."""

    def __init__(self, ancestor: int, *, connect: bool = True) -> None:
        self._ancestor = ancestor
        self._register = Register(ancestor)
        self._connector = _connector() if connect else None
        self._scans = None if self._connector else Scans(self._register)
        self._lock = threading.Lock()
        self._every = LOOK
        self._looked = 0.0
        self._pauses: dict[int, str] = {}
        self.failure = ""
        self._adopt()
        self._wake, self._woken = os.pipe()
        self._closing = False
        self._thread = threading.Thread(target=self._watch, name="births", daemon=True)
        self._thread.start()

    @property
    def by(self) -> str:
        """The method by which births are seen."""
        return "the kernel's messages" if self._connector else f"looks {CLOSE_LOOK * 1000:.0f} ms apart"

    def lives(self) -> tuple[Life, ...]:
        """Every process so far, by birth."""
        with self._lock:
            self._take()
            return self._register.lives()

    def pauses(self) -> dict[int, str]:
        """The processes that were seen stopped or frozen, and which of the two."""
        with self._lock:
            self._look()
            return dict(self._pauses)

    @contextmanager
    def closely(self) -> Iterator[None]:
        """Inside the block, scan for births as often as possible where the kernel does not report them."""
        self._every = CLOSE_LOOK if self._scans else LOOK
        os.write(self._woken, b".")
        try:
            yield
        finally:
            self._every = LOOK

    def close(self) -> None:
        """End the thread."""
        self._closing = True
        os.write(self._woken, b".")
        self._thread.join(timeout=10)
        for end in (self._wake, self._woken):
            os.close(end)
        if self._connector:
            self._connector.close()
        if self._scans:
            self._scans.close()

    def _watch(self) -> None:
        watched = [self._wake, *([self._connector.fileno()] if self._connector else [])]
        while not self._closing:
            ready, _, _ = select.select(watched, [], [], self._every)
            if self._wake in ready:
                os.read(self._wake, 4096)
            with self._lock:
                self._take()
                if time.monotonic() - self._looked >= LOOK:
                    self._look()

    def _adopt(self) -> None:
        """Add the processes that lived before the watch began, such as the broker."""
        processes = table.scan()
        todo = [self._ancestor]
        while todo:
            parent = todo.pop()
            for process in processes.values():
                if process.parent == parent:
                    self._register.born(process.pid, parent, 0)
                    todo.append(process.pid)

    def _take(self) -> None:
        if self._scans:
            self._scans.look()
        elif self._connector:
            try:
                for notice in self._connector.read():
                    self._note(notice)
            except OSError as lost:
                self.failure = "the kernel dropped messages" if lost.errno == errno.ENOBUFS else str(lost)

    def _note(self, notice: Notice) -> None:
        if notice.kind == FORK:
            if notice.task == notice.process:
                self._register.born(notice.process, notice.parent, notice.at)
            else:
                self._register.thread_born(notice.process, notice.task, notice.at)
        elif notice.kind == EXEC:
            self._register.executed(notice.process)
        elif notice.kind == EXIT and notice.task == notice.process:
            self._register.died(notice.process, notice.at, os.waitstatus_to_exitcode(notice.status & 0xFFFF))
        elif notice.kind == EXIT:
            self._register.thread_died(notice.process, notice.task, notice.at)

    def _look(self) -> None:
        self._looked = time.monotonic()
        for pid in self._register.living():
            if how := paused(pid):
                self._pauses[pid] = how


def _connector() -> Connector | None:
    with suppress(OSError):
        return Connector()
    return None
