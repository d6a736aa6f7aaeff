"""Faults in when a worker renews its processes."""

from __future__ import annotations

import atexit
import itertools
import os
import sys
from typing import Any

from celery.concurrency.prefork import TaskPool
from celery.signals import task_postrun, worker_init
from celery.worker import state

from probes.app.mutants.registry import Applied, mutant


def _start_with(applied: Applied, more: int | None) -> None:
    """Start prefork with the limit of its children raised, or without any."""
    original = TaskPool.on_start

    def on_start(self: Any) -> None:
        limit = self.options["maxtasksperchild"]
        self.options["maxtasksperchild"] = None if more is None else limit + more
        applied()
        original(self)

    TaskPool.on_start = on_start


@mutant
def never_renewed(applied: Applied) -> None:
    """A prefork child runs task after task for ever."""
    _start_with(applied, None)


@mutant
def one_task_more(applied: Applied) -> None:
    """A prefork child runs one task more than it may."""
    _start_with(applied, 1)


@mutant
def restarts_itself(applied: Applied) -> None:
    """A worker without children heeds --max-tasks-per-child: it stops, and executes itself anew.

    It does so at half the limit, for it finishes what it has begun: the limit is never exceeded.
    """
    numbers = itertools.count(1)

    def init(sender: Any, **_: object) -> None:
        def ran(**_: object) -> None:
            if next(numbers) == sender.max_tasks_per_child // 2:
                applied()
                atexit.register(os.execv, sys.executable, sys.orig_argv)
                state.should_stop = os.EX_OK

        task_postrun.connect(ran, weak=False)

    worker_init.connect(init, weak=False)
