"""Faults in how long tasks take, what they cost, and whether they compute in parallel."""

from __future__ import annotations

import fcntl
import importlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from celery.signals import task_prerun

from probes.app.mutants.registry import Applied, mutant
from probes.app.settings import SETTINGS
from probes.app.tasks import performance

PAUSE = 0.15
"""Seconds: thrice the tasks that are compared, so that not even four at once make up for it."""
LINGER = 0.4
"""Seconds: many times what a task computes, so that solo comes last on a busy machine too."""
CHATTER = 20
"""Reads, and as many writes: several times what a task that does nothing takes in any pool."""
SOLO = "--pool=solo" in sys.argv


def _pause_before_each_task(applied: Applied, seconds: float = PAUSE) -> None:
    def pause(**_: object) -> None:
        applied()
        time.sleep(seconds)

    task_prerun.connect(pause, weak=False)


@mutant
def dawdles_unless_solo(applied: Applied) -> None:
    """Every worker but solo does nothing for a while before each task."""
    if not SOLO:
        _pause_before_each_task(applied)


@mutant
def dawdles_in_solo(applied: Applied) -> None:
    """A solo worker does nothing for a while before each task."""
    if SOLO:
        _pause_before_each_task(applied)


@mutant
def lingers_in_solo(applied: Applied) -> None:
    """A solo worker does nothing for a long while before each task."""
    if SOLO:
        _pause_before_each_task(applied, LINGER)


@mutant
def chatters_in_solo(applied: Applied) -> None:
    """A solo worker talks to itself through a pipe before each task."""
    reading, writing = os.pipe()

    def chatter(**_: object) -> None:
        applied()
        for _each in range(CHATTER):
            os.write(writing, b".")
            os.read(reading, 1)

    if SOLO:
        task_prerun.connect(chatter, weak=False)


@mutant
def computes_one_at_a_time(applied: Applied) -> None:
    """The tasks of all processes compute in turns, as if one interpreter's lock bound them all.

    Each has its turn at a stretch: who is woken between two steps, in vain, looks ready on a busy machine.
    """
    original = performance.spend

    def spend(seconds: float) -> None:
        lock = os.open(Path(SETTINGS.events).parent / "lock", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        applied()
        original(seconds)
        os.close(lock)

    performance.spend = spend


@mutant
def computes_in_native_threads(applied: Applied) -> None:
    """The tasks of a green pool compute in threads of the system, several at a time."""
    original = performance.spend

    def spend(seconds: float) -> None:
        applied()
        _in_a_native_thread(original, seconds)

    performance.spend = spend


def _in_a_native_thread(function: Any, *arguments: Any) -> None:
    """Have the green library of this worker call a function in its own pool of threads, and wait for it."""
    if "--pool=gevent" in sys.argv:
        importlib.import_module("gevent").get_hub().threadpool.apply(function, arguments)
    else:
        importlib.import_module("eventlet.tpool").execute(function, *arguments)
