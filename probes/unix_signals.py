"""Records each Unix signal that a process of the worker sends or gets, and why a prefork child leaves.

Afterwards, nothing shows who sent a signal. A signal from the worker counts for or against a claim; one
from outside does not. A prefork child also records why it leaves: its manager sends SIGTERM to each one that
leaves (billiard/pool.py, on_death), which hides the first reason.

A received signal is seen only where the process has a Python handler: the interpreter then adds the number of
the signal, as one byte, to a file. So each process gets a handler of SIGCONT that does nothing: it records
every stop, however short. A signal without a handler ends the process, or has no effect.
"""

from __future__ import annotations

import os
import posix
import signal
import sys
from pathlib import Path
from typing import Any

from celery.signals import worker_process_shutdown

from probes.recorder import record
from probes.settings import SETTINGS


def _sends(name: str, arguments: tuple[Any, ...]) -> None:
    """Record a signal that is about to be sent; a group of processes is a negative number, as in kill(2)."""
    if name in ("os.kill", "os.killpg") and arguments[1]:
        target = -arguments[0] if name == "os.killpg" else arguments[0]
        record("sent-signal", f"{target} {int(arguments[1])}")


@worker_process_shutdown.connect(weak=False)
def _leaves(exitcode: int, **_: object) -> None:
    record("leaves", str(exitcode))


def _write_received() -> None:
    """From now on, this process records its signals in its own file; a forked child leaves its parent's."""
    path = Path(SETTINGS.events) / f"{SETTINGS.name}.{posix.getpid()}.signals"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC
    before = signal.set_wakeup_fd(posix.open(path, flags, 0o644))
    if before != -1:
        posix.close(before)


def _goes_on(_signum: int, _frame: object) -> None:
    """Do nothing: the interpreter has already recorded the signal."""


sys.addaudithook(_sends)
_write_received()
signal.signal(signal.SIGCONT, _goes_on)
os.register_at_fork(after_in_child=_write_received)
