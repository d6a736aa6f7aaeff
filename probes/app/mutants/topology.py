"""Faults in the number of processes and threads."""

from __future__ import annotations

import importlib
import os
import subprocess
import threading
from typing import Any

from billiard import semaphore_tracker
from celery.concurrency.prefork import TaskPool
from celery.signals import worker_process_init, worker_ready

from probes.app.mutants.axes import reports_less
from probes.app.mutants.greenlets import in_a_thread
from probes.app.mutants.registry import Applied, mutant


def _stand() -> None:
    """Start a thread that does nothing for ever; in a green pool it would be a greenlet."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()


@mutant
def one_thread_more(applied: Applied) -> None:
    """A thread stands beside the one that runs the tasks."""

    def start(**_: object) -> None:
        _stand()
        applied()

    worker_ready.connect(start, weak=False)


@mutant
def one_thread_more_in_each_child(applied: Applied) -> None:
    """A thread stands beside the one that runs the tasks, in each prefork child."""

    def start(**_: object) -> None:
        _stand()
        applied()

    worker_process_init.connect(start, weak=False)


@mutant
def a_native_thread_beside(applied: Applied) -> None:
    """The process of a green pool has a thread of the system's beside its greenlets."""

    def start(**_: object) -> None:
        in_a_thread(applied)

    worker_ready.connect(start, weak=False)


@mutant
def resolves_without_threads(applied: Applied) -> None:
    """Gevent looks names up in the main thread: the single thread of the document."""
    resolver = importlib.import_module("gevent.resolver.blocking").Resolver
    original = resolver.getaddrinfo

    def getaddrinfo(*arguments: Any, **options: Any) -> Any:
        applied()
        return original(*arguments, **options)

    resolver.getaddrinfo = staticmethod(getaddrinfo)
    importlib.import_module("gevent").config.resolver = resolver


@mutant
def spawns_without_a_tracker(applied: Applied) -> None:
    """Children are spawned, and no process is started that would clean up their semaphores."""
    devnull = os.open(os.devnull, os.O_WRONLY)

    def getfd() -> int:
        applied()
        return devnull

    semaphore_tracker.getfd = getfd
    semaphore_tracker.register = semaphore_tracker.unregister = lambda _name: None


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
    reports_less(1, prefetched=0)
