"""Faults in what a pool lets run at once, in its order, and in what is left to the prefork manager."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.base import apply_target
from celery.concurrency.solo import TaskPool as SoloPool
from celery.signals import task_prerun, worker_process_init, worker_ready
from celery.worker.worker import WorkController
from redis.connection import AbstractConnection

from probes.app.mutants.execution import instead_of_the_pool
from probes.app.mutants.registry import Applied, mutant


def _more_slots(count: int, applied: Applied) -> None:
    original = WorkController.setup_defaults

    def setup_defaults(self: Any, *call: Any, **options: Any) -> None:
        original(self, *call, **options)
        self.concurrency += count
        applied()

    WorkController.setup_defaults = setup_defaults


@mutant
def one_slot_more(applied: Applied) -> None:
    """The worker runs one task more at once than -c says."""
    _more_slots(1, applied)


@mutant
def one_slot_less(applied: Applied) -> None:
    """The worker runs one task less at once than -c says."""
    _more_slots(-1, applied)


@mutant
def waits_for_no_task(applied: Applied) -> None:
    """Each task runs in a thread of its own, and the next one begins meanwhile."""

    def run(*call: Any, **options: Any) -> None:
        applied()
        threading.Thread(target=apply_target, args=call, kwargs=options).start()

    instead_of_the_pool(run)


@mutant
def newest_first(applied: Applied) -> None:
    """The worker fetches from the end of the queue at which messages are put."""
    original = AbstractConnection.send_command

    def send_command(self: Any, *words: Any, **options: Any) -> None:
        if words[0] == "BRPOP":
            applied()
            words = ("BLPOP", *words[1:])
        original(self, *words, **options)

    AbstractConnection.send_command = send_command


@mutant
def reports_no_concurrency(applied: Applied) -> None:
    """A solo worker reports that its pool has a concurrency of nought."""
    original = SoloPool._get_info

    def info(self: Any) -> dict[str, Any]:
        applied()
        return {**original(self), "max-concurrency": 0}

    SoloPool._get_info = info


@mutant
def forgets_time_limits(applied: Applied) -> None:
    """The prefork manager does nothing when the time limit of a task has passed."""

    def on_hard_timeout(self: Any, job: Any) -> None:
        applied()

    AsynPool._on_hard_timeout = on_hard_timeout


@mutant
def children_end_themselves(applied: Applied) -> None:
    """A child ends itself a moment after its task began, and the manager knows of no time limit."""

    def end() -> None:
        applied()
        os._exit(1)

    forgets_time_limits(lambda: None)
    task_prerun.connect(lambda **_: threading.Timer(0.5, end).start(), weak=False)


@mutant
def logs_through_the_manager(applied: Applied) -> None:
    """What a child writes to its standard error goes through a pipe to the manager, which writes it on."""
    reading, writing = os.pipe()

    def write_on() -> None:
        while text := os.read(reading, 65536):
            applied()
            os.write(sys.__stderr__.fileno(), text)  # type: ignore[union-attr]

    worker_process_init.connect(lambda **_: os.dup2(writing, 2), weak=False)
    worker_ready.connect(lambda **_: threading.Thread(target=write_on, daemon=True).start(), weak=False)
