"""Mutants of how long tasks take, what they cost, and whether they compute in parallel."""

from __future__ import annotations

import fcntl
import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.signals import task_prerun

from probes.mutants.later import later
from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS
from probes.tasks import performance

PAUSE = 0.6
"""Seconds: more than twice the compared tasks, so that even four tasks at once take longer."""
LINGER = 2.0
"""Seconds: many times what a task computes, so that solo is last on a busy machine too."""
IN_BATCH = "tasks.run_in_batch"
"""The tasks whose time is measured: a pause before others would only make a trial longer."""
CHATTER = 20
"""Reads, and as many writes: several times what a task that does nothing takes in any pool."""
SOLO = "--pool=solo" in sys.argv
ONE_SLOT = "--concurrency=1" in sys.argv


def _pause_before_each_task(
    applied: Applied, seconds: float = PAUSE, due: Callable[[], bool] = lambda: True
) -> None:
    def pause(task: Any, **_: object) -> None:
        if task.name == IN_BATCH and due():
            applied()
            time.sleep(seconds)

    task_prerun.connect(pause, weak=False)


@mutant
def dawdles_unless_solo(applied: Applied) -> None:
    """Every worker except solo waits for a while before each task."""
    if not SOLO:
        _pause_before_each_task(applied)


@mutant
def dawdles_later_unless_solo(applied: Applied) -> None:
    """Every worker except solo waits for a while before each task, after a few correct ones."""
    if not SOLO:
        _pause_before_each_task(applied, due=later())


@mutant
def dawdles_with_several_slots(applied: Applied) -> None:
    """A worker with more than one slot waits for a while before each task."""
    if not ONE_SLOT:
        _pause_before_each_task(applied)


@mutant
def dawdles_in_solo(applied: Applied) -> None:
    """A solo worker waits for a while before each task."""
    if SOLO:
        _pause_before_each_task(applied)


@mutant
def lingers_in_solo(applied: Applied) -> None:
    """A solo worker waits for a long while before each task."""
    if SOLO:
        _pause_before_each_task(applied, LINGER)


@mutant
def chatters_in_solo(applied: Applied) -> None:
    """A solo worker writes to itself through a pipe before each task."""
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
    """The tasks of all processes compute in turns, as if all shared the lock of one interpreter.

    A turn lasts a whole computation: a thread woken in vain between two steps looks ready on a busy machine.
    """
    _compute_in_turns(applied)


@mutant
def computes_one_at_a_time_later(applied: Applied) -> None:
    """The same, after each process has run a few tasks beside the others."""
    _compute_in_turns(applied, later())


def _compute_in_turns(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    original = performance.spend

    def spend(way: str, seconds: float) -> None:
        if not due():
            original(way, seconds)
            return
        lock = os.open(Path(SETTINGS.events).parent / "lock", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        applied()
        original(way, seconds)
        os.close(lock)

    performance.spend = spend


@mutant
def begins_one_after_another(applied: Applied) -> None:
    """A child begins to compute when no other does, and then has a processor of its own."""
    original = performance.demand

    def demand() -> dict[str, int]:
        if not held:
            applied()
            held.append(os.open(Path(SETTINGS.events).parent / "lock", os.O_RDWR | os.O_CREAT))
            fcntl.flock(held[0], fcntl.LOCK_EX)
            return original()
        demanded = original()
        os.close(held.pop())
        return demanded

    held: list[int] = []
    performance.demand = demand


@mutant
def computes_in_native_threads(applied: Applied) -> None:
    """The tasks of a green pool compute in threads of the system, several at a time."""
    _compute_in_native_threads(applied)


@mutant
def computes_in_native_threads_later(applied: Applied) -> None:
    """The same, after the worker has computed a few tasks correctly."""
    _compute_in_native_threads(applied, later())


def _compute_in_native_threads(applied: Applied, due: Callable[[], bool] = lambda: True) -> None:
    original = performance.spend

    def spend(way: str, seconds: float) -> None:
        if not due():
            original(way, seconds)
            return
        applied()
        _in_a_native_thread(original, way, seconds)

    performance.spend = spend


def _in_a_native_thread(function: Any, *arguments: Any) -> None:
    """Let the green library of this worker call a function in its own pool of threads, and wait for it."""
    if "--pool=gevent" in sys.argv:
        importlib.import_module("gevent").get_hub().threadpool.apply(function, arguments)
    else:
        importlib.import_module("eventlet.tpool").execute(function, *arguments)
