"""Descendants of this process that lose their parent become its children, so that it can end them."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import suppress

from poolproof.host.supervisor import table
from poolproof.host.supervisor.family import DEATH_WITHIN, QUIET_SCANS, kill_groups
from poolproof.model.errors import InstrumentError

PR_SET_CHILD_SUBREAPER = 36
SUPERVISORS: set[int] = set()
"""The live supervisors of this process, and their watchers; each leads its own session."""


def adopt_orphans() -> None:
    """Let each descendant that loses its parent become a child of this process, instead of init's."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot become a child subreaper")


def end_orphans() -> None:
    """Kill what supervisors and their watchers left when both were killed; returns when nothing is left."""
    deadline = time.monotonic() + DEATH_WITHIN
    quiet, seen = 0, set[int]()
    while quiet < QUIET_SCANS:
        victims = list(_left())
        quiet = 0 if victims else quiet + 1
        if victims and time.monotonic() > deadline:
            left = ", ".join(str(victim.pid) for victim in victims)
            raise InstrumentError(f"did not die within {DEATH_WITHIN:.0f} s of SIGKILL: {left}")
        seen |= {victim.pid for victim in victims}
        kill_groups({victim.group for victim in victims})
        _reap(seen)


def _left() -> Iterator[table.Process]:
    """Every descendant of a child that this process adopted.

    A process that a supervisor spawned leads its session, or has made another. A process that this process
    starts itself stays in its session, except supervisors.
    """
    processes, session = table.scan(), os.getsid(0)
    for process in processes.values():
        top = table.top(processes, process.pid, os.getpid())
        if top is not None and top.session != session and top.pid not in SUPERVISORS:
            yield process


def _reap(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
