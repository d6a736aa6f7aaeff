"""Faults in the number of processes and threads."""

from __future__ import annotations

import subprocess
import threading
from typing import Any

from celery.concurrency.prefork import TaskPool
from celery.signals import worker_ready

from probes.app.mutants.registry import Applied, mutant


@mutant
def one_thread_more(applied: Applied) -> None:
    """A thread stands beside the one that runs the tasks."""

    def start(**_: object) -> None:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        applied()

    worker_ready.connect(start, weak=False)


@mutant
def a_child_beside(applied: Applied) -> None:
    """A child process stands beside a pool that should have none."""

    def start(**_: object) -> None:
        subprocess.Popen(["sleep", "600"])
        applied()

    worker_ready.connect(start, weak=False)


@mutant
def one_child_more(applied: Applied) -> None:
    """Prefork starts one child more than it was told to."""
    original = TaskPool.on_start

    def on_start(self: Any) -> None:
        self.limit += 1
        applied()
        original(self)

    TaskPool.on_start = on_start
