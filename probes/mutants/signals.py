"""Mutants of what a worker and its children do when they get a signal."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from functools import partial
from types import FrameType
from typing import Any

import billiard.pool
from celery.apps import worker
from celery.concurrency import base
from celery.signals import task_postrun, task_prerun, worker_init, worker_ready
from celery.worker import state

from probes.application import app
from probes.mutants.registry import Applied, mutant

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


@mutant
def ends_at_once(applied: Applied) -> None:
    """A worker that gets SIGTERM, SIGINT or SIGQUIT ends without waiting for its tasks."""

    def end(*_: object) -> None:
        applied()
        os._exit(0)

    def handle(**_: object) -> None:
        for signum in ENDING:
            signal.signal(signum, end)

    worker_ready.connect(handle, weak=False)


@mutant
def never_cold(applied: Applied) -> None:
    """A worker waits for its tasks after any number of any signals that should end it."""
    worker.install_worker_term_hard_handler = partial(
        worker._shutdown_handler, sig="SIGQUIT", how="Warm", callback=lambda _: applied()
    )


@mutant
def begins_nothing_in_hand(applied: Applied) -> None:
    """A green worker that has been asked to stop runs no more tasks that waited for a free slot."""

    original = base.apply_target

    def apply_target(*arguments: Any, **options: Any) -> Any:
        if state.should_stop is None:
            return original(*arguments, **options)
        return applied()

    base.apply_target = apply_target


def _acknowledge(late: bool, applied: Applied) -> None:
    def change(**_: object) -> None:
        applied()
        for task in app.tasks.values():
            task.acks_late = late

    worker_init.connect(change, weak=False)


@mutant
def acks_late(applied: Applied) -> None:
    """A worker acknowledges each message when its task has ended, with any settings."""
    _acknowledge(True, applied)


@mutant
def acks_early(applied: Applied) -> None:
    """A worker acknowledges each message before its task runs, with any settings."""
    _acknowledge(False, applied)


@mutant
def ignores_hup(applied: Applied) -> None:
    """The main process does nothing when it gets SIGHUP."""

    def ignore(**_: object) -> None:
        signal.signal(signal.SIGHUP, lambda *_: applied())

    worker_ready.connect(ignore, weak=False)


@mutant
def executes_its_module_again(applied: Applied) -> None:
    """A worker that restarts executes the program that started it, a module as a module."""

    def execute() -> None:
        applied()
        os.execv(sys.executable, sys.orig_argv)

    worker._reload_current_worker = execute


def _in_children(signum: signal.Signals, handler: Any) -> None:
    """Let each child handle a signal in this way, after billiard has set its own handlers."""
    original = billiard.pool.reset_signals

    def reset(*arguments: Any, **options: Any) -> None:
        original(*arguments, **options)
        signal.signal(signum, handler)

    billiard.pool.reset_signals = reset


@mutant
def children_read_again(applied: Applied) -> None:
    """A child that gets SIGHUP reads its configuration again, and continues."""

    def read(*_: object) -> None:
        applied()
        importlib.import_module("probes.configured").configure()

    _in_children(signal.SIGHUP, read)


@mutant
def ends_its_task_first(applied: Applied) -> None:
    """A child that gets SIGTERM while it runs a task ends after it has passed on the task's result."""
    running: list[str] = []
    told: list[int] = []
    original = billiard.pool.Worker._make_protected_receive

    def stop(signum: int, _frame: FrameType | None) -> None:
        applied()
        told.append(signum)
        if not running:
            sys.exit(0)

    def make(self: Any, connection: Any) -> Any:
        receive = original(self, connection)

        def receive_unless_told() -> Any:
            if told:
                raise SystemExit(0)
            return receive()

        return receive_unless_told

    task_prerun.connect(lambda task_id, **_: running.append(task_id), weak=False)
    task_postrun.connect(lambda **_: running.clear(), weak=False)
    billiard.pool.Worker._make_protected_receive = make
    _in_children(signal.SIGTERM, stop)
