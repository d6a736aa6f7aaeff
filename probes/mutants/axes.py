"""Workers that differ from their cell and report it; and a report that hides the difference."""

from __future__ import annotations

from typing import Any

import celery
from celery.worker.worker import WorkController

from probes.application import app
from probes.mutants.registry import Applied, mutant


def reports_less(slots: int, prefetched: int | None = None) -> None:
    """Let the worker report `slots` slots less than it has, and a prefetch count that is smaller as well."""
    original = WorkController.stats

    def stats(self: Any) -> Any:
        told = original(self)
        told["pool"]["max-concurrency"] -= slots
        told["prefetch_count"] -= (slots if prefetched is None else prefetched) * self.prefetch_multiplier
        return told

    WorkController.stats = stats


def _after_defaults(change: Any, applied: Applied) -> None:
    original = WorkController.setup_defaults

    def setup_defaults(self: Any, *call: Any, **options: Any) -> None:
        original(self, *call, **options)
        change(self)
        applied()

    WorkController.setup_defaults = setup_defaults


@mutant
def another_concurrency(applied: Applied) -> None:
    """The worker has one slot more than its cell asks for."""

    def change(worker: Any) -> None:
        worker.concurrency += 1

    _after_defaults(change, applied)


@mutant
def another_prefetch(applied: Applied) -> None:
    """The worker holds four messages a slot, with any cell: the effect of 0 as the switch's value."""

    def change(worker: Any) -> None:
        worker.prefetch_multiplier = 4

    _after_defaults(change, applied)


@mutant
def another_pool(applied: Applied) -> None:
    """The worker runs its tasks in threads, with any cell."""

    def change(worker: Any) -> None:
        worker.pool_cls = "threads"

    _after_defaults(change, applied)


@mutant
def another_order(applied: Applied) -> None:
    """The broker's options are Celery's own, with any cell."""
    app.conf.broker_transport_options = {}
    applied()


@mutant
def another_start_method(applied: Applied) -> None:
    """Children are forked, with any cell."""
    app.conf.worker_pool_start_method = "fork"
    applied()


@mutant
def another_version(applied: Applied) -> None:
    """The worker has loaded another version of Celery than the installed one."""
    celery.__version__ = "0.0.1"
    applied()
