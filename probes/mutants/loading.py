"""Mutants of how a worker starts: what it loads where, and in which order it starts its parts."""

from __future__ import annotations

import importlib
import itertools
import signal
from typing import Any

import billiard.pool
from celery.apps.worker import Worker
from celery.concurrency.prefork import TaskPool
from celery.signals import task_postrun, task_received, worker_init, worker_process_init, worker_ready

from probes.application import app
from probes.mutants.flow import WELL
from probes.mutants.registry import Applied, changes_axis, mutant
from probes.tasks import loaded

kept: list[object] = []
"""What a mutant opens and never closes."""


@mutant
def loads_again_when_ready(applied: Applied) -> None:
    """The main process loads its task modules a second time once it is ready."""

    def ready(**_: object) -> None:
        importlib.reload(loaded)
        applied()

    worker_ready.connect(ready, weak=False)


@mutant
def loads_again_in_the_child(applied: Applied) -> None:
    """Each prefork child loads the task modules again, which it has inherited."""

    def started(**_: object) -> None:
        importlib.reload(loaded)
        applied()

    worker_process_init.connect(started, weak=False)


@mutant
def loads_again_after_ten(applied: Applied) -> None:
    """Each prefork child loads the task modules again when it has run ten tasks."""
    numbers = itertools.count(1)

    def ran(**_: object) -> None:
        if next(numbers) == WELL:
            importlib.reload(loaded)
            applied()

    task_postrun.connect(ran, weak=False)


@mutant
def forks_whatever_is_set(applied: Applied) -> None:
    """Prefork forks its children although its configuration says spawn."""
    original = TaskPool.on_start

    def on_start(self: Any) -> None:
        self.forking_enable = True
        changes_axis("start by spawn")
        applied()
        original(self)

    TaskPool.on_start = on_start


@mutant
def connects_early(applied: Applied) -> None:
    """The main process connects to the broker before it makes its pool, and stays connected."""

    def connect(**_: object) -> None:
        kept.append(app.connection_for_read().connect())
        applied()

    worker_init.connect(connect, weak=False)


@mutant
def leaves_signals_alone(applied: Applied) -> None:
    """The main process has no handlers for the signals that end it."""

    def reset(**_: object) -> None:
        _reset(applied)

    worker_ready.connect(reset, weak=False)


@mutant
def leaves_signals_alone_after_ten(applied: Applied) -> None:
    """The main process drops its handlers for the signals that end it with its tenth task."""
    numbers = itertools.count(1)

    def reset(**_: object) -> None:
        if next(numbers) == WELL:
            _reset(applied)

    task_received.connect(reset, weak=False)


def _reset(applied: Applied) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(each, signal.SIG_DFL)
    applied()


@mutant
def handles_signals_late(applied: Applied) -> None:
    """The main process gets its handlers for signals only when it is ready."""
    original = Worker.install_platform_tweaks
    Worker.install_platform_tweaks = lambda *_: None

    def ready(sender: Any, **_: object) -> None:
        worker = sender.controller
        original(worker, worker)
        applied()

    worker_ready.connect(ready, weak=False)


@mutant
def children_leave_signals_alone(applied: Applied) -> None:
    """The prefork child of the document: each signal does to it what the kernel does by default."""
    original = billiard.pool.Worker.after_fork

    def after_fork(self: Any) -> None:
        original(self)
        for each in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(each, signal.SIG_DFL)
        applied()

    billiard.pool.Worker.after_fork = after_fork
