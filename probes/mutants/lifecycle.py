"""Mutants of when a worker renews its processes."""

from __future__ import annotations

import atexit
import itertools
import os
import sys
from collections.abc import Callable
from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool
from celery.signals import task_postrun, worker_init
from celery.worker import state
from celery.worker.components import Consumer

from probes.mutants.registry import Applied, mutant

TIMELY = 10
"""How many renewals are correct before the mutant acts."""
WEIGHT = 10 * 2**20
"""Bytes that a manager keeps at each renewal."""


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
    """A prefork child runs task after task forever."""
    _start_with(applied, None)


@mutant
def one_task_more(applied: Applied) -> None:
    """A prefork child runs one task more than it may."""
    _start_with(applied, 1)


@mutant
def one_task_more_from_the_tenth_renewal(applied: Applied) -> None:
    """A prefork worker renews ten children in time; each later one runs one task more than it may."""
    original = AsynPool._create_worker_process
    numbers = itertools.count(1)

    def create(self: Any, place: int) -> Any:
        limit = self._maxtasksperchild
        if next(numbers) > self._processes + TIMELY:
            applied()
            self._maxtasksperchild += 1
        try:
            return original(self, place)
        finally:
            self._maxtasksperchild = limit

    AsynPool._create_worker_process = create


@mutant
def keeps_a_weight_at_each_renewal(applied: Applied) -> None:
    """A prefork worker renews its children in time, and its manager passes more memory on to each."""
    original = AsynPool._repopulate_pool
    kept: list[bytes] = []

    def repopulate(self: Any, exitcodes: list[int]) -> None:
        if exitcodes:
            applied()
            kept.append(b"x" * WEIGHT)
        original(self, exitcodes)

    AsynPool._repopulate_pool = repopulate


@mutant
def counts_on_one_slot(applied: Applied) -> None:
    """A worker requests as many messages ahead as one slot needs, with any -c."""
    original = Consumer.create

    def create(self: Any, worker: Any) -> Any:
        applied()
        worker.concurrency = worker.max_concurrency = 1
        return original(self, worker)

    Consumer.create = create


@mutant
def restarts_itself(applied: Applied) -> None:
    """A worker without children obeys --max-tasks-per-child: it stops, and executes itself again.

    It does so at half the limit, because it finishes the tasks that it has begun; it never exceeds the limit.
    """
    _restart_at(lambda limit: limit // 2, applied)


@mutant
def restarts_itself_late(applied: Applied) -> None:
    """A worker without children exceeds --max-tasks-per-child, and restarts at twice as many tasks."""
    _restart_at(lambda limit: limit * 2, applied)


def _restart_at(number: Callable[[int], int], applied: Applied) -> None:
    """Let a worker execute itself again after that many tasks."""
    numbers = itertools.count(1)

    def init(sender: Any, **_: object) -> None:
        def ran(**_: object) -> None:
            if next(numbers) == number(sender.max_tasks_per_child):
                applied()
                atexit.register(os.execv, sys.executable, sys.orig_argv)
                state.should_stop = os.EX_OK

        task_postrun.connect(ran, weak=False)

    worker_init.connect(init, weak=False)
