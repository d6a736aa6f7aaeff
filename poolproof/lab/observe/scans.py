"""Births and deaths without privileges: /proc shows births, a descriptor of each process shows its death."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import time
from contextlib import suppress

from poolproof.host.supervisor import table
from poolproof.host.supervisor.table import read
from poolproof.lab.observe.register import Register

GET_INFO = 0xC040FF0B
"""PIDFD_GET_INFO: from Linux 6.15 on it gives the exit status of a process that its parent has reaped."""
EXIT_KNOWN = 1 << 3
INFO = struct.Struct("=QQ12I")


class Scans:
    """Finds births and deaths that the register does not know yet."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._descriptors: dict[int, int] = {}
        self._poll = select.poll()

    def look(self) -> None:
        """Record the deaths and births since the last scan, and at once the children of each new process."""
        self._note_deaths()
        todo = [self._register.ancestor, *self._register.living()]
        known = set(todo)
        while todo:
            pid = todo.pop()
            self._follow(pid)
            for child in _children(pid) - known:
                known.add(child)
                if table.look(child) or not self._register.knows(child):  # zombies were counted when alive
                    self._register.born(child, pid, time.monotonic_ns())
                    todo.append(child)
        self._note_deaths()

    def close(self) -> None:
        """Close all descriptors."""
        for descriptor in self._descriptors:
            os.close(descriptor)

    def _follow(self, pid: int) -> None:
        """Open a descriptor of a living process, and record the threads that it has now."""
        if pid == self._register.ancestor:
            return
        if pid not in self._descriptors.values():
            with suppress(ProcessLookupError):
                descriptor = os.pidfd_open(pid)
                self._descriptors[descriptor] = pid
                self._poll.register(descriptor, select.POLLIN)
        now, known = time.monotonic_ns(), self._register.living_threads(pid)
        threads = _threads(pid)
        for thread in threads - known:
            self._register.thread_born(pid, thread, now)
        for thread in known - threads if threads else ():
            self._register.thread_died(pid, thread, now)

    def _note_deaths(self) -> None:
        for descriptor, _ in self._poll.poll(0):
            pid = self._descriptors.pop(descriptor)
            self._poll.unregister(descriptor)
            self._register.died(pid, time.monotonic_ns(), _status(pid, descriptor))
            os.close(descriptor)


def _status(pid: int, descriptor: int) -> int | None:
    """The exit status of a dead process; a zombie's is in /proc; None when it is reaped, and not kept."""
    state, *fields = read(pid, "stat").rpartition(b")")[2].split() or [b""]
    if state == b"Z":
        return os.waitstatus_to_exitcode(int(fields[-1]) & 0xFFFF)
    answer = bytearray(INFO.pack(EXIT_KNOWN, *[0] * 13))
    with suppress(OSError):
        fcntl.ioctl(descriptor, GET_INFO, answer)
        mask, *others = INFO.unpack(answer)
        if mask & EXIT_KNOWN:
            return os.waitstatus_to_exitcode(others[-1] & 0xFFFF)
    return None


def _threads(pid: int) -> set[int]:
    try:
        return {int(name) for name in os.listdir(f"/proc/{pid}/task")}  # noqa: PTH208
    except OSError:
        return set()


def _children(pid: int) -> set[int]:
    found = (read(pid, f"task/{thread}/children").split() for thread in _threads(pid))
    return {int(child) for children in found for child in children}
