"""Faults in what becomes of a message."""

from __future__ import annotations

import itertools
from typing import Any

from celery.app.amqp import AMQP
from celery.worker.worker import WorkController

from probes.app.mutants.registry import Applied, mutant


@mutant
def null_worker(applied: Applied) -> None:
    """Connects, answers, and runs nothing: no claim holds on it."""
    original = AMQP.TaskConsumer

    def task_consumer(self: Any, *args: Any, **kwargs: Any) -> Any:
        consumer = original(self, *args, **kwargs)
        consumer.consume = lambda *_, **__: applied()
        return consumer

    AMQP.TaskConsumer = task_consumer


@mutant
def loses_every_tenth(applied: Applied) -> None:
    """Every tenth message is acknowledged and never run."""
    original = WorkController._process_task
    numbers = itertools.count(1)

    def process(self: Any, request: Any) -> None:
        if next(numbers) % 10:
            original(self, request)
            return
        applied()
        request.acknowledge()
        if release := getattr(self, "_quick_release", None):  # prefork alone counts free children
            release()

    WorkController._process_task = process


@mutant
def runs_every_tenth_twice(applied: Applied) -> None:
    """Every tenth message is given to the pool twice."""
    original = WorkController._process_task
    numbers = itertools.count(1)

    def process(self: Any, request: Any) -> None:
        original(self, request)
        if next(numbers) % 10 == 0:
            applied()
            original(self, request)

    WorkController._process_task = process
