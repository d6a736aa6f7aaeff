"""Writes down each signal that a process of the worker sends to another, or to itself.

Afterwards, nothing shows who sent the signal that ended a process. A signal of the worker's own counts for or
against a claim; a signal from outside does not. A prefork child also writes down why it leaves: its manager
sends SIGTERM to each child that leaves (billiard/pool.py, on_death), which hides the first reason. A worker
writes down the signal that stops it, because it then ends with status 0.
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
