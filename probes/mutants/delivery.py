"""Mutants of what happens to a message."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

from celery.app.amqp import AMQP
from celery.worker.request import Request
from celery.worker.worker import WorkController

from probes.mutants.registry import Applied, mutant

LATE = 31
"""The one message of a worker that is handled wrongly; of two that share a hundred, one gets so many."""
LATE_STORED = 6
"""The same among the messages whose results are stored: one of five."""


@mutant
def null_worker(applied: Applied) -> None:
    """A worker that connects, answers, and runs nothing: no claim holds on it."""
    original = AMQP.TaskConsumer

    def task_consumer(self: Any, *args: Any, **kwargs: Any) -> Any:
        consumer = original(self, *args, **kwargs)
        consumer.consume = lambda *_, **__: applied()
        return consumer

    AMQP.TaskConsumer = task_consumer


@mutant
def loses_every_tenth(applied: Applied) -> None:
    """Every tenth message is acknowledged and never run."""
    _lose(lambda number: number % 10 == 0, applied)


@mutant
def loses_one_late(applied: Applied) -> None:
    """One message is acknowledged and never run, after thirty that were handled well."""
    _lose(lambda number: number == LATE, applied)


@mutant
def loses_all_after_ten(applied: Applied) -> None:
    """Ten messages are handled well, and each later one is acknowledged and never run."""
    _lose(lambda number: number > 10, applied)


@mutant
def loses_all(applied: Applied) -> None:
    """Each message is acknowledged, and none is run."""
    _lose(lambda number: number > 0, applied)


@mutant
def ends_at_the_tenth(applied: Applied) -> None:
    """The worker ends by itself after it has received ten messages."""
    original = WorkController._process_task
    numbers = itertools.count(1)

    def process(self: Any, request: Any) -> None:
        if next(numbers) == 10:
            applied()
            os._exit(70)
        original(self, request)

    WorkController._process_task = process


@mutant
def acknowledges_nothing(applied: Applied) -> None:
    """Each message is run, and none is acknowledged."""
    Request.acknowledge = lambda _: applied()


@mutant
def runs_every_tenth_twice(applied: Applied) -> None:
    """Every tenth message is given to the pool twice."""
    _double(lambda number: number % 10 == 0, applied)


@mutant
def runs_one_late_twice(applied: Applied) -> None:
    """One message is given to the pool twice, after thirty that were handled well."""
    _double(lambda number: number == LATE, applied)


@mutant
def loses_one_with_a_result_late(applied: Applied) -> None:
    """One of the messages whose results are to be stored is never run, after some that were handled well."""
    _lose(lambda number: number == LATE_STORED, applied, _stores)


@mutant
def runs_one_with_a_result_twice_late(applied: Applied) -> None:
    """One of the messages whose results are to be stored is run twice, after some that were handled well."""
    _double(lambda number: number == LATE_STORED, applied, _stores)


def _stores(request: Any) -> bool:
    return not request.ignore_result


def _any(_request: Any) -> bool:
    return True


def _lose(spoiled: Callable[[int], bool], applied: Applied, among: Callable[[Any], bool] = _any) -> None:
    original = WorkController._process_task
    numbers = itertools.count(1)

    def process(self: Any, request: Any) -> None:
        if not (among(request) and spoiled(next(numbers))):
            original(self, request)
            return
        applied()
        request.acknowledge()
        if release := getattr(self, "_quick_release", None):  # only prefork counts free children
            release()

    WorkController._process_task = process


def _double(spoiled: Callable[[int], bool], applied: Applied, among: Callable[[Any], bool] = _any) -> None:
    original = WorkController._process_task
    numbers = itertools.count(1)

    def process(self: Any, request: Any) -> None:
        original(self, request)
        if among(request) and spoiled(next(numbers)):
            applied()
            original(self, request)

    WorkController._process_task = process
