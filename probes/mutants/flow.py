"""Mutants of where a task runs; and the worker that the documents describe."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from typing import Any

from celery.app.trace import trace_task_ret
from celery.concurrency.base import apply_target
from celery.signals import worker_process_init, worker_ready
from celery.worker.worker import WorkController
from kombu.messaging import Consumer

from probes.application import app
from probes.mutants.delivery import null_worker
from probes.mutants.registry import Applied, mutant
from probes.recorder import record

WELL = 10
"""How many tasks a worker runs well before a late mutant acts."""


def instead_of_the_pool(run: Callable[..., Any], after: int = 0) -> None:
    """Have every task, or all `after` so many, run by `run`, called where its message was received."""
    original, numbers = WorkController._process_task, itertools.count(1)

    def process(self: Any, request: Any) -> None:
        if next(numbers) <= after:
            original(self, request)
            return
        self.pool.on_apply = run
        original(self, request)
        if release := getattr(self, "_quick_release", None):  # the pool, which would do it, is skipped
            release()

    WorkController._process_task = process


@mutant
def runs_on_receipt(applied: Applied) -> None:
    """A task runs where its message was received: in the manager, or in the consumer's greenlet."""

    _run_on_receipt(applied)


@mutant
def runs_on_receipt_after_ten(applied: Applied) -> None:
    """From its eleventh on a task runs where its message was received."""
    _run_on_receipt(applied, after=WELL)


def _run_on_receipt(applied: Applied, after: int = 0) -> None:
    def run(*call: Any, **options: Any) -> None:
        applied()
        apply_target(*call, **options)

    instead_of_the_pool(run, after)


@mutant
def runs_in_a_thread(applied: Applied) -> None:
    """A task runs in a thread of its own."""

    _run_in_a_thread(applied)


@mutant
def runs_in_a_thread_after_ten(applied: Applied) -> None:
    """From its eleventh on a task runs in a thread of its own."""
    _run_in_a_thread(applied, after=WELL)


def _run_in_a_thread(applied: Applied, after: int = 0) -> None:
    def run(*call: Any, **options: Any) -> None:
        applied()
        thread = threading.Thread(target=apply_target, args=call, kwargs=options)
        thread.start()
        thread.join()

    instead_of_the_pool(run, after)


@mutant
def runs_in_a_new_process(applied: Applied) -> None:
    """A task runs in a process that is forked for it."""

    def fork(target: Callable[..., Any], args: Any, kwargs: Any) -> tuple[int, str, float]:
        applied()
        child = os.fork()
        if not child:
            try:
                target(*args, **kwargs)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return 0, "None", 0.0

    def run(target: Callable[..., Any], args: Any, kwargs: Any, **options: Any) -> None:
        apply_target(fork, (target, args, kwargs), {}, **options)

    instead_of_the_pool(run)


@mutant
def every_slot_consumes(applied: Applied) -> None:
    """The worker of the documents: every child, or every greenlet, fetches its own messages and runs them.

    In a green pool `threading.Thread` is a greenlet, because the pool's library has replaced it.
    """
    null_worker(lambda: None)

    def occupy(slots: int) -> None:
        for _ in range(slots):
            threading.Thread(target=_consume, args=(applied,), daemon=True).start()

    def child_started(**_: object) -> None:
        occupy(1)

    def ready(sender: Any, **_: object) -> None:
        if sender.pool.is_green:
            occupy(sender.pool.limit)

    worker_process_init.connect(child_started, weak=False)
    worker_ready.connect(ready, weak=False)


def _consume(applied: Applied) -> None:
    def run(message: Any) -> None:
        applied()
        headers = message.headers
        record("received", task=headers["id"])
        request = {**headers, "delivery_info": message.delivery_info}
        body = message.body, message.content_type, message.content_encoding
        trace_task_ret(headers["task"], headers["id"], request, *body, app=app)
        message.ack()

    queues = list(app.amqp.queues.consume_from.values())
    with (
        app.connection_for_read() as connection,
        Consumer(connection.channel(), queues, on_message=run, prefetch_count=1),
    ):
        while True:
            connection.drain_events()
