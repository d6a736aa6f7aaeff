"""Writes down each signal that a process of the worker sends to another, or to itself.

Who sent a signal that ended a process cannot be asked afterwards. What the worker did itself counts for or
against a claim; what somebody else did to it says nothing. A prefork child writes down why it leaves, too:
its manager sends SIGTERM to whoever leaves (billiard/pool.py, on_death), which hides the first reason. And a
worker writes down the signal by which it is told to stop, because afterwards it ends with status 0.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

from celery.signals import worker_process_shutdown, worker_shutting_down

from probes.recorder import record

SENDING = ("os.kill", "os.killpg")


def _heard(name: str, arguments: tuple[Any, ...]) -> None:
    if name in SENDING and arguments[1]:
        record("sent-signal", f"{arguments[0]} {int(arguments[1])}")


@worker_process_shutdown.connect(weak=False)
def _leaves(exitcode: int, **_: object) -> None:
    record("leaves", str(exitcode))


@worker_shutting_down.connect(weak=False)
def _told_to_stop(sig: str, **_: object) -> None:
    record("told-to-stop", str(int(signal.Signals[sig])))


sys.addaudithook(_heard)
