"""Mutants of how many messages a worker takes ahead; and the worker that the document describes."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import redis
from celery.concurrency import asynpool
from celery.signals import worker_init, worker_process_init
from celery.worker import state
from celery.worker.worker import WorkController
from kombu.transport.redis import Channel, QoS

from probes.application import app
from probes.mutants.registry import Applied, changes_axis, mutant
from probes.settings import SETTINGS

EARLY = 10
"""How many tasks a worker runs before a late mutant acts."""


@mutant
def takes_one_more(applied: Applied) -> None:
    """The worker takes one message more than its prefetch count says."""

    def may_take(worker: Any, _taken: int, unacknowledged: int) -> bool:
        return unacknowledged <= _limit(worker)

    _take_while(may_take, applied)


@mutant
def takes_one_more_after_ten(applied: Applied) -> None:
    """After ten tasks the worker takes one message more than its prefetch count says."""

    def may_take(worker: Any, _taken: int, unacknowledged: int) -> bool:
        late = bool(state.all_total_count[0] > EARLY)
        return unacknowledged < _limit(worker) + int(late)

    _take_while(may_take, applied)


@mutant
def takes_nothing_ahead(applied: Applied) -> None:
    """The worker takes a message only while a slot is free."""

    def may_take(worker: Any, taken: int, _unacknowledged: int) -> bool:
        return taken < int(worker.concurrency)

    _take_while(may_take, applied)


@mutant
def counts_those_that_run(applied: Applied) -> None:
    """The worker of the document takes -c x multiplier messages in each pool, those that run included."""

    def may_take(worker: Any, taken: int, _unacknowledged: int) -> bool:
        return taken < _limit(worker)

    _hand_over_without_waiting()
    _take_while(may_take, applied)


@mutant
def refills_when_empty(applied: Applied) -> None:
    """The worker of the document takes -c x multiplier messages, and more once all of them have begun."""
    filling = [True]

    def may_take(worker: Any, taken: int, _unacknowledged: int) -> bool:
        if taken >= _limit(worker):
            filling[0] = False
        elif not state.reserved_requests - state.active_requests:
            filling[0] = True
        return filling[0]

    _hand_over_without_waiting()
    _take_while(may_take, applied)


def _limit(worker: Any) -> int:
    """The formula of the document."""
    return int(worker.concurrency * worker.prefetch_multiplier)


def _take_while(may_take: Callable[[Any, int, int], bool], applied: Applied) -> None:
    """Let the worker take messages while `may_take` says so, of what it has and has not acknowledged."""
    workers: list[Any] = []

    def started(sender: Any, **_: object) -> None:
        workers.append(sender)

    def can_consume(self: Any) -> bool:
        applied()
        unacknowledged = len(self._delivered) - len(self._dirty)
        return may_take(workers[0], len(state.reserved_requests), unacknowledged)

    worker_init.connect(started, weak=False)
    QoS.can_consume = can_consume


def _hand_over_without_waiting() -> None:
    """Let the consumer continue where a pool would make it wait: a full green pool, or solo."""
    original, one_at_a_time = WorkController._process_task, ThreadPoolExecutor(1)

    def process(self: Any, request: Any) -> None:
        if self.pool.is_green:
            threading.Thread(target=original, args=(self, request)).start()
        elif self.pool_cls.__module__.endswith("solo"):
            one_at_a_time.submit(original, self, request)
        else:
            original(self, request)

    WorkController._process_task = process


@mutant
def ignores_that_it_is_disabled(applied: Applied) -> None:
    """The worker takes messages ahead, although worker_disable_prefetch is set."""
    changes_axis("worker_disable_prefetch")
    app.conf.worker_disable_prefetch = False
    applied()


@mutant
def binds_tasks_to_children(applied: Applied) -> None:
    """The worker of the document gives each task to a child at once, busy or not: each has a buffer."""
    for name in asynpool.SCHED_STRATEGIES:
        asynpool.SCHED_STRATEGIES[name] = asynpool.SCHED_STRATEGY_FCFS
    app.conf.worker_pool_putlocks = False
    applied()


@mutant
def fetches_several(applied: Applied) -> None:
    """The worker of the document fetches up to four messages at a time."""
    original = Channel._brpop_read

    def read(self: Any, **options: Any) -> Any:
        found = original(self, **options)
        with self.conn_or_acquire() as client:
            for body in client.rpop("basic", 3) or ():
                applied()
                self.connection._deliver(json.loads(body), "basic")
        return found

    Channel._brpop_read = read


@mutant
def takes_three_each(applied: Applied) -> None:
    """The worker takes three messages a slot, with any prefetch settings."""
    _set_multiplier(lambda: 3, applied)


@mutant
def heeds_a_zero(applied: Applied) -> None:
    """The worker treats --prefetch-multiplier=0 as no limit."""
    _set_multiplier(lambda: 0 if "--prefetch-multiplier=0" in sys.argv else None, applied)


def _set_multiplier(multiplier: Callable[[], int | None], applied: Applied) -> None:
    original = WorkController.setup_defaults

    def setup_defaults(self: Any, *call: Any, **options: Any) -> None:
        original(self, *call, **options)
        if (value := multiplier()) is not None:
            self.prefetch_multiplier = value
            applied()

    WorkController.setup_defaults = setup_defaults


@mutant
def children_keep_a_copy(applied: Applied) -> None:
    """Each child keeps a copy of every message that the worker has taken."""
    copies: list[Any] = []

    def copy() -> None:
        with redis.Redis.from_url(SETTINGS.broker) as client:
            while True:
                copies[:] = client.hvals("unacked")
                applied()
                time.sleep(0.1)

    def child_started(**_: object) -> None:
        threading.Thread(target=copy, daemon=True).start()

    worker_process_init.connect(child_started, weak=False)
