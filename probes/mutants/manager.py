"""Mutants of the prefork manager's work: time limits, which tasks run where, the log."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.signals import task_prerun, worker_process_init, worker_ready
from celery.worker import request

from probes.mutants.flow import WELL
from probes.mutants.registry import Applied, mutant

FIRST_WORDS = 5
"""The number of the first task of a child that does not write its own log text."""


@mutant
def forgets_time_limits(applied: Applied) -> None:
    """The prefork manager does nothing when the time limit of a task has passed."""

    def on_hard_timeout(self: Any, job: Any) -> None:
        applied()

    AsynPool._on_hard_timeout = on_hard_timeout


@mutant
def forgets_the_second_time_limit(applied: Applied) -> None:
    """The prefork manager does nothing when a time limit has passed, except for the first time."""
    original, numbers = AsynPool._on_hard_timeout, itertools.count(1)

    def on_hard_timeout(self: Any, job: Any) -> None:
        if next(numbers) == 1:
            original(self, job)
        else:
            applied()

    AsynPool._on_hard_timeout = on_hard_timeout


@mutant
def forgets_a_time_limit_under_load(applied: Applied) -> None:
    """The prefork manager does nothing when a time limit has passed while another task runs as well."""
    _forget_under_load("_on_hard_timeout", applied)


@mutant
def forgets_a_soft_limit_under_load(applied: Applied) -> None:
    """The prefork manager does nothing when a soft limit has passed while another task runs as well."""
    _forget_under_load("_on_soft_timeout", applied)


def _forget_under_load(name: str, applied: Applied) -> None:
    original = getattr(AsynPool, name)

    def on_timeout(self: Any, job: Any, *limits: Any) -> None:
        if sum(bool(each._accepted and not each.ready()) for each in self._cache.values()) > 1:
            applied()
        else:
            original(self, job, *limits)

    setattr(AsynPool, name, on_timeout)


@mutant
def children_end_themselves(applied: Applied) -> None:
    """A child ends itself a moment after its task began, and the manager knows of no time limit."""

    def end() -> None:
        applied()
        os._exit(1)

    forgets_time_limits(lambda: None)
    task_prerun.connect(lambda **_: threading.Timer(0.5, end).start(), weak=False)


@mutant
def forgets_soft_limits(applied: Applied) -> None:
    """The prefork manager does nothing when the soft time limit of a task has passed."""

    def on_soft_timeout(self: Any, job: Any, *limits: Any) -> None:
        applied()

    AsynPool._on_soft_timeout = on_soft_timeout


@mutant
def children_interrupt_themselves(applied: Applied) -> None:
    """A child keeps its own time, and the manager knows of no soft time limit."""

    def interrupt(*_: object) -> None:
        applied()
        os.kill(os.getpid(), signal.SIGUSR1)

    def keep_time(**_: object) -> None:
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 1)

    forgets_soft_limits(lambda: None)
    task_prerun.connect(keep_time, weak=False)


@mutant
def forgets_what_runs(applied: Applied) -> None:
    """The prefork manager does not record that a child has begun a task."""
    request.task_accepted = lambda _: applied()


@mutant
def forgets_what_runs_after_ten(applied: Applied) -> None:
    """The prefork manager records the first ten tasks that a child has begun, and no other."""
    original, numbers = request.task_accepted, itertools.count(1)

    def task_accepted(begun: Any) -> None:
        if next(numbers) > WELL:
            applied()
        else:
            original(begun)

    request.task_accepted = task_accepted


@mutant
def forgets_who_runs(applied: Applied) -> None:
    """The prefork manager records a task that has begun as if the manager itself ran it."""
    original = request.Request.on_accepted

    def on_accepted(self: Any, _pid: int, at: float) -> None:
        applied()
        original(self, os.getpid(), at)

    request.Request.on_accepted = on_accepted


@mutant
def logs_through_the_manager(applied: Applied) -> None:
    """What a child writes to its standard error goes through a pipe to the manager, which writes it on."""
    worker_process_init.connect(_pipe_to_the_manager(applied), weak=False)


@mutant
def logs_through_the_manager_late(applied: Applied) -> None:
    """A child writes the log of its first four tasks itself, and the rest goes through its manager."""
    numbers, connect = itertools.count(1), _pipe_to_the_manager(applied)

    def before(**_: object) -> None:
        if next(numbers) == FIRST_WORDS:
            connect()

    task_prerun.connect(before, weak=False)


def _pipe_to_the_manager(applied: Applied) -> Callable[..., None]:
    """What has a child's standard error go to the manager from now on."""
    reading, writing = os.pipe()

    def write_on() -> None:
        while text := os.read(reading, 65536):
            applied()
            os.write(sys.__stderr__.fileno(), text)  # type: ignore[union-attr]

    def connect(**_: object) -> None:
        os.dup2(writing, 2)

    worker_ready.connect(lambda **_: threading.Thread(target=write_on, daemon=True).start(), weak=False)
    return connect
