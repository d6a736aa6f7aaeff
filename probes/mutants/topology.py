"""Mutants of the number of processes and threads."""

from __future__ import annotations

import importlib
import itertools
import os
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

from billiard import semaphore_tracker
from celery.concurrency.prefork import TaskPool
from celery.signals import task_prerun, worker_process_init, worker_ready
from kombu.utils.compat import detect_environment

from probes.mutants.axes import reports_less
from probes.mutants.greenlets import in_a_thread
from probes.mutants.registry import Applied, mutant

MOMENT = 0.02
"""Seconds for which a thread or a process exists."""


def _stand() -> None:
    """Start a thread that does nothing forever; in a green pool it would be a greenlet."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()


@mutant
def one_thread_more(applied: Applied) -> None:
    """There is another thread beside the one that runs the tasks."""

    def start(**_: object) -> None:
        _stand()
        applied()

    worker_ready.connect(start, weak=False)


@mutant
def one_thread_more_in_each_child(applied: Applied) -> None:
    """In each prefork child there is another thread beside the one that runs the tasks."""

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
    """There is a child process beside a pool that should have none."""

    def start(**_: object) -> None:
        subprocess.Popen(["sleep", "600"])
        applied()

    worker_ready.connect(start, weak=False)


def _with_every(tasks: int, deed: Callable[[], object]) -> None:
    """Call `deed` in each process with every n-th task that it begins."""
    begun = itertools.count(1)

    def count(**_: object) -> None:
        if next(begun) % tasks == 0:
            deed()

    task_prerun.connect(count, weak=False)


def _sleep_beside(applied: Applied, seconds: float) -> None:
    """Start a process of another program, which ends after these seconds."""
    applied()
    os.posix_spawnp("sleep", ["sleep", str(seconds)], os.environ)


@mutant
def a_process_for_a_moment(applied: Applied) -> None:
    """With every fifth task a process exists for 20 ms, and is gone before a look at the processes."""
    _with_every(5, lambda: _sleep_beside(applied, MOMENT))


@mutant
def a_process_after_the_tenth_task(applied: Applied) -> None:
    """A process exists from the eleventh task on."""
    _with_every(11, lambda: _sleep_beside(applied, 600))


@mutant
def a_thread_for_a_moment(applied: Applied) -> None:
    """With every fifth task a thread exists for 20 ms, and is gone before a look at the processes."""

    def stand() -> None:
        applied()
        threading.Thread(target=time.sleep, args=(MOMENT,), daemon=True).start()

    _with_every(5, stand)


@mutant
def a_thread_after_the_tenth_task(applied: Applied) -> None:
    """A thread exists from the eleventh task on."""

    def stand() -> None:
        applied()
        _stand()

    _with_every(11, stand)


@mutant
def a_native_thread_for_a_moment(applied: Applied) -> None:
    """With every fifth task a thread of the system exists beside the greenlets for 20 ms."""
    if detect_environment() == "eventlet":
        original = importlib.import_module("eventlet.patcher").original
        start, sleep = original("_thread").start_new_thread, original("time").sleep
    else:
        original = importlib.import_module("gevent.monkey").get_original
        start, sleep = original("_thread", "start_new_thread"), original("time", "sleep")

    def stand() -> None:
        applied()
        start(sleep, (MOMENT,))

    _with_every(5, stand)


@mutant
def one_child_more(applied: Applied) -> None:
    """Prefork starts one child more than -c asks for."""
    original = TaskPool.on_start

    def on_start(self: Any) -> None:
        self.limit += 1
        applied()
        original(self)

    TaskPool.on_start = on_start
    reports_less(1, prefetched=0)
