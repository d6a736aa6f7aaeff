"""Mutants of how many tasks a pool runs at once, their order, and when its worker requests more."""

from __future__ import annotations

import fcntl
import itertools
import os
import sys
import threading
from pathlib import Path
from typing import Any

import redis
from celery.concurrency.base import apply_target
from celery.concurrency.solo import TaskPool as SoloPool
from celery.signals import task_postrun, task_prerun
from celery.worker.worker import WorkController
from redis.connection import AbstractConnection

from probes.application import app
from probes.mutants.axes import reports_less
from probes.mutants.flow import WELL, instead_of_the_pool
from probes.mutants.registry import Applied, mutant
from probes.settings import SETTINGS
from probes.tasks import work

SWAPPED = 40
AT_FIRST = 70
"""Tasks that run beside one another before the fault shows."""


def _more_slots(count: int, applied: Applied) -> None:
    original = WorkController.setup_defaults

    def setup_defaults(self: Any, *call: Any, **options: Any) -> None:
        original(self, *call, **options)
        self.concurrency += count
        applied()

    WorkController.setup_defaults = setup_defaults
    reports_less(count)


@mutant
def one_slot_more(applied: Applied) -> None:
    """The worker runs one task more at once than -c says."""
    _more_slots(1, applied)


@mutant
def one_slot_less(applied: Applied) -> None:
    """The worker runs one task less at once than -c says."""
    _more_slots(-1, applied)


@mutant
def patches_for_its_setting(applied: Applied) -> None:
    """A setting that chooses the pool acts like the switch: the worker restarts with that pool."""
    applied()
    switch = f"--pool={app.conf.worker_pool}"
    if switch not in sys.argv:
        os.execv(sys.executable, [sys.executable, "-m", "celery", *sys.argv[1:], switch])


@mutant
def waits_for_no_task(applied: Applied) -> None:
    """Each task runs in its own thread, and the next one begins meanwhile."""
    _wait_for_no_task(applied)


@mutant
def waits_for_no_task_after_ten(applied: Applied) -> None:
    """From the eleventh task on, a task runs in its own thread, and the next one begins meanwhile."""
    _wait_for_no_task(applied, after=WELL)


def _wait_for_no_task(applied: Applied, after: int = 0) -> None:
    def run(*call: Any, **options: Any) -> None:
        applied()
        threading.Thread(target=apply_target, args=call, kwargs=options).start()

    instead_of_the_pool(run, after)


@mutant
def runs_one_at_a_time_late(applied: Applied) -> None:
    """After seventy tasks only one task at a time begins: the others wait for a lock where they would run."""
    begun, lock = Path(SETTINGS.gates) / ".begun", Path(SETTINGS.gates) / ".lock"
    held: dict[str, int] = {}

    def before(task_id: str, **_: object) -> None:
        with begun.open("ab") as file:
            file.write(b".")
            count = file.tell()
        if count > AT_FIRST:
            held[task_id] = os.open(lock, os.O_CREAT | os.O_WRONLY)
            fcntl.flock(held[task_id], fcntl.LOCK_EX)
            applied()

    def after(task_id: str, **_: object) -> None:
        if task_id in held:
            os.close(held.pop(task_id))

    task_prerun.connect(before, weak=False)
    task_postrun.connect(after, weak=False)


@mutant
def swaps_two_late(applied: Applied) -> None:
    """The worker's fortieth task begins after the one behind it."""
    original, numbers, kept = WorkController._process_task, itertools.count(1), []

    def process(self: Any, request: Any) -> None:
        if next(numbers) == SWAPPED:
            kept.append(request)
            return
        original(self, request)
        if kept:
            applied()
            original(self, kept.pop())

    WorkController._process_task = process


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
    """A solo worker reports that its pool has a concurrency of zero."""
    original = SoloPool._get_info

    def info(self: Any) -> dict[str, Any]:
        applied()
        return {**original(self), "max-concurrency": 0}

    SoloPool._get_info = info


@mutant
def fetches_meanwhile(applied: Applied) -> None:
    """A task that waits requests a message over its own connection, and puts back what it gets."""
    tasks: Any = work
    client, original = redis.Redis.from_url(SETTINGS.broker), tasks.wait_at

    def wait_at(gate: str) -> None:
        if fetched := client.brpop(list(app.amqp.queues.consume_from), timeout=0.05):
            client.rpush(*fetched)
        applied()
        original(gate)

    tasks.wait_at = wait_at
